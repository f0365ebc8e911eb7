"""Runs of checks in a shadow, each read; those without a candidate are made once for one snapshot, and remembered."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pointsman.checks import layers
from pointsman.checks.executors.pool import Pool
from pointsman.checks.parse import by_matchers, read
from pointsman.checks.pasted import matchers
from pointsman.checks.shadow.world import Layer
from pointsman.checks.sharing import Sharing
from pointsman.checks.tool import Check, Outcome, Output
from pointsman.checks.verdict import Tried
from pointsman.terms import Command, Files, Run

KEPT = 64
"""Outcomes of baselines remembered: a few snapshots of a few checks."""


class Trials:
    """As many run at once as the machines have room for, whoever asks."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._baselines: Sharing[Tried] = Sharing(KEPT)

    async def baseline(
        self, check: Check, files: Files, targets: Sequence[str], mark: Sequence[str], turn: int = 1
    ) -> Tried:
        """The check without a candidate. `mark` stands for the files on disk and the plan; `turn` for a repetition."""
        layer = layers.buffers(files)
        parts = [check.name, str(turn), *mark, *check.argv, "", *targets, *_buffers(layer)]
        return await self._baselines.get("\n".join(parts), lambda: self.once(check, files, layer, targets))

    async def once(self, check: Check, files: Files, layer: Layer, targets: Sequence[str] = ()) -> Tried:
        folder = str(Path(files.root, check.folder)) if check.folder else files.root
        start = f"{check.folder}/" if check.folder else ""
        # A path that begins with a dash would be read as an option.
        names = [f"./{path.removeprefix(start)}" for path in targets]
        argv = (*check.argv, *(names or check.everything))
        command = Command(argv, folder, check.env, check.timeout, memory_limit=check.memory)
        run = await self.pool.run(files.root, layer, command)
        outcome = await asyncio.to_thread(_read, check, run, files, layer)
        return Tried(outcome, run.seconds)


def _buffers(layer: Mapping[str, bytes | None]) -> list[str]:
    return [f"{path}\0{hashlib.sha256(data or b'').hexdigest()}" for path, data in sorted(layer.items())]


def _read(check: Check, run: Run, files: Files, layer: Layer) -> Outcome:
    output = Output(run, files.root, layers.Texts(files, layer))
    if check.pasted:
        return by_matchers(check.tool, matchers(check.pasted), output)
    return read(check.tool, output, check.format)
