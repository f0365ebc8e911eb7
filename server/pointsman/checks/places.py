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
    if path.startswith("file:"):
        path = unquote(urlsplit(path).path)
    path = path.replace("\\", "/")
    if not path or path.startswith("<"):
        return None
    base = root.replace("\\", "/").rstrip("/")
    if path.startswith("/") or re.match(r"[A-Za-z]:/", path):
        if not path.startswith(base + "/"):
            return None
        relative = posixpath.normpath(path[len(base) + 1 :])
    else:
        relative = posixpath.normpath(posixpath.join(cwd, path))
    if relative in {".", ".."} or relative.startswith("../") or FOREIGN.search(relative):
        return None
    return relative


def line_of(text: str | None, line: int | None) -> str:
    """The text of a line, from one, without its indentation; empty where there is none."""
    if text is None or not line or line < 1:
        return ""
    lines = re.split(r"\r\n|\n|\r", text)
    return lines[line - 1].strip() if line <= len(lines) else ""
