"""A finished edit, carried over what the user typed since the task began: exactly, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from pointsman.terms import FileChange, FileSet, Stale
from pointsman.text import Edit, Snapshot, Span, apply, carry

Log = Callable[[str, int], Sequence[Edit] | None]
"""The edits made to a path after a version; None if the log does not reach back."""
Now = Callable[[str], Snapshot | None]
"""The open buffer of a path."""


def rebase(candidate: FileSet, log: Log, now: Now) -> FileSet | Stale:
    """The same change of the buffers as they are now. One conflict makes all of it stale."""
    changes = []
    for change in candidate.changes:
        moved = _rebase(change, log, now(change.path))
        if isinstance(moved, Stale):
            return moved
        changes.append(moved)
    return replace(candidate, changes=tuple(changes))


def _rebase(change: FileChange, log: Log, buffer: Snapshot | None) -> FileChange | Stale:
    before = change.before
    if before is None or buffer is None or buffer.text == before.text:
        return change if before is None or buffer is None else replace(change, before=buffer)
    if change.after is None:
        return Stale(change.path, "it was edited and is to be deleted")
    later = log(change.path, before.version) if before.version is not None else None
    edits = _carried(change.edits, later) if later is not None else _found_again(change, buffer)
    if edits is None:
        return Stale(change.path, "the lines to be changed were edited")
    return replace(change, before=buffer, after=apply(buffer.text, edits), edits=edits)


def _carried(edits: Sequence[Edit], later: Sequence[Edit]) -> tuple[Edit, ...] | None:
    moved = []
    for edit in edits:
        span = carry(edit.span, later)
        if span is None:
            return None
        moved.append(Edit(span, edit.new))
    return tuple(moved)


def _found_again(change: FileChange, buffer: Snapshot) -> tuple[Edit, ...] | None:
    """Without a log: each edit where its old text, with a line on either side, is found exactly once."""
    before = change.before
    if before is None:
        return None
    moved = []
    for edit in change.edits:
        start = before.starts[max(0, before.line_at(edit.span.start) - 1)]
        end = before.line_span(before.line_at(edit.span.end) + 1).end
        around = before.text[start:end]
        if not around.strip() or buffer.text.count(around) != 1:
            return None
        shift = buffer.text.index(around) - start
        moved.append(Edit(Span(edit.span.start + shift, edit.span.end + shift), edit.new))
    ordered = all(one.span.end <= other.span.start for one, other in pairwise(moved))
    return tuple(moved) if ordered else None
