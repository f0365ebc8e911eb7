"""What a user does with a kept edit: look at it, take it, and take it back again."""

from collections.abc import Sequence

from pointsman.errors import PointsmanError, WorkspaceError
from pointsman.files.write import write
from pointsman.journal import Entry, Proposal
from pointsman.journal.undo import undone
from pointsman.lsp import ending, explain
from pointsman.lsp.desk import Desk
from pointsman.lsp.editor import LspEditor
from pointsman.lsp.edits import needs_operations
from pointsman.patch.rebase import Log, Now, rebase
from pointsman.terms import Applied, Declined, FileSet, Stale
from pointsman.text import Edit, Snapshot

WRITE, NOT_NOW = "Write files", "Not now"


def must_write(desk: Desk, candidate: FileSet) -> bool:
    """Whether this editor cannot carry an edit out by itself, so that the server has to write files."""
    return needs_operations(candidate) and not desk.client.resource_operations


async def accept(desk: Desk, proposal: Proposal, *, preview: bool = False) -> bool:
    """Apply a proposal because the user said so."""
    editor = LspEditor(desk.server, proposal.root, preview=preview)
    if must_write(desk, proposal.candidate):
        result = await _write(desk, editor, proposal.root, proposal.candidate, proposal.title)
    else:
        result = await editor.apply(proposal.candidate, proposal.title)
    return await ending.applied(desk, proposal, result)


async def show_diff(desk: Desk, proposal: Proposal) -> None:
    """As a preview that can be confirmed where the client has such, else as a document to read."""
    if desk.client.previews and not desk.client.explain:
        await accept(desk, proposal, preview=True)
        return
    moved = rebase(proposal.candidate, *_buffers(desk, proposal.root))
    await explain.show_diff(desk, proposal, moved)


def applied(desk: Desk, task: str) -> Entry:
    """The task that is to be undone: the one named, else the last one in the open folders. Raises PointsmanError."""
    entries = [
        entry
        for entry in desk.journal.entries(project.root for project in desk.projects())
        if entry.outcome in {"applied", "reverted"}
    ]
    found = (
        [entry for entry in entries if entry.task == task] if task else [e for e in entries if e.outcome == "applied"]
    )
    if not found:
        what = (
            f"There is no applied task {task!r} in the open folders."
            if task
            else "Nothing of Pointsman's is to be undone."
        )
        raise PointsmanError(what, "`pointsman log` lists what was done.")
    if found[-1].outcome == "reverted":
        raise PointsmanError(f"{found[-1].title} was undone already.")
    return found[-1]


async def revert(desk: Desk, entry: Entry) -> bool:
    """Undo an applied task, and nothing that came after it; or say why that cannot be."""
    if entry.proposal is None:
        desk.warn(f"{entry.title} cannot be undone: the edit was too large to be kept.")
        return False
    root = desk.project_of(entry.root).root
    undo = undone(entry.proposal.candidate, lambda path: _now(desk, root, path))
    label = f"Undo: {entry.title}"
    if isinstance(undo, Stale):
        result: Applied | Stale | Declined = undo
    elif must_write(desk, undo):
        result = await _write(desk, LspEditor(desk.server, root), root, undo, label)
    else:
        result = await LspEditor(desk.server, root).apply(undo, label)
    if isinstance(result, Applied):
        desk.journal.settle(entry.proposal, "reverted")
        desk.send_event(entry.task, {"event": "reverted", "title": entry.title, "unsaved": list(result.unsaved)})
        desk.tell(f"{label}: done.{ending.unsaved_note(result.unsaved)}")
        return True
    where = f"{result.path}: " if isinstance(result, Stale) else ""
    message = f"{entry.title} cannot be undone: {where}{result.reason}. Nothing was changed."
    desk.send_event(entry.task, {"event": "not-reverted", "title": entry.title, "message": message})
    desk.warn(message)
    return False


async def _write(
    desk: Desk, editor: LspEditor, root: str, candidate: FileSet, label: str
) -> Applied | Stale | Declined:
    """Where the editor cannot create, rename or delete files: that part goes to the disk, after the user was asked."""
    moved = rebase(candidate, *_buffers(desk, root))
    if isinstance(moved, Stale):
        return moved
    on_disk = FileSet(tuple(change for change in moved.changes if needs_operations(FileSet((change,)))))
    in_editor = FileSet(tuple(change for change in moved.changes if change not in on_disk.changes))
    opened = [c.path for c in on_disk.changes if c.before is not None and desk.buffers.under(root).get(c.path)]
    if opened:
        return Declined(f"{', '.join(opened)} is open here and would be moved or deleted; close it first")
    if desk.client.show_message_request:
        names = ", ".join(change.new_path or change.path for change in on_disk.changes)
        question = f"{label}: this editor cannot create, rename or delete files. Write them to the disk? {names}"
        if await editor.ask(question, [WRITE, NOT_NOW]) != WRITE:
            return Declined("you did not want the files to be written")
    try:
        write(root, on_disk)
    except WorkspaceError as error:
        return Declined(error.user_message)
    result = await editor.apply(in_editor, label) if in_editor.changes else Applied()
    if not isinstance(result, Applied):
        back = undone(on_disk, lambda path: _now(desk, root, path))
        if not isinstance(back, Stale):
            write(root, back)
    project = desk.project_of(root)
    desk.background(project.index.scan(desk.workspace(project)))
    return result


def _now(desk: Desk, root: str, path: str) -> Snapshot | None:
    """The buffer of a path, or the file; None if there is neither."""
    workspace = desk.workspace(desk.project_of(root))
    try:
        return workspace.read(path)
    except PointsmanError:
        return None


def _buffers(desk: Desk, root: str) -> tuple[Log, Now]:
    def log(path: str, since: int) -> Sequence[Edit] | None:
        buffer = desk.buffers.under(root).get(path)
        return desk.buffers.log(buffer.uri, since) if buffer else None

    return log, lambda path: desk.buffers.under(root).get(path)
