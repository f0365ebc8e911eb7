"""A finished edit, carried over what the user typed since the task began: exactly, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise

from pointsman.patch.align import Alignment
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
        moved = _rebase(change, log, now)
        if isinstance(moved, Stale):
            return moved
        changes.append(moved)
    return replace(candidate, changes=tuple(changes))


def untouched(change: FileChange, now: Snapshot) -> bool:
    """Whether, by one reading at least, a text still has every line that a change of text replaces."""
    if change.before is None:
        return False
    alignment = Alignment(change.before, now)
    return all(alignment.kept(*_lines(change.before, edit.span)) is not None for edit in change.edits)


def _rebase(change: FileChange, log: Log, now: Now) -> FileChange | Stale:
    before, buffer = change.before, now(change.path)
    target = change.new_path if before is not None else change.path
    if target and now(target) is not None:
        return Stale(target, "it exists by now")
    if before is None or buffer is None:
        return change
    if buffer.text == before.text:
        return replace(change, before=buffer)
    if change.after is None:
        return Stale(change.path, "it was edited and is to be deleted")
    later = log(change.path, before.version) if before.version is not None else None
    if later is not None and reduce(lambda text, edit: apply(text, [edit]), later, before.text) != buffer.text:
        later = None  # versions start again when a document is opened again, so this is the log of another text
    # A line that the patch takes out and puts in again is the patch's too, although no edit touches it.
    named = [*change.edits, *(Edit(span, "") for span in change.replaced)]
    moved = _found_again(before, buffer, named) if later is None else _carried(named, later)
    edits = moved[: len(change.edits)] if moved else ()
    if moved is None or not _sound(before, buffer, change.edits, edits):
        return Stale(change.path, "the lines to be changed were edited")
    replaced = tuple(edit.span for edit in moved[len(edits) :])
    return replace(change, before=buffer, after=apply(buffer.text, edits), edits=edits, replaced=replaced)


def _carried(edits: Sequence[Edit], later: Sequence[Edit]) -> tuple[Edit, ...] | None:
    moved = []
    for edit in edits:
        span = carry(edit.span, later)
        if span is None:
            return None
        moved.append(Edit(span, edit.new))
    return tuple(moved)


def _sound(before: Snapshot, buffer: Snapshot, edits: Sequence[Edit], moved: Sequence[Edit]) -> bool:
    """Whether what the edits replace is what they replaced, in the same order: no log is trusted with more."""
    same = all(
        before.text[one.span.start : one.span.end] == buffer.text[other.span.start : other.span.end]
        for one, other in zip(edits, moved, strict=True)
    )
    return same and all(one.span.end <= other.span.start for one, other in pairwise(moved))


def _found_again(before: Snapshot, buffer: Snapshot, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
    """Without a log: the lines an edit replaces must be untouched; for an insertion, those on both sides of it."""
    alignment = Alignment(before, buffer)
    moved = []
    for edit in edits:
        first, last = _lines(before, edit.span)
        at = alignment.moved(first, last)
        if at is None or not _same_borders(edit.span, first, last, at, before, buffer):
            return None
        shift = buffer.starts[at] - before.starts[first]
        moved.append(Edit(Span(edit.span.start + shift, edit.span.end + shift), edit.new))
    return tuple(moved)


def _lines(text: Snapshot, span: Span) -> tuple[int, int]:
    """The lines (half-open) that must be untouched where a span is replaced."""
    first, last = text.line_at(span.start), text.line_at(span.end)
    if span.start == span.end:
        return max(0, first - 1), min(last + 1, text.line_count)
    return first, last if span.end == text.starts[last] else last + 1


def _same_borders(span: Span, first: int, last: int, at: int, before: Snapshot, buffer: Snapshot) -> bool:
    """Whether an edit at an end of the old text is at that end of the new one."""
    if span.start == 0 and span.end == 0 and at != 0:
        return False
    if last == before.line_count:
        return at + last - first == buffer.line_count
    return True
