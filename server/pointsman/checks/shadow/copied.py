"""The shadow elsewhere: a copy of the project that is kept, and brought up to date before each run.

Used where no private world can be made. Paths in the outputs are turned back into the project's. What it cannot give:
the network stays reachable, and reads are not confined; writes are, where the kernel has Landlock.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from pointsman.checks import environment
from pointsman.checks.runner import Processes, place_artefacts
from pointsman.checks.sandbox import artefacts
from pointsman.checks.sandbox.layer import write
from pointsman.checks.sandbox.spec import Spec
from pointsman.checks.shadow.slots import Slots, empty
from pointsman.checks.shadow.tree import refresh
from pointsman.checks.shadow.world import Layer, encode, enter
from pointsman.checks.threads import in_thread
from pointsman.terms import Command, Run


class Copied:
    kind = "copy"

    def __init__(self, cache: Path) -> None:
        self._slots = Slots(cache / "copies")

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        async with self._slots.take(root) as slot:
            tree = slot / "tree"
            await in_thread(lambda: self._prepare(root, slot))
            moved = move(place_artefacts(command, str(slot / "artefacts")), root, str(tree))
            if sys.platform == "linux":
                run = await enter(self._spec(slot, layer, moved), moved)
            else:
                run = await self._directly(tree, layer, moved)
            return moved_back(replace(run, command=command), str(tree), root)

    async def _directly(self, tree: Path, layer: Layer, command: Command) -> Run:
        """Without the helper, which knows Linux only."""
        await in_thread(lambda: write(str(tree), encode(layer)))
        run = await Processes().run(command)
        return replace(run, artefacts={**run.artefacts, **artefacts.named(str(tree), list(command.collect))})

    def _prepare(self, root: str, slot: Path) -> None:
        empty(slot, "artefacts", "tmp")
        refresh(Path(root), slot / "tree", slot / "manifest.json", frozenset({self._slots.base}))

    def _spec(self, slot: Path, layer: Layer, command: Command) -> Spec:
        temporary = {"TMPDIR": str(slot / "tmp"), **environment.caches(os.environ, (), str(slot / "tmp"))}
        return {
            "world": "copy",
            "project": str(slot / "tree"),
            "layer": encode(layer),
            "argv": list(command.argv),
            "cwd": command.cwd,
            "env": environment.clean(extra={**temporary, **command.env}),
            "timeout": command.timeout,
            "memory": command.memory_limit,
            "artefacts": str(slot / "artefacts"),
            "collect": list(command.collect),
            "scratch": "",
            "keep": [],
            "confine": True,
            "writable": [str(slot / "tmp")],
        }


def move(command: Command, root: str, place: str, others: Mapping[str, str] | None = None) -> Command:
    """The command with the copy's paths in place of the project's, and of what else lies elsewhere.

    A package installed in editable mode leads to the original; the import path of the copy goes before it.
    """
    places = {root: place, **(others or {})}
    longest = sorted(places, key=len, reverse=True)
    pattern = re.compile(f"({'|'.join(map(re.escape, longest))})" + r"(?=[/:;,=\s'\"]|$)")

    def moved(text: str) -> str:
        return pattern.sub(lambda found: places[found[1]], text)

    env = {name: moved(value) for name, value in command.env.items()}
    paths = [env.get("PYTHONPATH", ""), f"{place}/src" if Path(root, "src").is_dir() else "", place]
    env["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return replace(command, argv=tuple(map(moved, command.argv)), cwd=moved(command.cwd), env=env)


def moved_back(run: Run, tree: str, root: str) -> Run:
    """The run, with the project's paths in all it said."""
    names = {tree: root, os.path.realpath(tree): root, "file://" + quote(tree): "file://" + quote(root)}

    def back(text: str) -> str:
        for here, there in sorted(names.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(here, there)
        return text

    found = {name: back(text) for name, text in run.artefacts.items() if name not in run.command.collect}
    kept = {name: text for name, text in run.artefacts.items() if name in run.command.collect}
    return replace(run, stdout=back(run.stdout), stderr=back(run.stderr), artefacts=found | kept)
