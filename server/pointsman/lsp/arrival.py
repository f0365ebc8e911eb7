"""Whether an edit is in a document, by the document alone: no editor's word is taken for it."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from pointsman.journal.undo import undoing
from pointsman.patch.rebase import untouched
from pointsman.terms import FileChange
from pointsman.text import Edit, Encoding, Snapshot, Span, apply

STATES = 200
"""Texts looked at since an edit was sent; nobody types more while an editor applies one."""


def arrived(change: FileChange, before: Snapshot, log: Sequence[Edit], now: Snapshot) -> bool:
    """Whether a modified document has the edit, given what happened to it since the edit was sent.

    It has, if it was the expected text at some moment, whatever came after. Some editors send their own edit and what
    was typed next as one; then its lines must be there now, and the lines they replaced must not.
    """
    if change.after is None:
        return False
    if _passed_through(before, log, change.after):
        return True
    return bool(log) and undoing(change, now) is not None and not untouched(change, now)


def misplaced(change: FileChange, before: Snapshot, log: Sequence[Edit], encoding: Encoding) -> FileChange | None:
    """What an edit did that was put, by line and column, onto a text that had moved; None if that did not happen.

    Only editors that get no versions, or do not look at them, can do that.
    """
    if change.before is None:
        return None
    places = [
        (before.position(edit.span.start, encoding), before.position(edit.span.end, encoding), edit.new)
        for edit in change.edits
    ]
    texts = list(accumulate(log[:STATES], lambda text, edit: apply(text, [edit]), initial=before.text))
    for number, text in enumerate(texts[1:-1], 1):
        moved = Snapshot(before.uri, None, text, before.bom)
        spans = [Span(moved.offset(start, encoding), moved.offset(end, encoding)) for start, end, _ in places]
        edits = tuple(Edit(span, new) for span, (_, _, new) in zip(spans, places, strict=True))
        if all(one.end <= other.start for one, other in pairwise(spans)):
            after = apply(text, edits)
            if after in texts[number + 1 :]:
                return FileChange(change.path, moved, after, edits)
    return None


def _passed_through(before: Snapshot, log: Sequence[Edit], expected: str) -> bool:
    texts = accumulate(log[:STATES], lambda text, edit: apply(text, [edit]), initial=before.text)
    return any(text == expected for text in texts)
