"""Work in a thread cannot be cancelled, so whoever waits for it and is must wait on, and undo it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


async def in_thread(work: Callable[[], Value], undo: Callable[[Value], object] = lambda _: None) -> Value:
    """The result of blocking work. If the caller is cancelled meanwhile, the result is undone, and then it is."""
    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        undo(await task)
        raise
