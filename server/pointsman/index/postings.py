"""Who has a name: sorted numbers instead of tables, because a large workspace has millions of pairs.

A name and a file are one number of 64 bits: a checksum of the name above, the file's number below. The numbers lie in a
few sorted runs, which are merged as they come, and a name's files are found by bisection. The names themselves are not
kept. (Two names in a million have the same checksum; then each seems to be used where the other is.)
"""

from array import array
from binascii import crc32, crc_hqx
from bisect import bisect_left
from collections.abc import Collection, Container, Iterable
from functools import lru_cache

_BITS = 24
_LAST = (1 << _BITS) - 1
_HEAP = 1 << 15
"""Pairs that wait unsorted for more of them."""
_RUN = 1 << 20
"""Pairs above which a run is left alone: a merge takes several times its size for a moment."""
_PIECE = 1 << 16
_FEW = 16


@lru_cache(1 << 16)
def key(name: str) -> int:
    """The checksum of a name, the same in every process."""
    data = name.encode("utf-8", "surrogatepass")
    return crc32(data) << 8 | crc_hqx(data, 0) & 0xFF


def keys(names: Iterable[str]) -> bytes:
    """The checksums of some names, in the form in which they travel and rest."""
    known = [name.encode("utf-8", "surrogatepass") for name in names]
    return array("Q", [crc32(data) << 8 | crc_hqx(data, 0) & 0xFF for data in known]).tobytes()


def unpacked(packed: bytes) -> "array[int]":
    found = array("Q")
    found.frombytes(packed)
    return found


class Postings:
    """See the module. Not for several threads at once."""

    def __init__(self) -> None:
        self._runs: list[array[int]] = []
        self._heap: list[int] = []
        self._gone: dict[int, int] = {}
        self._dead: set[int] = set()
        self._counts: dict[int, int] = {}

    def add(self, number: int, names: Iterable[int]) -> None:
        """A file, by a number that was never used before, has these names."""
        self._counts = {}
        self._heap += [name << _BITS | number for name in names]
        if len(self._heap) > _HEAP:
            self._sort()

    def drop(self, number: int, names: Collection[int] | None) -> None:
        """The file is no more; `names` are those it was added with, None if they are not known."""
        self._counts = {}
        if names is None:  # rarely: look through all
            self._heap = [pair for pair in self._heap if pair & _LAST != number]
            self._runs = [array("Q", [pair for pair in run if pair & _LAST != number]) for run in self._runs]
        elif names:
            self._dead.add(number)
            for name in names:
                self._gone[name] = self._gone.get(name, 0) + 1

    def counts(self, names: Collection[int]) -> list[int]:
        """How many files have each of some names."""
        known, runs = self._counts, self._sorted()
        new = {name: -self._gone.get(name, 0) for name in names if name not in known}
        for run in runs:
            for name in new:
                low, high = _span(run, name)
                new[name] += high - low
        known.update(new)
        return [known[name] for name in names]

    def files(self, name: int) -> list[int]:
        """The numbers of the files that have a name, in no certain order."""
        dead = self._dead
        found = [pair & _LAST for run in self._sorted() for pair in run[slice(*_span(run, name))]]
        return [number for number in found if number not in dead] if dead else found

    # --- resting ----------------------------------------------------------------------------------------------------

    def rest(self) -> list[bytes]:
        """The runs, without files that are no more and as few as can be, as `wake` takes them."""
        self._sorted()
        while len(self._runs) > 1 and len(self._runs[-2]) + len(self._runs[-1]) <= _RUN:
            self._merge()
        if self._dead:
            self._runs = [self._living(run.tolist()) for run in self._runs]
            self._dead, self._gone = set(), {}
        return [run.tobytes() for run in self._runs]

    def wake(self, runs: Iterable[bytes], living: Container[int] | None = None) -> None:
        """Start from runs that rested, without files that are not `living` if some may be gone since."""
        self._runs = [unpacked(run) for run in runs]
        if living is not None:
            self._runs = [array("Q", [pair for pair in run if pair & _LAST in living]) for run in self._runs]

    # --- inside -----------------------------------------------------------------------------------------------------

    def _sorted(self) -> list["array[int]"]:
        """The runs, with what waited for more in them."""
        if self._heap:
            self._sort()
        return self._runs

    def _sort(self) -> None:
        """Make a run of the heap, and one of runs of like size."""
        self._runs.append(self._living(self._heap))
        self._heap = []
        while len(self._runs) > 1 and len(self._runs[-2]) <= min(_RUN, 2 * len(self._runs[-1])):
            self._merge()

    def _merge(self) -> None:
        """Piece by piece: to sort a million numbers in one call would keep all other threads waiting."""
        one, other = self._runs.pop(), self._runs.pop()
        made, low = array("Q"), 0
        for start in range(0, max(1, len(one)), _PIECE):
            piece = one[start : start + _PIECE]
            last = start + _PIECE >= len(one)
            high = len(other) if last else bisect_left(other, piece[-1], low)
            made += self._living([*piece, *other[low:high]])
            low = high
        self._runs.append(made)

    def _living(self, pairs: list[int]) -> "array[int]":
        if self._dead:
            living = [pair for pair in pairs if pair & _LAST not in self._dead]
            for pair in pairs if len(living) < len(pairs) else ():
                if pair & _LAST in self._dead:
                    self._forget(pair >> _BITS)
            pairs = living
        pairs.sort()
        return array("Q", pairs)

    def _forget(self, name: int) -> None:
        left = self._gone[name] - 1
        if left:
            self._gone[name] = left
        else:
            del self._gone[name]


def _span(run: "array[int]", name: int) -> tuple[int, int]:
    """Where the pairs of a name begin and end."""
    first = name << _BITS
    low = bisect_left(run, first)
    if low == len(run) or run[low] >> _BITS != name:
        return low, low
    near = min(low + _FEW, len(run))  # mostly a name has few files
    high = near if run[near - 1] >> _BITS != name else len(run)
    return low, bisect_left(run, first + _LAST + 1, low, high)
