"""Which place each hunk of a file takes, where it has more than one: by what the patch says, never by what is near.

A hunk with one candidate takes it. Another may take the one its line number names exactly, after the offset that all
sure hunks agree on; or the only one below the heading it names. What is left must have exactly one way to stand in the
order of the patch. Otherwise it is ambiguous.
"""

from collections.abc import Sequence

from pointsman.patch.match import Found
from pointsman.terms import Hunk

_MANY = 2


def assign(
    hunks: Sequence[Hunk], found: Sequence[Sequence[Found]], lines: Sequence[str]
) -> list[tuple[Found, str] | None]:
    """For each hunk its place and how it was told, or None where nothing tells. Every hunk has a candidate."""
    taken: list[tuple[Found, str] | None] = [(places[0], "unique") if len(places) == 1 else None for places in found]
    offset = _offset(hunks, taken)
    for number, hunk in enumerate(hunks):
        if taken[number] is None and offset is not None and hunk.line is not None:
            exact = [place for place in found[number] if place.at == hunk.line - 1 + offset]
            taken[number] = (exact[0], "line number") if exact else None
        if taken[number] is None and hunk.anchor:
            below = [place for place in found[number] if _below(place.at, hunk.anchor, lines)]
            taken[number] = (below[0], "heading") if len(below) == 1 else None
    if None in taken:
        _in_order(hunks, found, taken)
    return taken


def _offset(hunks: Sequence[Hunk], taken: Sequence[tuple[Found, str] | None]) -> int | None:
    """By how much all sure hunks lie off their numbers; 0 if there is none, None if they disagree."""
    offsets = {
        place[0].at - (hunk.line - 1)
        for hunk, place in zip(hunks, taken, strict=True)
        if place and hunk.line is not None
    }
    return offsets.pop() if len(offsets) == 1 else (None if offsets else 0)


def _below(at: int, heading: str, lines: Sequence[str]) -> bool:
    """Whether a place is inside of the indentation scope of a heading that stands in the file once."""
    heads = [number for number, line in enumerate(lines) if line.strip().startswith(heading.strip())]
    if len(heads) != 1 or at < heads[0]:
        return False
    head = heads[0]
    depth = len(lines[head]) - len(lines[head].lstrip())
    between = (line for line in lines[head + 1 : at + 1] if line.strip())
    return all(len(line) - len(line.lstrip()) > depth for line in between)


def _in_order(hunks: Sequence[Hunk], found: Sequence[Sequence[Found]], taken: list[tuple[Found, str] | None]) -> None:
    """Fill what is open if there is exactly one assignment in the order of the patch."""
    ways = _ways(hunks, [[place[0]] if place else list(places) for place, places in zip(taken, found, strict=True)])
    if len(ways) == 1:
        for number, place in enumerate(ways[0]):
            taken[number] = taken[number] or (place, "order")


def _ways(hunks: Sequence[Hunk], choices: Sequence[Sequence[Found]]) -> list[list[Found]]:
    """At most two ways to place all hunks one after another. Bounded: counts are kept by place, not by path."""
    # ways[n][k]: up to two assignments of hunks 0..n that end in candidate k
    previous: list[list[list[Found]]] = [[[]]]
    ends = [-1]
    for hunk, places in zip(hunks, choices, strict=True):
        here: list[list[list[Found]]] = []
        for place in places:
            first, _ = _changed(hunk, place.at)
            before = [way for way_list, end in zip(previous, ends, strict=True) if end < first for way in way_list]
            here.append([[*way, place] for way in before[:_MANY]])
        previous, ends = here, [_changed(hunk, place.at)[1] for place in places]
    return [way for ways in previous for way in ways][:_MANY]


def _changed(hunk: Hunk, at: int) -> tuple[int, int]:
    """The first and last line a hunk changes, at a place."""
    line, touched = at, []
    for sign, _ in hunk.lines:
        if sign != " ":
            touched.append(line)
        line += sign != "+"
    return touched[0], touched[-1]
