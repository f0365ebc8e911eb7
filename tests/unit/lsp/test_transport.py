"""Frames in, and what is none; bytes out, also to a client that has stopped to read or is gone."""

import asyncio
import io
import os

import pytest

from pointsman.lsp import transport
from pointsman.lsp.transport import Sink, outlived, pump, read_message


def messages(data):
    source = io.BytesIO(data)
    found = []
    while (body := read_message(source)) is not None:
        found.append(body)
    return found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", []),
        (b"Content-Length: 2\r\n\r\n{}", [b"{}"]),
        (b"content-length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}", [b"{}"]),
        (b"Content-Length: 2\n\n{}Content-Length: 4\r\n\r\nnull", [b"{}", b"null"]),
        (b"\r\n\r\nContent-Length: 2\r\n\r\n{}", [b"{}"]),
        (b"Content-Length: 0\r\n\r\nContent-Length: 2\r\n\r\n{}", [b"", b"{}"]),
        (b"Content-Length: 9\r\n\r\n{}", []),
        (b"Content-Length: 9", []),
    ],
)
def test_messages_are_cut_by_their_length(data, found):
    assert messages(data) == found


@pytest.mark.parametrize(
    "data",
    [
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /a:b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Length: two\r\n\r\n{}",
        b"Content-Length: -2\r\n\r\n{}",
        b"Content-Length: 99999999999999\r\n\r\n{}",
        b"{}\r\n",
    ],
)
def test_what_is_no_header_ends_the_input(data):
    with pytest.raises(ValueError, match="header"):
        messages(data)


class Inbox:
    def __init__(self):
        self.bodies = []

    def receive(self, body):
        self.bodies.append(body)


@pytest.mark.parametrize("tail", [b"", b"GET / HTTP/1.1\r\n", b"Content-Length: 5\r\n\r\n{}"])
async def test_messages_are_delivered_in_order_until_the_input_ends(tail):
    frames = b"".join(b"Content-Length: 1\r\n\r\n%d" % number for number in range(10))
    inbox, stopped = Inbox(), asyncio.Event()
    await asyncio.wait_for(pump(io.BytesIO(frames + tail), inbox, stopped), 60)
    assert inbox.bodies == [b"%d" % number for number in range(10)]


async def test_what_else_there_is_to_do_has_its_turn_between_two_messages():
    frames = b"".join(b"Content-Length: 1\r\n\r\n%d" % number for number in range(10)) * 10
    turns = 0

    class Counting(Inbox):
        def receive(self, _):
            self.bodies.append(turns)

    async def other():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    inbox, beside = Counting(), asyncio.create_task(other())
    await asyncio.wait_for(pump(io.BytesIO(frames), inbox, asyncio.Event()), 60)
    beside.cancel()
    assert len(set(inbox.bodies)) == 100


def test_what_was_written_is_there_when_the_sink_is_closed():
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb") as source:
        sink = Sink(stream)
        sink.write(b"one ")
        sink.write(b"two")
        sink.close()
        stream.close()
        assert source.read() == b"one two"


def test_writing_never_waits_for_a_client_that_does_not_read():
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb") as source:
        sink = Sink(stream)
        for _ in range(100):
            sink.write(b"x" * 65_536)
        assert source.read(100 * 65_536) == b"x" * 6_553_600
        sink.close()


def test_short_and_long_messages_keep_their_order_whoever_writes_them():
    reading, writing = os.pipe()
    sent = [bytes([65 + number % 26]) * (3, 70_000, 4_097)[number % 3] for number in range(200)]
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb") as source:
        sink = Sink(stream)
        for data in sent:
            sink.write(data)
        assert source.read(sum(map(len, sent))) == b"".join(sent)
        sink.close()


def test_a_short_message_needs_no_thread():
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream, os.fdopen(reading, "rb") as source:
        sink = Sink(stream)
        sink.close()  # its thread has ended
        sink.write(b"short")
        assert source.read(5) == b"short"


def test_a_client_that_is_gone_ends_the_writing_only():
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "wb", buffering=0)
    sink = Sink(stream)
    sink.write(b"x")
    sink.close()
    sink.write(b"y")
    stream.close()


async def test_a_client_that_did_not_start_us_is_not_watched():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(outlived(os.getpid(), os.getppid()), 0.05)


async def test_a_client_that_died_is_noticed(monkeypatch):
    parents = iter([7, 7, 1])
    monkeypatch.setattr(transport.os, "getppid", lambda: next(parents))
    monkeypatch.setattr(transport, "PARENT_EVERY", 0.0)
    await asyncio.wait_for(outlived(7, 7), 60)


async def test_a_client_that_died_before_it_was_watched_is_noticed(monkeypatch):
    monkeypatch.setattr(transport.os, "getppid", lambda: 1)
    await asyncio.wait_for(outlived(7, 7), 60)
