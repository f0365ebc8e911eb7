"""One turn over HTTP: what all wires have in common.

A wire says how a request is written and how its stream is read. Sending, timing, retrying, closing and comparing what
was asked with what was served are the same for all of them, and are here.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, closing, contextmanager
from dataclasses import replace
from typing import Any, Protocol

import httpx2
from pydantic_core import PydanticSerializationError, to_json

from pointsman.errors import BadReply, ProviderError, Refused
from pointsman.models.address import named, origin
from pointsman.models.circuits import Circuits
from pointsman.models.doubts import another, doubts
from pointsman.models.failures import from_body, from_response
from pointsman.models.http import Connections, map_exceptions
from pointsman.models.kept import send
from pointsman.models.limits import Limits, limits_for
from pointsman.models.pulse import Pulse
from pointsman.models.repairs import MOST, Repairs, find
from pointsman.models.retry import Sleep, with_retries
from pointsman.models.stream import Reader
from pointsman.models.surrogates import Text
from pointsman.models.values import Odd
from pointsman.terms import Delta, End, Lease, Request

STREAMS = ("text/event-stream", "application/x-ndjson", "application/json-lines", "application/jsonl")
BODIES = ("application/json", "application/problem+json", "text/html", "application/xhtml+xml")


class Wire(Protocol):
    """How one API is spoken."""

    def headers(self, lease: Lease) -> Mapping[str, str]: ...

    def body(self, request: Request) -> Mapping[str, Any]:
        """The request's JSON, the lease's parameters included."""

    @property
    def by_line(self) -> bool:
        """Whether its streams are one object a line; otherwise they are server-sent events."""

    def reading(self, reader: Reader) -> "Reading":
        """For the stream of one answer."""


class Reading(Protocol):
    """One answer, event by event. Synchronous: a wire waits for nothing."""

    def take(self, name: str, event: Mapping[str, Any]) -> Sequence[Delta]:
        """The pieces an event brings. Raises ProviderError."""

    def rest(self) -> Sequence[Delta]:
        """At the end of the stream, what was held back. Raises ProviderError if that was no proper end."""

    def end(self) -> End: ...


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
                async with aclosing(self._attempt(request, body, limits)) as pieces:
                    async for piece in pieces:
                        begun = True
                        if isinstance(piece, End):
                            self._circuits.answered(request.lease)
                            yield replace(piece, warnings=(*notes, *piece.warnings))
                        else:
                            yield piece
            except ProviderError as error:
                self._circuits.failed(request.lease, error)
                repair = find(body, error.said) if isinstance(error, Refused) else None
                if repair is None or begun or len(notes) == MOST:
                    raise
                self._repairs.learn(request.lease, repair)
                notes.append(f"{request.lease.name} refused a parameter: {repair} from now on.")
            else:
                return

    async def _attempt(
        self, request: Request, body: Mapping[str, Any], limits: Limits
    ) -> AsyncGenerator[Delta | End, None]:
        lease = request.lease
        with closing(Pulse(lease, limits)) as pulse, readable(lease):
            with map_exceptions(lease):
                response = await self._send(lease, body, pulse)
            async with aclosing(response):
                reader = Reader(lease, response, pulse)
                await _expect_stream(reader)
                reading, text = self._wire.reading(reader), Text(lease)
                async with aclosing(reader.batches(by_line=self._wire.by_line)) as batches:
                    async for batch in batches:
                        for name, event in batch:
                            for piece in reading.take(name, event):
                                if (whole := text.whole(piece)).text:
                                    yield whole
                                    # After the yield: the time our own caller takes is not the provider's silence.
                                    pulse.beat(answer=not whole.reasoning)
                for piece in reading.rest():
                    if (whole := text.whole(piece)).text:
                        yield whole
                text.end()
                yield _checked(request, reading.end(), reader)

    async def _send(self, lease: Lease, body: Mapping[str, Any], pulse: Pulse) -> httpx2.Response:
        origin(lease.url)
        client = await self._connections.client(lease)
        message = client.build_request(
            "POST",
            lease.url,
            content=encoded(body),
            headers={"content-type": "application/json", **self._wire.headers(lease)},
        )
        return await send(client, message, pulse)


@contextmanager
def readable(lease: Lease) -> Iterator[None]:
    """Raise BadReply where the answer stands in a form that no reader of ours knows."""
    try:
        yield
    except Odd as odd:
        raise BadReply(
            f"{named(lease)} sent something else than text in `{odd}`.",
            "Nothing was changed, since a part of the answer may be in it. This endpoint may speak another wire.",
        ) from None


def encoded(body: Mapping[str, Any]) -> bytes:
    """The body's JSON. For a large prompt the standard encoder takes longer than all else that is done to send it."""
    try:
        return to_json(body)
    except PydanticSerializationError:  # half a character, which only an editor's text can hold
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _checked(request: Request, end: End, reader: Reader) -> End:
    """The end with what looks wrong in it. Raises Refused for another model than asked, where that is to stop."""
    if request.lease.strict and (other := another(request.lease, end)):
        raise Refused(other, "Nothing was changed, since servedModel is `stop`.")
    return replace(end, warnings=doubts(request, end), sources=reader.sources.found)


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
