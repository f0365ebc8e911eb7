"""Paths and URIs, and the one gate every path from outside goes through before anything is opened.

Inside Pointsman a path is a string relative to the workspace root, with `/`. Models, tools and clients send paths
too; `safe` turns one of theirs into a real path, or refuses it.
"""

import re
import stat
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from pointsman.errors import Unsafe
from pointsman.text import HALF

_REFUSALS = (
    (re.compile(r"^$"), "it is empty"),
    (re.compile(r"[\x00-\x1f\x7f]"), "it has control characters"),
    (HALF, "it is not UTF-8"),
    (re.compile(r"\\"), "it has a backslash"),
    (re.compile(r"^/"), "it is absolute"),
    (re.compile(r"^~"), "it starts with ~"),
    (re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:"), "it has a scheme or drive"),
    (re.compile(r"(^|/)\.{0,2}(/|$)"), "it has empty, '.' or '..' components"),
    # Windows and macOS see .GIT, ".git " and ".git." as .git, so a patch made here must not name them either.
    (re.compile(r"(^|/)\.git[ .]*(/|$)", re.IGNORECASE), "it reaches into .git"),
)


def refusal(path: str) -> str | None:
    """Why a relative path may not be used, judged by its letters alone; None if nothing speaks against it."""
    return next((why for pattern, why in _REFUSALS if pattern.search(path)), None)


def safe(root: str | Path, path: str) -> Path:
    """The real place of a workspace path. Raises Unsafe if it is not a plain file, or a way, inside of the root."""
    if why := refusal(path):
        raise Unsafe(
            f"The path {path!r} is refused: {why}.", "Name a file inside of the workspace, relative to its root."
        )
    base = Path(root).resolve()
    place = base.joinpath(*PurePosixPath(path).parts)
    try:
        real = place.resolve()
        mode = real.stat().st_mode if real.exists() else None
    except (OSError, RuntimeError) as error:
        raise Unsafe(f"The path {path!r} is refused: it cannot be followed ({error}).") from error
    if any(part.is_symlink() for part in (real, *real.parents) if part.is_relative_to(base) and part != base):
        raise Unsafe(f"The path {path!r} is refused: its symbolic links lead in a circle.")
    if not real.is_relative_to(base):
        raise Unsafe(f"The path {path!r} is refused: it leads out of the workspace by a symbolic link.")
    if refusal(real.relative_to(base).as_posix()) and real != base:
        raise Unsafe(f"The path {path!r} is refused: it leads to a place that may not be touched.")
    if mode is not None and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise Unsafe(f"The path {path!r} is refused: it is not a regular file.")
    return place


def to_uri(path: str | Path) -> str:
    """The file URI of an absolute path, escaped as most clients do."""
    posix = Path(path).as_posix()
    rooted = posix if posix.startswith("/") else f"/{posix}"
    return "file://" + quote(rooted.encode("utf-8", "surrogateescape"), safe="/~!$&'()*+,;=:@-._")


def from_uri(uri: str) -> Path | None:
    """The path a file URI names; None for other schemes, or hosts that are not this one."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        return None
    path = unquote(parts.path)
    if re.match(r"/[A-Za-z]:", path):  # file:///c:/x and file:///C%3A/x are one file on Windows
        path = path[1].upper() + path[2:]
    return Path(path) if path and "\0" not in path else None


def relative(root: str | Path, path: Path) -> str | None:
    """`path` as a workspace path; None if it lies outside of the root."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return None
