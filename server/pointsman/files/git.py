"""Every call of git.

A repository is untrusted: its own configuration can name programs that git runs (`core.fsmonitor`, hooks, what checks a
signature or fetches a missing object). Each call switches these off, takes no optional locks, and is bounded in time.
Nothing here compares the working tree through git: the filters that a repository names cannot be switched off.
"""

import hashlib
import os
import subprocess
from pathlib import Path

from pointsman.files.hunks import hunks
from pointsman.files.looks import look

_SAFE = (
    "git",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "log.showSignature=false",
)  # fmt: skip
_SHA1 = 40
"""Digits of an id, where a repository is not one of the newer kind."""


def files(root: str | Path, timeout: float = 20.0) -> tuple[str, ...] | None:
    """The tracked, and the untracked but not ignored, files below `root`; None where git does not answer.

    Blocking.
    """
    out = _git(root, timeout, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    return None if out is None else tuple(sorted(name for name in out.split("\0") if name))


def recent_diff(root: str | Path, path: str, text: str) -> str:
    """What is different in a `text` of `path` since the last commit; empty where there is none, or no git. Blocking."""
    before = committed(root, path)
    if before is None:
        return ""
    changes = "".join(hunks(before.removeprefix("\ufeff").replace("\r\n", "\n"), text.replace("\r\n", "\n")))
    return f"--- a/{path}\n+++ b/{path}\n{changes}" if changes else ""


def mark(root: str | Path, path: str) -> tuple[object, ...]:
    """Equal to an earlier one as long as `recent_diff` would say the same: a few looks at files, and no process."""
    marks: list[object] = [look(f"{root}/{path}")]
    for folder in (str(root), *map(str, Path(root).parents)):
        if found := look(f"{folder}/.git"):
            store = _store(f"{folder}/.git")
            head = _text(f"{store}/HEAD")
            names = (*_MOVING, head.removeprefix("ref:").strip()) if head.startswith("ref:") else _MOVING
            marks += [found, head, *(look(f"{store}/{name}") for name in names)]
            break
    return tuple(marks)


_MOVING = ("logs/HEAD", "packed-refs", "reftable/tables.list")
"""What git writes in its folder when another commit is checked out."""


def _store(dot_git: str) -> str:
    """The folder of a checkout's own state; a linked worktree and a submodule say in a file where it is."""
    said = _text(dot_git).removeprefix("gitdir:").strip()
    return os.path.join(os.path.dirname(dot_git), said) if said else dot_git  # noqa: PTH118, PTH120 - see `look`


def _text(file: str) -> str:
    try:
        with open(file, "rb") as source:  # noqa: PTH123 - see `look`
            return source.read(4096).decode("utf-8", "surrogateescape").strip()
    except OSError:
        return ""


def latest(root: str | Path, path: str, commits: int, timeout: float = 5.0) -> tuple[str, ...]:
    """The latest commits of a file: short id, day and title of each, the newest first. Blocking."""
    out = _git(root, timeout, "log", "--format=%h %as %s", f"--max-count={commits}", "HEAD", "--", path)
    return tuple(line for line in (out or "").split("\n") if line)


def committed(root: str | Path, path: str, timeout: float = 5.0) -> str | None:
    """The text of `path` as of the last commit; None where there is none, or no git. Blocking."""
    return _git(root, timeout, "cat-file", "blob", f"HEAD:./{path}")


def blobs(root: str | Path, commit: str, timeout: float = 20.0) -> dict[str, str]:
    """The ids of what a commit's files hold, by their paths below `root` and relative to it. Blocking."""
    out = _git(root, timeout, "ls-tree", "-r", "-z", commit)
    entries = [entry.partition("\t") for entry in (out or "").split("\0")]
    return {path: about.rpartition(" ")[2] for about, _, path in entries if about.startswith("100")}  # no link


def is_blob(blob: str, data: bytes) -> bool:
    """Whether an id is that of a content: an id is a checksum."""
    name = "sha1" if len(blob) == _SHA1 else "sha256"
    return hashlib.new(name, b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest() == blob


def head(root: str | Path, timeout: float = 5.0) -> str:
    """The id of the commit that is checked out; empty where there is none. Blocking."""
    return (_git(root, timeout, "rev-parse", "--verify", "--quiet", "HEAD") or "").strip()


def history(root: str | Path, commits: int, timeout: float = 20.0) -> tuple[tuple[str, ...], ...]:
    """The paths, below `root` and relative to it, that each of the latest commits changed; newest first. Blocking."""
    out = _git(
        root, timeout, "log", "-z", "--format=%x01", "--name-only", "--relative", "--no-renames", "--no-merges",
        f"--max-count={commits}", "HEAD", "--", ".",
    )  # fmt: skip
    listed = (out or "").split("\x01")[1:]
    return tuple(tuple(name for name in part.replace("\n", "\0").split("\0") if name) for part in listed)


def _git(root: str | Path, timeout: float, *args: str) -> str | None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
    environment |= {"GIT_ALLOW_PROTOCOL": "none"}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell
            [*_SAFE, *args],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
