"""The edits of a placed hunk: only what it changes, with the file's own bytes around it and its own line ends."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pointsman.patch.lines import BLANKS, BOM, Level, Lines
from pointsman.patch.match import Found
from pointsman.terms import Hunk
from pointsman.text import Edit, Span

_DIFF_LIMIT = 250_000
"""Lines times lines of one change that are compared to find what stays the same inside of it."""


class Change(NamedTuple):
    """Replace the file's lines `first` to `last` (half-open) by `words`; `edit` does it in the text."""

    first: int
    last: int
    words: tuple[str, ...]
    edit: Edit


class Misfit(Exception):
    """An added line whose own indentation does not allow the shift that its hunk needs."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


class _Group(NamedTuple):
    """A run of removed and added lines; `first` and `last` are lines of the file."""

    first: int
    last: int
    added: tuple[str, ...]


def changes(hunk: Hunk, found: Found, lines: Lines, *, marked: bool = False) -> list[Change]:
    """What a hunk changes at a place. `marked` tells of a byte order mark that the text does not show.

    Raises Misfit.
    """
    aware = _knows_returns(hunk, found, lines)
    style = _style(hunk, found, lines)
    made = []
    for group in _groups(hunk, found.at):
        words, ends = [], []
        for number, text in enumerate(group.added):
            plain = text.removesuffix("\r")
            line = style.apply(plain) if style else plain
            if found.level is Level.INDENTATION:
                line = _shifted(found, line)
            words.append(line)
            ends.append(("\r\n" if plain != text else "\n") if aware else _end(group, number, lines))
        made.append(_change(group, hunk, words, ends, lines, marked=marked))
    return made


def _shifted(found: Found, line: str) -> str:
    shifted = found.shift.apply(line)
    if shifted is None or (shifted != line and not line.strip(BLANKS)):
        raise Misfit(line)  # nobody knows whether blanks alone were shifted with the rest, or left as they were
    return shifted


def _groups(hunk: Hunk, at: int) -> Iterator[_Group]:
    first, open_ = at, False
    added: list[str] = []
    for sign, text in (*hunk.lines, (" ", "")):
        if sign == " ":
            if open_:
                yield _Group(first, at, tuple(added))
            open_, added = False, []
            at += 1
            continue
        if not open_:
            first, open_ = at, True
        if sign == "-":
            at += 1
        else:
            added.append(text)


def _knows_returns(hunk: Hunk, found: Found, lines: Lines) -> bool:
    """Whether CRs in the hunk are line ends it speaks of: some line has one, and all old lines end as the file's."""
    if not any(text.endswith("\r") for _, text in hunk.lines):
        return False
    old = [text.endswith("\r") for sign, text in hunk.lines if sign != "+"]
    theirs = lines.ends[found.at : found.at + len(old)]
    return bool(old or not len(lines)) and all(
        end == "" or has == (end == "\r\n") for has, end in zip(old, theirs, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Style:
    """How the model wrote characters otherwise than the file, throughout the old lines of a hunk."""

    table: Mapping[int, str]
    composed: bool
    """Whether the file has composed characters where the model wrote them in parts."""

    def apply(self, text: str) -> str:
        return (unicodedata.normalize("NFC", text) if self.composed else text).translate(self.table)


def _style(hunk: Hunk, found: Found, lines: Lines) -> _Style | None:
    """What to write plainly in added lines too, if old lines show that the file does: only from odd to ASCII.

    A model that writes the plain character as well may mean the odd one.
    """
    if found.level < Level.PUNCTUATION:
        return None
    seen: dict[str, set[str]] = {}
    composed = False
    old = [text for sign, text in hunk.lines if sign != "+"]
    for text, theirs in zip(old, lines.words[found.at :], strict=False):
        plain = unicodedata.normalize("NFC", text)
        composed |= plain != text and unicodedata.normalize("NFC", theirs) == theirs
        ours, other = plain.strip(BLANKS), theirs.strip(BLANKS)
        if len(ours) == len(other) and not ours.isascii():
            for one, char in zip(ours, other, strict=True):
                seen.setdefault(one, set()).add(char)
    table = {ord(one): next(iter(chars)) for one, chars in seen.items() if not one.isascii() and len(chars) == 1}
    plainly = {char for _, text in hunk.lines for char in text if char.isascii()} - {" "}
    return _Style({one: char for one, char in table.items() if char.isascii() and char not in plainly}, composed)


def _end(group: _Group, number: int, lines: Lines) -> str:
    """The line end of the line that is replaced, or of the nearest above or below."""
    replaced: tuple[int, ...] = (min(group.first + number, group.last - 1),) if group.last > group.first else ()
    for at in (*replaced, group.first - 1, group.last):
        if 0 <= at < len(lines) and lines.ends[at]:
            return lines.ends[at]
    return lines.eol


def _change(group: _Group, hunk: Hunk, words: list[str], ends: list[str], lines: Lines, *, marked: bool) -> Change:
    start, end = lines.start(group.first), lines.start(group.last)
    if group.first == 0:
        start = _at_mark(hunk, words, lines, marked=marked)
        end = end if group.last else start
    new = "".join(f"{word}{end_}" for word, end_ in zip(words, ends, strict=True))
    if group.last == len(lines):
        ended = _stays_ended(hunk, lines)
        if words and not ended:
            new = new.removesuffix(ends[-1])
        if words and group.first and group.first == len(lines) and not lines.ended:
            new = lines.eol + new  # an insertion behind a last line that has no end
        if not words and not ended and group.first:
            start -= len(lines.ends[group.first - 1])
    return Change(group.first, group.last, tuple(words), Edit(Span(start, end), new))


def _at_mark(hunk: Hunk, words: list[str], lines: Lines, *, marked: bool) -> int:
    """Where a change at the first line starts: behind the byte order mark, unless the hunk shows its own."""
    if lines.mark and next((text.startswith(BOM) for sign, text in hunk.lines if sign != "+"), False):
        return 0
    if words and (lines.mark or marked):
        words[0] = words[0].removeprefix(BOM)
    return len(lines.mark)


def _stays_ended(hunk: Hunk, lines: Lines) -> bool:
    """Whether the last line has its end afterwards: as before, unless the hunk says that it changes."""
    if hunk.old_no_newline != hunk.new_no_newline or not len(lines):
        return not hunk.new_no_newline
    return lines.ended


def joined(text: str, made: Iterable[Change]) -> tuple[Edit, ...]:
    """The edits of all changes, in order, each cut down to the lines that differ; those that touch are one."""
    parts: list[Edit] = []
    for change in made:
        parts += _trimmed(text, change.edit)
    merged: list[Edit] = []
    for edit in parts:
        if merged and merged[-1].span.end == edit.span.start:
            edit = Edit(Span(merged[-1].span.start, edit.span.end), merged.pop().new + edit.new)  # noqa: PLW2901
        merged.append(edit)
    return tuple(merged)


def _trimmed(text: str, edit: Edit) -> Iterator[Edit]:
    if not len(edit.span) or not edit.new:
        if len(edit.span) or edit.new:
            yield edit
        return
    old, new = _with_ends(text[edit.span.start : edit.span.end]), _with_ends(edit.new)
    starts = [edit.span.start]
    for line in old:
        starts.append(starts[-1] + len(line))
    for (a, b), (c, d) in _different(old, new):
        yield Edit(Span(starts[a], starts[b]), "".join(new[c:d]))


def _different(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The ranges of both that are not the same."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if set(one).isdisjoint(other) or len(one) * len(other) > _DIFF_LIMIT:
        if one or other:
            yield (head, head + len(one)), (head, head + len(other))
        return
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield (head + i1, head + i2), (head + j1, head + j2)


def _with_ends(text: str) -> list[str]:
    parts = text.split("\n")
    last = parts.pop()
    return [f"{part}\n" for part in parts] + ([last] if last else [])


def overlapping(made: Sequence[Change]) -> Change | None:
    """A change that touches lines of the one before it, or the same point between two lines."""
    for one, other in pairwise(made):
        if other.first < one.last or (other.first, other.last) == (one.first, one.last):
            return other
    return None
