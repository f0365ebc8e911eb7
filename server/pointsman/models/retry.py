"""Trying again: the same lease, and only as long as no word of an answer has come.

Another model never steps in here. A wait longer than the task can bear is told to the user instead of being sat out.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from pointsman.errors import ProviderError, RateLimited, Unavailable
from pointsman.models.limits import Limits
from pointsman.terms import Delta, End

SHORTEST = 0.5
LONGEST = 8.0

Attempt = Callable[[], AsyncGenerator[Delta | End, None]]
Sleep = Callable[[float], Awaitable[None]]


async def with_retries(
    attempt: Attempt, limits: Limits, *, sleep: Sleep = asyncio.sleep, chance: Callable[[], float] = random.random
) -> AsyncGenerator[Delta | End, None]:
    """The pieces of the first attempt that brings any content; reasoning alone does not commit us to one."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    for tries in range(limits.retries + 1):
        answered = False
        try:
            async with aclosing(attempt()) as pieces:
                async for piece in pieces:
                    answered = answered or isinstance(piece, End) or not piece.reasoning
                    yield piece
        except ProviderError as error:
            if answered or not error.retryable or tries == limits.retries:
                raise
            pause = _pause(error, tries, chance)
            if pause > limits.longest_wait or clock() - begun + pause > limits.budget:
                raise _too_long(error, pause) from None
            await sleep(pause)
        else:
            return


def _pause(error: ProviderError, tries: int, chance: Callable[[], float]) -> float:
    """What the provider asked for, or full jitter over a doubling range."""
    if error.retry_after is not None:
        return error.retry_after
    ceiling: float = min(LONGEST, SHORTEST * 2 ** (tries + 1))
    return SHORTEST + chance() * (ceiling - SHORTEST)


def _too_long(error: ProviderError, pause: float) -> ProviderError:
    kind = RateLimited if isinstance(error, RateLimited) else Unavailable
    return kind(
        error.message,
        f"The next try would have to wait {pause:.0f} s, too long for this task: "
        f"start it again then, or with another model.",
        retry_after=pause,
        retryable=False,
    )
