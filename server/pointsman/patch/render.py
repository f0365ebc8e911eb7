"""A FileSet as a git diff that `git apply` takes, and its size."""

from collections.abc import Iterator

from pointsman.files.hunks import hunks
from pointsman.terms import FileChange, FileSet


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
    before, after = change.before.text if change.before else "", change.after or ""
    if before == after:
        return
    yield f"--- {_quoted('a/' + old) if change.before is not None else '/dev/null'}\n"
    yield f"+++ {_quoted('b/' + new) if change.after is not None else '/dev/null'}\n"
    yield from hunks(before, after)


def _quoted(path: str) -> str:
    """As git quotes names that would not survive a header line."""
    if not any(char in path for char in '"\\\t\n') and path.isprintable():
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'
