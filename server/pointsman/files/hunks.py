"""The hunks of a unified diff between two texts."""

import difflib
from collections.abc import Iterator, Sequence

AROUND = 3
"""Lines of context."""
MANY = 500
"""Lines between the first change and the last above which a diff need not be the shortest."""


def hunks(old: str, new: str) -> Iterator[str]:
    """What is the same at both ends, but for the lines around a hunk, is not compared: that would take very long."""
    skipped, before, after = _differing(_lines(old), _lines(new))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) > MANY)
    for group in matcher.get_grouped_opcodes(AROUND):
        (_, i1, _, j1, _), (_, _, i2, _, j2) = group[0], group[-1]
        yield f"@@ -{_range(skipped + i1, skipped + i2)} +{_range(skipped + j1, skipped + j2)} @@\n"
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                yield from (_row(" ", line) for line in before[a1:a2])
                continue
            yield from (_row("-", line) for line in before[a1:a2])
            yield from (_row("+", line) for line in after[b1:b2])


def _differing(before: Sequence[str], after: Sequence[str]) -> tuple[int, Sequence[str], Sequence[str]]:
    """Both texts without the lines at their ends that are the same, and how many were left out at the start."""
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    end = next((at for at in range(shorter - start) if before[-1 - at] != after[-1 - at]), shorter - start)
    start, end = max(0, start - AROUND), max(0, end - AROUND)
    return start, before[start : len(before) - end], after[start : len(after) - end]


def _range(start: int, stop: int) -> str:
    return f"{start + (stop > start)},{stop - start}" if stop - start != 1 else f"{start + 1}"


def _row(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as git sees them: only LF ends one."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
