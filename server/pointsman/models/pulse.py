"""The clock of one reply: by when the next sign of life must have come.

Only content and reasoning move it. Providers send comments and pings while a request waits in a queue or a process
hangs, so a timer that any byte restarts never ends.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from pointsman.errors import Unavailable
from pointsman.models.address import named
from pointsman.models.limits import Limits
from pointsman.terms import Lease

T = TypeVar("T")


class Pulse:
    def __init__(self, lease: Lease, limits: Limits) -> None:
        self._lease = lease
        self._limits = limits
        self._time = asyncio.get_running_loop().time
        self._begun = self._time()
        self._end = self._begun + limits.wall
        self._deadline = min(self._begun + limits.first, self._end)
        self._beats = 0
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Task[object] | None = None
        self._rung = False
        self.answering = False

    def beat(self, *, answer: bool) -> None:
        """A piece came: of the answer, or of the reasoning before it."""
        self._beats += 1
        self.answering = self.answering or answer
        self._deadline = min(self._time() + self._limits.idle, self._end)

    def wind_down(self, seconds: float) -> None:
        """The answer is complete: what still comes may take `seconds` in all."""
        self._deadline = self._end = min(self._time() + seconds, self._end)

    async def within(self, awaitable: Awaitable[T]) -> T:
        """The result, or Unavailable at the deadline.

        One timer serves all pieces: it looks when it rings whether the deadline has moved on, for a timer of its own
        costs more than all else that is done for a piece.
        """
        self._waiting = task = asyncio.current_task()
        before = task.cancelling() if task else 0
        if self._timer is None or self._timer.when() > self._deadline:
            self.close()
            self._arm()
        try:
            return await awaitable
        except asyncio.CancelledError:
            if self._rung and task and task.uncancel() <= before:
                raise self._silence() from None
            raise
        finally:
            self._waiting = None

    def close(self) -> None:
        """Nothing is waited for any more."""
        if self._timer:
            self._timer.cancel()

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        if self._waiting is None:
            self._timer = None  # the time our own caller takes; it is armed when the next piece is waited for
        elif self._time() < self._deadline:
            self._arm()
        else:
            self._rung = True
            self._waiting.cancel()

    def _silence(self) -> Unavailable:
        who = named(self._lease)
        hint = "Try again; if it stays so, choose a faster model for this slot."
        if self._deadline >= self._end:
            return Unavailable(f"{who} did not finish within {self._limits.wall:g} s.", hint, retryable=False)
        if not self._beats:
            return Unavailable(f"{who} sent no word of an answer within {self._limits.first:g} s.", hint)
        return Unavailable(f"{who} fell silent for {self._limits.idle:g} s in the middle of its answer.", hint)
