"""Keep a copy of a project equal to it, at the cost of one look at every file.

What is known of the last copy (a manifest of times and sizes on both sides) tells what changed on either side: the
user's edits, and what an earlier check or candidate wrote. Files the project does not have are removed. A file that
is written again gets the time of now, never the original's: build tools that compare times would keep what they made
of an earlier candidate. Never a hard link: many tools write in place, and would write the user's file.
"""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

_FICLONE = 0x4004_9409
_MANIFEST_LIMIT = 256 << 20
Stamp = tuple[int, int, int]
"""Time of change in nanoseconds, size, mode."""


def refresh(
    source: Path, target: Path, manifest: Path, skip: frozenset[Path] = frozenset(), *, moved: bool = True
) -> tuple[str, ...]:
    """Make `target` equal to `source`. Blocking. Virtual environments become links to the originals.

    A copy that is not `moved` will be shown at the path of the source: links stay as they are, and an environment is
    an empty folder, for the original to be shown there. The paths of environments are returned.
    """
    target.mkdir(parents=True, exist_ok=True)
    known = _load(manifest)
    # Gone until the copy is whole: half a refresh must not be taken for one.
    manifest.unlink(missing_ok=True)
    seen: dict[str, tuple[Stamp, Stamp]] = {}
    kept: set[str] = set()
    environments: list[str] = []
    for path, entry in _walk(source, skip):
        kept.add(path)
        place = target / path
        if entry.is_symlink():
            link = os.readlink(entry.path)
            _link(place, _moved(link, source, target) if moved else link)
        elif _is_environment(entry):
            environments.append(path)
            _link(place, entry.path) if moved else _folder(place, entry)
        elif entry.is_dir():
            _folder(place, entry)
        elif entry.is_file():
            seen[path] = _file(entry, place, known.get(path))
        else:
            kept.discard(path)
    _remove_others(target, kept)
    manifest.write_text(json.dumps(seen), "utf-8")
    return tuple(environments)


def _walk(source: Path, skip: frozenset[Path]) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    pending = [""]
    while pending:
        folder = pending.pop()
        with contextlib.suppress(PermissionError), os.scandir(source / folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if Path(entry.path) in skip:
                    continue
                yield path, entry
                if entry.is_dir(follow_symlinks=False) and not _is_environment(entry):
                    pending.append(path)


def _is_environment(entry: "os.DirEntry[str]") -> bool:
    """A virtual environment names its own path in many files, so a copy of it would be a broken one."""
    return entry.is_dir(follow_symlinks=False) and os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))


def _file(entry: "os.DirEntry[str]", place: Path, known: tuple[Stamp, Stamp] | None) -> tuple[Stamp, Stamp]:
    here = _stamp(entry.stat())
    if known is not None and known[0] == here and known[1] == _stamp_of(place):
        return known
    _clear(place)
    _copy(entry.path, place)
    place.chmod(here[2] | stat.S_IWUSR)
    if known is None:  # the first copy keeps times, so that what was built stays up to date
        os.utime(place, ns=(here[0], here[0]))
    there = _stamp_of(place)
    return here, there if there is not None else here


def _copy(source: str, place: Path) -> None:
    with open(source, "rb") as original, place.open("xb") as copy:
        try:
            fcntl.ioctl(copy, _FICLONE, original.fileno())
        except OSError as error:
            if error.errno not in {errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.EPERM}:
                raise
            shutil.copyfileobj(original, copy, 1 << 20)


def _link(place: Path, to: str) -> None:
    if place.is_symlink() and os.readlink(place) == to:
        return
    _clear(place)
    place.symlink_to(to)


def _folder(place: Path, entry: "os.DirEntry[str]") -> None:
    if place.is_symlink() or not place.is_dir():
        _clear(place)
        place.mkdir()
    mode = stat.S_IMODE(entry.stat().st_mode) | stat.S_IRWXU
    if stat.S_IMODE(place.stat().st_mode) != mode:
        place.chmod(mode)


def _moved(link: str, source: Path, target: Path) -> str:
    """A link by absolute path into the project leads into the copy, or a check would see, and write, the original."""
    path = Path(link)
    return str(target / path.relative_to(source)) if path.is_absolute() and path.is_relative_to(source) else link


def _remove_others(target: Path, kept: set[str]) -> None:
    pending = [""]
    while pending:
        folder = pending.pop()
        with os.scandir(target / folder) as entries:
            for entry in list(entries):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if path not in kept:
                    _clear(Path(entry.path))
                elif entry.is_dir(follow_symlinks=False):
                    pending.append(path)


def _clear(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        for folder, names, _ in os.walk(place):
            for name in names:
                inner = os.path.join(folder, name)
                if not os.path.islink(inner):
                    os.chmod(inner, 0o700)
        place.chmod(0o700)
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size, stat.S_IMODE(status.st_mode)


def _stamp_of(place: Path) -> Stamp | None:
    try:
        status = place.lstat()
    except OSError:
        return None
    return _stamp(status) if stat.S_ISREG(status.st_mode) else None


def _load(manifest: Path) -> dict[str, tuple[Stamp, Stamp]]:
    try:
        if manifest.stat().st_size > _MANIFEST_LIMIT:
            return {}
        pairs = json.loads(manifest.read_text("utf-8"))
        return {path: (tuple(here), tuple(there)) for path, (here, there) in pairs.items()}
    except (OSError, ValueError, AttributeError):
        return {}
