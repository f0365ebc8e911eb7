"""Columns: five units are in use among tools, and a problem has one, code points from one.

What a tool's columns count is declared in its row; here they are converted, with the text of the line.
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum


class Unit(Enum):
    CODE_POINT = "code points"
    UTF16 = "UTF-16 units"
    UTF8 = "UTF-8 bytes"
    DISPLAY = "columns of a terminal"
    TABS = "code points with tabs expanded to eight"


@dataclass(frozen=True, slots=True)
class Columns:
    """`first` is the number of a line's first column; an `inclusive` end names the last character itself."""

    unit: Unit = Unit.CODE_POINT
    first: int = 1
    inclusive: bool = False
    first_line: int = 1

    def start(self, line: str | None, column: int | None) -> int | None:
        if column is None or column < self.first:
            return None
        offset = column - self.first
        return 1 + (offset if line is None else _code_points(line, offset, self.unit))

    def end(self, line: str | None, column: int | None) -> int | None:
        return self.start(line, None if column is None else column + self.inclusive)


def _code_points(line: str, offset: int, unit: Unit) -> int:
    """How many code points of the line lie before `offset` units; an offset beyond its end goes on in code points."""
    if unit is Unit.CODE_POINT:
        return offset
    passed = 0
    for index, char in enumerate(line):
        if passed >= offset:
            return index
        passed += _width(char, passed, unit)
    return len(line) + max(0, offset - passed)


def _width(char: str, at: int, unit: Unit) -> int:
    if unit is Unit.UTF16:
        return 1 + (ord(char) > 0xFFFF)  # noqa: PLR2004 - the end of the basic plane
    if unit is Unit.UTF8:
        return len(char.encode("utf-8", "surrogatepass"))
    if char == "\t":
        return 8 - at % 8
    if unit is Unit.TABS:
        return 1
    return 0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
