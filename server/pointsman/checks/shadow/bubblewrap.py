"""The shadow at the real path, made by bubblewrap: for systems that let only a known program make private worlds.

Since version 0.11 it can lay an overlay; an older one shows a kept copy of the project at the project's path. What is
hidden and what is read-only is as in our own overlay (`sandbox.overlay`).
"""

import contextlib
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pointsman.checks import environment
from pointsman.checks.runner import Processes, place_artefacts
from pointsman.checks.sandbox.overlay import HIDDEN, KEPT, SECRETS, below, states
from pointsman.checks.sandbox.spec import Spec
from pointsman.checks.shadow.overlay import Scratch, homes
from pointsman.checks.shadow.slots import Slots, empty
from pointsman.checks.shadow.tree import refresh
from pointsman.checks.shadow.world import PACKAGES, Layer, NoWorld, encode, enter
from pointsman.checks.threads import in_thread
from pointsman.terms import Command, Run

PROGRAM = "bwrap"
OVERLAYS = (0, 11)
_ISOLATED = ("--unshare-user-try", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts")


@dataclass(frozen=True, slots=True)
class _Stage:
    """`mounts` puts the project in place; `artefacts` is a directory outside of it whose files come back.

    `layered` is what lies in the user's home and can be written too.
    """

    mounts: tuple[str, ...]
    artefacts: Path
    layered: tuple[str, ...] = ()


class Bubblewrap:
    kind = "bwrap"

    def __init__(self, cache: Path) -> None:
        self._scratch = Scratch(cache)
        self._slots = Slots(cache / "bound")
        self._versions: dict[str, tuple[int, ...]] = {}

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        """Raises NoWorld where it cannot be done for this project."""
        program = shutil.which(PROGRAM)
        if program is None:
            raise NoWorld("No private world: bubblewrap is not installed.")
        if program not in self._versions:
            said = (await Processes().run(Command((program, "--version"), "/", timeout=10.0))).stdout
            self._versions[program] = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
        stage = self._overlaid(root) if self._versions[program] >= OVERLAYS else self._bound(root)
        async with stage as made:
            placed = place_artefacts(command, str(made.artefacts))
            keep = [*homes(placed), sys.prefix, sys.base_prefix, PACKAGES]
            spec = _spec(root, layer, placed, made)
            return await enter(spec, command, (program, *_world(root, keep, spec["env"].get("HOME", ""), made), "--"))

    @contextlib.asynccontextmanager
    async def _overlaid(self, root: str) -> AsyncIterator[_Stage]:
        async with self._scratch.new() as scratch:
            if not scratch:
                raise NoWorld("No private world: there is no place for what a check writes.")
            yield await in_thread(lambda: _layered(root, Path(scratch)))

    @contextlib.asynccontextmanager
    async def _bound(self, root: str) -> AsyncIterator[_Stage]:
        async with self._slots.take(root) as slot:
            environments = await in_thread(lambda: self._prepare(root, slot))
            mounts = ["--bind", str(slot / "tree"), root]
            for path in environments:
                mounts += ["--ro-bind", f"{root}/{path}", f"{root}/{path}"]
            yield _Stage(tuple(mounts), slot / "artefacts")

    def _prepare(self, root: str, slot: Path) -> tuple[str, ...]:
        empty(slot, "artefacts")
        skip = frozenset({self._slots.base})
        return refresh(Path(root), slot / "tree", slot / "manifest.json", skip, moved=False)


def _layered(root: str, scratch: Path) -> _Stage:
    """The project, and what build tools keep in the home, each with a layer for what is written."""
    empty(scratch, "artefacts")
    mounts: list[str] = []
    layered = states(root, os.path.realpath(Path.home()))
    for at, place in enumerate((root, *layered)):
        upper, work = f"upper-{at}", f"work-{at}"
        empty(scratch, upper, work)
        mounts += ["--overlay-src", place, "--overlay", str(scratch / upper), str(scratch / work), place]
    return _Stage(tuple(mounts), scratch / "artefacts", tuple(layered))


def _spec(root: str, layer: Layer, command: Command, stage: _Stage) -> Spec:
    temporary = {"TMPDIR": "/tmp", **environment.caches(os.environ, stage.layered, "/tmp")}  # noqa: S108 - a private one
    return {
        "world": "copy",  # made already when the helper starts
        "project": root,
        "layer": encode(layer),
        "argv": list(command.argv),
        "cwd": command.cwd,
        "env": environment.clean(extra={**temporary, **command.env}),
        "timeout": command.timeout,
        "memory": command.memory_limit,
        "artefacts": str(stage.artefacts),
        "collect": list(command.collect),
        "scratch": "",
        "keep": [],
        "confine": False,
        "writable": [],
    }


def _world(root: str, keep: Sequence[str], home: str, stage: _Stage) -> Iterable[str]:
    """In the order in which it is to be mounted: what comes later lies over what came before."""
    yield from (*_ISOLATED, "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", "/", "/")
    hidden = [place for place in dict.fromkeys(map(os.path.realpath, HIDDEN)) if Path(place).is_dir()]
    for place in hidden:
        if not below(place, root):
            yield from ("--tmpfs", place)
    yield from ("--proc", "/proc", "--dev", "/dev")
    shown = [path for path in (*KEPT, *keep) if Path(path).exists() and not below(path, root)]
    for path in shown:
        if any(below(path, place) for place in hidden):
            yield from ("--ro-bind", path, path)
    if any(below(home, place) for place in hidden):
        yield from ("--dir", home)
    yield from stage.mounts
    yield from _secrets(home, root, shown)
    yield from ("--bind", str(stage.artefacts), str(stage.artefacts))


def _secrets(home: str, root: str, shown: Sequence[str]) -> Iterable[str]:
    for name in SECRETS if home else ():
        path = os.path.realpath(Path(home, name))
        if any(below(place, path) for place in (root, *shown)) or any(below(path, place) for place in HIDDEN):
            continue
        if Path(path).is_dir():
            yield from ("--tmpfs", path, "--remount-ro", path)
        elif Path(path).exists():
            yield from ("--ro-bind", os.devnull, path)
