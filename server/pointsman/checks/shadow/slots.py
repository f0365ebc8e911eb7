"""Copies of projects that are kept between runs, each used by one run at a time, and removed when long unused."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

from pointsman.checks.shadow.world import NoWorld
from pointsman.checks.threads import in_thread

SLOTS = 8
"""Copies of one project that may be in use at once."""
UNUSED_DAYS = 14


class Slots:
    def __init__(self, base: Path) -> None:
        self.base = base
        self._swept = False

    @contextlib.asynccontextmanager
    async def take(self, root: str) -> AsyncIterator[Path]:
        """A copy that no other run uses: of this server, or of another."""
        name = hashlib.sha256(root.encode()).hexdigest()[:16]
        place, handle = await in_thread(lambda: self._take(name), lambda taken: os.close(taken[1]))
        try:
            yield place
        finally:
            os.close(handle)

    def _take(self, name: str) -> tuple[Path, int]:
        self.base.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        for number in range(SLOTS):
            place = self.base / f"{name}-{number}"
            handle = _lock(self.base / f"{place.name}.lock")
            if handle is not None:
                os.utime(handle)
                place.mkdir(exist_ok=True, mode=0o700)
                return place, handle
        raise NoWorld(f"All {SLOTS} copies of this project are in use.", "Wait for the other checks to end.")

    def _sweep(self) -> None:
        if self._swept:
            return
        self._swept = True
        for lock in self.base.glob("*.lock"):
            if time.time() - lock.stat().st_mtime > UNUSED_DAYS * 86_400 and (handle := _lock(lock)) is not None:
                shutil.rmtree(self.base / lock.stem, ignore_errors=True)
                lock.unlink(missing_ok=True)
                os.close(handle)


def _lock(path: Path) -> int | None:
    """An open file of which we hold the only lock; None if another run does."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def empty(slot: Path, *names: str) -> None:
    """Fresh directories of a slot, for what one run writes beside the copy."""
    for name in names:
        shutil.rmtree(slot / name, ignore_errors=True)
        (slot / name).mkdir(mode=0o700)
