"""What becomes of an edit that waits: looked at, taken, taken back, kept over a restart, in each kind of editor."""

import asyncio
import json
import re
import stat
import subprocess

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.files.paths import from_uri
from pointsman.journal.shelf import default_folder
from support import project
from support.editing import editing as working
from support.editing import run, simplify
from support.lsp import session
from support.scenes import UNCHECKED

CREATE = (
    "diff --git a/shop/tax.py b/shop/tax.py\nnew file mode 100644\n"
    "--- /dev/null\n+++ b/shop/tax.py\n@@ -0,0 +1 @@\n+RATE = 19\n"
)
RENAME = "diff --git a/shop/price.py b/shop/prices.py\nrename from shop/price.py\nrename to shop/prices.py\n"
DELETE = "diff --git a/shop/__init__.py b/shop/__init__.py\ndeleted file mode 100644\n"


def editing(tmp_path, reply=project.RIGHT, *, more=None, **options):
    """Without checks, so that every edit becomes a proposal."""
    return working(tmp_path, lambda _: Reply(reply), settled={**UNCHECKED, **(more or {})}, **options)


def git_apply(patch, root):
    subprocess.run(["git", "apply", str(patch)], cwd=root, check=True)


async def titled(editor, file, start):
    found = await editor.actions(file, 0)
    return next((action for action in found if action["title"].startswith(start)), None)


async def pick(editor, file, start):
    return await editor.pick(await titled(editor, file, start))


async def revert(editor, task=""):
    return await run(editor, "pointsman.revert", task=task)


async def test_a_proposal_can_be_taken_read_continued_and_discarded(tmp_path):
    async with editing(tmp_path) as (editor, file):
        await simplify(editor, file)
        (end,) = editor.events("unverified")
        assert end["today"] == 0, "the day's ledger, for a status bar"
        assert editor.events("checking")[0]["line"].startswith("checking"), "words for a status bar"
        assert [("candidate" in event) for event in (*editor.events("checking"), end)] == [True, False], "sent once"
        found = [action["title"].partition(":")[0] for action in await editor.actions(file, 0)]
        assert found[:4] == ["Apply", "Show diff", "Continue with the same model", "Discard"]
        await pick(editor, file, "Discard")
        assert await titled(editor, file, "Apply") is None
        assert editor.text(file) == project.SOURCE


async def test_the_diff_is_a_document_that_git_applies(tmp_path):
    async with editing(tmp_path) as (editor, file):
        await simplify(editor, file)
        editor.type(file, 0, "# typed since\n")
        await pick(editor, file, "Show diff")
        (shown,) = await editor.until(lambda: editor.all("window/showDocument"))
        path = from_uri(shown["uri"])
        assert re.fullmatch(r"Diff-Simplify-total-\w{8}\.diff", path.name), "which is what an editor shows"
        editor.save(file)
        git_apply(path, file.parents[1])
        assert file.read_text() == "# typed since\n" + project.DONE
        assert editor.text(file) == "# typed since\n" + project.SOURCE


async def test_a_plugin_gets_each_file_before_and_after_as_it_would_be_by_now(tmp_path):
    root = project.make(tmp_path)
    (root / "shop/words.py").write_bytes(b"A = 1\r\nB = 2\r\n")
    moved = RENAME.replace("shop/prices.py", "shop/text.py").replace("shop/price.py", "shop/words.py")
    async with editing(tmp_path, project.RIGHT + CREATE + moved + DELETE, root=root, ours=("events", "explain")) as (
        editor,
        file,
    ):
        await simplify(editor, file)
        editor.type(file, 0, "# typed since\n")
        await pick(editor, file, "Show diff")
        (shown,) = await editor.until(lambda: editor.all("pointsman/explain"))
        files = {
            tuple(uri and from_uri(uri).name for uri in (each["before"], each["after"])): each["text"]
            for each in shown["files"]
        }
        assert files == {
            ("price.py", "price.py"): "# typed since\n" + project.DONE,
            (None, "tax.py"): "RATE = 19\n",
            ("words.py", "text.py"): "A = 1\r\nB = 2\r\n",
            ("__init__.py", None): None,
        }
        editor.type(file, editor.text(file).index("return sum"), "x = 1  # ", erase=20)
        await pick(editor, file, "Show diff")
        _, stale = await editor.until(lambda: len(found := editor.all("pointsman/explain")) == 2 and found)
        assert stale["files"] is None
        assert stale["diff"].startswith("shop/price.py changed meanwhile")


async def test_a_preview_asks_before_anything_is_done_where_the_editor_has_one(tmp_path):
    async with editing(tmp_path, profile="vscode") as (editor, file):
        await simplify(editor, file)
        await pick(editor, file, "Show diff")
        (sent,) = await editor.until(lambda: editor.all("workspace/applyEdit"))
        (name,) = {edit["annotationId"] for part in sent["edit"]["documentChanges"] for edit in part["edits"]}
        assert sent["edit"]["changeAnnotations"][name]["needsConfirmation"] is True


@pytest.mark.parametrize("profile", ["nvim-0.12", "hx-25.07"])
async def test_editors_that_do_not_ask_get_a_document_instead(tmp_path, profile):
    async with editing(tmp_path, profile=profile) as (editor, file):
        await simplify(editor, file)
        await pick(editor, file, "Show diff")
        await editor.until(lambda: editor.all("window/showDocument"))
        assert not editor.all("workspace/applyEdit")


async def test_a_proposal_outlives_the_server_and_fits_the_text_there_is_then(tmp_path):
    root = project.make(tmp_path)
    async with editing(tmp_path, root=root) as (editor, file):
        for _ in range(3):
            editor.type(file, 0, "#\n")
        for _ in range(3):
            editor.type(file, 0, "", erase=2)
        assert (await simplify(editor, file))["event"] == "proposed"
    async with editing(tmp_path, root=root) as (editor, file):
        kept = await editor.event("proposed")
        assert (kept["title"], project.NEW in kept["diff"]) == ("Simplify total", True), "a plugin is told anew"
        for number in range(9):  # past the version that the proposal was made for
            editor.type(file, 0, f"# {number}\n")
        typed = editor.text(file)
        await pick(editor, file, "Apply")
        await editor.event("applied")
        assert editor.text(file) == typed.replace(project.OLD, project.NEW)
    async with editing(tmp_path, root=root) as (editor, file):
        assert await titled(editor, file, "Apply") is None
        assert not editor.events("proposed")


KEY = "sk-very-secret-0123456789"


async def begun(tmp_path, provider, root, *, prompt=""):
    """A proposal of a server that was killed; the config and the environment of the next one."""
    config = project.config(tmp_path, provider.url, checks={"enabled": False})
    data = json.loads(config.read_text())
    data["Providers"][0]["api_key"] = KEY
    config.write_text(json.dumps(data))
    file = root / "shop/price.py"
    async with session(root, config=config) as editor:
        editor.open(file)
        await editor.ready(file)
        if prompt:
            editor.type(file, 0, prompt)
        assert (await simplify(editor, file))["event"] == "proposed"
        editor.process.kill()
        await editor.process.wait()
    return config, file


async def test_a_task_goes_on_with_its_model_after_its_server_was_killed(tmp_path):
    root = project.make(tmp_path)
    async with ScriptedProvider(lambda _: Reply(project.RIGHT)) as provider:
        config, file = await begun(tmp_path, provider, root)
        (kept,) = default_folder().glob("*.json")
        assert (KEY in kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == (False, 0o600)
        async with session(root, config=config) as editor:
            editor.open(file)
            await editor.ready(file)
            await pick(editor, file, "Continue")
            await editor.until(lambda: len(editor.events("proposed")) == 2)
            assert editor.events("routed")[0]["why"].startswith("Router.quickEdit is empty")
    first, second = provider.requests
    assert second.messages[: len(first.messages) + 1] == (*first.messages, ("assistant", project.RIGHT))
    assert second.headers["authorization"] == first.headers["authorization"] == f"Bearer {KEY}"
    changed = {name for name in first.body.keys() | second.body if first.body.get(name) != second.body.get(name)}
    assert changed == {"messages"}


async def test_a_task_does_not_go_on_with_a_model_that_is_configured_otherwise(tmp_path):
    root = project.make(tmp_path)
    async with ScriptedProvider(lambda _: Reply(project.RIGHT)) as provider:
        config, file = await begun(tmp_path, provider, root)
        data = json.loads(config.read_text())
        data["Providers"][0]["api_base_url"] += "?other"
        config.write_text(json.dumps(data))
        async with session(root, config=config) as editor:
            editor.open(file)
            await editor.ready(file)
            await pick(editor, file, "Continue")
            failed = await editor.event("failed")
            assert "scripted,coder is configured otherwise by now" in failed["message"]
    assert len(provider.requests) == 1


async def test_what_holds_the_key_is_not_kept(tmp_path):
    root = project.make(tmp_path)
    async with ScriptedProvider(lambda _: Reply(project.RIGHT)) as provider:
        config, file = await begun(tmp_path, provider, root, prompt=f"KEY = '{KEY}'\n")
        async with session(root, config=config) as editor:
            editor.open(file)
            await editor.ready(file)
            assert await titled(editor, file, "Apply")
            assert await titled(editor, file, "Continue") is None


async def test_what_one_server_decided_is_not_done_again_by_another(tmp_path):
    root = project.make(tmp_path)
    async with editing(tmp_path, root=root) as (one, file):
        await simplify(one, file)
        async with session(root) as other:
            other.open(file)
            await other.ready(file)
            apply = await titled(other, file, "Apply")
            await pick(one, file, "Discard")
            answer = await other.pick(apply)
            assert "not there any more" in answer["error"]
            assert other.text(file) == project.SOURCE


# --- taking back ----------------------------------------------------------------------------------------------------


async def test_an_applied_task_is_undone_and_what_was_typed_since_stays(tmp_path):
    root = project.make(tmp_path)
    async with editing(tmp_path, root=root) as (editor, file):
        await simplify(editor, file)
        await pick(editor, file, "Apply")
        await editor.event("applied")
        editor.type(file, 0, "# before 😀\n")
        editor.type(file, len(editor.text(file)), "# behind\n")
        editor.save(file)
    async with editing(tmp_path, root=root) as (editor, file):
        await revert(editor)
        await editor.event("reverted")
        assert editor.text(file) == "# before 😀\n" + project.SOURCE + "# behind\n"
        assert "is to be undone" in (await revert(editor))["error"]


async def test_where_the_lines_were_edited_since_nothing_is_undone_and_that_is_said(tmp_path):
    async with editing(tmp_path) as (editor, file):
        end = await simplify(editor, file)
        await pick(editor, file, "Apply")
        await editor.event("applied")
        editor.type(file, editor.text(file).index("return sum"), "mine = ")
        typed = editor.text(file)
        await revert(editor, end["task"])
        told = await editor.event("reverted", "not-reverted")
        assert "changed since" in told["message"]
        assert editor.text(file) == typed
        assert "no applied task" in (await revert(editor, "nonsense"))["error"]


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("patch", [CREATE + project.RIGHT, DELETE, RENAME], ids=["create", "delete", "rename"])
async def test_files_that_come_and_go_are_undone_too(tmp_path, patch):
    root = project.make(tmp_path)
    files = {path: path.read_text() for path in root.rglob("*.py")}
    async with editing(tmp_path, patch, root=root) as (editor, file):
        assert (await simplify(editor, file))["event"] == "proposed"
        await pick(editor, file, "Apply")
        await editor.event("applied")
        await revert(editor)
        await editor.event("reverted")
    assert {path: path.read_text() for path in root.rglob("*.py")} == files


async def test_where_an_editor_makes_no_files_they_are_written_after_it_was_asked(tmp_path):
    answers = iter(["Not now", "Write files", "Write files"])

    def choose(_, choices):
        return next(answers) if "Write files" in choices else choices[0]

    async with editing(tmp_path, CREATE + project.RIGHT, profile="emacs-30", choose=choose) as (editor, file):
        assert (await simplify(editor, file))["event"] == "proposed"
        fresh = file.parent / "tax.py"
        await pick(editor, file, "Write files")
        await editor.until(lambda: len(editor.events("proposed")) == 2)
        assert not fresh.exists()
        assert editor.text(file) == project.SOURCE
        await pick(editor, file, "Write files")
        await editor.event("applied")
        assert fresh.read_text() == "RATE = 19\n"
        assert editor.text(file) == project.DONE
        assert file.read_text() == project.SOURCE, "an open document is the editor's to write"
        await revert(editor)
        await editor.event("reverted")
        assert not fresh.exists()
        assert editor.text(file) == project.SOURCE


async def test_a_document_that_is_open_is_not_moved_away_under_an_editor_that_cannot(tmp_path):
    async with editing(tmp_path, RENAME, profile="emacs-30") as (editor, file):
        await simplify(editor, file)
        await pick(editor, file, "Write files")
        await editor.until(lambda: len(editor.events("proposed")) == 2)
        assert "close it first" in editor.events("proposed")[-1]["reason"]
        assert file.exists()


async def test_the_next_server_tells_once_of_a_task_that_died_with_the_last_one(tmp_path):
    root = project.make(tmp_path)
    file = root / "shop/price.py"
    async with ScriptedProvider(lambda _: Reply(project.RIGHT, first_delay=600)) as provider:
        config = project.config(tmp_path, provider.url)

        async def told(count):
            async with session(root, config=config) as editor:
                editor.open(file)
                await editor.ready(file)
                await editor.until(lambda: len(editor.all("window/showMessage")) >= count)
                await asyncio.sleep(0.3)  # in which a message too many would come
                return [said["message"] for said in editor.all("window/showMessage")]

        async with session(root, config=config) as editor:
            editor.open(file)
            await editor.ready(file)
            await simplify(editor, file, "routed")
            assert not await told(0), "it is still at work"
            editor.process.kill()
            await editor.process.wait()
        (message,) = await told(1)
        assert message == "Pointsman's server ended in the middle of: Simplify total. Nothing was changed; ask again."
        assert not await told(0)
