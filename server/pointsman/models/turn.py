"""One turn over HTTP: what all wires have in common.

A wire says how a request is written and how its stream is read. Sending, timing, retrying, closing and comparing what
was asked with what was served are the same for all of them, and are here.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol

import httpx2

from pointsman.errors import ProviderError
from pointsman.models.address import origin
from pointsman.models.circuits import Circuits
from pointsman.models.doubts import doubts
from pointsman.models.failures import from_body, from_response
from pointsman.models.http import Connections, map_exceptions
from pointsman.models.limits import Limits, limits_for
from pointsman.models.pulse import Pulse
from pointsman.models.retry import Sleep, with_retries
from pointsman.models.stream import Reader
from pointsman.terms import Delta, End, Lease, Request

STREAMS = ("text/event-stream", "application/x-ndjson", "application/json-lines", "application/jsonl")
BODIES = ("application/json", "application/problem+json", "text/html", "application/xhtml+xml")


class Wire(Protocol):
    """How one API is spoken."""

    def headers(self, lease: Lease) -> Mapping[str, str]: ...

    def body(self, request: Request) -> Mapping[str, Any]:
        """The request's JSON, the lease's parameters included."""

    def read(self, reader: Reader) -> AsyncGenerator[Delta | End, None]:
        """The answer in pieces and, if it ended properly, one End. Raises ProviderError."""


class HttpModel:
    """A `Model` that speaks a wire."""

    def __init__(
        self,
        wire: Wire,
        connections: Connections,
        limits: Callable[[Lease], Limits] = limits_for,
        *,
        circuits: Circuits | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._wire = wire
        self._connections = connections
        self._limits = limits
        self._circuits = circuits or Circuits()
        self._sleep = sleep

    def stream(self, request: Request) -> AsyncGenerator[Delta | End, None]:
        limits = self._limits(request.lease)
        return with_retries(lambda: self._recorded(request, limits), limits, sleep=self._sleep)

    async def connect(self, lease: Lease) -> None:
        await self._connections.connect(lease)

    async def aclose(self) -> None:
        await self._connections.aclose()

    async def _recorded(self, request: Request, limits: Limits) -> AsyncGenerator[Delta | End, None]:
        """One attempt, whose outcome the circuits are told."""
        try:
            async with aclosing(self._attempt(request, limits)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, End):
                        self._circuits.answered(request.lease)
                    yield piece
        except ProviderError as error:
            self._circuits.failed(request.lease, error)
            raise

    async def _attempt(self, request: Request, limits: Limits) -> AsyncGenerator[Delta | End, None]:
        lease = request.lease
        pulse = Pulse(lease, limits)
        with map_exceptions(lease):
            response = await self._send(request, pulse)
        try:
            reader = Reader(lease, response, pulse)
            await _expect_stream(reader)
            async with aclosing(self._wire.read(reader)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, End):
                        yield replace(piece, warnings=doubts(request, piece))
                        return
                    if piece.text:
                        yield piece
                        # After the yield: the time our own caller takes is not the provider's silence.
                        pulse.beat(answer=not piece.reasoning)
            raise reader.truncated()
        finally:
            await response.aclose()

    async def _send(self, request: Request, pulse: Pulse) -> httpx2.Response:
        lease = request.lease
        origin(lease.url)
        client = await self._connections.client(lease)
        message = client.build_request(
            "POST",
            lease.url,
            content=json.dumps(self._wire.body(request), ensure_ascii=False).encode("utf-8", "replace"),
            headers={"content-type": "application/json", **self._wire.headers(lease)},
        )
        return await pulse.within(client.send(message, stream=True))


async def _expect_stream(reader: Reader) -> None:
    """Raise what the provider sent instead of a stream."""
    response, lease = reader.response, reader.lease
    if response.status_code != httpx2.codes.OK:
        raise from_response(lease, response.status_code, response.headers, await reader.body())
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in BODIES:
        raise from_body(lease, kind, await reader.body())


def merged(body: Mapping[str, Any], parameters: Mapping[str, Any], fixed: tuple[str, ...]) -> dict[str, Any]:
    """The body with the lease's parameters over it: None leaves a field out, and `fixed` fields cannot be changed."""
    both = {**body, **{name: value for name, value in parameters.items() if name not in fixed}}
    return {name: value for name, value in both.items() if value is not None}
