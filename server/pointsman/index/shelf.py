"""The definitions of a file as a map weighs them, each a number: the key of its name, the length of its line, its kind.

They are held for all files, so that a file need not be fetched to learn that nothing of it is worth showing.
"""

import sys
from array import array
from collections.abc import Sequence
from functools import cached_property

from pointsman.index.postings import keys, unpacked
from pointsman.index.symbols import Symbol

LINE = 6
"""What a line costs whatever its length, in characters."""
_OTHER, _FIELD, _TEST, _NOTABLE = range(4)
_PARTS = (1.0, 0.4, 0.0, 1.0)
"""What each of these is worth."""
_LONGEST = (1 << 16) - 1
_NAME_AT = 3 if sys.byteorder == "little" else 0
"""Where the five bytes of the name are in the eight of a definition."""


def pack(symbols: Sequence[Symbol]) -> bytes:
    names = unpacked(keys(symbol.name for symbol in symbols))
    numbers = [
        name << 24 | min(len(symbol.signature), _LONGEST) << 8 | _kind(symbol)
        for name, symbol in zip(names, symbols, strict=True)
    ]
    return array("Q", numbers).tobytes()


def _kind(symbol: Symbol) -> int:
    if symbol.kind in {"field", "test"}:
        return _FIELD if symbol.kind == "field" else _TEST
    return _NOTABLE if symbol.notable else _OTHER


class Shelf:
    """What was packed. A definition is told by its place in the file."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._numbers = unpacked(packed)

    @cached_property
    def definitions(self) -> list[tuple[int, float, int]]:
        """Of each the name, what it is worth because of its kind (0 for one that is never shown), its line's cost."""
        return [_definition(number) for number in self._numbers]

    def definition(self, place: int) -> tuple[int, float, int]:
        """One of them, without looking at the others."""
        return _definition(self._numbers[place])

    def find(self, name: int) -> list[int]:
        """The definitions that have a name, without looking at each."""
        wanted, places = name.to_bytes(5, sys.byteorder), []
        at = self._packed.find(wanted)
        while at >= 0:
            if at % 8 == _NAME_AT:
                places.append(at // 8)
            at = self._packed.find(wanted, at + 1)
        return places

    def has_notable(self, name: int) -> bool:
        """Whether one of that name is notable."""
        return any(self._numbers[place] & 3 == _NOTABLE for place in self.find(name))


def _definition(number: int) -> tuple[int, float, int]:
    return number >> 24, _PARTS[number & 3], LINE + (number >> 8 & _LONGEST)
