"""Where the old lines of a hunk are in a file: the strictest level of likeness that matches anywhere decides.

All levels compare every line, removed lines included; looser levels are not asked once a stricter one has an answer.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pointsman.patch.indent import NONE, Shift, shift
from pointsman.patch.lines import BOM, Level, Lines
from pointsman.terms import Hunk

_BY_WORDS = (Level.EXACT, Level.TRAILING_BLANKS, Level.PUNCTUATION)


class Found(NamedTuple):
    """A place: the index of its first line, and how the hunk is written differently there."""

    at: int
    level: Level = Level.EXACT
    shift: Shift = NONE


class Candidates(NamedTuple):
    places: tuple[Found, ...]
    skewed: bool = False
    """It would match somewhere if indentation were nothing, but the difference is not one uniform shift."""


def old_block(hunk: Hunk) -> list[str]:
    return _block(hunk, "+")


def new_block(hunk: Hunk) -> list[str]:
    return _block(hunk, "-")


def _block(hunk: Hunk, without: str) -> list[str]:
    """The lines of one side, without what belongs to the file and not to the line: a CR, the byte order mark."""
    block = [text.removesuffix("\r") for sign, text in hunk.lines if sign != without]
    if block:
        block[0] = block[0].removeprefix(BOM)
    return block


def candidates(block: Sequence[str], lines: Lines) -> Candidates:
    """Every place at which the block matches, on the level that decides."""
    for level in _BY_WORDS:
        if found := lines.find(block, level):
            return Candidates(tuple(Found(at, level) for at in found))
    alike = lines.find(block, Level.INDENTATION)
    places = tuple(_shifted(block, lines, alike))
    return Candidates(places, skewed=bool(alike) and not places)


def _shifted(block: Sequence[str], lines: Lines, alike: Sequence[int]) -> Iterator[Found]:
    for at in alike:
        found = shift(block, lines.words[at : at + len(block)])
        if found:
            yield Found(at, Level.INDENTATION, found)
