"""What is right, by brute force: where blocks stand, in how many ways, and what a text is after a change."""

from collections.abc import Sequence

from patchcases.commits import Hunk


def split(text: str) -> list[str]:
    """The lines without LF, and without the CR before it."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def places(block: Sequence[str], lines: Sequence[str]) -> list[int]:
    """Every index at which the block stands, word for word."""
    block = [line.removesuffix("\r") for line in block]
    if not block:
        return []
    return [
        at
        for at in range(len(lines) - len(block) + 1)
        if lines[at] == block[0] and lines[at : at + len(block)] == block
    ]


def ordered_ways(hunks: Sequence[Hunk], text: str, cap: int = 3) -> int:
    """In how many ways all hunks can stand one behind the other, up to a cap."""
    lines = split(text)
    ways = {0: 1}
    for hunk in hunks:
        block = hunk.block("+")
        new: dict[int, int] = {}
        lead = next(n for n, (sign, _) in enumerate(hunk.rows) if sign in "+-")
        tail = next(
            n for n, (sign, _) in enumerate([row for row in reversed(hunk.rows) if row[0] != "\\"]) if sign in "+-"
        )
        for at in places(block, lines):
            count = sum(number for end, number in ways.items() if end <= at + lead)
            if count:
                end = at + len(block) - tail
                new[end] = min(cap, new.get(end, 0) + count)
        ways = new
    return min(cap, sum(ways.values()))
