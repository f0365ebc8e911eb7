"""Where lines of a text are in a later one, for the time when nobody kept a log of what was typed.

Exact and unique, or not at all: if a block was pasted beside its original, nobody can tell from the two texts which one
is the copy, and then neither is taken for the original.
"""

import difflib
from collections.abc import Sequence

LIMIT = 4_000_000
"""Lines times lines that are compared; beyond it only what is alike at both ends of the texts counts."""


class Alignment:
    """The lines of `old` in `new`, both with their ends."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = old, new
        self.kept = _kept(old, new)
        self._taken = {at for at in self.kept if at is not None}
        self._where: dict[str, list[int]] = {}
        for at, line in enumerate(new):
            self._where.setdefault(line, []).append(at)

    def moved(self, first: int, last: int) -> int | None:
        """Where the lines from `first` to `last` (half-open) start now; None if they are not there, or not surely."""
        at = self.kept[first]
        if at is None or any(self.kept[n] != at + n - first for n in range(first, last)):
            return None
        own = self._neighbours(first, last, at)
        for other in self._where[self.old[first]]:
            if other == at or other in self._taken or self.new[other : other + last - first] != self.old[first:last]:
                continue
            rival = self._neighbours(first, last, other)
            if rival == own or rival[0] > own[0] or rival[1] > own[1]:
                return None
        return at

    def _neighbours(self, first: int, last: int, at: int) -> tuple[int, int]:
        """How many old lines stand unchanged above and below a block, if it is the one at `at`."""
        above = below = 0
        while above < min(first, at) and self.old[first - 1 - above] == self.new[at - 1 - above]:
            above += 1
        end = at + last - first
        while last + below < len(self.old) and end + below < len(self.new):
            if self.old[last + below] != self.new[end + below]:
                break
            below += 1
        return above, below


def _kept(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each old line the new line that it is by one reading of the difference, or None."""
    head = _alike(old, new)
    rest = min(len(old), len(new)) - head
    tail = min(rest, _alike(old[::-1], new[::-1]))
    shift = len(new) - len(old)
    found: list[int | None] = [None] * len(old)
    found[:head] = range(head)
    found[len(old) - tail :] = range(len(old) - tail + shift, len(new))
    one, other = old[head : len(old) - tail], new[head : len(new) - tail]
    if one and other and len(one) * len(other) <= LIMIT:
        for block in difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                found[head + block.a + step] = head + block.b + step
    return found


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same at the start."""
    count = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        count += 1
    return count
