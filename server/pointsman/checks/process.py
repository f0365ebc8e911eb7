"""Run one process to its end, bounded in time and output, and end all it started.

The process leads its own session, so that its group can be killed whole. What is kept of an output is its head and
its tail: errors come first, summaries last.
"""

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 16
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
    """How to start it. `feed` is written to its standard input, which then stays open; without it, it is empty."""

    argv: Sequence[str]
    cwd: str
    env: Mapping[str, str]
    timeout: float
    output_limit: int
    feed: bytes | None = None
    pass_fds: tuple[int, ...] = ()


async def execute(launch: Launch) -> Finished:
    """Raises OSError where it cannot be started. Cancelling it ends the process and its group."""
    out, err = HeadTail(launch.output_limit), HeadTail(launch.output_limit)
    async with _started(launch) as process:
        assert process.stdout is not None  # noqa: S101 - both are pipes by construction
        assert process.stderr is not None  # noqa: S101
        readers = [asyncio.create_task(_read(process.stdout, out)), asyncio.create_task(_read(process.stderr, err))]
        timed_out = False
        try:
            _feed(process, launch.feed)
            async with asyncio.timeout(launch.timeout):
                await process.wait()
        except TimeoutError:
            timed_out = True
        finally:
            await _end(process, gently=launch.feed is not None)
            _, late = await asyncio.wait(readers, timeout=DRAIN)
            for reader in late:
                reader.cancel()
    return Finished(None if timed_out else process.returncode, out.text, err.text, timed_out)


@contextlib.asynccontextmanager
async def _started(launch: Launch) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *launch.argv,
        cwd=launch.cwd,
        env=dict(launch.env),
        stdin=asyncio.subprocess.DEVNULL if launch.feed is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        pass_fds=launch.pass_fds,
    )
    try:
        yield process
    finally:
        # The only way to close the pipes of a process whose output something else still holds open.
        process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001


def _feed(process: asyncio.subprocess.Process, data: bytes | None) -> None:
    if data is not None and process.stdin is not None:
        process.stdin.write(data)


async def _read(stream: asyncio.StreamReader, into: HeadTail) -> None:
    while data := await stream.read(CHUNK):
        into.add(data)


async def _end(process: asyncio.subprocess.Process, *, gently: bool) -> None:
    """`gently` closes the input first: our own helper takes that as the order to end what it started."""
    if gently and process.returncode is None and process.stdin is not None:
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                await process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.returncode is None:
        await process.wait()


def end_marked(mark: str) -> None:
    """Kill the processes that carry `mark` in their environment: those that left the group. Blocking; Linux."""
    needle = mark.encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if needle in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
