"""Which shadow to use: the first that works, found out by really running something in it."""

import asyncio
import functools
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import platformdirs

from pointsman.checks.sandbox import landlock
from pointsman.checks.shadow.bubblewrap import Bubblewrap
from pointsman.checks.shadow.copied import Copied
from pointsman.checks.shadow.overlay import Overlay
from pointsman.checks.shadow.owners import foreign
from pointsman.checks.shadow.world import Layer, NoWorld
from pointsman.errors import ConfigError
from pointsman.terms import Command, Run

ORDER = ("overlay", "bwrap", "copy")
KINDS = ("auto", *ORDER, "none")
VARIABLE = "POINTSMAN_SHADOW"
_ABOUT = {
    "overlay": "the project is shown at its real path in a private namespace",
    "bwrap": "bubblewrap shows the project at its real path in a private namespace",
}
# What a shadow must get right: show the layer, hide the deleted, replace a directory, protect what is outside.
_TRIAL = """
set -e
[ "$(cat patched)" = new ]
[ ! -e deleted ]
rm -r folder && mkdir folder && [ -z "$(ls folder)" ]
mv other renamed
if (echo x > "$1/outside") 2>/dev/null; then exit 3; fi
echo works
"""


class World(Protocol):
    """One kind of shadow."""

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        """Raises NoWorld where it cannot be done for this project."""


@functools.cache
def shared() -> "Shadow":
    """The one of this process: which kind works is a fact of the machine, and is found out once."""
    return Shadow(platformdirs.user_cache_path("pointsman"))


class Shadow:
    """Runs commands in a shadow of a project. `kind` is what is in use, `reason` why; both are for `doctor`."""

    def __init__(self, cache: Path, wanted: str = "") -> None:
        self.wanted = wanted or os.environ.get(VARIABLE, "") or "auto"
        if self.wanted not in KINDS:
            raise ConfigError(f"There is no shadow of kind {self.wanted!r}.", f"Use one of: {', '.join(KINDS)}.")
        self.kind = ""
        self.reason = ""
        self._cache = cache
        self._worlds: dict[str, World] = {"overlay": Overlay(cache), "bwrap": Bubblewrap(cache), "copy": Copied(cache)}
        self._tried: dict[str, str] = {"copy": ""}
        self._unfit: dict[str, tuple[str, str]] = {}
        self._looked: set[str] = set()
        self._probing = asyncio.Lock()

    async def probe(self) -> None:
        """Decide, once."""
        async with self._probing:
            if self.kind:
                return
            if self.wanted != "auto":
                self.kind, self.reason = self.wanted, f"{VARIABLE} or a setting says so"
                return
            kind = await self._first(ORDER)
            self.reason = _ABOUT.get(kind) or "; ".join(dict.fromkeys(why for why in self._tried.values() if why))
            self.kind = kind

    def kind_at(self, root: str) -> str:
        """The kind for one project: some cannot be shown by an overlay although others can."""
        return self._unfit[root][0] if root in self._unfit else self.kind

    def reason_at(self, root: str) -> str:
        return self._unfit[root][1] if root in self._unfit else self.reason

    def weaker_at(self, root: str) -> tuple[str, ...]:
        """What this kind does not give that another would, in sentences."""
        kind = self.kind_at(root)
        if kind == "none":
            return ("Nothing is checked.",)
        if kind != "copy":
            return ()
        writes = "" if sys.platform == "linux" and landlock.version() else "Checks can write outside of the project. "
        return (f"{writes}Checks can reach the network, and read what you can read.",)

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        await self.probe()
        if self.kind == "none":
            return Run(command, None, "", "", 0.0, trouble=f"there is no shadow: {self.reason}")
        await self._look(root)
        while True:
            kind = self.kind_at(root)
            try:
                return await self._worlds[kind].run(root, layer, command)
            except NoWorld as error:
                if kind in {self.wanted, "copy"}:
                    return Run(command, None, "", "", 0.0, trouble=error.message)
                await self._give_up(root, kind, error.message)
            except OSError as error:
                return Run(command, None, "", "", 0.0, trouble=f"no shadow can be made: {error}")

    async def _look(self, root: str) -> None:
        """Whether an overlay could write all of the project that the user can."""
        if self.kind_at(root) == "overlay" and root not in self._looked:
            self._looked.add(root)
            if self.wanted != "overlay" and (why := await asyncio.to_thread(foreign, root)):
                # bubblewrap's overlay would know no more owners.
                self._unfit[root] = ("copy", why)

    async def _give_up(self, root: str, kind: str, why: str) -> None:
        """This project is tried with the kinds after `kind` from now on."""
        async with self._probing:
            left = ORDER[ORDER.index(kind) + 1 :]
            self._unfit[root] = (await self._first(left), why)

    async def _first(self, kinds: tuple[str, ...]) -> str:
        """The first kind that works on this machine; a copy always does."""
        for kind in kinds:
            if kind not in self._tried:
                self._tried[kind] = await self._try(kind)
            if not self._tried[kind]:
                return kind
        return "copy"

    async def _try(self, kind: str) -> str:
        """Empty, or why not."""
        if sys.platform != "linux":
            return "private namespaces are a feature of Linux"
        with TemporaryDirectory(prefix="pointsman-probe-") as folder:
            root, names = _trial_project(Path(folder))
            command = Command(("/bin/sh", "-c", _TRIAL, "sh", str(self._cache)), str(root), timeout=10.0)
            try:
                run = await self._worlds[kind].run(str(root), {"patched": b"new\n", "deleted": None}, command)
            except NoWorld as error:
                return error.message
            if run.exit_code != 0 or run.stdout.strip() != "works":
                return f"the trial of {kind} failed: {run.trouble or run.stderr.strip() or run.exit_code}"
            kept = all((root / name).read_text() == "old\n" for name in names)
        return "" if kept else f"the trial of {kind} wrote the project"


def _trial_project(folder: Path) -> tuple[Path, tuple[str, ...]]:
    root = folder.resolve() / "project"
    names = ("patched", "deleted", "folder/inner", "other")
    (root / "folder").mkdir(parents=True)
    for name in names:
        (root / name).write_text("old\n")
    return root, names
