"""Lay the unsaved buffers and the candidate over the project's files."""

import base64
import contextlib
import os


def write(project: str, layer: dict[str, str | None]) -> None:
    """Write each file anew: its time is now, so that build tools see the change, and see it again when it is undone."""
    for path, content in layer.items():
        place = os.path.join(project, path)
        if content is None:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(place)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            _write(place, base64.b64decode(content))


def _write(place: str, data: bytes) -> None:
    try:
        with open(place, "wb") as file:
            file.write(data)
    except PermissionError:  # read-only
        os.unlink(place)
        with open(place, "wb") as file:
            file.write(data)
    os.utime(place)
