"""A FileSet as a git diff that `git apply` takes, and its size."""

import difflib
from collections.abc import Iterator, Sequence

from pointsman.terms import FileChange, FileSet

AROUND = 3
"""Lines of context."""
MANY = 5_000
"""Lines between the first change and the last above which a diff need not be the shortest."""


def diff(candidate: FileSet) -> str:
    return "".join(part for change in candidate.changes for part in _file(change))


def stat(candidate: FileSet) -> tuple[int, int]:
    """How many files are changed, and how many lines: the removed and the added ones."""
    lines = sum(
        line[:1] in "+-" and not line.startswith(("+++ ", "--- ")) for line in diff(candidate).split("\n") if line
    )
    return len(candidate.changes), lines


def _file(change: FileChange) -> Iterator[str]:
    old, new = change.path, change.new_path or change.path
    yield f"diff --git {_quoted('a/' + old)} {_quoted('b/' + new)}\n"
    if change.before is None:
        yield "new file mode 100644\n"
    elif change.after is None:
        yield "deleted file mode 100644\n"
    elif change.new_path:
        yield f"rename from {_quoted(old)}\nrename to {_quoted(new)}\n"
    before = _lines(change.before.text if change.before else "")
    after = _lines(change.after or "")
    if before == after:
        return
    yield f"--- {_quoted('a/' + old) if change.before is not None else '/dev/null'}\n"
    yield f"+++ {_quoted('b/' + new) if change.after is not None else '/dev/null'}\n"
    yield from _hunks(before, after)


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """What is the same at both ends, but for the lines around a hunk, is not compared: that would take very long."""
    skipped, before, after = _differing(before, after)
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


def _quoted(path: str) -> str:
    """As git quotes names that would not survive a header line."""
    if not any(char in path for char in '"\\\t\n') and path.isprintable():
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'
