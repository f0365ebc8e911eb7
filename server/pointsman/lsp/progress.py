"""Work-done progress that always ends, whatever the client answers or fails to."""

import asyncio
import itertools
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from lsprotocol import types as lsp

from pointsman.lsp.server import PointsmanServer
from pointsman.terms import (
    Asked,
    Checked,
    Checking,
    ConsentNeeded,
    Event,
    Planned,
    Progress,
    Rejected,
    Routed,
    Verdict,
    Wrote,
)

THROTTLE = 0.5
"""Seconds between two reports that only count on."""
CHARACTERS_A_TOKEN = 4
"""A guess while it streams; the receipt has the provider's count."""
LINE_LIMIT = 60
_NUMBERS = itertools.count(1)
"""For tokens that people can read: Helix shows them."""


class Progressing:
    """`async with` it: begins, reports by `say`, and ends. Silent where the client has no progress display."""

    def __init__(self, server: PointsmanServer, title: str, cancel: Callable[[], object]) -> None:
        self._server = server
        self._title = title
        self._cancel = cancel
        self._token = f"Pointsman {next(_NUMBERS)}"
        self._shown = self._ended = False
        self._last = 0.0
        self._line = ""
        self._creating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._server.client.work_done_progress:
            self._server.cancellers[self._token] = self._cancel
            self._creating = asyncio.create_task(self._create())
        return self

    async def _create(self) -> None:
        """Ask the client for the display; the task does not wait for its answer."""
        create = lsp.WorkDoneProgressCreateParams(self._token)
        await self._server.ask_client(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE, create, timeout=1.0)
        if not self._ended:
            self._shown = True
            self._send(lsp.WorkDoneProgressBegin(title=f"Pointsman: {self._title}"[:120], cancellable=True))
            self.say(self._line)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """End it now. Helix clears its line then, so what is to be read comes after it."""
        self._server.cancellers.pop(self._token, None)
        self._ended = True
        if self._shown:
            self._shown = False
            self._send(lsp.WorkDoneProgressEnd())

    def say(self, line: str, *, minor: bool = False) -> None:
        """Show a line. A `minor` one only tells that it goes on, and is left out when another came just now."""
        now = time.monotonic()
        if not self._shown:
            self._line = line or self._line
        elif line and not (minor and now - self._last < THROTTLE):
            self._last = now
            self._send(lsp.WorkDoneProgressReport(message=line[:LINE_LIMIT]))

    def _send(self, value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressReport | lsp.WorkDoneProgressEnd) -> None:
        self._server.progress_notify(self._token, value)


class Telling:
    """What one task says of itself: its latest line, what was written since, and how long it has taken."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._line = ""
        self._written = 0

    def take(self, event: Event) -> str:
        if isinstance(event, Wrote):
            self._written += len(event.text)
        elif line := line_of(event):
            self._line, self._written = line, 0
        tokens = self._written // CHARACTERS_A_TOKEN
        seconds = int(time.monotonic() - self._began)
        more = [f"~{tokens} tokens" if tokens else "", f"{seconds} s" if seconds else ""]
        room = LINE_LIMIT - sum(len(part) + 3 for part in more if part)
        return " · ".join(part for part in (self._line[:room], *more) if part)


def line_of(event: Event) -> str:
    """One line for the progress display; empty where an event brings nothing new to say."""
    line = ""
    match event:
        case Routed():
            line = f"{event.slot}: {event.model} via {event.provider}"
        case Progress():
            line = event.message
        case Rejected():
            line = f"reply rejected ({event.reject.code})" + ", asking again" * event.again
        case ConsentNeeded():
            line = "waiting for your consent to run checks"
        case Planned(waits=True):
            line = "the plan waits for you"
        case Asked():
            line = "waiting for your answer"
        case Checking():
            line = f"checking: {', '.join(event.checks) or 'syntax'}"
        case Checked(report=report) if report.verdict is Verdict.FAILED:
            many = len(report.problems)
            line = f"{many} failure{'s' * (many != 1)}" + ", asking again" * event.again
        case _:
            pass
    return line
