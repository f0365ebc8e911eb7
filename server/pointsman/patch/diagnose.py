"""What the model is told of a hunk that does not fit: the first line that differs, and the text around it."""

from collections.abc import Sequence

from pointsman.patch.match import Found, old_block
from pointsman.terms import Hunk

AROUND = 4
LINE_LIMIT = 200
NAMED = 5


def no_match(path: str, number: int, hunk: Hunk, lines: Sequence[str]) -> str:
    """The place that fits best, judged by how many lines are the same; only ever shown, never used."""
    block = old_block(hunk)
    head = f"hunk {number + 1} of {path}: NO_MATCH."
    best = max(range(max(1, len(lines))), key=lambda at: (_alike(block, lines, at), -at), default=0)
    if not lines or not _alike(block, lines, best):
        return f"{head} None of its context or removed lines is in the file. Copy them from the file as shown."
    wrong = next(
        n for n, line in enumerate(block) if best + n >= len(lines) or lines[best + n].rstrip() != line.rstrip()
    )
    theirs = f'"{lines[best + wrong][:LINE_LIMIT]}"' if best + wrong < len(lines) else "(the file ends before)"
    return (
        f"{head} Line {wrong + 1} of its context and removed lines differs from the file:\n"
        f'  patch: "{block[wrong][:LINE_LIMIT]}"\n  file {best + wrong + 1}: {theirs}\n'
        f"The file there is:\n{_numbered(lines, best + wrong)}"
    )


def ambiguous(path: str, number: int, hunk: Hunk, found: Sequence[Found], lines: Sequence[str]) -> str:
    places = ", ".join(str(place.at + 1) for place in found[:NAMED]) + ("…" if len(found) > NAMED else "")
    size = len(old_block(hunk))
    head = f"hunk {number + 1} of {path}: AMBIGUOUS. It matches at lines {places}."
    around = [_unique_near(place.at, size, lines) for place in found[:NAMED]]
    hints = [f"line {n + 1} `{lines[n].strip()[:LINE_LIMIT]}`" for n in around if n is not None]
    hint = f" Lines that are there once, near each: {'; '.join(dict.fromkeys(hints))}." if hints else ""
    return f"{head} Add unchanged lines around it until only one place fits.{hint}"


def _alike(block: Sequence[str], lines: Sequence[str], at: int) -> int:
    return sum(
        1
        for ours, theirs in zip(block, lines[at : at + len(block)], strict=False)
        if ours.strip() and ours.strip() == theirs.strip()
    )


def _numbered(lines: Sequence[str], at: int) -> str:
    around = range(max(0, at - AROUND), min(len(lines), at + AROUND + 1))
    return "\n".join(f"{n + 1:>5}|{lines[n][:LINE_LIMIT]}" for n in around)


def _unique_near(at: int, size: int, lines: Sequence[str]) -> int | None:
    """The nearest line outside of a block that is in the file only once."""
    for distance in range(1, 30):
        for n in (at - distance, at + size + distance - 1):
            if 0 <= n < len(lines) and lines[n].strip() and lines.count(lines[n]) == 1:
                return n
    return None
