"""A host that is reached by a command: ssh, docker exec, kubectl exec, or whatever starts a program elsewhere."""

import asyncio
import hashlib
import json
import shlex
from collections.abc import Sequence
from dataclasses import replace
from tempfile import TemporaryFile
from typing import Any, Protocol
from uuid import uuid4

from pointsman.checks import environment
from pointsman.checks.executors import parcel
from pointsman.checks.executors.channel import Channel, LostError
from pointsman.checks.executors.far import HELPER, TREE
from pointsman.checks.runner import place_artefacts
from pointsman.checks.shadow.copied import move, moved_back
from pointsman.checks.shadow.overlay import ARTEFACTS, homes
from pointsman.checks.shadow.world import Layer, encode
from pointsman.terms import Command, Run

SYNC_SECONDS = 600.0
SLACK = 30.0


class Remote:
    """`prefix` starts a program there; with `shell`, as ssh, it takes one line for a shell."""

    def __init__(self, name: str, prefix: Sequence[str], slots: int = 2, python: str = "python3", *,
                 shell: bool = False) -> None:  # fmt: skip
        self.name = name
        self.slots = slots
        start = [python, "-I", "-S", "-c", parcel.BOOT]
        self._argv = (*prefix, shlex.join(start)) if shell else (*prefix, *start)
        self._known: dict[str, tuple[str, parcel.Manifest]] = {}
        self._syncing = asyncio.Lock()

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        """Raises LostError where nothing is known of the check."""
        async with Channel(self.name, self._argv) as channel:
            async with self._syncing:
                await self._synchronise(channel, root)
            await channel.send(json.dumps(_spec(root, layer, command)).encode())
            loop = asyncio.get_running_loop()
            began = loop.time()
            answer = json.loads(await channel.receive(command.timeout + SLACK))
            return _as_run(self.name, root, command, answer, loop.time() - began)

    async def _synchronise(self, channel: Channel, root: str) -> None:
        """Make the host's base equal to the user's tree, by what differs."""
        key = hashlib.sha256(root.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        mark, there = self._known.pop(root, ("", {}))
        await channel.send(await asyncio.to_thread(parcel.modules))
        await channel.send(json.dumps({"key": key, "mark": mark}).encode())
        answer = json.loads(await channel.receive())
        if answer["manifest"] is not None:
            mark, there = answer["mark"], answer["manifest"]
        here = await asyncio.to_thread(parcel.scan, root)
        changed, gone = parcel.difference(here, there)
        mark = uuid4().hex if changed or gone or not mark else mark
        await channel.send(json.dumps({"mark": mark, "changed": changed, "gone": gone}).encode())
        with TemporaryFile() as archive:
            await asyncio.to_thread(parcel.pack, root, changed, archive)
            await channel.send_file(archive)
        await channel.receive(SYNC_SECONDS)
        self._known[root] = mark, here

    def knows(self, root: str) -> bool:
        """Whether its base of a project is warm."""
        return root in self._known


SSH = ("ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=5",
       "-o", "ServerAliveCountMax=3")  # fmt: skip
"""Asks nothing, and notices a host that has gone."""


class Host(Protocol):
    """How the user's configuration names one."""

    @property
    def name(self) -> str: ...

    @property
    def ssh(self) -> str: ...

    @property
    def command(self) -> list[str]: ...

    @property
    def slots(self) -> int: ...

    @property
    def python(self) -> str: ...


def reached(host: Host) -> Remote:
    prefix = (*SSH, "--", host.ssh) if host.ssh else tuple(host.command)
    return Remote(host.name, prefix, host.slots, host.python, shell=bool(host.ssh))


def _spec(root: str, layer: Layer, command: Command) -> dict[str, Any]:
    placed = move(place_artefacts(command, ARTEFACTS), root, TREE, {str(parcel.PACKAGE.parent): HELPER})
    temporary = "/tmp"  # noqa: S108 - inside of the private world
    fixed = {"TMPDIR": temporary, **environment.caches({}, (), temporary), **environment.FIXED}
    return {
        "world": "overlay",
        "layer": encode(layer),
        "argv": list(placed.argv),
        "cwd": placed.cwd,
        "env": {**fixed, **placed.env},
        "timeout": command.timeout,
        "memory": command.memory_limit,
        "output_limit": command.output_limit,
        "artefacts": ARTEFACTS,
        "collect": list(command.collect),
        "keep": homes(command),
        "confine": False,
        "writable": [],
    }


def _as_run(name: str, root: str, command: Command, answer: dict[str, Any], seconds: float) -> Run:
    ended = answer["ended"]
    if "exit" not in ended:
        why = ended.get("setup") or answer["stderr"].strip()[-300:] or "the check was killed"
        raise LostError(f"{name} could not run it: {why}.")
    run = Run(command, ended["exit"], answer["stdout"], answer["stderr"], seconds, ended.get("trouble", ""),
              ended.get("artefacts", {}))  # fmt: skip
    return replace(moved_back(run, answer["tree"], root), command=command)
