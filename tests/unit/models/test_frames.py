"""However a stream is cut, the same frames come out of it."""

import pytest

from pointsman.models.frames import Events, Lines, Oversize

EVENTS = {
    "data: a\n\ndata: b\n\n": [("", "a"), ("", "b")],
    "data: a\r\n\r\ndata: b\r\n\r\n": [("", "a"), ("", "b")],
    "data: a\r\rdata: b\r\r": [("", "a"), ("", "b")],
    "data: a\r\ndata: b\n\n": [("", "a\nb")],
    "event: error\ndata:a\n\ndata: b\n\n": [("error", "a"), ("", "b")],
    "event: ping\n\ndata: b\n\n": [("", "b")],
    ": a comment\nid: 7\nretry: 10\ndata\ndata: x\n\n": [("", "\nx")],
    "data:  two blanks: kept \n\n": [("", " two blanks: kept ")],
    "data: \u2028\u0085\x0c\n\n": [("", "\u2028\u0085\x0c")],
    "data: the last": [("", "the last")],
    "data: the last\r": [("", "the last")],
    "\n\n\n": [],
    "": [],
}
LINES = {
    '{"a": 1}\n{"b": 2}\n': [("", '{"a": 1}'), ("", '{"b": 2}')],
    '{"a": "\u2028\\r"}\r\n\n  \n{"b": 2}': [("", '{"a": "\u2028\\r"}'), ("", '{"b": 2}')],
    "": [],
}


@pytest.mark.parametrize(("kind", "text", "frames"), [
    *((Events, text, frames) for text, frames in EVENTS.items()),
    *((Lines, text, frames) for text, frames in LINES.items()),
])  # fmt: skip
def test_every_cut(kind, text, frames):
    for first in range(len(text) + 1):
        for second in range(first, len(text) + 1):
            reader = kind(1_000)
            parts = text[:first], text[first:second], text[second:]
            assert [*(frame for part in parts for frame in reader.feed(part)), *reader.rest()] == frames


@pytest.mark.parametrize(
    "texts", [["data: " + "x" * 100], ["data: x\n"] * 100, ["x"] * 100], ids=["a line", "an event of many", "in pieces"]
)
def test_what_never_ends_is_given_up(texts):
    reader = Events(50)
    with pytest.raises(Oversize):
        [*(frame for text in texts for frame in reader.feed(text))]
