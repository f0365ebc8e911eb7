"""The two framings of a streamed answer: server-sent events, and one line after the other. Pure: text in, frames out.

Both are fed the text as it comes, cut anywhere, and hold back what is not over yet. The parts of a long line are joined
once, when its end comes: a line of many megabytes must not be copied for each of its chunks.
"""

from collections.abc import Iterator
from typing import Protocol

Frame = tuple[str, str]
"""The name of an event (empty for none), and its data."""


class Oversize(Exception):
    """A frame is larger than memory should hold."""


class Frames(Protocol):
    def feed(self, text: str) -> Iterator[Frame]:
        """The frames that this text completes. Raises Oversize."""

    def rest(self) -> Iterator[Frame]:
        """The frame that the end of the stream completes, if one is open."""


class Lines:
    """Only a line feed ends a line: the text within may hold every other separator."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self._size = 0

    def feed(self, text: str) -> Iterator[Frame]:
        for line in self.whole(text):
            if stripped := line.strip(" \t\r"):
                yield "", stripped

    def rest(self) -> Iterator[Frame]:
        return self.feed("\n")

    def whole(self, text: str) -> Iterator[str]:
        """The lines that this text completes."""
        first, *others = text.split("\n")
        self._hold(first)
        for other in others:
            line = "".join(self._parts)
            self._parts, self._size = [], 0
            self._hold(other)
            yield line

    def _hold(self, part: str) -> None:
        if part:
            self._parts.append(part)
            self._size += len(part)
            if self._size > self._limit:
                raise Oversize


class Events:
    """Server-sent events: lines that end with CR LF, LF or CR, and a blank line after each event."""

    def __init__(self, limit: int) -> None:
        self._lines = Lines(limit)
        self._limit = limit
        self._after_cr = False
        self._name = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, text: str) -> Iterator[Frame]:
        for line in self._lines.whole(self._unified(text)):
            if line:
                self._field(line)
            elif self._data:
                name, data = self._name, "\n".join(self._data)
                self._name, self._data, self._size = "", [], 0
                yield name, data
            else:
                self._name = ""

    def rest(self) -> Iterator[Frame]:
        return self.feed("\n\n")

    def _unified(self, text: str) -> str:
        """The text with line feeds only; a CR LF may be cut in two."""
        if self._after_cr and text:
            text = text.removeprefix("\n")
            self._after_cr = False
        if "\r" in text:
            self._after_cr = text.endswith("\r")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        if name == "data":
            self._data.append(value.removeprefix(" "))
            self._size += len(value)
            if self._size > self._limit:
                raise Oversize
        elif name == "event":
            self._name = value.removeprefix(" ")
