"""One reading of how a text became another, as runs of lines that stayed: cheap for long texts edited far apart.

What is alike at both ends is found by comparing the texts themselves. Between, lines that are there once on both sides
are anchors, as in a patience diff; what lies between two anchors is read in the same way, and only a short rest without
anchors is compared line by line. A long rest stays unread, and a change of it is then a conflict.
"""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

PAIRS = 1_000_000
"""Lines times lines of a rest that are compared one by one."""
WORK = 4_000_000
"""Lines that are looked at for anchors, over all rests: no pair of texts may take long."""


class Run(NamedTuple):
    """`size` lines that are at `old` in the old text and at `new` in the new one."""

    old: int
    new: int
    size: int


class Lined(Protocol):
    """A text, and the offsets of its lines and of its end."""

    text: str
    starts: Sequence[int]


class _Gap(NamedTuple):
    """Lines of both texts, half-open, that are not read yet."""

    old: int
    old_end: int
    new: int
    new_end: int


def runs(old: Lined, new: Lined) -> list[Run]:
    """All runs, in order; two that follow each other in both texts are one. The first may be empty."""
    rest = _ends(old, new)
    tail = Run(rest.old_end, rest.new_end, len(old.starts) - 1 - rest.old_end)
    middle = _middle(_lines(old, rest.old, rest.old_end), _lines(new, rest.new, rest.new_end))
    found = sorted(Run(rest.old + run.old, rest.new + run.new, run.size) for run in middle)
    return _merged([Run(0, 0, rest.old), *found, tail])


def _lines(side: Lined, first: int, last: int) -> list[str]:
    return [side.text[start:end] for start, end in pairwise(side.starts[first : last + 1])]


def _merged(found: Sequence[Run]) -> list[Run]:
    made = [found[0]]
    for run in found[1:]:
        last = made[-1]
        if (run.old, run.new) == (last.old + last.size, last.new + last.size):
            made[-1] = Run(last.old, last.new, last.size + run.size)
        else:
            made.append(run)
    return made


def _ends(old: Lined, new: Lined) -> _Gap:
    """What is left between the whole lines that are alike at the start and at the end."""
    same = _alike(old.text, new.text, min(len(old.text), len(new.text)))
    head = min(_whole(old, same), _whole(new, same))
    room = min(len(old.text) - old.starts[head], len(new.text) - new.starts[head])
    same = _alike(old.text, new.text, room, from_end=True)
    tail = min(len(side.starts) - bisect_left(side.starts, len(side.text) - same + 1) for side in (old, new)) - 1
    lines = min(len(old.starts), len(new.starts)) - 1 - head
    tail = max(0, min(tail, lines))
    return _Gap(head, len(old.starts) - 1 - tail, head, len(new.starts) - 1 - tail)


def _whole(side: Lined, offset: int) -> int:
    """How many lines end before an offset, or at it with their own line end."""
    return bisect_left(side.starts, offset + 1) - 1


def _alike(one: str, other: str, most: int, *, from_end: bool = False) -> int:
    """How many characters are the same at an end, by halving: texts are compared much faster than lines."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        ours, theirs = (
            (text[len(text) - middle : len(text) - low] if from_end else text[low:middle]) for text in (one, other)
        )
        if ours == theirs:
            low = middle
        else:
            high = middle - 1
    return low


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    gaps = [_Gap(0, len(old), 0, len(new))]
    work = WORK
    while gaps:
        gap, ends = _trimmed(gaps.pop(), old, new)
        yield from ends
        one, other = old[gap.old : gap.old_end], new[gap.new : gap.new_end]
        work -= len(one) + len(other)
        if not one or not other or work < 0:
            continue
        if anchors := _anchors(one, other):
            told = [Run(gap.old + here, gap.new + there, 1) for here, there in anchors]
            yield from told
            edges = [Run(gap.old, gap.new, 0), *told, Run(gap.old_end, gap.new_end, 0)]
            gaps += (_Gap(a.old + a.size, b.old, a.new + a.size, b.new) for a, b in pairwise(edges))
        elif len(one) * len(other) <= PAIRS:
            for block in difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
                if block.size:
                    yield Run(gap.old + block.a, gap.new + block.b, block.size)


def _trimmed(gap: _Gap, old: Sequence[str], new: Sequence[str]) -> tuple[_Gap, list[Run]]:
    """The gap without what is alike at its start and its end."""
    first, last, start, end = gap
    while first < last and start < end and old[first] == new[start]:
        first, start = first + 1, start + 1
    while first < last and start < end and old[last - 1] == new[end - 1]:
        last, end = last - 1, end - 1
    ends = [Run(gap.old, gap.new, first - gap.old), Run(last, end, gap.old_end - last)]
    return _Gap(first, last, start, end), [run for run in ends if run.size]


def _anchors(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that are there once on both sides, as many as can be in the same order."""
    counts, theirs = Counter(one), Counter(other)
    places = {line: at for at, line in enumerate(other) if theirs[line] == 1}
    pairs = [(at, places[line]) for at, line in enumerate(one) if line in places and counts[line] == 1]
    return _ascending(pairs)


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of some pairs in which the second ascends as the first does."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        at = bisect_left(tops, there)
        before.append(ends[at - 1] if at else -1)
        tops[at : at + 1] = [there]
        ends[at : at + 1] = [number]
    found = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
