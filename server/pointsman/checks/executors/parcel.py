"""What goes to a host: our own modules, once for each run, and of the user's tree what changed since the last time."""

import functools
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

PACKAGE = Path(__file__).resolve().parents[2]
_MODULES = ("checks/sandbox/*.py", "checks/shadow/tree.py", "checks/environment.py", "checks/executors/far.py",
            "checks/injected/*.py")  # fmt: skip
_MARKERS = ("", "checks/", "checks/shadow/", "checks/executors/")
BOOT = """
import hashlib, os, pathlib, shutil, sys, zipfile
def take(n):
    data = b""
    while len(data) < n:
        part = os.read(0, n - len(data))
        if not part: sys.exit(1)
        data += part
    return data
data = take(int(take(12)))
place = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "pointsman-host")
place.mkdir(parents=True, exist_ok=True, mode=0o700)
helper = place / ("helper-" + hashlib.sha256(data).hexdigest()[:16])
if not helper.is_dir():
    fresh = place / ("new-%d" % os.getpid())
    fresh.mkdir()
    (fresh / ".zip").write_bytes(data)
    zipfile.ZipFile(fresh / ".zip").extractall(fresh)
    try: fresh.rename(helper)
    except OSError: shutil.rmtree(fresh)
sys.path.insert(0, str(helper))
from pointsman.checks.executors.far import main
main(str(helper))
"""
Manifest = dict[str, list[int]]
"""Of each path: time of change, size and mode."""


@functools.cache
def modules() -> bytes:
    """Equal from run to run: the host knows them by their hash."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for marker in _MARKERS:
            archive.writestr(zipfile.ZipInfo(f"pointsman/{marker}__init__.py"), "")
        for pattern in _MODULES:
            for path in sorted(PACKAGE.glob(pattern)):
                name = f"pointsman/{path.relative_to(PACKAGE).as_posix()}"
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return packed.getvalue()


def scan(root: str) -> Manifest:
    """Everything of a project but pipes and sockets. Blocking."""
    found: Manifest = {}
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(Path(root, folder)) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    status = entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        found[path] = [0, 0, status.st_mode]
                        pending.append(path)
                    elif stat.S_ISREG(status.st_mode) or entry.is_symlink():
                        found[path] = [status.st_mtime_ns, status.st_size, status.st_mode]
        except OSError:
            continue
    return found


def difference(here: Mapping[str, list[int]], there: Mapping[str, list[int]]) -> tuple[Manifest, list[str]]:
    """What is new or changed, and what is gone."""
    changed = {path: mark for path, mark in here.items() if there.get(path) != mark}
    return changed, [path for path in there if path not in here]


def pack(root: str, paths: Iterable[str], into: IO[bytes]) -> None:
    """Blocking. A file that went meanwhile is left out."""
    with tarfile.open(fileobj=into, mode="w") as archive:
        for path in sorted(paths):  # a folder before what is in it
            try:
                archive.add(Path(root, path), path, recursive=False)
            except OSError:
                continue
