"""Folders and files that come, go and change their names while the server runs; and documents that are no files."""

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.files.paths import to_uri
from support import project
from support.editing import editing, run, simplify
from support.lsp import session
from support.scenes import UNCHECKED


def folders(editor, *, added=(), removed=()):
    event = {
        side: [{"uri": to_uri(root), "name": root.name} for root in roots]
        for side, roots in (("added", added), ("removed", removed))
    }
    editor.tell("workspace/didChangeWorkspaceFolders", {"event": event})


async def test_a_folder_that_is_added_is_checked_and_one_that_is_removed_takes_its_findings_along(tmp_path):
    first, second = project.make(tmp_path / "a"), project.make(tmp_path / "b")
    tests = second / "tests/test_price.py"
    async with session(first, config=project.config(tmp_path, "http://127.0.0.1:9/v1/chat/completions")) as editor:
        editor.open(first / "shop/price.py")
        await editor.ready(first / "shop/price.py")
        folders(editor, added=[second])
        editor.open(tests)
        await editor.ready(tests)
        await run(editor, "pointsman.runChecks", uri=to_uri(tests))
        await editor.event("checks-run")
        assert any("known trouble" in shown["message"] for shown in editor.diagnostics(tests))
        folders(editor, removed=[second])
        await editor.until(lambda: not editor.diagnostics(tests))


async def test_a_file_that_is_renamed_keeps_its_proposal(tmp_path):
    async with editing(tmp_path, settled=UNCHECKED) as (editor, file):
        moved = file.with_name("prices.py")
        assert (await simplify(editor, file))["event"] == "proposed"
        editor.close(file)
        file.rename(moved)
        names = {"oldUri": to_uri(file), "newUri": to_uri(moved)}
        editor.tell("workspace/didRenameFiles", {"files": [names]})
        editor.open(moved)
        found = await editor.actions(moved, 0)
        await editor.pick(next(action for action in found if action["title"].startswith("Apply")))
        await editor.event("applied")
        assert editor.text(moved) == project.DONE


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("untitled:Untitled-1", "Save it in a folder first"),
        ("vscode-notebook-cell:/w/a.ipynb#X", "A notebook cell is no file of its own"),
        ("git:/w/a.py?ref", "Save it in a folder first"),
    ],
)
async def test_what_is_no_file_is_said_to_be_none(tmp_path, scheme, words):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with session(root) as editor:
        editor.open(file)
        await editor.ready(file)
        item = {"uri": scheme, "languageId": "python", "version": 1, "text": project.SOURCE}
        editor.tell("textDocument/didOpen", {"textDocument": item})
        answer = await run(editor, "pointsman.fix", uri=scheme)
        assert words in answer["error"]
        assert any(words in said["message"] for said in editor.all("window/showMessage"))
        edit = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}, "text": "x"}
        params = {"textDocument": {"uri": scheme, "version": 2}, "contentChanges": [edit]}
        editor.tell("textDocument/didChange", params)
        editor.tell("textDocument/didClose", {"textDocument": {"uri": scheme}})
        assert await editor.actions(file, 0, 2), "the server goes on"


@pytest.mark.parametrize(
    ("text", "words"),
    [("a\0b\n", "is a binary file"), ("x = 1\n" * (6 << 20), "is larger than 32 MB")],
    ids=["binary", "huge"],
)
async def test_what_is_no_source_file_is_said_to_be_none(tmp_path, text, words):
    root = project.make(tmp_path)
    odd = root / "shop/odd.py"
    odd.write_text(text)
    async with session(root) as editor:
        editor.open(root / "shop/price.py")
        await editor.ready(root / "shop/price.py")
        editor.open(odd)
        answer = await run(editor, "pointsman.refactor", uri=odd.as_uri(), intent="rewrite", instruction="x")
        assert words in answer["error"]
        assert any(words in said["message"] for said in editor.all("window/showMessage"))


async def test_without_a_folder_a_file_is_edited_and_its_checks_are_not_run(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    patch = project.RIGHT.replace("shop/price.py", "price.py")
    async with (
        ScriptedProvider(lambda _: Reply(patch)) as provider,
        session(None, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        end = await simplify(editor, file)
        assert (end["event"], "no checks" in end["reason"]) == ("proposed", True), end


async def test_a_file_of_another_folder_is_edited_without_its_checks(tmp_path):
    root, other = project.make(tmp_path / "a"), project.make(tmp_path / "b")
    file = other / "shop/price.py"
    patch = project.RIGHT.replace("shop/price.py", "price.py")
    async with (
        ScriptedProvider(lambda _: Reply(patch)) as provider,
        session(root, config=project.config(tmp_path, provider.url)) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        assert "no checks" in (await simplify(editor, file))["reason"]


async def test_files_that_the_editor_leaves_unsaved_are_named_and_the_next_task_sees_them(tmp_path):
    root = project.make(tmp_path)
    file, tests = root / "shop/price.py", root / "tests/test_price.py"
    other = (
        "--- a/tests/test_price.py\n+++ b/tests/test_price.py\n@@ -1,1 +1,2 @@\n"
        "+# touched\n from shop.price import shout, total\n"
    )
    async with ScriptedProvider(lambda _: Reply(project.RIGHT + other)) as provider:
        config = project.config(tmp_path, provider.url, checks={"enabled": False})
        async with session(root, config=config) as editor:
            editor.open(file)
            await editor.ready(file)
            await simplify(editor, file)
            found = await editor.actions(file, 0)
            await editor.pick(next(action for action in found if action["title"].startswith("Apply")))
            assert (await editor.event("applied"))["unsaved"] == ["tests/test_price.py"]
            await editor.until(lambda: "Not saved yet: tests/test_price.py" in str(editor.all("window/showMessage")))
            assert not tests.read_text().startswith("# touched")
            asked = len(provider.requests)
            await run(editor, "pointsman.explain", uri=to_uri(tests))
            await editor.until(lambda: len(provider.requests) > asked)
            assert "1|# touched" in provider.requests[-1].messages[1][1]


async def test_checks_that_are_turned_off_are_said_to_be_and_follow_the_settings(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"

    async def ends(number):
        await simplify(editor, file)
        return (await editor.until(lambda: editor.events("proposed")[number:]))[0]["reason"]

    async with (
        ScriptedProvider(lambda _: Reply(project.RIGHT)) as provider,
        session(
            root,
            config=project.config(tmp_path, provider.url),
            settings={"checks": {"enabled": False}},
            choose=lambda _, choices: "Not now",
        ) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        assert "runs no checks here, by `checks.enabled`" in await ends(0)
        editor.settings = {}
        editor.tell("workspace/didChangeConfiguration", {"settings": None})
        for number in range(1, 20):  # the settings are asked for and read meanwhile
            if "not allowed to run" in (reason := await ends(number)):
                break
        assert "not allowed to run" in reason
