"""The shadow elsewhere: a copy of the project that is kept, and brought up to date before each run.

Used where no private world can be made. Paths in the outputs are turned back into the project's. What it cannot give:
the network stays reachable, and reads are not confined; writes are, where the kernel has Landlock.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from pointsman.checks import environment
from pointsman.checks.runner import Processes, place_artefacts
from pointsman.checks.sandbox import artefacts
from pointsman.checks.sandbox.layer import write
from pointsman.checks.sandbox.spec import Spec
from pointsman.checks.shadow.tree import refresh
from pointsman.checks.shadow.world import Layer, NoWorld, encode, enter
from pointsman.checks.threads import in_thread
from pointsman.terms import Command, Run

SLOTS = 8
"""Copies of one project that may be in use at once."""
UNUSED_DAYS = 14


class Copied:
    kind = "copy"

    def __init__(self, cache: Path) -> None:
        self._base = cache / "copies"
        self._swept = False

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        async with self._slot(root) as slot:
            tree = slot / "tree"
            await in_thread(lambda: self._prepare(root, slot))
            moved = _move(place_artefacts(command, str(slot / "artefacts")), root, tree)
            if sys.platform == "linux":
                run = await enter(self._spec(slot, layer, moved), moved)
            else:
                run = await self._directly(tree, layer, moved)
            return _back(replace(run, command=command), tree, root)

    async def _directly(self, tree: Path, layer: Layer, command: Command) -> Run:
        """Without the helper, which knows Linux only."""
        await in_thread(lambda: write(str(tree), encode(layer)))
        run = await Processes().run(command)
        return replace(run, artefacts={**run.artefacts, **artefacts.named(str(tree), list(command.collect))})

    @contextlib.asynccontextmanager
    async def _slot(self, root: str) -> AsyncIterator[Path]:
        """A copy that no other run uses: of this server, or of another."""
        name = hashlib.sha256(root.encode()).hexdigest()[:16]
        place, handle = await in_thread(lambda: self._take(name), lambda taken: os.close(taken[1]))
        try:
            yield place
        finally:
            os.close(handle)

    def _take(self, name: str) -> tuple[Path, int]:
        self._base.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        for number in range(SLOTS):
            place = self._base / f"{name}-{number}"
            handle = _lock(self._base / f"{place.name}.lock")
            if handle is not None:
                os.utime(handle)
                place.mkdir(exist_ok=True, mode=0o700)
                return place, handle
        raise NoWorld(f"All {SLOTS} copies of this project are in use.", "Wait for the other checks to end.")

    def _sweep(self) -> None:
        if self._swept:
            return
        self._swept = True
        for lock in self._base.glob("*.lock"):
            if time.time() - lock.stat().st_mtime > UNUSED_DAYS * 86_400 and (handle := _lock(lock)) is not None:
                shutil.rmtree(self._base / lock.stem, ignore_errors=True)
                lock.unlink(missing_ok=True)
                os.close(handle)

    def _prepare(self, root: str, slot: Path) -> None:
        for name in ("artefacts", "tmp"):
            shutil.rmtree(slot / name, ignore_errors=True)
            (slot / name).mkdir(mode=0o700)
        refresh(Path(root), slot / "tree", slot / "manifest.json", frozenset({self._base}))

    def _spec(self, slot: Path, layer: Layer, command: Command) -> Spec:
        return {
            "world": "copy",
            "project": str(slot / "tree"),
            "layer": encode(layer),
            "argv": list(command.argv),
            "cwd": command.cwd,
            "env": environment.clean(extra={"TMPDIR": str(slot / "tmp"), **command.env}),
            "timeout": command.timeout,
            "artefacts": str(slot / "artefacts"),
            "collect": list(command.collect),
            "scratch": "",
            "keep": [],
            "confine": True,
            "writable": [str(slot / "tmp")],
        }


def _lock(path: Path) -> int | None:
    """An open file of which we hold the only lock; None if another run does."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _move(command: Command, root: str, tree: Path) -> Command:
    """The command with the copy's paths in place of the project's.

    A package installed in editable mode leads to the original; the import path of the copy goes before it.
    """
    pattern = re.compile(re.escape(root) + r"(?=[/:;,=\s'\"]|$)")

    def moved(text: str) -> str:
        return pattern.sub(lambda _: str(tree), text)

    env = {name: moved(value) for name, value in command.env.items()}
    paths = [env.get("PYTHONPATH", ""), str(tree / "src") if (tree / "src").is_dir() else "", str(tree)]
    env["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return replace(command, argv=tuple(map(moved, command.argv)), cwd=moved(command.cwd), env=env)


def _back(run: Run, tree: Path, root: str) -> Run:
    names = {str(tree): root, str(tree.resolve()): root, "file://" + quote(str(tree)): "file://" + quote(root)}

    def back(text: str) -> str:
        for here, there in sorted(names.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(here, there)
        return text

    found = {name: back(text) for name, text in run.artefacts.items() if name not in run.command.collect}
    kept = {name: text for name, text in run.artefacts.items() if name in run.command.collect}
    return replace(run, stdout=back(run.stdout), stderr=back(run.stderr), artefacts=found | kept)
