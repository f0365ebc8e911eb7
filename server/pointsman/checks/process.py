"""Run one process to its end, bounded in time and output, and end all it started.

The process leads its own session, so that its group can be killed whole. What is kept of an output is its head and
its tail: errors come first, summaries last.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PASSES = 100
"""Looks for marked processes; each may find what the last one's had started meanwhile."""
DRAIN = 2.0
"""Seconds to read what is left in a pipe that something outside of the group may hold open."""


@dataclass(frozen=True, slots=True)
class Finished:
    exit_code: int | None
    stdout: str
    stderr: str
    timed_out: bool = False


class HeadTail:
    """The first and the last half of `limit` bytes of a stream, however long it is."""

    def __init__(self, limit: int) -> None:
        self.half = max(1, limit // 2)
        self.head = bytearray()
        self.tail: deque[bytes] = deque()
        self.tail_size = 0
        self.dropped = 0

    def add(self, data: bytes) -> None:
        room = self.half - len(self.head)
        self.head += data[:room]
        if rest := data[room:] if room > 0 else data:
            self.tail.append(rest)
            self.tail_size += len(rest)
        while self.tail and self.tail_size - len(self.tail[0]) >= self.half:
            self.tail_size -= len(self.tail[0])
            self.dropped += len(self.tail.popleft())

    @property
    def text(self) -> str:
        tail = b"".join(self.tail)
        cut = max(0, len(tail) - self.half)
        gap = f"\n[... {self.dropped + cut} bytes left out ...]\n" if self.dropped + cut else ""
        return self.head.decode("utf-8", "replace") + gap + tail[cut:].decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start it. `feed` is written to its standard input, which then stays open; without it, it is empty.

    Processes that left the group are known by `mark`, a NAME=value of their environment.
    """

    argv: Sequence[str]
    cwd: str
    env: Mapping[str, str]
    timeout: float
    output_limit: int
    feed: bytes | None = None
    pass_fds: tuple[int, ...] = ()
    mark: str = ""


class _Watch(asyncio.SubprocessProtocol):
    """What asyncio tells of a process. Its exit is one thing, the end of its output another: children hold that."""

    def __init__(self, output_limit: int) -> None:
        self.out, self.err = HeadTail(output_limit), HeadTail(output_limit)
        self.exited = asyncio.Event()
        self.closed = asyncio.Event()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        (self.out if fd == 1 else self.err).add(data)

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.closed.set()


async def execute(launch: Launch) -> Finished:
    """Raises OSError where it cannot be started. Cancelling it ends the process and its group."""
    starting = asyncio.create_task(_start(launch))
    try:
        transport, watch = await asyncio.shield(starting)
    except asyncio.CancelledError:
        # asyncio would end the process that is just starting, and not what that has started already.
        with contextlib.suppress(OSError):
            await _surely(_close(launch, *await starting))
        raise
    timed_out = False
    try:
        if launch.feed is not None:
            _input(transport).write(launch.feed)
        async with asyncio.timeout(launch.timeout):
            await watch.exited.wait()
    except TimeoutError:
        timed_out = True
    finally:
        await _surely(_close(launch, transport, watch))
    code = None if timed_out else transport.get_returncode()
    return Finished(code, watch.out.text, watch.err.text, timed_out)


async def _start(launch: Launch) -> tuple[asyncio.SubprocessTransport, _Watch]:
    return await asyncio.get_running_loop().subprocess_exec(
        lambda: _Watch(launch.output_limit),
        *launch.argv,
        cwd=launch.cwd,
        env=dict(launch.env),
        stdin=asyncio.subprocess.DEVNULL if launch.feed is None else asyncio.subprocess.PIPE,
        start_new_session=True,
        pass_fds=launch.pass_fds,
    )


def _input(transport: asyncio.SubprocessTransport) -> asyncio.WriteTransport:
    pipe = transport.get_pipe_transport(0)
    assert isinstance(pipe, asyncio.WriteTransport)  # noqa: S101 - it was asked for
    return pipe


async def _surely(work: Coroutine[None, None, None]) -> None:
    """To its end, even for one who is cancelled meanwhile."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _close(launch: Launch, transport: asyncio.SubprocessTransport, watch: _Watch) -> None:
    await _end(launch, transport, watch)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN):
            await watch.closed.wait()
    transport.close()


async def _end(launch: Launch, transport: asyncio.SubprocessTransport, watch: _Watch) -> None:
    """End the process and what it started. One that is fed is our helper: its input's end tells it to end first."""
    try:
        if launch.feed is not None and not watch.exited.is_set():
            _input(transport).abort()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DRAIN):
                    await watch.exited.wait()
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
    if launch.mark:
        await asyncio.to_thread(end_marked, launch.mark)
    await watch.exited.wait()


def end_marked(mark: str) -> None:
    """Kill the processes that carry `mark` in their environment: those that left the group. Blocking; Linux."""
    quiet = 0
    for _ in range(PASSES):
        quiet = 0 if _kill_marked(mark.encode()) else quiet + 1
        if quiet > 1:  # once is not enough: in the midst of an exec, a process has no environment
            return
        time.sleep(0.005)


def _kill_marked(mark: bytes) -> int:
    killed = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
                killed += 1
    return killed
