"""Bytes in and out: one thread reads messages, one writes them, and the event loop never waits for either.

A client that stops reading cannot stop the server, and nothing but messages reaches the client: standard output is
taken away from everybody else before the first byte is written, and children inherit no end of the conversation.
"""

import asyncio
import contextlib
import logging
import os
import re
import select
import signal
import socket
import stat
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import BinaryIO, Protocol

log = logging.getLogger(__name__)

HEADER = re.compile(rb"[A-Za-z-]{1,64}")
BODY_LIMIT = 256 << 20
"""Bytes of one message; more is an error in the client's header, not a document."""
PARENT_EVERY = 2.0
"""Seconds between two looks whether the client lives."""
GRACE = 2.0
"""Seconds after the end in which threads may finish; clients kill a server that takes longer."""


class Receiver(Protocol):
    """Who takes the messages."""

    def receive(self, body: bytes) -> None: ...


class Sink:
    """A writer for pygls that queues; its thread does the waiting.

    A short message goes straight into a pipe that has room for it: to wake a thread for each would take longer than all
    else that is done for it.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._stream = stream
        self._put = self._done = 0
        """Messages given to the thread, and written by it: each is counted by one thread only."""
        self._room = _room(stream)
        self._thread = threading.Thread(target=self._run, name="lsp-writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        if self._put == self._done and len(data) <= _ATOMIC and self._room and self._room.poll(0):
            with contextlib.suppress(OSError):  # the client is gone; the reader will see the end of its input
                os.write(self._stream.fileno(), data)
            return
        self._put += 1
        self._queue.put(data)

    def close(self) -> None:
        """Write what is queued, within the grace, and end."""
        self._queue.put(None)
        self._thread.join(GRACE)

    def _run(self) -> None:
        while (data := self._queue.get()) is not None:
            try:
                self._stream.write(data)
                self._stream.flush()
            except (OSError, ValueError):
                return  # as above
            self._done += 1


_ATOMIC: int = getattr(select, "PIPE_BUF", 0)
"""Bytes that a pipe with room takes at once and whole; none where the system has no such promise."""


def _room(stream: BinaryIO) -> "select.poll | None":
    """What tells whether a pipe has room; None for what is no pipe."""
    try:
        number = stream.fileno()
        if not _ATOMIC or not stat.S_ISFIFO(os.fstat(number).st_mode):
            return None
    except (OSError, ValueError):
        return None
    found = select.poll()
    found.register(number, select.POLLOUT)
    return found


def protect_stdio() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for the protocol; a stray `print` goes to standard error from now on."""
    for number in (0, 1):
        os.set_blocking(number, True)  # a client's pipe may not be: writing would lose what does not fit
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device, not a path
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink


def accept(port: int) -> tuple[BinaryIO, BinaryIO]:
    """Wait for one client on the loopback interface; port 0 picks a free one. Says where on standard error."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        print(f"pointsman: listening on 127.0.0.1:{listener.getsockname()[1]}", file=sys.stderr, flush=True)  # noqa: T201
        connection, _ = listener.accept()
    return connection.makefile("rb"), connection.makefile("wb")


async def pump(source: BinaryIO, receiver: Receiver, stopped: asyncio.Event) -> None:
    """Hand every message to the receiver, in order, until the input ends or `stopped` is set.

    Only one in a turn of the loop: a client that sends very many at once holds nothing else up for longer than one.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

    def read() -> None:
        body: bytes | None = b""
        while body is not None:
            try:
                body = read_message(source)
            except (OSError, ValueError) as error:
                log.warning("the input ended: %s", error)
                body = None
            try:
                loop.call_soon_threadsafe(waiting.put_nowait, body)
            except RuntimeError:  # the loop has ended
                return

    async def hand_on() -> None:
        while (body := await waiting.get()) is not None:
            receiver.receive(body)
            await asyncio.sleep(0)
        stopped.set()

    threading.Thread(target=read, name="lsp-reader", daemon=True).start()
    handing = asyncio.create_task(hand_on())
    await stopped.wait()
    handing.cancel()


def read_message(source: BinaryIO) -> bytes | None:
    """The body of the next message; None at the end of the input.

    Raises ValueError for what is no header: a browser that was led to our port must not get a word in.
    """
    length: int | None = None
    while line := source.readline(1 << 16):
        if not line.strip():
            if length is not None:
                body = source.read(length)
                return body if len(body) == length else None
            continue
        name, colon, value = line.partition(b":")
        if not colon or not HEADER.fullmatch(name):
            raise ValueError("what came is no header of a message")
        if name.lower() == b"content-length":
            length = int(value) if value.strip().isdigit() else -1
            if not 0 <= length <= BODY_LIMIT:
                raise ValueError("the header Content-Length has no possible length")
    return None


def stop_on_signals(stop: Callable[[int], None]) -> None:
    """End properly when told so by a signal, so that no check is left running; the code is the shell's."""
    loop = asyncio.get_running_loop()
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
    for number in numbers:
        with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows, or not the main thread
            loop.add_signal_handler(number, stop, 128 + number)


async def outlived(client: int, parent: int) -> None:
    """Return when the client died without closing our input, which a process it started may hold open.

    Only a client that started us itself is watched: its number means something else in another container. `parent` is
    who did, read when we began: the client may be dead by the time it is compared.
    """
    if client != parent:
        await asyncio.Event().wait()
    while os.getppid() == client:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(PARENT_EVERY)


def end_soon(code: int) -> None:
    """End the process after the grace, whatever its threads are doing."""
    timer = threading.Timer(GRACE, os._exit, (code,))
    timer.daemon = True
    timer.start()
