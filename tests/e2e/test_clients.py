"""The whole way through recorded editors, and through some that nobody should have."""

import asyncio
import json
import os
import signal
import subprocess
import sys

import pytest

from pointsman.cli.demo.provider import Reply
from pointsman.text import Encoding
from support import project
from support.editing import editing as working
from support.editing import simplify
from support.lsp import PATIENCE, session
from support.scenes import UNCHECKED
from support.spec import Spec
from support.window import profiles


def editing(tmp_path, reply=None, *, source=project.SOURCE, **options):
    """Without checks, so that every edit becomes a proposal."""
    root = project.make(tmp_path, source)
    return working(tmp_path, lambda _: reply or Reply(project.RIGHT), root=root, settled=UNCHECKED, **options)


async def accept(editor, file):
    found = await editor.actions(file, 0)
    await editor.pick(next(action for action in found if action["title"].startswith("Apply")))


WIDE = "    return '😀é', sum(prices)"
"""A line in which every encoding counts the columns of what comes behind in its own way."""


@pytest.mark.parametrize("encoding", [encoding.value for encoding in Encoding])
@pytest.mark.parametrize("name", profiles())
async def test_an_edit_reaches_every_recorded_editor_in_every_encoding(tmp_path, name, encoding):
    source, done = (text.replace("    return sum(prices)", WIDE) for text in (project.SOURCE, project.DONE))
    patch = project.RIGHT.replace("    return sum(prices)", WIDE)
    options = {"profile": name, "encoding": encoding, "source": source}
    async with editing(tmp_path, Reply(patch), **options) as (editor, file):
        able = editor.hello["capabilities"]
        assert able["positionEncoding"] == encoding
        assert "pointsman.cancel" in able["executeCommandProvider"]["commands"]
        assert not able["codeActionProvider"].get("resolveProvider")
        assert (await simplify(editor, file))["event"] == "proposed"
        await accept(editor, file)
        await editor.event("applied")
        assert editor.text(file) == done
        assert file.read_text() == source


def test_what_a_client_cannot_take_and_what_the_protocol_does_not_know_is_noticed():
    create = {"id": 1, "method": "window/workDoneProgress/create", "params": {"token": "t"}}
    able, unable = Spec({"window": {"workDoneProgress": True}}), Spec({"window": {}})
    for spec in (able, unable):
        spec.told({"jsonrpc": "2.0", **create})
    assert (len(able.broken), len(unable.broken)) == (0, 1)
    able.asked(2, "textDocument/codeAction")
    able.told({"jsonrpc": "2.0", "method": "window/showMessage", "params": {"type": "loud"}})
    able.told({"jsonrpc": "2.0", "id": 2, "result": [{"title": "t", "command": {"title": "t"}}]})
    assert len(able.broken) == 2


async def test_a_client_that_answers_nothing_gets_its_actions_and_can_leave(tmp_path):
    async with editing(tmp_path) as (editor, file):
        editor.quirks.add("mute")
        assert (await simplify(editor, file))["event"] == "proposed"
        await accept(editor, file)
        await editor.until(lambda: editor.all("workspace/applyEdit"))


async def test_a_client_that_never_says_its_settings_is_served_all_the_same(tmp_path):
    root = project.make(tmp_path)
    async with session(root, quirks={"mute"}) as editor:
        editor.open(root / "shop/price.py")
        await editor.ready(root / "shop/price.py")


async def test_late_answers_are_waited_for(tmp_path):
    async with editing(tmp_path, quirks={"slow"}) as (editor, file):
        await simplify(editor, file)
        await accept(editor, file)
        await editor.event("applied")
        assert editor.text(file) == project.DONE


# --- settings -------------------------------------------------------------------------------------------------------


def choose(model):
    return {"Router": {"quickEdit": f"scripted,{model}"}}


PUSHES = {"workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}


async def routed(editor, file):
    await simplify(editor, file)
    return editor.events("routed")[-1]["model"]


@pytest.mark.parametrize("form", [choose("thinker"), {"pointsman": choose("thinker")}])
async def test_initialization_options_choose_among_the_models(tmp_path, form):
    async with editing(tmp_path, options=form) as (editor, file):
        assert await routed(editor, file) == "thinker"


@pytest.mark.parametrize("odd", [None, 3, "x", [], {"pointsman": None}, {"nonsense": {"deep": []}}])
async def test_odd_initialization_options_change_nothing(tmp_path, odd):
    async with editing(tmp_path, options=odd) as (editor, file):
        assert await routed(editor, file) == "coder"


async def test_what_the_client_says_when_asked_counts_more(tmp_path):
    async with editing(tmp_path, options=choose("thinker"), settings=choose("reader")) as (editor, file):
        assert await routed(editor, file) == "reader"


async def test_changed_settings_are_asked_for_again(tmp_path):
    async with editing(tmp_path) as (editor, file):
        editor.settings = choose("reader")
        asked = len(editor.all("workspace/configuration"))
        editor.tell("workspace/didChangeConfiguration", {})
        await editor.until(lambda: len(editor.all("workspace/configuration")) > asked)
        for _ in range(600):  # the answer is taken in a moment after it was given
            if await routed(editor, file) == "reader":
                return
            editor.messages.clear()
        raise AssertionError("the new setting was not taken")


async def test_pushed_settings_count_where_the_client_cannot_be_asked(tmp_path):
    """They come right behind `initialized`, before the server is ready for them."""
    settings = {"settings": {"pointsman": choose("reader")}}
    early = [("workspace/didChangeConfiguration", settings)]
    async with editing(tmp_path, capabilities=PUSHES, early=early) as (editor, file):
        assert await routed(editor, file) == "reader"


async def test_settings_cannot_name_a_provider(tmp_path):
    provider = {"name": "evil", "api_base_url": "http://127.0.0.1:1/v1", "models": ["m"]}
    options = {"Providers": [provider], "Router": {"quickEdit": "evil,m"}}
    async with editing(tmp_path, options=options) as (editor, file):
        await simplify(editor, file)
        assert "evil" not in {event["provider"] for event in editor.events("routed")}


# --- folders --------------------------------------------------------------------------------------------------------


async def test_a_folder_that_is_added_is_known_from_then_on(tmp_path):
    first, second = project.make(tmp_path / "a"), project.make(tmp_path / "b")
    async with session(first) as editor:
        folder = {"uri": second.as_uri(), "name": "b"}
        editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
        editor.open(second / "shop/price.py")
        await editor.ready(second / "shop/price.py")
        editor.tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        await editor.ready(second / "shop/price.py")


async def test_one_document_under_two_spellings_of_its_address(tmp_path):
    folder = tmp_path / "a b"
    folder.mkdir()
    root = project.make(folder)
    async with session(root) as editor:
        uri = (root / "shop/price.py").as_uri().replace("/a%20b/", "/a b/")
        item = {"uri": uri, "languageId": "python", "version": 0, "text": project.SOURCE}
        editor.tell("textDocument/didOpen", {"textDocument": item})
        place = {"line": 5, "character": 6}
        params = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}
        for _ in range(600):
            if await editor.request("textDocument/codeAction", params):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("nothing was offered")


# --- the end --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_server_properly(tmp_path, number):
    async with editing(tmp_path, Reply(project.RIGHT, first_delay=600)) as (editor, file):
        found = await editor.actions(file, editor.text(file).index("return sum"), only=["refactor"])
        await editor.pick(next(action for action in found if action["title"] == "Simplify total"))
        await editor.event("routed")
        editor.process.send_signal(number)
        assert await asyncio.wait_for(editor.process.wait(), PATIENCE) == 128 + number


async def test_a_client_that_leaves_in_the_middle_of_a_task_takes_the_server_with_it(tmp_path):
    async with editing(tmp_path, Reply(project.RIGHT, first_delay=600)) as (editor, file):
        found = await editor.actions(file, editor.text(file).index("return sum"), only=["refactor"])
        await editor.pick(next(action for action in found if action["title"] == "Simplify total"))
        await editor.event("routed")
        editor.process.stdin.close()
        assert await asyncio.wait_for(editor.process.wait(), PATIENCE) == 0


MIDDLE = """
import subprocess, sys
server = subprocess.Popen([sys.executable, "-m", "pointsman.cli.main"])
sys.stderr.write("started\\n"); sys.stderr.flush()
server.wait()
"""


def test_the_death_of_the_client_ends_the_server_though_its_input_is_held_open():
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", MIDDLE], stdin=pipe, stdout=pipe, stderr=pipe) as middle:
        middle.stderr.readline()
        hello = {"processId": middle.pid, "rootUri": None, "capabilities": {}}
        for message in ({"id": 1, "method": "initialize", "params": hello}, {"method": "initialized", "params": {}}):
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            middle.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        middle.stdin.flush()
        assert b"Content-Length" in middle.stdout.readline()
        middle.kill()
        assert not middle.stdin.closed
        middle.stdout.read()  # ends when the server does
        middle.stdin.close()


def test_a_port_that_is_taken_is_said_so():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        argv = [sys.executable, "-m", "pointsman.cli.main", "--tcp", str(taken.getsockname()[1])]
        done = subprocess.run(argv, capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
