"""Everything that goes wrong between an action and its edit ends in one clear message, and never in an edit."""

import asyncio
import json

import pytest

from pointsman.cli.demo.provider import HANGUP, Reply, ScriptedProvider
from pointsman.files.paths import to_uri
from support import project
from support.lsp import session

OUTSIDE = "--- a/../outside.py\n+++ b/../outside.py\n@@ -1 +1 @@\n-a\n+b\n"
MISSING = "--- a/shop/nowhere.py\n+++ b/shop/nowhere.py\n@@ -1 +1 @@\n-a\n+b\n"
BINARY = "diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n"
ELSEWHERE = project.RIGHT.replace(project.OLD, "    return nothing(like) * this")

# What the provider answers, and words of the message the user gets.
REPLIES = {
    "401": (Reply(status=401, body=b'{"error":{"message":"bad key"}}'), "401"),
    "429 with a long wait": (Reply(status=429, headers={"Retry-After": "600"}, body=b"{}"), "429"),
    "400": (Reply(status=400, body=b'{"error":{"message":"no such parameter"}}'), "no such parameter"),
    "a stream that ends early": (Reply(project.RIGHT, cut_after=2), "in the middle"),
    "a stream that is cut": (Reply(steps=(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", HANGUP)), ""),
    "length": (Reply(project.RIGHT, finish="length"), ""),
    "a page of HTML": (
        Reply(status=502, headers={"Content-Type": "text/html"}, body=b"<html>bad gateway</html>"),
        "502",
    ),
    "prose": (Reply("I would change the function."), "no patch"),
    "a path outside": (Reply(OUTSIDE), "no patch"),
    "a file that is not there": (Reply(MISSING), "no patch"),
    "a binary": (Reply(BINARY), "no patch"),
    "lines that are not in the file": (Reply(ELSEWHERE), "no patch"),
    "the file as it is": (Reply(project.patch(project.OLD)), "no patch"),
}


async def fix(editor, file):
    """Ask for the comment's action, and wait for how it ends."""
    await editor.ready(file)
    found = await editor.actions(file, 120, 160, only=["refactor"])
    action = next(action for action in found if action["title"].startswith("Simplify"))
    answer = await editor.pick(action)
    assert answer.get("run"), answer
    return await editor.event("failed", "applied", "proposed", "cancelled")


@pytest.mark.parametrize("name", REPLIES)
async def test_a_bad_reply_ends_in_a_message(tmp_path, name):
    reply, words = REPLIES[name]
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with ScriptedProvider(lambda _: reply) as provider:
        config = project.config(tmp_path, provider.url)
        async with session(root, config=config) as editor:
            editor.open(file)
            end = await fix(editor, file)
            assert end["event"] == "failed", end
            assert words in end["message"]
            shown = await editor.until(lambda: editor.all("window/showMessage"))
            assert end["message"] in {message["message"] for message in shown}
            assert editor.text(file) == project.SOURCE
            assert not editor.all("workspace/applyEdit")
    assert file.read_text() == project.SOURCE


CONFIGS = {
    "no config at all": ("{}", "No model is configured"),
    "broken JSON": ("{", "not usable"),
    "unknown provider": ('"Router": {"default": "nobody,x"}', "nobody"),
    "unknown model": ('"Router": {"default": "p,y"}', "'y'"),
    "unset variable": ('"PROXY_URL": "$SURELY_NOT_SET"', "SURELY_NOT_SET"),
    "nobody listens": ('"Router": {"default": "p,x"}', "127.0.0.1:9"),
}


@pytest.mark.parametrize("name", CONFIGS)
async def test_a_configuration_that_cannot_work_is_named(tmp_path, name):
    text, words = CONFIGS[name]
    provider = '"Providers": [{"name": "p", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "models": ["x"]}]'
    config = tmp_path / "config.json"
    config.write_text(text if text.startswith("{") else f"{{{provider}, {text}}}")
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with session(root, config=config) as editor:
        editor.open(file)
        end = await fix(editor, file)
        assert end["event"] == "failed"
        assert words in end["message"]
        assert editor.text(file) == project.SOURCE
        if name not in {"no config at all", "nobody listens"}:
            assert editor.diagnostics(config), "the finding is not shown in the file"


async def test_a_saved_config_is_read_again(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    config = tmp_path / "config.json"
    config.write_text("{")
    async with ScriptedProvider(lambda _: Reply("no patch")) as provider, session(root, config=config) as editor:
        editor.open(file)
        await editor.ready(file)
        assert editor.diagnostics(config)
        editor.open(config, "json")
        project.config(tmp_path, provider.url)
        editor.notify("textDocument/didSave", {"textDocument": {"uri": to_uri(config)}})
        await editor.until(lambda: not editor.diagnostics(config))
        assert "no patch" in (await fix(editor, file))["message"]


async def test_a_document_that_is_not_open_is_named(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with session(root) as editor:
        editor.open(file)
        await editor.ready(file)
        uri = to_uri(root / "tests/test_price.py")
        answer = await editor.request(
            "workspace/executeCommand", {"command": "pointsman.fix", "arguments": [{"uri": uri}]}
        )
        assert "not open" in answer["error"]


@pytest.mark.parametrize("data", [b"a\0b", b"caf\xe9"])
async def test_a_patch_for_a_file_that_is_no_text_is_refused(tmp_path, data):
    root = project.make(tmp_path)
    (root / "blob").write_bytes(data)
    file = root / "shop/price.py"
    patch = "--- a/blob\n+++ b/blob\n@@ -1 +1 @@\n-a\n+b\n"
    async with (
        ScriptedProvider(lambda _: Reply(patch)) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        assert (await fix(editor, file))["event"] == "failed"
    assert (root / "blob").read_bytes() == data


async def test_cancel_reaches_the_provider_and_ends_the_progress(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    endless = Reply("x" * 100_000, piece=1, delay=0.02)
    async with (
        ScriptedProvider(lambda _: endless) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        found = await editor.actions(file, 120, 160, only=["refactor"])
        await editor.pick(found[0])
        await editor.event("wrote")
        answer = await editor.request("workspace/executeCommand", {"command": "pointsman.cancel", "arguments": []})
        assert len(answer["cancelled"]) == 1
        await editor.event("cancelled")
        await asyncio.wait_for(provider.exchanges[0].over.wait(), 30)
        assert provider.exchanges[0].hung_up is not None
        ends = [p for p in editor.all("$/progress") if p["value"]["kind"] == "end"]
        assert len(ends) == len(editor.all("window/workDoneProgress/create"))


async def test_no_request_for_actions_ever_calls_a_model(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with ScriptedProvider(lambda _: pytest.fail("a model was called")) as provider:
        async with session(root, config=project.config(tmp_path, provider.url)) as editor:
            uri = editor.open(file)
            await editor.ready(file)
            spot = {"start": {"line": 4, "character": 0}, "end": {"line": 6, "character": 2}}
            kinds = ["quickfix", "refactor", "pointsman", "source"]
            problem = {"range": spot, "message": "m", "source": "pyright", "severity": 1}
            for number in range(1_000):
                context = {
                    "diagnostics": [problem] * (number % 4),
                    **({"triggerKind": 1 + number % 2} if number % 3 else {}),
                    **({"only": [kinds[number % 4]]} if number % 5 else {}),
                }
                place = {"line": number % 14, "character": number % 30}
                params = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": context}
                assert isinstance(await editor.request("textDocument/codeAction", params), list)
        assert not provider.requests


def test_the_secret_key_of_the_config_is_in_no_message(tmp_path):
    """Kept apart so that it reads the whole dialogue of a failing session."""
    key = "sk-very-secret-0123456789"

    async def play():
        root = project.make(tmp_path)
        file = root / "shop/price.py"
        refuse = Reply(status=401, body=json.dumps({"error": {"message": f"wrong key {key}"}}).encode())
        async with ScriptedProvider(lambda _: refuse) as provider:
            config = project.config(tmp_path, provider.url)
            config.write_text(config.read_text().replace('"api_key": "k"', f'"api_key": "{key}"'))
            async with session(root, config=config) as editor:
                editor.open(file)
                await fix(editor, file)
                return json.dumps(editor.messages)

    assert key not in asyncio.run(play())
