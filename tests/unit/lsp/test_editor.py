"""Edits through editors that keep, break and bend the protocol: all of an edit is in and said to be, or none is."""

import asyncio
import json

import pytest

from pointsman.files.paths import to_uri
from pointsman.lsp import editor as lsp_editor
from pointsman.lsp.editor import LspEditor
from pointsman.terms import Applied, Declined, FileChange, FileSet, Stale
from pointsman.text import Edit, Snapshot, Span, apply
from support.window import Declines, Window, profiles, read_profile
from unit.lsp.conftest import Wire

OLD = "a = 1\nb = 2\n😀 = 3\n"
EDITS = (Edit(Span(4, 5), "10"), Edit(Span(10, 11), "20"), Edit(Span(14, 16), "= 30 #"))
NEW = apply(OLD, EDITS)


class Linked(Wire):
    """A server and a window that talk in memory; `lies` claims everything and does nothing.

    `on_apply` happens once, just before the window gets the next edit.
    """

    def __init__(self, root, name="", *, lies=False):
        super().__init__()
        played = read_profile(name) if name else read_profile("vscode")
        self.root = root
        self.window = Window(self.say, played.behaviour)
        self.lies = lies
        self.on_apply = lambda: None
        self.hello(dict(played.capabilities), clientInfo=played.client, rootUri=to_uri(root))
        self.window.encoding = self.server.encoding
        self.editor = LspEditor(self.server, str(root))

    def write(self, data):
        super().write(data)
        message = self.sent[-1]
        if "method" in message and "id" in message:
            asyncio.get_running_loop().call_soon(self._serve, message)

    def _serve(self, message):
        reply = {"result": None}
        if message["method"] == "workspace/applyEdit":
            happens, self.on_apply = self.on_apply, lambda: None
            happens()
            try:
                reply = {"result": {"applied": True if self.lies else self.window.apply(message["params"]["edit"])}}
            except Declines as no:
                reply = {"error": {"code": no.code, "message": str(no)}}
        self.receive(json.loads(json.dumps({"jsonrpc": "2.0", "id": message["id"], **reply})))

    def file(self, path, text=OLD, *, opened=True):
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        if opened:
            self.window.open(place)
        return place

    def before(self, path):
        """The snapshot a task would have."""
        place = self.root / path
        return self.server.buffers.get(to_uri(place)) or Snapshot(to_uri(place), None, place.read_text())

    def modified(self, path):
        return FileChange(path, self.before(path), NEW, EDITS)

    def shows(self, path):
        """What a user sees of a file: its buffer, or the disk; None if it is not there."""
        place = self.root / path
        if to_uri(place) in self.window.documents:
            return self.window.text(place)
        return place.read_text() if place.exists() else None


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr(lsp_editor, "READ_BACK", 0.2)


@pytest.fixture(params=profiles())
def linked(request, tmp_path):
    return Linked(tmp_path, request.param)


async def test_an_edit_arrives_whole(linked):
    linked.file("one.py")
    linked.file("two.py")
    done = await linked.editor.apply(FileSet((linked.modified("one.py"), linked.modified("two.py"))), "x")
    assert done == Applied()
    assert linked.shows("one.py") == linked.shows("two.py") == NEW
    assert linked.server.buffers.get(to_uri(linked.root / "one.py")).text == NEW
    asked = [message for message in linked.sent if message.get("method") == "workspace/applyEdit"]
    steps = 2 if linked.server.client.first_version_only else 1
    assert len(asked) == steps, "one step to undo, where the editor has such"


async def test_a_closed_file_is_edited_and_named_as_unsaved(linked):
    linked.file("one.py")
    linked.file("two.py", opened=False)
    done = await linked.editor.apply(FileSet((linked.modified("one.py"), linked.modified("two.py"))), "x")
    assert done == Applied(("two.py",))
    assert linked.shows("two.py") == NEW
    assert (linked.root / "two.py").read_text() == OLD


async def test_typing_elsewhere_before_the_edit_is_kept(linked):
    place = linked.file("one.py")
    change = linked.modified("one.py")
    linked.window.type(place, 0, "# mine 😀\n")
    assert await linked.editor.apply(FileSet((change,)), "x") == Applied()
    assert linked.shows("one.py") == "# mine 😀\n" + NEW


async def test_typing_on_the_same_place_before_the_edit_sends_nothing(linked):
    place = linked.file("one.py")
    change = linked.modified("one.py")
    linked.window.type(place, 4, "9", erase=1)
    typed = linked.shows("one.py")
    assert isinstance(await linked.editor.apply(FileSet((change,)), "x"), Stale)
    assert linked.shows("one.py") == typed
    assert not [message for message in linked.sent if message.get("method") == "workspace/applyEdit"]


async def test_typing_as_the_edit_arrives_leaves_the_typing_and_all_or_nothing_of_the_edit(linked):
    """The version is stale when the editor gets the edit. Some editors then apply the other files, or all."""
    place = linked.file("one.py")
    linked.file("two.py")
    candidate = FileSet((linked.modified("one.py"), linked.modified("two.py")))
    linked.on_apply = lambda: linked.window.type(place, len(linked.shows("one.py")), "# mine\n")
    done = await linked.editor.apply(candidate, "x")
    assert "# mine\n" in linked.shows("one.py")
    texts = linked.shows("one.py").replace("# mine\n", ""), linked.shows("two.py")
    assert texts == ((NEW, NEW) if isinstance(done, Applied) else (OLD, OLD)), done


async def test_a_formatter_that_follows_the_edit_is_no_failure(linked):
    place = linked.file("one.py")
    original = linked.window.apply

    def apply_then_format(edit):
        claimed = original(edit)
        linked.window.type(place, 0, "# formatted\n")
        return claimed

    linked.window.apply = apply_then_format
    assert await linked.editor.apply(FileSet((linked.modified("one.py"),)), "x") == Applied()
    assert linked.shows("one.py") == "# formatted\n" + NEW


async def test_files_are_created_renamed_and_deleted_or_nothing_is(linked):
    linked.file("one.py")
    linked.file("gone.py", opened=False)
    linked.file("old.py", opened=False)
    candidate = FileSet(
        (
            linked.modified("one.py"),
            FileChange("new/made.py", None, "made\n"),
            FileChange("gone.py", linked.before("gone.py"), None),
            FileChange("old.py", linked.before("old.py"), OLD, (), "moved.py"),
        )
    )
    done = await linked.editor.apply(candidate, "x")
    seen = {path: linked.shows(path) for path in ("one.py", "new/made.py", "gone.py", "old.py", "moved.py")}
    if isinstance(done, Applied):
        assert seen == {"one.py": NEW, "new/made.py": "made\n", "gone.py": None, "old.py": None, "moved.py": OLD}
    else:
        assert seen == {"one.py": OLD, "new/made.py": None, "gone.py": OLD, "old.py": OLD, "moved.py": None}
    can = linked.server.client.resource_operations
    assert isinstance(done, Applied) == can


async def test_a_file_that_is_there_is_never_created(linked):
    linked.file("there.py", opened=False)
    done = await linked.editor.apply(FileSet((FileChange("there.py", None, "made\n"),)), "x")
    assert isinstance(done, Stale | Declined)
    assert linked.shows("there.py") == OLD


async def test_a_claim_is_not_believed(tmp_path):
    linked = Linked(tmp_path, lies=True)
    linked.file("one.py")
    assert isinstance(await linked.editor.apply(FileSet((linked.modified("one.py"),)), "x"), Declined)


async def test_typing_in_the_second_file_as_the_edit_arrives(linked):
    """Neovim compares the version of the first file only."""
    linked.file("one.py")
    place = linked.file("two.py")
    candidate = FileSet((linked.modified("one.py"), linked.modified("two.py")))
    linked.on_apply = lambda: linked.window.type(place, 0, "zz\n")
    done = await linked.editor.apply(candidate, "x")
    texts = linked.shows("one.py"), linked.shows("two.py")
    assert texts == ((NEW, "zz\n" + NEW) if isinstance(done, Applied) else (OLD, "zz\n" + OLD)), done


async def test_what_is_typed_into_a_part_that_is_taken_back_stays(linked):
    linked.file("one.py")
    linked.file("two.py")
    candidate = FileSet((linked.modified("one.py"), linked.modified("two.py")))
    original = linked.window.apply

    def only_one(edit):
        """An editor that applies the first file, and the user types into it at once."""
        linked.window.apply = original
        whole = edit.get("documentChanges") or [
            {"textDocument": {"uri": uri, "version": None}, "edits": edits} for uri, edits in edit["changes"].items()
        ]
        mine = [part for part in whole if part["textDocument"]["uri"].endswith("one.py")]
        claimed = original({"documentChanges": mine})
        linked.window.type(linked.root / "one.py", 0, "# mine\n")
        if len(whole) == 1:
            linked.window.type(linked.root / "two.py", 4, "9", erase=1)
        return claimed

    linked.window.apply = only_one
    done = await linked.editor.apply(candidate, "x")
    assert isinstance(done, Declined | Stale)
    assert linked.shows("one.py") == "# mine\n" + OLD


async def test_an_edit_and_typing_that_come_as_one_change_are_told_apart(linked):
    """Neovim waits a little and sends what happened meanwhile as one."""
    place = linked.file("one.py")
    change = linked.modified("one.py")

    def together(edit):
        text = "# mine\n" + NEW
        linked.window.type(place, 0, text, erase=len(linked.shows("one.py")))
        return True

    linked.window.apply = together
    assert await linked.editor.apply(FileSet((change,)), "x") == Applied()


async def test_an_edit_that_went_to_the_wrong_place_has_not_arrived(tmp_path):
    """The edits are all in the log, but of other lines than were meant."""
    linked = Linked(tmp_path)
    place = linked.file("one.py", "x\n" * 9)
    before = linked.before("one.py")
    edits = (Edit(Span(4, 5), "new"),)
    change = FileChange("one.py", before, apply(before.text, edits), edits)

    def misplaced(edit):
        linked.window.type(place, 0, "y\n")
        linked.window.type(place, 10, "new", erase=1)
        return True

    linked.window.apply = misplaced
    assert isinstance(await linked.editor.apply(FileSet((change,)), "x"), Declined)


async def test_typing_before_an_edit_of_version_0_arrives_keeps_it_out(linked):
    """Neovim takes version 0 for none, and would apply the edit at places that have moved."""
    place = linked.file("one.py")
    change = linked.modified("one.py")
    linked.on_apply = lambda: linked.window.type(place, 0, "zz\n")
    done = await linked.editor.apply(FileSet((change,)), "x")
    assert isinstance(done, Declined)
    assert linked.shows("one.py") == "zz\n" + OLD
