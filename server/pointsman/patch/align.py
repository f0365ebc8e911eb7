"""Where lines of a text are in a later one, for the time when nobody kept a log of what was typed.

Exact and unique, or not at all: if a block was pasted beside its original, nobody can tell from the two texts which one
is the copy, and then neither is taken for the original. What one reading of the difference says (see `runs`) is
therefore asked again: whether the same lines stand anywhere in what is new, with as much of their old surroundings.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
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

    def moved(self, first: int, last: int) -> int | None:
        """Where the lines from `first` to `last` (half-open) start now; None if they are not there, or not surely."""
        run = self.runs[bisect_right(self.runs, first, key=lambda run: run.old) - 1]
        if not run.old <= first <= last <= run.old + run.size:
            return None
        at = run.new + first - run.old
        block = self.old.block(first, last)
        for other in self._untold.get(self.old.block(first, first + 1), ()):
            end = other + last - first
            if end <= len(self.new) and self.new.block(other, end) == block and self._rivals(first, last, at, other):
                return None
        return at

    @cached_property
    def _untold(self) -> Mapping[str, Sequence[int]]:
        """Lines of the new text that are no old line, by their text."""
        found: dict[str, list[int]] = {}
        for run, following in pairwise((Run(0, 0, 0), *self.runs, Run(len(self.old), len(self.new), 0))):
            for at in range(run.new + run.size, following.new):
                found.setdefault(self.new.block(at, at + 1), []).append(at)
        return found

    def _rivals(self, first: int, last: int, at: int, other: int) -> bool:
        """Whether a block that stands at `at` could as well be the one at `other`."""
        theirs = self._around(first, last, other, (len(self.old), len(self.old)))
        own = self._around(first, last, at, (theirs[0] + 1, theirs[1] + 1))
        return theirs == own or theirs[0] > own[0] or theirs[1] > own[1]

    def _around(self, first: int, last: int, at: int, limit: tuple[int, int]) -> tuple[int, int]:
        """How many old lines, up to a limit, stand unchanged above and below a block if it is the one at `at`."""
        old, new = self.old, self.new
        above = below = 0
        while above < min(first, at, limit[0]):
            if old.block(first - 1 - above, first - above) != new.block(at - 1 - above, at - above):
                break
            above += 1
        end = at + last - first
        while below < min(len(old) - last, len(new) - end, limit[1]):
            if old.block(last + below, last + below + 1) != new.block(end + below, end + below + 1):
                break
            below += 1
        return above, below
