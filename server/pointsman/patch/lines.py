"""A file as a patch sees it: lines with their own ends, found again quickly on four levels of likeness.

What may differ is form: line ends, then trailing blanks, then the look of quotes, dashes and spaces, then indentation
(which `indent` judges). Words never may, so there is no similarity and no "nearest".
"""

import unicodedata
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import cached_property

BOM = "\ufeff"
BLANKS = " \t\r"
_LOOKS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    }
)


class Level(IntEnum):
    """How alike two lines are; the strictest level on which a hunk matches anywhere decides."""

    EXACT = 0
    TRAILING_BLANKS = 1
    PUNCTUATION = 2
    INDENTATION = 3

    @property
    def words(self) -> str:
        return self.name.lower().replace("_", " ")


def look(line: str) -> str:
    """The line with one form for all that looks alike."""
    if line.isascii():
        return line
    return unicodedata.normalize("NFC", line).translate(_LOOKS)


_FORMS: dict[Level, Callable[[str], str]] = {
    Level.EXACT: str,
    Level.TRAILING_BLANKS: lambda line: line.rstrip(BLANKS),
    Level.PUNCTUATION: lambda line: look(line).rstrip(BLANKS),
    Level.INDENTATION: lambda line: look(line).strip(BLANKS),
}


class Lines:
    """The lines of a text. `words[n]` is a line without its end, `ends[n]` its end, empty only for the last.

    A byte order mark is no part of the first line. LF ends a line, with a CR before it or not; in a text without any LF
    a CR does. Other characters that some tools break lines at are words.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.mark = BOM if text.startswith(BOM) else ""
        body = text.removeprefix(BOM)
        breaker = "\n" if "\n" in body or "\r" not in body else "\r"
        parts = body.split(breaker)
        last = parts.pop()
        self.words = [part.removesuffix("\r") for part in parts]
        self.ends: list[str] = [part[len(words) :] + breaker for part, words in zip(parts, self.words, strict=True)]
        if last:
            self.words.append(last.removesuffix("\r"))
            self.ends.append(last[len(self.words[-1]) :])
        self._tables: dict[Level, tuple[list[str], dict[str, list[int]]]] = {}

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line, and of the end of the text."""
        offset = len(self.mark)
        starts = [offset]
        for words, end in zip(self.words, self.ends, strict=True):
            offset += len(words) + len(end)
            starts.append(offset)
        return starts

    @cached_property
    def eol(self) -> str:
        """The line end used most; LF where there is none."""
        found = [end for end in self.ends if end]
        kinds = ("\n", "\r\n", "\r")
        return max(kinds, key=found.count) if found else "\n"

    @property
    def ended(self) -> bool:
        """Whether the last line has its end."""
        return bool(self.ends and self.ends[-1])

    def find(self, block: Sequence[str], level: Level) -> list[int]:
        """Every line at which the block stands, on one level; for `INDENTATION`, all indentation aside."""
        if not block or len(block) > len(self.words):
            return []
        form = _FORMS[level]
        wanted = [form(line) for line in block]
        lines, table = self._table(level)
        rarest: list[int] | None = None
        offset = 0
        for number, line in enumerate(wanted):
            places = table.get(line)
            if places is None:
                return []
            if rarest is None or len(places) < len(rarest):
                rarest, offset = places, number
        size, last = len(wanted), len(lines) - len(wanted)
        starts = (place - offset for place in rarest or ())
        return [start for start in starts if 0 <= start <= last and lines[start : start + size] == wanted]

    def _table(self, level: Level) -> tuple[list[str], dict[str, list[int]]]:
        """All lines in the form of a level, and where each is."""
        if level not in self._tables:
            form = _FORMS[level]
            lines = self.words if level is Level.EXACT else [form(line) for line in self.words]
            table: dict[str, list[int]] = {}
            for number, line in enumerate(lines):
                table.setdefault(line, []).append(number)
            self._tables[level] = lines, table
        return self._tables[level]
