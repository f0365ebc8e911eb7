"""A model provider that answers from a script, over a real socket: for `pointsman demo`, and for the tests.

It listens on this machine only, speaks HTTP/1.1 with keep-alive and the four wires of `dialects`, and streams what the
script's function returns. It can also misbehave, byte for byte, as providers do. Every request is kept, with its times.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from inspect import isawaitable
from types import TracebackType
from typing import Any, Self

from pointsman.cli.demo.dialects import DIALECTS, Dialect, forced_tool

MAX_HEAD = 64 << 10


class Hangup(Enum):
    """A step of a reply: the connection is closed without a proper end."""

    HANGUP = "hang up"


HANGUP = Hangup.HANGUP
Step = bytes | float | Hangup
"""Bytes to send, seconds to pause, or the end of the connection."""


@dataclass(frozen=True, slots=True)
class ScriptRequest:
    """What the provider was asked. `messages` are (role, text) pairs, whatever the wire."""

    wire: str
    model: str
    messages: tuple[tuple[str, str], ...]
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    number: int
    """Counts from one."""
    connection: int
    """Which connection it came over, from one."""

    @property
    def last(self) -> str:
        """The text of the last message."""
        return self.messages[-1][1] if self.messages else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the provider answers, well or badly."""

    text: str = ""
    reasoning: str = ""
    piece: int = 24
    """Characters of each delta."""
    first_delay: float = 0.0
    delay: float = 0.0
    """Seconds before the first delta, and before each other one."""
    finish: str = "stop"
    """The finish reason in OpenAI's words; empty leaves it out, and the end mark with it."""
    model: str = ""
    """The model that claims to have answered; empty echoes the request's."""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    """None counts four bytes a token."""
    cut_after: int | None = None
    """Hang up after so many deltas."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent instead of a stream."""
    steps: tuple[Step, ...] | None = None
    """Sent as the stream, byte for byte."""
    bare: bool = False
    """Send the steps without an HTTP head and without chunks."""


@dataclass(slots=True)
class Exchange:
    """One request and what became of it. Times are of `time.monotonic`."""

    request: ScriptRequest
    arrived: float
    first_byte: float | None = None
    last_byte: float | None = None
    hung_up: float | None = None
    """When the client closed the connection before the reply was complete."""
    over: asyncio.Event = field(default_factory=asyncio.Event)


Answer = Callable[[ScriptRequest], Reply | Awaitable[Reply]]


class ScriptedProvider:
    """`async with ScriptedProvider(answer) as provider:` and send requests to `provider.url`."""

    def __init__(self, answer: Answer, models: tuple[str, ...] = ("scripted",)) -> None:
        self.answer = answer
        self.models = models
        self.exchanges: list[Exchange] = []
        self.connections = 0
        self.base = ""
        self._open: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The endpoint of the most common wire."""
        return self.url_for("openai-chat")

    @property
    def requests(self) -> list[ScriptRequest]:
        return [exchange.request for exchange in self.exchanges]

    def url_for(self, wire: str) -> str:
        return self.base + next(path for path, dialect in DIALECTS.items() if dialect.wire == wire)

    async def start(self, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", port)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for connection in tuple(self._open):
            connection.drop()
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


class _Connection(asyncio.Protocol):
    """One client's connection: requests are read one after another, and a reply ends when the client goes."""

    def __init__(self, provider: ScriptedProvider) -> None:
        self._provider = provider
        self._buffer = b""
        self._number = 0
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._exchange: Exchange | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_server gives
        self._transport = transport
        self._provider.connections += 1
        self._number = self._provider.connections
        self._provider._open.add(self)  # noqa: SLF001 - two halves of one server

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the base class names it
        self._provider._open.discard(self)  # noqa: SLF001 - as above
        if self._exchange is not None and not self._exchange.over.is_set():
            self._exchange.hung_up = time.monotonic()
            self._exchange.over.set()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._task is None or self._task.done():
            self._next()

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _next(self) -> None:
        """Start on the next request, if all of it is here."""
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank or not head[:1].isalpha():
            if len(head) > MAX_HEAD or not head[:1].isalpha():
                self.drop()  # too much for HTTP, or no HTTP at all
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        method, path, *_ = (*first.split(" "), "", "")
        self._task = asyncio.get_running_loop().create_task(self._respond(method, path, headers, rest[:length]))

    async def _respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        dialect = DIALECTS.get(path.partition("?")[0])
        if method == "GET" and path.endswith("/models"):
            listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self._provider.models]}
            self._send_whole(Reply(body=json.dumps(listed).encode()))
        elif method != "POST" or dialect is None:
            self._send_whole(
                Reply(status=404, body=b"" if method == "HEAD" else b'{"error":{"message":"no such path"}}')
            )
        else:
            await self._converse(dialect, path, headers, body)
        self._task = None
        if self._buffer:
            self._next()

    async def _converse(self, dialect: Dialect, path: str, headers: Mapping[str, str], body: bytes) -> None:
        try:
            payload = json.loads(body)
            messages = dialect.messages(payload)
            model = payload["model"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = {"error": {"message": f"{type(error).__name__}: {error}", "type": "invalid_request_error"}}
            self._send_whole(Reply(status=400, body=json.dumps(message).encode()))
            return
        number = len(self._provider.exchanges) + 1
        request = ScriptRequest(dialect.wire, model, messages, path, headers, payload, number, self._number)
        self._exchange = Exchange(request, arrived=time.monotonic())
        self._provider.exchanges.append(self._exchange)
        answer = self._provider.answer(request)
        reply = await answer if isawaitable(answer) else answer
        if reply.body is not None:
            self._exchange.first_byte = time.monotonic()
            self._send_whole(reply)
        else:
            await self._send_stream(reply, dialect, request)
        self._exchange.last_byte = time.monotonic()
        self._exchange.over.set()

    def _send_whole(self, reply: Reply) -> None:
        body = reply.body or b""
        headers = {"content-type": "application/json", **reply.headers, "content-length": str(len(body))}
        self._write(_head(reply.status, headers) + body)

    async def _send_stream(self, reply: Reply, dialect: Dialect, request: ScriptRequest) -> None:
        headers = {"content-type": dialect.content_type, **reply.headers, "transfer-encoding": "chunked"}
        if not reply.bare:
            self._write(_head(reply.status, headers))
        for step in reply.steps if reply.steps is not None else _steps(reply, dialect, request):
            if isinstance(step, Hangup):
                if self._transport is not None:
                    self._transport.close()
                return
            if isinstance(step, bytes):
                if self._exchange is not None and self._exchange.first_byte is None:
                    self._exchange.first_byte = time.monotonic()
                self._write(step if reply.bare or not step else b"%x\r\n%b\r\n" % (len(step), step))
            else:
                await asyncio.sleep(step)
        self._write(b"0\r\n\r\n")

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Other"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def _steps(reply: Reply, dialect: Dialect, request: ScriptRequest) -> list[Step]:
    """The well-formed stream of a reply, with its pauses, and cut where the script says."""
    prompt = sum(len(text.encode()) for _, text in request.messages) // 4
    start, deltas, end = dialect.stream(
        model=reply.model or request.model,
        reasoning=_pieces(reply.reasoning, reply.piece),
        text=_pieces(reply.text, reply.piece),
        finish=reply.finish,
        tokens=(
            prompt if reply.prompt_tokens is None else reply.prompt_tokens,
            len(reply.text.encode()) // 4 if reply.completion_tokens is None else reply.completion_tokens,
        ),
        tool=forced_tool(request.body),
    )
    steps: list[Step] = [start, *([reply.first_delay] if reply.first_delay else [])]
    for number, delta in enumerate(deltas):
        if number == reply.cut_after:
            return [*steps, HANGUP]
        steps += [reply.delay, delta] if reply.delay and number else [delta]
    return [*steps, end]


def _pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]
