"""Where each check runs: on the machine that knows the project already and has most room; on another if one is lost."""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

from pointsman.checks.executors.channel import LostError
from pointsman.checks.shadow.world import Layer
from pointsman.terms import Command, Run

REST = 60.0
"""Seconds for which a host that was lost is not asked again."""


class Executor(Protocol):
    """Who runs commands in a shadow of a project. `run` raises LostError where nothing is known of the command."""

    name: str
    slots: int

    async def run(self, root: str, layer: Layer, command: Command) -> Run: ...

    def knows(self, root: str) -> bool: ...


class Pool:
    def __init__(self, executors: Sequence[Executor]) -> None:
        self._executors = executors
        self._busy = dict.fromkeys(range(len(executors)), 0)
        self._rests: dict[int, float] = {}
        self._free = asyncio.Condition()

    @property
    def spread(self) -> bool:
        """Whether checks can run on more than one machine."""
        return len(self._executors) > 1

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        """A host that dies in the midst of a check is no result: the check runs elsewhere, or did not run."""
        lost: dict[int, str] = {}
        while True:
            number = await self._take(root, command, lost)
            if number is None:
                return Run(command, None, "", "", 0.0, trouble=" ".join(lost.values()) or "no host is left")
            try:
                return await self._executors[number].run(root, layer, command)
            except LostError as error:
                lost[number] = error.message
                self._rests[number] = time.monotonic() + REST
            finally:
                await self._give_back(number)

    async def _take(self, root: str, command: Command, lost: dict[int, str]) -> int | None:
        async with self._free:
            while True:
                able = [number for number in self._busy if number not in lost and not self._rests_now(number)]
                if not able:
                    return None
                free = [number for number in able if self._busy[number] < self._executors[number].slots]
                if free:
                    best = min(free, key=lambda number: self._cost(number, root, command))
                    self._busy[best] += 1
                    return best
                await self._free.wait()

    async def _give_back(self, number: int) -> None:
        self._busy[number] -= 1
        async with self._free:
            self._free.notify_all()

    def _cost(self, number: int, root: str, command: Command) -> tuple[float, int, int]:
        """Load first, by halves: a warm host is worth a little waiting for, and no idle one stays so for long."""
        executor = self._executors[number]
        load = self._busy[number] / executor.slots
        lineage = (hash((root, command.argv)) + number) % len(self._executors)
        return (round(load * 2) / 2, 0 if executor.knows(root) else 1, lineage)

    def _rests_now(self, number: int) -> bool:
        return self._rests.get(number, 0.0) > time.monotonic()
