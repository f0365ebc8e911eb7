"""Which shadow to use: the overlay where it works, found out by really running something in one."""

import asyncio
import functools
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import platformdirs

from pointsman.checks.shadow.copied import Copied
from pointsman.checks.shadow.overlay import Overlay
from pointsman.checks.shadow.owners import foreign
from pointsman.checks.shadow.world import Layer, NoWorld
from pointsman.errors import ConfigError
from pointsman.terms import Command, Run

KINDS = ("auto", "overlay", "copy", "none")
VARIABLE = "POINTSMAN_SHADOW"
# What an overlay must get right: show the layer, hide the deleted, replace a directory, protect what is outside.
_TRIAL = """
set -e
[ "$(cat patched)" = new ]
[ ! -e deleted ]
rm -r folder && mkdir folder && [ -z "$(ls folder)" ]
mv other renamed
if (echo x > "$1/outside") 2>/dev/null; then exit 3; fi
echo works
"""


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
        self._overlay = Overlay(cache)
        self._copy = Copied(cache)
        self._unfit: dict[str, str] = {}
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
            why = await self._try_overlay()
            self.kind = "copy" if why else "overlay"
            self.reason = why or "the project is shown at its real path in a private namespace"

    def kind_at(self, root: str) -> str:
        """The kind for one project: some cannot be shown by an overlay although others can."""
        return "copy" if root in self._unfit else self.kind

    def reason_at(self, root: str) -> str:
        return self._unfit.get(root, self.reason)

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        await self.probe()
        if self.kind == "none":
            return Run(command, None, "", "", 0.0, trouble=f"there is no shadow: {self.reason}")
        if self.kind_at(root) == "overlay" and root not in self._looked:
            self._looked.add(root)
            if self.wanted != "overlay" and (why := await asyncio.to_thread(foreign, root)):
                self._unfit[root] = why
        if self.kind_at(root) == "overlay":
            try:
                return await self._overlay.run(root, layer, command)
            except NoWorld as error:
                if self.wanted == "overlay":
                    return Run(command, None, "", "", 0.0, trouble=error.message)
                self._unfit[root] = error.message
        try:
            return await self._copy.run(root, layer, command)
        except (NoWorld, OSError) as error:
            return Run(command, None, "", "", 0.0, trouble=f"no shadow can be made: {error}")

    async def _try_overlay(self) -> str:
        """Empty, or why not."""
        if sys.platform != "linux":
            return "private namespaces are a feature of Linux"
        with TemporaryDirectory(prefix="pointsman-probe-") as folder:
            root, names = _trial_project(Path(folder))
            command = Command(("/bin/sh", "-c", _TRIAL, "sh", str(self._cache)), str(root), timeout=10.0)
            try:
                run = await self._overlay.run(str(root), {"patched": b"new\n", "deleted": None}, command)
            except NoWorld as error:
                return error.message
            if run.exit_code != 0 or run.stdout.strip() != "works":
                return f"the trial of an overlay failed: {run.trouble or run.stderr.strip() or run.exit_code}"
            kept = all((root / name).read_text() == "old\n" for name in names)
        return "" if kept else "the trial of an overlay wrote the project"


def _trial_project(folder: Path) -> tuple[Path, tuple[str, ...]]:
    root = folder.resolve() / "project"
    names = ("patched", "deleted", "folder/inner", "other")
    (root / "folder").mkdir(parents=True)
    for name in names:
        (root / name).write_text("old\n")
    return root, names
