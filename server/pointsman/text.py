"""Text as editors see it: snapshots, offsets, lines, and the three position encodings of LSP.

Inside Pointsman a place in a text is an *offset*: a count of code points from its start. LSP positions exist
only at the edge, and `Snapshot.position` and `Snapshot.offset` are the only way between the two.
A line ends with CR LF, LF or CR and nothing else: `str.splitlines` also cuts at form feeds and U+2028, which
editors do not, so it is never used on a document.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, chain, repeat
from operator import add
from typing import overload

LINE_END = re.compile(r"\r\n|\n|\r")
HALF = re.compile("[\ud800-\udfff]")


class Encoding(StrEnum):
    """The unit an LSP client counts columns in; the values are the protocol's own."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open range of offsets from `start` to `end`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character, or touch where one of them is empty."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `new`."""

    span: Span
    new: str


@dataclass(frozen=True, slots=True)
class Position:
    """A place as LSP writes it: zero-based line, and `character` in the units of some encoding."""

    line: int
    character: int


class Starts(Sequence[int]):
    """The offset at which each line starts; those behind the latest edit are moved when they are asked for.

    So a keystroke in a long document costs a copy of the numbers, and no work for each line.
    """

    def __init__(self, before: "array[int]", after: "array[int]", shift: int = 0) -> None:
        self._before, self._after, self._shift = before, after, shift

    @classmethod
    def of(cls, text: str) -> "Starts":
        """A text that ends with a line end has an empty last line."""
        if has_lone_returns(text):
            return cls(array("q", (0, *(end.end() for end in LINE_END.finditer(text)))), array("q"))
        widths = map(len, text.split("\n"))  # no lone CR: only LF ends a line, which is much faster to find
        return cls(array("q", accumulate(map(add, widths, repeat(1)), initial=0))[:-1], array("q"))

    def __len__(self) -> int:
        return len(self._before) + len(self._after)

    def __iter__(self) -> Iterator[int]:
        shift = self._shift
        return chain(self._before, (start + shift for start in self._after))

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return tuple(self)[index]
        at = index if index >= 0 else index + len(self)
        behind = at - len(self._before)
        return self._before[at] if behind < 0 else self._after[behind] + self._shift

    def edited(self, edit: Edit, text: str) -> "Starts":
        """Those of the `text` after an edit: found anew in the lines it touches, or whose line end it may join."""
        low = bisect_right(self, max(0, edit.span.start - 1)) - 1
        high = bisect_right(self, edit.span.end)
        shift = len(edit.new) - len(edit.span)
        end = self[high] + shift if high < len(self) else len(text)
        found = [match.end() for match in LINE_END.finditer(text, self[low], end)]
        if high < len(self):
            found.pop()  # it is the first of those behind
        before, _, _ = self._parted(low + 1)
        _, after, moved = self._parted(high)
        return Starts(before + array("q", found), after, moved + shift)

    def _parted(self, line: int) -> "tuple[array[int], array[int], int]":
        """The same three, with so many lines `before`."""
        before, after, shift = self._before, self._after, self._shift
        cut = line - len(before)
        if cut < 0:
            return before[:cut], array("q", [start - shift for start in before[cut:]]) + after, shift
        return before + array("q", [start + shift for start in after[:cut]]), after[cut:], shift


@dataclass(frozen=True)
class Snapshot:
    """One immutable state of a document.

    `version` is the editor's own number for an open buffer (it may be 0) and None for a file read from disk.
    `bom` tells that the bytes on disk begin with a UTF-8 byte order mark; it is never part of `text`.
    """

    uri: str
    version: int | None
    text: str
    bom: bool = False

    @cached_property
    def starts(self) -> Starts:
        return Starts.of(self.text)

    def edited(self, edit: Edit, version: int | None) -> "Snapshot":
        """The document after one edit."""
        after = Snapshot(self.uri, version, apply(self.text, [edit]), self.bom)
        if "starts" in self.__dict__:
            after.__dict__["starts"] = self.starts.edited(edit, after.text)
        return after

    @cached_property
    def eol(self) -> str:
        """The line end this document uses most; LF when it has none."""
        ends = LINE_END.findall(self.text)
        return max(("\n", "\r\n", "\r"), key=ends.count) if ends else "\n"

    @property
    def line_count(self) -> int:
        return len(self.starts)

    def encode(self) -> bytes:
        """The bytes a faithful save of this document has; half a surrogate pair, which no file can hold, is U+FFFD."""
        return (b"\xef\xbb\xbf" if self.bom else b"") + HALF.sub("\ufffd", self.text).encode()

    def line_span(self, line: int) -> Span:
        """The line without its end; lines outside of the document are clamped."""
        line = max(0, min(line, self.line_count - 1))
        start = self.starts[line]
        if line + 1 == self.line_count:
            return Span(start, len(self.text))
        end = self.starts[line + 1]
        width = 2 if self.text.endswith("\r\n", start, end) else 1
        return Span(start, end - width)

    def line(self, line: int) -> str:
        span = self.line_span(line)
        return self.text[span.start : span.end]

    def lines(self) -> list[str]:
        """Every line without its end."""
        return LINE_END.split(self.text)

    def line_at(self, offset: int) -> int:
        return bisect_right(self.starts, max(0, offset)) - 1

    def offset(self, position: Position, encoding: Encoding) -> int:
        """The offset of a client's position, clamped to the line it names, and lines to the document.

        A position inside a character (between two surrogates, or inside a UTF-8 sequence) means its start.
        """
        if position.line >= self.line_count:
            return len(self.text)
        span = self.line_span(position.line)
        text = self.text[span.start : span.end]
        return span.start + _codepoints(text, position.character, encoding)

    def position(self, offset: int, encoding: Encoding) -> Position:
        """The client's position of an offset; inside a CR LF it is the end of that line."""
        line = self.line_at(min(offset, len(self.text)))
        span = self.line_span(line)
        before = self.text[span.start : min(offset, span.end)]
        return Position(line, width(before, encoding))


def has_lone_returns(text: str) -> bool:
    """Whether some line ends with a CR alone."""
    return "\r" in text and text.count("\r") != text.count("\r\n")


def positions(text: str, offsets: Iterable[int], encoding: Encoding) -> list[Position]:
    """The positions of a few ascending offsets, none inside of a line end, without a table of all lines."""
    if has_lone_returns(text):
        snapshot = Snapshot("", None, text)
        return [snapshot.position(offset, encoding) for offset in offsets]
    found = []
    line = start = seen = 0
    for offset in offsets:
        if passed := text.count("\n", seen, offset):
            line, start = line + passed, text.rindex("\n", seen, offset) + 1
        seen = offset
        found.append(Position(line, width(text[start:offset], encoding)))
    return found


def width(text: str, encoding: Encoding) -> int:
    """How many units of `encoding` the text takes."""
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    if encoding is Encoding.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


def _codepoints(line: str, units: int, encoding: Encoding) -> int:
    """How many code points of `line` lie wholly within its first `units` units."""
    if units <= 0:
        return 0
    if encoding is Encoding.UTF32 or line.isascii():
        return min(units, len(line))
    if encoding is Encoding.UTF8:
        head = line.encode("utf-8", "surrogatepass")[:units]
        return len(head.decode("utf-8", "ignore"))
    for index, char in enumerate(line):
        units -= 2 if char > "\uffff" else 1
        if units < 0:
            return index
        if units == 0:
            return index + 1
    return len(line)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits, whose spans refer to the text before and do not overlap."""
    parts: list[str] = []
    cursor = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < cursor:
            raise ValueError(f"overlapping edits at offset {edit.span.start}")
        parts += (text[cursor : edit.span.start], edit.new)
        cursor = edit.span.end
    return "".join((*parts, text[cursor:]))


def carry(span: Span, later: Iterable[Edit]) -> Span | None:
    """Where `span` lies after the `later` edits, made one after another; None if one of them touched it.

    An edit that only touches the border of a non-empty span moves it. An empty span (an insertion point) does not
    survive an edit that touches it: which side the user meant cannot be known.
    """
    start, end = span.start, span.end
    for edit in later:
        shift = len(edit.new) - len(edit.span)
        if edit.span.end <= start and (start < end or edit.span.end < start):
            start, end = start + shift, end + shift
        elif edit.span.start >= end and (start < end or edit.span.start > end):
            continue
        else:
            return None
    return Span(start, end)


def origin(offset: int, edits: Iterable[Edit]) -> int:
    """The offset before simultaneous `edits` of a place in the text after them; for new text, where it was put in."""
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = edit.span.start + shift
        if offset < start:
            break
        if offset < start + len(edit.new):
            return edit.span.start
        shift += len(edit.new) - len(edit.span)
    return offset - shift
