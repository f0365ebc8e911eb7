"""Lay the unsaved buffers and the candidate over the project's files."""

import base64
import contextlib
import os
import time


def write(project: str, layer: dict[str, str | None]) -> None:
    """Write each file anew: its time is now, so that build tools see the change, and see it again when it is undone.

    Never the second of the file it covers: Python compares seconds and sizes, and would run the old byte code.
    """
    for path, content in layer.items():
        place = os.path.join(project, path)
        if content is None:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(place)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            _write(place, base64.b64decode(content))


def _write(place: str, data: bytes) -> None:
    before = _second_of(place)
    try:
        with open(place, "wb") as file:
            file.write(data)
    except PermissionError:  # read-only
        os.unlink(place)
        with open(place, "wb") as file:
            file.write(data)
    now = time.time()
    later = now if int(now) > before else before + 1
    os.utime(place, (later, later))


def _second_of(place: str) -> int:
    try:
        return int(os.stat(place).st_mtime)
    except OSError:
        return 0
