"""JSON-RPC as language servers speak it, over the pipes of a process: what an editor has below everything else."""

import asyncio
import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from pointsman.errors import PointsmanError

MESSAGE_LIMIT = 64 << 20
ENDING = 10.0
"""Seconds the server has to end by itself."""


class Receiver(Protocol):
    """Who takes what the server sends."""

    async def serve(self, method: str, params: Any) -> Any:
        """The answer to a request of the server."""

    async def notified(self, method: str, params: Any) -> None: ...

    async def answered(self, method: str, params: Any, result: Any) -> None:
        """An answer came; told before the one who asked goes on."""


class ServerError(PointsmanError):
    """The server refused a request, or is gone."""


class Wire:
    """One server process. Messages are taken one after another, in the order they came."""

    def __init__(self, process: asyncio.subprocess.Process, receiver: Receiver) -> None:
        self._process = process
        self._receiver = receiver
        self._numbers = itertools.count(1)
        self._asked: dict[int, tuple[str, Any, asyncio.Future[Any]]] = {}
        self._writing = asyncio.Lock()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, argv: Sequence[str], folder: Path, env: Mapping[str, str], receiver: Receiver) -> "Wire":
        """Start a server. Its log goes to our standard error."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *argv, cwd=folder, env=env, stdin=pipe, stdout=pipe, stderr=sys.stderr.fileno()
        )
        return cls(process, receiver)

    async def request(self, method: str, params: Any, timeout: float = 60.0) -> Any:  # noqa: ASYNC109 - of one wait
        number = next(self._numbers)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked[number] = (method, params, future)
        await self._send({"id": number, "method": method, "params": params})
        try:
            return await asyncio.wait_for(future, timeout)
        except TimeoutError as error:
            raise ServerError(f"The server did not answer {method} within {timeout:g} s.") from error
        finally:
            self._asked.pop(number, None)

    async def notify(self, method: str, params: Any) -> None:
        await self._send({"method": method, "params": params})

    async def close(self) -> int:
        """Wait for the server's end, or end it; its exit code."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            code = await asyncio.wait_for(self._process.wait(), ENDING)
        except TimeoutError:
            self._process.kill()
            code = await self._process.wait()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        return code

    async def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        async with self._writing:
            if self._process.stdin is None or self._process.stdin.is_closing():
                raise ServerError("The server is gone.")
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            try:
                await self._process.stdin.drain()
            except ConnectionError as error:
                raise ServerError("The server has ended.") from error

    async def _read(self) -> None:
        try:
            while (message := await self._message()) is not None:
                await self._take(message)
        finally:
            for _, _, future in self._asked.values():
                if not future.done():
                    future.set_exception(ServerError("The server has ended."))

    async def _message(self) -> dict[str, Any] | None:
        stream = self._process.stdout
        length = 0
        while stream is not None and (line := await stream.readline()):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
            elif not line.strip():
                if not 0 < length <= MESSAGE_LIMIT:
                    raise ServerError(f"The server sent a message of {length} bytes.")
                message: dict[str, Any] = json.loads(await stream.readexactly(length))
                return message
        return None

    async def _take(self, message: dict[str, Any]) -> None:
        method, number = message.get("method"), message.get("id")
        if method is None:
            asked = self._asked.get(int(number)) if number is not None else None
            if asked:
                await self._answer(*asked, message)
        elif number is None:
            await self._receiver.notified(method, message.get("params"))
        else:
            await self._send({"id": number, "result": await self._receiver.serve(method, message.get("params"))})

    async def _answer(
        self, method: str, params: Any, future: "asyncio.Future[Any]", message: Mapping[str, Any]
    ) -> None:
        if error := message.get("error"):
            future.set_exception(ServerError(f"{method}: {error.get('message')}"))
            return
        await self._receiver.answered(method, params, message.get("result"))
        if not future.done():
            future.set_result(message.get("result"))
