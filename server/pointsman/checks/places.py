"""Turn the paths of tools into workspace paths, and decide which belong to the user."""

import posixpath
import re
from urllib.parse import unquote, urlsplit

FOREIGN = re.compile(
    r"(^|/)(site-packages|dist-packages|node_modules|\.venv|venv|\.tox|\.nox|\.direnv|__pypackages__)(/|$)"
)
"""Inside of the workspace, and yet not the user's code."""


def inside(path: str, root: str, cwd: str = "") -> str | None:
    """A tool's path as a workspace path; None for a path elsewhere, of foreign code, or that is none.

    Relative paths are relative to `cwd`, itself a workspace path.
    """
    path = _plain(path)
    if not path or path.startswith("<"):
        return None
    base = _plain(root).rstrip("/")
    if absolute(path):
        if not path.startswith(base + "/"):
            return None
        relative = posixpath.normpath(path[len(base) + 1 :])
    else:
        relative = posixpath.normpath(posixpath.join(cwd, path))
    if relative in {".", ".."} or relative.startswith("../") or FOREIGN.search(relative):
        return None
    return relative


def absolute(path: str) -> bool:
    return path.startswith("/") or re.match(r"[A-Za-z]:[/\\]", path) is not None


def elsewhere(path: str, root: str) -> str | None:
    """What an absolute path outside would be in the workspace, if it names the same project in another place.

    So it is in containers, behind symbolic links, and where a build tool works in a sandbox of its own.
    """
    path = _plain(path)
    name = posixpath.basename(_plain(root).rstrip("/"))
    _, found, rest = path.rpartition(f"/{name}/")
    return inside(rest, root) if absolute(path) and name and found else None


def _plain(path: str) -> str:
    if path.startswith("file:"):
        path = unquote(urlsplit(path).path)
        path = path[1:] if re.match(r"/[A-Za-z]:/", path) else path
    path = path.replace("\\", "/")
    return path[0].upper() + path[1:] if re.match(r"[a-z]:/", path) else path


def raw_line(text: str | None, line: int | None) -> str | None:
    """The text of a line, from one; None where there is none."""
    if text is None or not line or line < 1:
        return None
    lines = re.split(r"\r\n|\n|\r", text)
    return lines[line - 1] if line <= len(lines) else None


def line_of(text: str | None, line: int | None) -> str:
    """The text of a line without its indentation; empty where there is none."""
    return (raw_line(text, line) or "").strip()
