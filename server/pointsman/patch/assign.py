"""Which place each hunk of a file takes, where it has more than one: by what the patch says, never by what is near.

A hunk with one candidate takes it. Another may take the one its line number names exactly, after the offset that all
sure hunks agree on; or the only one below the heading it names. What is left must have exactly one way to stand in the
order of the patch. Otherwise it is ambiguous.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from pointsman.patch.lines import Lines
from pointsman.patch.match import Found
from pointsman.patch.scope import scope
from pointsman.terms import Hunk

_REACH = 100
"""Lines behind the scope of a heading in which its hunk may have been meant as well."""
_MANY = 1_000
"""Places from which on no heading is asked, and no order if hunks have so many each: nothing would come of it."""
_CHOICES = 100 * _MANY
_SOME = 2
"""Ways are counted no further: two are as bad as many."""


class Taken(NamedTuple):
    """The place of one hunk, and what told it from others."""

    found: Found
    told: str


def assign(hunks: Sequence[Hunk], places: Sequence[Sequence[Found]], lines: Lines) -> list[Taken | None]:
    """For each hunk its place, or None where nothing tells. Every hunk has a candidate."""
    taken = [Taken(found[0], "unique") if len(found) == 1 else None for found in places]
    offset = _offset(hunks, taken)
    for number, (hunk, found) in enumerate(zip(hunks, places, strict=True)):
        if taken[number] is None:
            taken[number] = _by_number(hunk, found, offset) or _by_heading(hunk, found, lines)
    if None not in taken or sum(map(len, places)) > _CHOICES or not _in_order(hunks, taken, offset):
        return taken
    choices = [[one.found] if one else list(found) for one, found in zip(taken, places, strict=True)]
    if way := _only_way(hunks, choices):
        return [one or Taken(found, "order") for one, found in zip(taken, way, strict=True)]
    return taken


def _offset(hunks: Sequence[Hunk], taken: Sequence[Taken | None]) -> int | None:
    """By how much all sure hunks lie off their numbers; 0 if there is none, None if they disagree."""
    offsets = {
        one.found.at + 1 - hunk.line for hunk, one in zip(hunks, taken, strict=True) if one and hunk.line is not None
    }
    return (offsets.pop() if offsets else 0) if len(offsets) <= 1 else None


def _by_number(hunk: Hunk, found: Sequence[Found], offset: int | None) -> Taken | None:
    if hunk.line is None or offset is None:
        return None
    at = hunk.line - 1 + offset
    place = bisect_left(found, at, key=lambda one: one.at)
    return Taken(found[place], "line number") if place < len(found) and found[place].at == at else None


def _by_heading(hunk: Hunk, found: Sequence[Found], lines: Lines) -> Taken | None:
    inside = scope(hunk.anchor, lines) if hunk.anchor and len(found) <= _MANY else None
    if inside is None:
        return None
    below = [one for one in found if one.at in inside and changed(hunk, one.at).stop <= inside.stop]
    # A diff's heading may be of the function above, if its hunk was cut out of a larger one that began there.
    near = inside.stop + (0 if hunk.anchored else _REACH)
    reaching = [one for one in found if changed(hunk, one.at).stop > inside.start and one.at < near]
    return Taken(below[0], "heading") if len(below) == 1 and reaching == below else None


def _in_order(hunks: Sequence[Hunk], taken: Sequence[Taken | None], offset: int | None) -> bool:
    """Whether the numbers do not deny that the hunks come in the order of the file, if they are worth anything."""
    sure = [hunk for hunk, one in zip(hunks, taken, strict=True) if one and hunk.line is not None]
    if sure and (offset is None or (offset and len(sure) < _SOME)):
        return True
    numbers = [hunk.line for hunk in hunks if hunk.line is not None]
    return all(one <= other for one, other in pairwise(numbers))


def changed(hunk: Hunk, at: int) -> range:
    """The lines a hunk changes at a place, from the first to the last; empty for an insertion."""
    line, first, last = at, -1, at
    for sign, _ in hunk.lines:
        if sign != " ":
            first = line if first < 0 else first
            last = line + (sign == "-")
        line += sign != "+"
    return range(first, last)


def _only_way(hunks: Sequence[Hunk], choices: Sequence[Sequence[Found]]) -> list[Found] | None:
    """The one assignment in which every hunk lies behind the one before it; None if there is none or several."""
    rows: list[list[tuple[range, Found]]] = [
        sorted(((changed(hunk, one.at), one) for one in found), key=lambda pair: pair[0].start)
        for hunk, found in zip(hunks, choices, strict=True)
    ]
    ways = [[1] * len(rows[0])]
    for before, here in pairwise(rows):
        sums = list(accumulate((min(_SOME, count) for count in ways[-1]), initial=0))
        stops = [lines.stop for lines, _ in before]  # ascending, as the starts are: all have the length of one hunk
        ways.append([min(_SOME, sums[bisect_right(stops, lines.start)]) for lines, _ in here])
    if sum(ways[-1]) != 1:
        return None
    way: list[Found] = []
    limit: int | None = None
    for row, counts in zip(reversed(rows), reversed(ways), strict=True):
        lines, found = next(
            pair for pair, count in zip(row, counts, strict=True) if count and (limit is None or pair[0].stop <= limit)
        )
        limit = lines.start
        way.append(found)
    return way[::-1]
