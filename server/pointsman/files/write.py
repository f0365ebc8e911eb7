"""Writing an edit to the working tree, for the shell: every file or none, and only what is still as it was read.

New contents are first written beside their targets, then put in place by renaming, which keeps modes and never leaves a
half-written file. If one step fails, those before it are taken back.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from pointsman.errors import PointsmanError, WorkspaceError
from pointsman.files.paths import safe
from pointsman.terms import FileChange, FileSet

Undo = Callable[[], object]


def write(root: str | Path, candidate: FileSet) -> None:
    """Raises WorkspaceError, with the tree as it was, if a file changed meanwhile or cannot be written."""
    places = [(change, safe(root, change.path)) for change in candidate.changes]
    for change, place in places:
        _unchanged(change, place)
        if change.new_path and safe(root, change.new_path).exists():
            raise WorkspaceError(f"{change.new_path} exists.", "Nothing was written.")
    undo: list[Undo] = []
    try:
        for change, place in places:
            _write_one(root, change, place, undo)
    except (OSError, PointsmanError) as error:
        for step in reversed(undo):
            with contextlib.suppress(OSError):
                step()
        raise WorkspaceError(f"The files could not be written: {error}", "All of them are as they were.") from error


def _unchanged(change: FileChange, place: Path) -> None:
    if change.before is None:
        if place.exists():
            raise WorkspaceError(f"{change.path} exists.", "Nothing was written.")
    elif not place.exists() or place.read_bytes() != change.before.encode():
        raise WorkspaceError(f"{change.path} changed since it was read.", "Nothing was written; run it again.")


def _write_one(root: str | Path, change: FileChange, place: Path, undo: list[Undo]) -> None:
    if change.after is None:
        old, mode = place.read_bytes(), place.stat().st_mode
        undo.append(lambda: _restore(place, old, mode))
        place.unlink()
        return
    target = safe(root, change.new_path) if change.new_path else place
    undo.extend(folder.rmdir for folder in _make_folders(target.parent))
    bom = bool(change.before and change.before.bom)
    fresh = _beside(target, (b"\xef\xbb\xbf" if bom else b"") + change.after.encode())
    undo.append(lambda: fresh.unlink(missing_ok=True))
    if change.before is None:
        fresh.chmod(0o666 & ~_umask())
        undo.append(target.unlink)
    else:
        shutil.copymode(place, fresh)
        old, mode = place.read_bytes(), place.stat().st_mode
        undo.append(lambda: _restore(place, old, mode))
        if target != place:
            undo.append(target.unlink)
    fresh.replace(target)
    if target != place and change.before is not None:
        place.unlink()


def _restore(place: Path, data: bytes, mode: int) -> None:
    place.write_bytes(data)
    place.chmod(mode)


def _beside(place: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".tmp", dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return Path(name)


def _make_folders(folder: Path) -> list[Path]:
    """Make what is missing above a new file; the folders made, the outermost first."""
    missing: list[Path] = []
    while not folder.exists():
        missing.insert(0, folder)
        folder = folder.parent
    for path in missing:
        path.mkdir()
    return missing


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
