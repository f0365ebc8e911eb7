"""Reading a streamed answer: bytes to JSON objects, by server-sent events or one object a line.

Everything that can be wrong with the bytes is dealt with here, for all wires: byte order marks, characters cut between
two chunks, any of three line ends, events over several lines, a missing last blank line, comments, events larger than
memory should hold, a page or a document where a stream was expected, and objects that are no objects.
"""

import codecs
import json
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

import httpx2

from pointsman.errors import BadReply, ProviderError, Truncated
from pointsman.models.address import named, quoted
from pointsman.models.failures import from_body, from_payload, is_error, parsed
from pointsman.models.frames import Events, Frame, Frames, Lines, Oversize
from pointsman.models.http import map_exceptions
from pointsman.models.pulse import Pulse
from pointsman.models.sources import Sources
from pointsman.terms import Lease

MAX_EVENT = 32 << 20
MAX_BODY = 1 << 20
"""Bytes read of a body that is not a stream: enough for any error."""
_HEAD = 4096
_AFTER_FINISH = 2.0
"""Seconds to wait for the usage and the end mark once the answer itself is complete."""
_PINGS = ("ping", "heartbeat", "keep-alive", "keepalive")
"""Events that say nothing; their data need not be JSON."""
_BETWEEN = "Try again; a proxy in between may break the text."
_SPEAKS = "Try again; if it stays so, this endpoint does not speak the wire it is configured for."
_FIELD = re.compile(rb"(\xef\xbb\xbf)?\s*(data|event|id|retry)?:")
"""How a stream of events begins; with nothing before the colon it is a comment."""
_AFTER_END = 0.25
"""Seconds to wait for the end of the body, without which the connection cannot be used again."""


def _is_whole(head: bytes) -> bool:
    """Whether a document is all here, as far as one can see."""
    return head.lstrip()[:1] == b"<" or parsed(head) is not None


class Reader:
    """One response. `batches` may be read once; call `finished` as soon as the finish reason has been seen."""

    def __init__(self, lease: Lease, response: httpx2.Response, pulse: Pulse) -> None:
        self.lease = lease
        self.response = response
        self.pulse = pulse
        self.sources = Sources()
        self._finished = False
        self._at_end = False
        self._head = b""
        self._events = 0
        self._done = False

    def finished(self) -> None:
        """From now on an end of any kind is a good end."""
        if not self._finished:
            self._finished = True
            self.pulse.wind_down(_AFTER_FINISH)

    def over(self) -> None:
        """Nothing of interest comes any more: only the end of the body is waited for, to keep the connection."""
        self._finished = True
        self.pulse.wind_down(_AFTER_END)

    async def body(self) -> bytes:
        """The body of an answer that is no stream, as far as it is of interest."""
        parts: list[bytes] = []
        size = 0
        async for chunk in self._chunks():
            parts.append(chunk)
            size += len(chunk)
            if size > MAX_BODY:
                break
        return b"".join(parts)

    async def batches(self, *, by_line: bool = False) -> AsyncGenerator[Iterator[tuple[str, dict[str, Any]]], None]:
        """(name, object) of each event, those together that came together; each batch is to be read to its end."""
        frames: Frames = Lines(MAX_EVENT) if by_line else Events(MAX_EVENT)
        async with aclosing(self._texts()) as texts:
            async for text in texts:
                yield self._objects(frames.feed(text))
        yield self._objects(frames.rest())
        if not self._events and self._head.strip() and not _FIELD.match(self._head):
            raise self._no_stream()

    def _no_stream(self) -> ProviderError:
        return from_body(self.lease, self.response.headers.get("content-type", ""), self._head)

    def _objects(self, frames: Iterator[Frame]) -> Iterator[tuple[str, dict[str, Any]]]:
        """`[DONE]` is swallowed: it ends the stream, and proves nothing."""
        try:
            for name, data in frames:
                if self._done or not data or (name in _PINGS and data[0] != "{"):
                    continue
                self._events += 1
                if data.strip('"').upper() == "[DONE]":
                    self._done = True
                    self.over()
                    continue
                found = self._object(data, named_error=name == "error")
                if self.lease.search:
                    self.sources.take(found)
                yield name, found
        except Oversize:
            raise BadReply(f"{named(self.lease)} sent an event of more than {MAX_EVENT >> 20} MiB.", _SPEAKS) from None

    def truncated(self, why: str = "no finish reason came with it") -> Truncated:
        """The error for a stream that is over and had no proper finish."""
        return Truncated(
            f"The answer of {named(self.lease)} ended in the middle: {why}.",
            "Nothing was changed. Try again; if it stays so, look at the provider's status, or at a proxy in between.",
        )

    def _object(self, data: str, *, named_error: bool) -> dict[str, Any]:
        try:
            payload = json.loads(data)
        except (ValueError, RecursionError):
            if named_error:
                raise from_payload(self.lease, {"error": data}) from None
            if self._events == 1 and self._head.lstrip()[:1] in (b"{", b"[", b"<") and _is_whole(self._head):
                raise self._no_stream() from None
            if self._at_end:
                raise self.truncated() from None
            raise BadReply(
                f"{named(self.lease)} sent an event that is not JSON: {quoted(data[:80], self.lease)}",
                _SPEAKS,
            ) from None
        if named_error or is_error(payload):
            raise from_payload(self.lease, payload)
        if isinstance(payload, list) and len(payload) == 1:
            payload = payload[0]
        if not isinstance(payload, dict):
            raise BadReply(
                f"{named(self.lease)} sent an event that is no JSON object: {quoted(data[:80], self.lease)}", _SPEAKS
            )
        return payload

    async def _texts(self) -> AsyncGenerator[str, None]:
        """Whole characters, without byte order mark."""
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            async with aclosing(self._chunks()) as chunks:
                async for chunk in chunks:
                    if b"\0" in chunk:
                        raise BadReply(f"{named(self.lease)} sent bytes that are no text in UTF-8.", _BETWEEN)
                    yield decoder.decode(chunk)
        except UnicodeDecodeError:
            raise BadReply(
                f"{named(self.lease)} sent bytes that are not UTF-8.",
                _BETWEEN,
            ) from None
        if decoder.getstate()[0] and not self._finished:
            raise self.truncated()
        self._at_end = True

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        """The bytes as they come, each waited for only as long as the pulse allows."""
        with map_exceptions(self.lease):
            coded = self.response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
            async with aclosing(self.response.aiter_bytes() if coded else self.response.aiter_raw()) as stream:
                while True:
                    try:
                        chunk = await self.pulse.within(anext(stream))
                    except StopAsyncIteration:
                        return
                    except (ProviderError, httpx2.TransportError, OSError) as error:
                        if self._finished:
                            return
                        if self.pulse.answering and isinstance(error, httpx2.NetworkError | httpx2.ProtocolError):
                            raise self.truncated("the connection broke off") from None
                        raise
                    if not self._events and len(self._head) < _HEAD:
                        self._head += chunk[:_HEAD]
                    yield chunk
