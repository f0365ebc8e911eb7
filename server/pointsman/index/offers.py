"""What a map could show of the files that matter, the best first: only what is asked for is made.

A definition that waits is two numbers, its worth and its place. A file below the most likely ones is opened when the
best that it can hold is wanted: mostly there is no room left by then.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from pointsman.index.focus import Ranked
from pointsman.index.postings import key
from pointsman.index.shelf import LINE, Shelf
from pointsman.index.standing import Standing
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol

FILE_WORTH = 0.25
"""What naming the most likely file is worth, against showing a definition that is surely used."""
HINT = 0.003
"""What any definition in one of the most likely files is worth: it takes what room is left."""
VOICE = 0.2
"""What one is worth that all of the most likely files use."""
PEERS = 20
"""How many the most likely files are."""
_SYMBOLS = 1_000_000
"""More than a file can hold."""


class Offer(NamedTuple):
    """A line that could be shown, of a file or of a definition in it.

    `worth` is that of each character, negative because the best sort first; `number` tells equals apart.
    """

    worth: float
    number: int
    path: str
    symbol: Symbol | None = None


def offers(index: Index, ranked: Sequence[Ranked], standing: Standing) -> Iterator[Offer]:
    """What could be shown, the best first."""
    top = ranked[0].score
    near = [found.score / top for found in ranked]
    shelves = {number: index.shelf(found.path) for number, found in enumerate(ranked[:PEERS])}
    voices = _voices(index, ranked, shelves, near, standing)
    waiting: list[tuple[float, int]] = []
    for number, found in enumerate(ranked):
        waiting.append((-FILE_WORTH * near[number] / (LINE + len(found.path)), number * _SYMBOLS))
        if number in shelves:
            waiting += _inside(found, shelves[number], number * _SYMBOLS + 1, near[number], voices)
        elif found.symbols:
            waiting.append((-max(share / (LINE + len(name)) for name, share in found.symbols.items()), -number))
    heapify(waiting)
    while waiting:
        worth, number = heappop(waiting)
        if number < 0:
            shelf = shelves[-number] = index.shelf(ranked[-number].path)
            for one in _mentioned(ranked[-number], shelf, -number * _SYMBOLS + 1):
                heappush(waiting, one)
            continue
        file, place = divmod(number, _SYMBOLS)
        path = ranked[file].path
        symbol = index.symbol(path, place - 1, shelves[file].names[place - 1]) if place else None
        if symbol or not place:  # else the file was replaced meanwhile
            yield Offer(worth, number, path, symbol)


def _voices(
    index: Index, ranked: Sequence[Ranked], shelves: Mapping[int, Shelf], near: Sequence[float], standing: Standing
) -> Mapping[int, float]:
    """What a definition is worth to the most likely files, by what those weigh that use it, and how special it is."""
    whole = sum(near[: len(shelves)]) or 1.0
    defined = set[int]().union(*(shelf.names for shelf in shelves.values()))
    heard: dict[int, float] = {}
    for number in shelves:
        part = near[number] / whole
        for name in defined.intersection(index.catalogue.used_by(ranked[number].path)):
            heard[name] = heard.get(name, 0.0) + part
    names = list(heard)
    facts = zip(names, standing.rarities(names), standing.define_counts(names), strict=True)
    return {name: VOICE * (heard[name] * rarity / max(1, definers)) for name, rarity, definers in facts}


def _inside(
    found: Ranked, shelf: Shelf, first: int, near: float, voices: Mapping[int, float]
) -> Iterator[tuple[float, int]]:
    """The definitions of one of the most likely files, numbered from `first`."""
    shares = {key(name): share for name, share in found.symbols.items()}
    worth = {name: shares.get(name, 0.0) + near * (HINT + voices.get(name, 0.0)) for name in shelf.names}
    for place, (name, part, size) in enumerate(zip(shelf.names, shelf.parts, shelf.sizes, strict=True), first):
        if part:
            yield -worth[name] * part / size, place


def _mentioned(found: Ranked, shelf: Shelf, first: int) -> Iterator[tuple[float, int]]:
    """The definitions of another file that the place mentions."""
    for name, share in found.symbols.items():
        for place in shelf.find(key(name)):
            if part := shelf.parts[place]:
                yield -share * part / shelf.sizes[place], first + place
