"""The edits of a placed hunk: only what it changes, with the file's own bytes around it and its own line ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pointsman.patch.match import Found
from pointsman.terms import Hunk
from pointsman.text import Edit, Snapshot, Span


@dataclass(frozen=True, slots=True)
class Group:
    """Replace the file's lines `first` to `last` (half-open) by `lines`."""

    first: int
    last: int
    lines: tuple[str, ...]


def file_lines(snapshot: Snapshot) -> list[str]:
    """The lines of a file; a last line end makes no line of its own."""
    lines = snapshot.lines()
    return lines[:-1] if not lines[-1] else lines


def groups(hunk: Hunk, found: Found) -> Iterator[Group]:
    """The runs of removed and added lines; new lines take the place's indentation."""
    at = first = found.at
    added: list[str] = []
    open_ = False
    for sign, text in (*hunk.lines, (" ", "")):
        if sign == " ":
            if open_:
                yield Group(first, at, tuple(added))
                added, open_ = [], False
            at += 1
            continue
        if not open_:
            first, open_ = at, True
        if sign == "-":
            at += 1
        else:
            added.append(found.shift.apply(text))


def edit(snapshot: Snapshot, group: Group, lines: Sequence[str], hunk: Hunk) -> Edit:
    """The group as an edit of the text.

    New lines end as the line before them does, or as the file mostly does. The end of the file keeps its state, with or
    without a line end, unless the hunk says otherwise.
    """
    text = snapshot.text
    count = len(lines)
    start = snapshot.starts[group.first] if group.first < count else len(text)
    end = snapshot.starts[group.last] if group.last < count else len(text)
    eol = _eol(snapshot, group, count)
    new = "".join(f"{line}{eol}" for line in group.lines)
    if group.last >= count and group.lines:
        closed = not text or text.endswith(("\n", "\r"))
        if hunk.new_no_newline or (not closed and not hunk.old_no_newline):
            new = new.removesuffix(eol)
        if group.first >= count and text and not closed:
            new = eol + new
    return Edit(Span(start, end), new)


def _eol(snapshot: Snapshot, group: Group, count: int) -> str:
    """The line end of the line that is replaced, or of the one before."""
    for line in (group.first, group.first - 1):
        if 0 <= line < count:
            end = snapshot.starts[line + 1] if line + 1 < len(snapshot.starts) else len(snapshot.text)
            ending = snapshot.text[snapshot.line_span(line).end : end]
            if ending:
                return ending
    return snapshot.eol
