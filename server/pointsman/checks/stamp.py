"""A mark of the project's files on disk: equal marks, equal inputs. One look at every file, none is read."""

import hashlib
import os
from collections.abc import Iterator

from pointsman.checks.places import FOREIGN

_SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache"})
LIMIT = 500_000


def stamp(root: str) -> str:
    """Blocking; about a third of a second for 80,000 files."""
    mark = hashlib.sha256()
    for count, line in enumerate(sorted(_lines(root))):
        if count >= LIMIT:
            break
        mark.update(line.encode("utf-8", "surrogateescape"))
    return mark.hexdigest()


def _lines(root: str) -> Iterator[str]:
    pending = [root]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.name in _SKIPPED or FOREIGN.fullmatch(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        status = entry.stat(follow_symlinks=False)
                        yield f"{entry.path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_mode}\n"
        except OSError:
            continue
