"""A program on another host, spoken with in frames, that ends when we hang up."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from typing import IO, Self

from pointsman.errors import CheckError

FRAME_LIMIT = 64 << 20
PATIENCE = 30.0
"""Seconds to connect and to answer, where nothing is computed."""
ENDING = 2.0
"""Seconds for the other end to end what it started, before it is killed."""
_CHUNK = 1 << 20


class LostError(CheckError):
    """The host cannot be reached, died, or answered nonsense; nothing is known of the check."""


class Channel:
    def __init__(self, name: str, argv: Sequence[str]) -> None:
        self._name = name
        self._argv = argv
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._argv, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
            )
        except OSError as error:
            raise LostError(f"{self._argv[0]} cannot be started: {error.strerror}.") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()  # over there, this ends the check
        for last in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ENDING):
                    await process.wait()
                    break
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, last)
        await process.wait()

    async def send(self, data: bytes) -> None:
        await self._write(b"%012d%s" % (len(data), data))

    async def send_file(self, file: IO[bytes]) -> None:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        await self._write(b"%012d" % size)
        while part := await asyncio.to_thread(file.read, _CHUNK):
            await self._write(part)

    async def _write(self, data: bytes) -> None:
        assert self._process and self._process.stdin  # noqa: S101, PT018 - it was entered
        try:
            self._process.stdin.write(data)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise await self._lost() from error

    async def receive(self, seconds: float = PATIENCE) -> bytes:
        assert self._process and self._process.stdout  # noqa: S101, PT018 - it was entered
        out = self._process.stdout
        try:
            async with asyncio.timeout(seconds):
                size = int(await out.readexactly(12))
                return await out.readexactly(min(size, FRAME_LIMIT))
        except TimeoutError as error:
            raise LostError(f"{self._name} did not answer within {seconds:g} s.") from error
        except (asyncio.IncompleteReadError, ValueError) as error:
            raise await self._lost() from error

    async def _lost(self) -> LostError:
        """What it said last is most often why."""
        assert self._process and self._process.stderr  # noqa: S101, PT018 - it was entered
        said = b""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                said = await self._process.stderr.read(1 << 16)
        lines = said.decode("utf-8", "replace").strip().splitlines()
        return LostError(f"{self._name} was lost: {lines[-1] if lines else 'the connection ended'}.")
