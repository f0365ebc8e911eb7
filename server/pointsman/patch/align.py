"""Where lines of a text are in a later one, for the time when nobody kept a log of what was typed.

Exact and unique, or not at all: if a block was pasted beside its original, nobody can tell from the two texts which one
is the copy, and then neither is taken for the original; likewise if one of two that are alike was deleted. What one
reading of the difference says (see `runs`) is therefore asked again: whether the same lines stand anywhere in what is
new, or in what is gone, with as much of their old surroundings.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from pointsman.patch.runs import Run, runs
from pointsman.text import Snapshot


class Side:
    """One of the two texts, by its lines with their ends."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.text = snapshot.text
        self.starts: Sequence[int] = (*snapshot.starts, len(snapshot.text))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def block(self, first: int, last: int) -> str:
        return self.text[self.starts[first] : self.starts[last]]


class Alignment:
    """The lines of `old` in `new`."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = Side(old), Side(new)
        self.runs = runs(self.old, self.new)

    def kept(self, first: int, last: int) -> int | None:
        """Where the lines from `first` to `last` (half-open) start now by one reading; None if not all do."""
        run = self.runs[bisect_right(self.runs, first, key=lambda run: run.old) - 1]
        inside = run.old <= first <= last <= run.old + run.size
        return run.new + first - run.old if inside else None

    def moved(self, first: int, last: int) -> int | None:
        """Where they start now by every reading; None if they are not there, or not surely."""
        at = self.kept(first, last)
        if at is None or any(self._doubtful[first:last]):
            return None
        size, line = last - first, self.old.block(first, first + 1)
        others = [(first, other) for other in _same(self.new, self._untold.get(line, ()), at, size)]
        others += [(other, at) for other in _same(self.old, self._gone.get(line, ()), first, size)]
        return None if any(self._rivals((first, at), other, size) for other in others) else at

    @cached_property
    def _doubtful(self) -> bytearray:
        """For each old line whether it is kept, or where, is a matter of reading.

        Of lines that are alike, one after the other, nobody can say which came or went: a difference slides over them.
        """
        marks = bytearray(len(self.old))
        for run, following in pairwise((*self.runs, Run(len(self.old), len(self.new), 0))):
            end, there = run.old + run.size, run.new + run.size
            if (end == following.old) == (there == following.new):
                continue
            above, below = (
                _slides(self.old, end, following.old, run.size, following.size)
                if there == following.new
                else _slides(self.new, there, following.new, run.size, following.size)
            )
            first, last = end - above, following.old + below
            marks[first:last] = b"\1" * (last - first)
        return marks

    @cached_property
    def _untold(self) -> Mapping[str, Sequence[int]]:
        """Lines of the new text that are no old line, by their text."""
        return _between(self.new, [(run.new, run.new + run.size) for run in self.runs])

    @cached_property
    def _gone(self) -> Mapping[str, Sequence[int]]:
        """Lines of the old text that are no more, by their text."""
        return _between(self.old, [(run.old, run.old + run.size) for run in self.runs])

    def _rivals(self, told: tuple[int, int], other: tuple[int, int], size: int) -> bool:
        """Whether what is told of a block, its old place and its new one, could as well be the other."""
        theirs = self._around(*other, size, (len(self.old), len(self.old)))
        own = self._around(*told, size, (theirs[0] + 1, theirs[1] + 1))
        return theirs == own or theirs[0] > own[0] or theirs[1] > own[1]

    def _around(self, first: int, at: int, size: int, limit: tuple[int, int]) -> tuple[int, int]:
        """How many old lines, up to a limit, stand unchanged above and below an old block if it is the one at `at`."""
        old, new = self.old, self.new
        above = below = 0
        while above < min(first, at, limit[0]):
            if old.block(first - 1 - above, first - above) != new.block(at - 1 - above, at - above):
                break
            above += 1
        last, end = first + size, at + size
        while below < min(len(old) - last, len(new) - end, limit[1]):
            if old.block(last + below, last + below + 1) != new.block(end + below, end + below + 1):
                break
            below += 1
        return above, below


def _slides(side: Side, first: int, last: int, above: int, below: int) -> tuple[int, int]:
    """How many lines the range could as well begin above and below, within bounds."""
    up = down = 0
    while up < above and side.block(first - 1 - up, first - up) == side.block(last - 1 - up, last - up):
        up += 1
    while down < below and side.block(first + down, first + down + 1) == side.block(last + down, last + down + 1):
        down += 1
    return up, down


def _between(side: Side, told: Sequence[tuple[int, int]]) -> Mapping[str, Sequence[int]]:
    """The lines outside of some ranges that ascend, by their text."""
    found: dict[str, list[int]] = {}
    for (_, end), (start, _) in pairwise(((0, 0), *told, (len(side), len(side)))):
        for at in range(end, start):
            found.setdefault(side.block(at, at + 1), []).append(at)
    return found


def _same(side: Side, places: Sequence[int], at: int, size: int) -> Iterator[int]:
    """Those of some places at which the same lines stand as at another one."""
    block = side.block(at, at + size)
    return (place for place in places if place + size <= len(side) and side.block(place, place + size) == block)
