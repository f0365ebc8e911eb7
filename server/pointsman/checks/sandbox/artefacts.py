"""Carry out of the shadow what a check left there. It may have left anything, so only plain files, up to a limit."""

import os
import stat

LIMIT = 32 << 20
"""Characters of all files together."""


def left_in(folder: str) -> dict[str, str]:
    found = {}
    left = LIMIT
    for name in sorted(os.listdir(folder)):
        text = _text(os.path.join(folder, name), left)
        if text is not None:
            found[name] = text
            left -= len(text)
    return found


def named(project: str, paths: list[str]) -> dict[str, str]:
    texts = {path: _text(os.path.join(project, path), LIMIT) for path in paths}
    return {path: text for path, text in texts.items() if text is not None}


def _text(path: str, limit: int) -> str | None:
    """The text of a plain file; links are not followed, for they may lead to what the user would not show."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return file.read(limit).decode("utf-8", "replace")
