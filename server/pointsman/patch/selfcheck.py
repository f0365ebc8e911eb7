"""The last gate of placement: a result that breaks the engine's own promise is an internal error, never an edit.

What an edit should do is worked out a second time, from the lines instead of the offsets, and undone again.
"""

from collections.abc import Sequence
from itertools import pairwise

from pointsman.patch.lines import BOM, Lines
from pointsman.patch.splice import Change
from pointsman.terms import FileChange
from pointsman.text import Edit, Span, apply


def flaw(change: FileChange, lines: Lines, made: Sequence[Change]) -> str | None:
    """What is wrong with a change of an existing file, made of `lines`; None if it is sound."""
    if change.before is None or change.after is None:
        return "it is no change of a file"
    before, after, edits = change.before.text, change.after, change.edits
    if any(one.span.end >= other.span.start for one, other in pairwise(edits)):
        return "two edits touch"
    if any(edit.span.start < 0 or edit.span.end > len(before) for edit in edits):
        return "an edit reaches out of the file"
    if apply(before, edits) != after:
        return "the edits do not give the text"
    if apply(after, _reverse(before, edits)) != before:
        return "the reverse patch does not give back the original"
    if _words(after) != _words("\n".join(_spliced(lines, made))):
        return "lines changed that the patch does not name"
    return None


def _spliced(lines: Lines, made: Sequence[Change]) -> list[str]:
    """The lines that the patch asks for."""
    wanted: list[str] = []
    at = 0
    for change in made:
        wanted += (*lines.words[at : change.first], *change.words)
        at = change.last
    return wanted + lines.words[at:]


def _words(text: str) -> str:
    """A text without what the edit itself decides: how lines end, and whether the last does."""
    plain = text.replace(BOM, "")
    plain = plain.replace("\r\n", "\n").replace("\r", "\n") if "\r" in plain else plain
    return plain.rstrip("\n")


def _reverse(before: str, edits: tuple[Edit, ...]) -> list[Edit]:
    shift = 0
    undo: list[Edit] = []
    for edit in edits:
        start = edit.span.start + shift
        undo.append(Edit(Span(start, start + len(edit.new)), before[edit.span.start : edit.span.end]))
        shift += len(edit.new) - len(edit.span)
    return undo
