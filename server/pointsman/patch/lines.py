"""A file as a patch sees it: lines with their own ends, found again quickly on four levels of likeness.

What may differ is form: line ends, then trailing blanks, then the look of quotes, dashes and spaces, then indentation
(which `indent` judges). Words never may, so there is no similarity and no "nearest".
"""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import cached_property
from itertools import accumulate
from operator import add

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


class Lines:
    """The lines of a text. `words[n]` is a line without its end, `ends[n]` its end, empty only for the last.

    A byte order mark is no part of the first line. LF ends a line, with a CR before it or not; in a text without any LF
    a CR does. Other characters that some tools break lines at are words.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.mark = BOM if text.startswith(BOM) else ""
        body = text.removeprefix(BOM)
        self._joined: dict[Level, str] = {}
        self._plain = ""  # the lines as they are, where offsets are those of the text
        if "\r" in body:
            self.words, self.ends = _mixed(body)
        else:
            self.words = body.split("\n")
            ended = not self.words[-1]
            self.ends = ["\n"] * (len(self.words) - 1) + ([] if ended else [""])
            if ended:
                self.words.pop()
            self._plain = self._joined[Level.EXACT] = f"\n{body}" if ended else f"\n{body}\n"
        self._places: dict[str, list[int]] | None = None
        self._known = (0, len(self.mark))

    def __len__(self) -> int:
        return len(self.words)

    def start(self, line: int) -> int:
        """The offset of a line, or of the end of the text; counted on from the last one that is known."""
        if self._places is not None:
            return self._starts[line]
        known, offset = self._known if self._known[0] <= line else (0, len(self.mark))
        offset += sum(map(len, self.words[known:line])) + sum(map(len, self.ends[known:line]))
        self._known = (line, offset)
        return offset

    @cached_property
    def _starts(self) -> list[int]:
        """The offset of each line, where many will be asked for."""
        widths = map(add, map(len, self.words), map(len, self.ends))
        return list(accumulate(widths, initial=len(self.mark)))

    @cached_property
    def eol(self) -> str:
        """The line end used most; LF where there is none."""
        kinds = ("\n", "\r\n", "\r")
        return max(kinds, key=self.ends.count) if any(self.ends) else "\n"

    @property
    def ended(self) -> bool:
        """Whether the last line has its end."""
        return bool(self.ends and self.ends[-1])

    def find(self, block: Sequence[str], level: Level) -> list[int]:
        """Every line at which the block stands, on one level; for `INDENTATION`, all indentation aside."""
        if not block or len(block) > len(self.words):
            return []
        if self._places is not None and level is Level.EXACT:
            return self._looked_up(list(block), self._places)
        joined = self._text(level)
        wanted = "\n".join(["", *_formed(block, level), ""])
        found: list[int] = []
        line, seen = 0, 0
        at = joined.find(wanted)
        while at >= 0:
            line += joined.count("\n", seen, at)
            seen = at
            found.append(line)
            at = joined.find(wanted, at + 1)
        if found and joined is self._plain:
            self._known = (line, seen + len(self.mark))
        return found

    def index(self) -> None:
        """Make many searches fast by one table of where each line is."""
        self._places = {}
        for number, line in enumerate(self.words):
            self._places.setdefault(line, []).append(number)

    def _looked_up(self, block: list[str], places: Mapping[str, Sequence[int]]) -> list[int]:
        rarest = min(range(len(block)), key=lambda number: len(places.get(block[number], ())))
        starts = (place - rarest for place in places.get(block[rarest], ()))
        return [start for start in starts if start >= 0 and self.words[start : start + len(block)] == block]

    def _text(self, level: Level) -> str:
        """All lines in the form of a level, each between two LF."""
        if level not in self._joined:
            self._joined[level] = self._same(level) or "\n".join(["", *_formed(self.words, level), ""])
        return self._joined[level]

    def _same(self, level: Level) -> str | None:
        """The text in the form of the stricter level if a level makes no difference to it, as is mostly so."""
        if level not in {Level.TRAILING_BLANKS, Level.PUNCTUATION}:
            return None
        joined = self._text(Level(level - 1))
        if level is Level.PUNCTUATION:
            return joined if joined.isascii() else None
        return None if any(f"{blank}\n" in joined for blank in BLANKS) else joined


def _formed(lines: Sequence[str], level: Level) -> Sequence[str]:
    """The lines with what a level leaves out of account made equal."""
    if level is Level.EXACT:
        return lines
    if level is not Level.TRAILING_BLANKS and not all(map(str.isascii, lines)):
        lines = [look(line) for line in lines]
    if level is Level.INDENTATION:
        return [line.strip(BLANKS) for line in lines]
    return [line.rstrip(BLANKS) for line in lines]


def _mixed(body: str) -> tuple[list[str], list[str]]:
    """Words and ends of a text that has CRs."""
    breaker = "\n" if "\n" in body else "\r"
    parts = body.split(breaker)
    last = parts.pop()
    words = [part.removesuffix("\r") for part in parts]
    ends = [part[len(word) :] + breaker for part, word in zip(parts, words, strict=True)]
    if last:
        words.append(last.removesuffix("\r"))
        ends.append(last[len(words[-1]) :])
    return words, ends
