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

from pointsman.errors import ProviderError, Refused
from pointsman.models.address import origin
from pointsman.models.circuits import Circuits
from pointsman.models.doubts import another, doubts
from pointsman.models.failures import from_body, from_response
from pointsman.models.http import Connections, map_exceptions
from pointsman.models.limits import Limits, limits_for
from pointsman.models.pulse import Pulse
from pointsman.models.repairs import MOST, Repairs, find
from pointsman.models.retry import Sleep, with_retries
from pointsman.models.stream import Reader
from pointsman.models.surrogates import Text
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
        repairs: Repairs | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._wire = wire
        self._connections = connections
        self._limits = limits
        self._circuits = circuits or Circuits()
        self._repairs = repairs or Repairs()
        self._sleep = sleep

    def stream(self, request: Request) -> AsyncGenerator[Delta | End, None]:
        limits = self._limits(request.lease)
        return with_retries(lambda: self._mended(request, limits), limits, sleep=self._sleep)

    async def connect(self, lease: Lease) -> None:
        await self._connections.connect(lease)

    async def aclose(self) -> None:
        await self._connections.aclose()

    async def _mended(self, request: Request, limits: Limits) -> AsyncGenerator[Delta | End, None]:
        """One attempt, sent again where a parameter was refused: each of them once, and to the same model."""
        notes: list[str] = []
        while True:
            body = self._repairs.mended(request.lease, self._wire.body(request))
            begun = False
            try:
                async with aclosing(self._recorded(request, body, limits)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield replace(piece, warnings=(*notes, *piece.warnings)) if isinstance(piece, End) else piece
            except Refused as error:
                repair = find(body, error.said)
                if repair is None or begun or len(notes) == MOST:
                    raise
                self._repairs.learn(request.lease, repair)
                notes.append(f"{request.lease.name} refused a parameter: {repair} from now on.")
            else:
                return

    async def _recorded(
        self, request: Request, body: Mapping[str, Any], limits: Limits
    ) -> AsyncGenerator[Delta | End, None]:
        """One attempt, whose outcome the circuits are told."""
        try:
            async with aclosing(self._attempt(request, body, limits)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, End):
                        self._circuits.answered(request.lease)
                    yield piece
        except ProviderError as error:
            self._circuits.failed(request.lease, error)
            raise

    async def _attempt(
        self, request: Request, body: Mapping[str, Any], limits: Limits
    ) -> AsyncGenerator[Delta | End, None]:
        lease = request.lease
        pulse = Pulse(lease, limits)
        with map_exceptions(lease):
            response = await self._send(lease, body, pulse)
        try:
            reader = Reader(lease, response, pulse)
            await _expect_stream(reader)
            text = Text(lease)
            async with aclosing(self._wire.read(reader)) as pieces:
                async for said in pieces:
                    piece = text.whole(said)
                    if isinstance(piece, End):
                        if lease.strict and (other := another(lease, piece)):
                            raise Refused(other, "Nothing was changed, since servedModel is `stop`.")
                        yield replace(piece, warnings=doubts(request, piece), sources=reader.sources.found)
                        return
                    if piece.text:
                        yield piece
                        # After the yield: the time our own caller takes is not the provider's silence.
                        pulse.beat(answer=not piece.reasoning)
            raise reader.truncated()
        finally:
            await response.aclose()

    async def _send(self, lease: Lease, body: Mapping[str, Any], pulse: Pulse) -> httpx2.Response:
        origin(lease.url)
        client = await self._connections.client(lease)
        message = client.build_request(
            "POST",
            lease.url,
            content=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
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
    """The body with the lease's parameters over it: objects are merged, None leaves a field out, `fixed` ones stay."""
    both = dict(body)
    for name, value in parameters.items():
        own = both.get(name)
        if name not in fixed:
            both[name] = merged(own, value, ()) if isinstance(own, Mapping) and isinstance(value, Mapping) else value
    return {name: value for name, value in both.items() if value is not None}
