"""Taking an applied edit back, and only it: what was typed since stays, and where that cannot be, nothing is undone."""

from collections.abc import Callable
from dataclasses import replace

from pointsman.patch.rebase import rebase
from pointsman.terms import FileChange, FileSet, Stale
from pointsman.text import Edit, Snapshot, Span

Now = Callable[[str], Snapshot | None]
"""The text of a workspace path as it is now; None if there is no such file."""


def undone(candidate: FileSet, now: Now) -> FileSet | Stale:
    """The edit that takes all of another one back, made for the texts there are now; or the first that forbids it."""
    changes = []
    for change in reversed(candidate.changes):
        undo = _undone(change, now)
        if isinstance(undo, Stale):
            return undo
        changes.append(undo)
    return FileSet(tuple(changes))


def _undone(change: FileChange, now: Now) -> FileChange | Stale:
    place = change.new_path or change.path
    current = now(place)
    if change.after is None:
        if current is not None:
            return Stale(change.path, "it was deleted, and is there again")
        return FileChange(change.path, None, change.before.text if change.before else "")
    if current is None:
        return Stale(place, "it is not there any more")
    if change.before is None:
        if current.text != change.after:
            return Stale(place, "it was created, and has been edited since")
        return FileChange(place, current, None)
    if change.new_path and now(change.path) is not None:
        return Stale(change.path, "it was renamed, and the old name is taken again")
    back = (
        undoing(replace(change, path=place, new_path=""), current)
        if change.edits
        else FileChange(place, current, current.text)
    )
    if back is None:
        return Stale(place, "the lines of the edit have been changed since")
    return replace(back, new_path=change.path) if change.new_path else back


def undoing(change: FileChange, now: Snapshot) -> FileChange | None:
    """The change that takes an edit of a text back; None if its lines are not there as it left them."""
    if change.before is None or change.after is None:
        return None
    shift, edits = 0, []
    for edit in sorted(change.edits, key=lambda edit: edit.span):
        start = edit.span.start + shift
        edits.append(Edit(Span(start, start + len(edit.new)), change.before.text[edit.span.start : edit.span.end]))
        shift += len(edit.new) - len(edit.span)
    after = Snapshot(change.before.uri, None, change.after, change.before.bom)
    back = FileChange(change.path, after, change.before.text, tuple(edits))
    moved = rebase(FileSet((back,)), lambda _path, _since: None, lambda path: now if path == change.path else None)
    return moved.changes[0] if isinstance(moved, FileSet) else None
