"""Work that several may ask for at once, and that is worth remembering."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Sharing(Generic[Value]):
    """A bounded memory of results by key. Two who ask for the same key while it is worked on share the work.

    The work is cancelled when the last who waits for it is; what failed is not remembered.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._done: OrderedDict[str, Value] = OrderedDict()
        self._running: dict[str, asyncio.Task[Value]] = {}
        self._waiting: dict[str, int] = {}

    async def get(self, key: str, work: Callable[[], Coroutine[None, None, Value]]) -> Value:
        if key in self._done:
            self._done.move_to_end(key)
            return self._done[key]
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(work())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            value = await asyncio.shield(task)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key] or task.done():
                await self._leave(key, task)
        self._done[key] = value
        while len(self._done) > self._limit:
            self._done.popitem(last=False)
        return value

    async def _leave(self, key: str, task: asyncio.Task[Value]) -> None:
        if self._running.get(key) is task:
            del self._running[key]
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
