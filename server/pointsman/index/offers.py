"""What a map could show of the files that matter, the best first: only what is asked for is made.

A definition that waits is two numbers, its worth and its place. First that is the most that it can be worth; and of a
file below the most likely ones, the most that it can hold. Only when that is wanted it is looked at more closely:
mostly there is no room left by then.
"""

from collections.abc import Iterator, Sequence
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
HINT = 0.006
"""What any definition in one of the most likely files is worth: it takes what room is left."""
VOICE = 0.2
"""What one is worth that all of the most likely files use."""
PEERS = 20
"""How many the most likely files are."""
_SYMBOLS = 1_000_000
"""More than a file can hold."""
_AT_ONCE = 32


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
    near = [found.score / ranked[0].score for found in ranked]
    peers = _Peers(index, ranked, near, standing)
    waiting: list[tuple[float, int]] = []  # those with a negative number are to be looked at more closely
    for number, found in enumerate(ranked):
        first = number * _SYMBOLS
        waiting.append((-FILE_WORTH * near[number] / (LINE + len(found.path)), first))
        if number < PEERS:
            waiting += peers.hopes(number, first + 1)
        elif found.symbols:
            waiting.append((-max(share / (LINE + len(name)) for name, share in found.symbols.items()), -first))
    heapify(waiting)
    shelves = peers.shelves
    while waiting:
        worth, number = heappop(waiting)
        file, place = _parted(number)
        found = ranked[file]
        if number < 0:
            if place:
                closer = peers.weighed([-number, *_next(waiting)])
            else:
                shelves[file] = index.shelf(found.path)
                closer = _mentioned(found, shelves[file], 1 - number)
            for one in closer:
                heappush(waiting, one)
            continue
        symbol = index.symbol(found.path, place - 1, shelves[file].definition(place - 1)[0]) if place else None
        if symbol or not place:  # else the file was replaced meanwhile
            yield Offer(worth, number, found.path, symbol)


def _parted(number: int) -> tuple[int, int]:
    """The file, and the place in it counted from one; 0 stands for the file itself."""
    return divmod(abs(number), _SYMBOLS)


def _next(waiting: list[tuple[float, int]]) -> Iterator[int]:
    """The definitions that are to be looked at more closely next: to do so with one more is less work than to begin."""
    for _ in range(_AT_ONCE):
        if not waiting or waiting[0][1] >= 0 or not _parted(waiting[0][1])[1]:
            return
        yield -heappop(waiting)[1]


class _Peers:
    """The most likely files, numbered as they are ranked: each definition in them is worth something.

    That is its share in what the place mentions, and what it is to these files: by what those weigh that use it
    (`heard`), and by how many define its name. To count these for each would take most of the time.
    """

    def __init__(self, index: Index, ranked: Sequence[Ranked], near: Sequence[float], standing: Standing) -> None:
        self.shelves = {number: index.shelf(found.path) for number, found in enumerate(ranked[:PEERS])}
        self._near, self._standing = near, standing
        self._shares = [{key(name): share for name, share in found.symbols.items()} for found in ranked[:PEERS]]
        self._heard: dict[int, float] = {}
        self._voices: dict[int, float] = {}
        whole = sum(near[:PEERS]) or 1.0
        defined = {name for shelf in self.shelves.values() for name, _, _ in shelf.definitions}
        for number, found in enumerate(ranked[:PEERS]):
            part = near[number] / whole
            for name in defined.intersection(index.catalogue.used_by(found.path)):
                self._heard[name] = self._heard.get(name, 0.0) + part

    def hopes(self, number: int, first: int) -> Iterator[tuple[float, int]]:
        """The most that each definition of a file can be worth, if nobody else has its name; counted from `first`."""
        near, shares, heard = self._near[number], self._shares[number], self._heard
        for place, (name, part, size) in enumerate(self.shelves[number].definitions, first):
            if part:
                yield -(shares.get(name, 0.0) + near * (HINT + VOICE * heard.get(name, 0.0))) * part / size, -place

    def weighed(self, numbers: Sequence[int]) -> Iterator[tuple[float, int]]:
        """What these definitions are worth."""
        parted = [(number, *_parted(number)) for number in numbers]
        found = [(number, file, *self.shelves[file].definition(place - 1)) for number, file, place in parted]
        names = list({name for _, _, name, _, _ in found}.difference(self._voices))
        for name, definers in zip(names, self._standing.define_counts(names), strict=True):
            self._voices[name] = VOICE * self._heard.get(name, 0.0) / max(1, definers)
        for number, file, name, part, size in found:
            share, near = self._shares[file].get(name, 0.0), self._near[file]
            yield -(share + near * (HINT + self._voices[name])) * part / size, number


def _mentioned(found: Ranked, shelf: Shelf, first: int) -> Iterator[tuple[float, int]]:
    """The definitions of another file that the place mentions."""
    for name, share in found.symbols.items():
        for place in shelf.find(key(name)):
            _, part, size = shelf.definition(place)
            if part:
                yield -share * part / size, first + place
