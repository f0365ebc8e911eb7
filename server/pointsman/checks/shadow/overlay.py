"""The shadow at the real path: the project under an overlay, in a private world made for each command.

What a command writes goes to a scratch directory that only this server knows, and that is removed after it. Scratch
of servers that died is removed when the next one starts: each holds a lock for as long as it lives.
"""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import mkdtemp

from pointsman.checks import environment
from pointsman.checks.runner import place_artefacts
from pointsman.checks.sandbox.overlay import states
from pointsman.checks.sandbox.spec import Spec
from pointsman.checks.shadow.world import Layer, encode, enter
from pointsman.checks.threads import in_thread
from pointsman.terms import Command, Run

SETTLED = 60.0
"""Seconds after which a directory without a lock is nobody's, and not one that is just being made."""
ARTEFACTS = "/dev/shm/pointsman-artefacts"  # noqa: S108 - inside of the private world
_OWN_TEMPORARY = {"TMPDIR": "/tmp"}  # noqa: S108 - as above


class Scratch:
    """Directories for what runs write, in the user's cache, each locked while it is in use."""

    def __init__(self, cache: Path) -> None:
        self._base = cache / "shadow"
        self._swept = False

    @contextlib.asynccontextmanager
    async def new(self) -> AsyncIterator[str]:
        """The path of an empty directory; empty where none can be made, and the run then lives in memory."""
        try:
            place, lock = await in_thread(self._make, lambda made: _give_up(*made))
        except OSError:
            yield ""
            return
        try:
            yield str(place)
        finally:
            await in_thread(lambda: _give_up(place, lock))

    def _make(self) -> tuple[Path, int]:
        self._base.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._swept:
            self._swept = True
            self._sweep()
        place = Path(mkdtemp(dir=self._base))
        lock = _lock(place)
        if lock is None:
            raise OSError("taken")
        return place, lock

    def _sweep(self) -> None:
        for place in self._base.iterdir():
            if time.time() - place.stat().st_mtime > SETTLED and (lock := _lock(place)) is not None:
                remove(place)
                os.close(lock)


def _lock(place: Path) -> int | None:
    """An open handle that holds the only lock of the directory; None if a living server has it."""
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _give_up(place: Path, lock: int) -> None:
    remove(place)
    os.close(lock)


def remove(place: Path) -> None:
    """Remove a tree, with the directories in it that nobody may enter (an overlay leaves one). Blocking."""
    for folder, names, _ in os.walk(place):
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():  # a check may have left links to anywhere
                path.chmod(0o700)
    shutil.rmtree(place, ignore_errors=True)


class Overlay:
    kind = "overlay"

    def __init__(self, cache: Path, keep: tuple[str, ...] = ()) -> None:
        self._scratch = Scratch(cache)
        self._keep = keep

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        """Raises NoWorld where it cannot be done for this project."""
        async with self._scratch.new() as scratch:
            return await enter(self._spec(root, layer, place_artefacts(command, ARTEFACTS), scratch), command)

    def _spec(self, root: str, layer: Layer, command: Command, scratch: str) -> Spec:
        env = environment.clean(extra=_OWN_TEMPORARY)
        layered = states(root, os.path.realpath(env.get("HOME", "")))
        own = environment.caches(env, layered, _OWN_TEMPORARY["TMPDIR"])
        return {
            "world": "overlay",
            "project": root,
            "layer": encode(layer),
            "argv": list(command.argv),
            "cwd": command.cwd,
            "env": environment.clean(extra={**_OWN_TEMPORARY, **own, **command.env}),
            "timeout": command.timeout,
            "memory": command.memory_limit,
            "artefacts": ARTEFACTS,
            "collect": list(command.collect),
            "scratch": scratch,
            "keep": [*self._keep, *homes(command)],
            "confine": False,
            "writable": [],
        }


def homes(command: Command) -> list[str]:
    """Where a command's program lives: its installation, the Python a virtual environment is of, its import paths."""
    path = Path(command.argv[0])
    places = [path, path.resolve()] if path.is_absolute() else []
    found = [place.parent.parent if place.parent.name == "bin" else place.parent for place in places]
    for prefix in tuple(found):
        found += [Path(home).parent for home in _base_of(prefix)]
    found += [Path(entry) for entry in command.env.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return list(dict.fromkeys(str(place) for place in found if place.is_absolute()))


def _base_of(prefix: Path) -> list[str]:
    try:
        lines = (prefix / "pyvenv.cfg").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    pairs = [line.partition("=") for line in lines]
    return [value.strip() for name, _, value in pairs if name.strip() == "home"]
