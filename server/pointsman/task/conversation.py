"""What is said between a task and its one model: the messages so far, and what they cost."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from pointsman.errors import BadReply, Truncated
from pointsman.files.workspace import Workspace
from pointsman.profiles.tokens import Tokens
from pointsman.task.purse import Purse, cost_of, size_of
from pointsman.terms import (
    Context,
    Delta,
    End,
    Event,
    Form,
    Lease,
    Message,
    Model,
    Progress,
    Receipt,
    Request,
    Usage,
    Wrote,
)

REPLY_LIMIT = 4 << 20
"""Code points; a longer reply is no patch, and is cut off while it streams."""


@dataclass(slots=True)
class Bill:
    """What a task has used, over all its leases: a plan and its execution are one task."""

    task: str
    began: float = field(default_factory=time.monotonic)
    turns: int = 0
    usage: Usage = field(default_factory=Usage)
    purse: Purse = field(default_factory=Purse)
    tokens: Tokens = field(default_factory=Tokens)

    def add(self, usage: Usage) -> None:
        old = self.usage
        self.usage = Usage(
            _sum(old.prompt, usage.prompt),
            _sum(old.completion, usage.completion),
            _sum(old.cached, usage.cached),
            _sum(old.written, usage.written),
        )


@dataclass(slots=True)
class Conversation:
    """One lease and everything said on it. `reply` and `finish` are those of the last turn."""

    lease: Lease
    context: Context
    workspace: Workspace
    model: Model
    bill: Bill
    messages: tuple[Message, ...]
    form: Form | None = None
    reply: str = ""
    finish: str = ""
    served: str = ""
    sources: tuple[tuple[str, str], ...] = ()

    async def turn(self) -> AsyncIterator[Event]:
        """Send everything said so far and take the whole answer in, or raise; a cut answer is never kept."""
        purse, call = self.bill.purse, f"{self.bill.task}.{self.bill.turns + 1}"
        estimate = await purse.take(call, self.lease, self.messages)
        self.bill.turns += 1
        if self.bill.turns == 1 and (warning := purse.uncounted(self.lease)):
            yield Progress(warning)
        yield Progress(f"{self.lease.model} is writing (turn {self.bill.turns})")
        taken = _Taken()
        try:
            async for wrote in self._stream(taken):
                yield wrote
        finally:
            self._pay(call, estimate, taken)
        counted = taken.finished(self.lease).usage.prompt
        await asyncio.to_thread(self.bill.tokens.learn, self.lease.name, size_of(self.messages), counted)
        self.reply, self.finish = taken.text, taken.finished(self.lease).finish
        self.messages = (*self.messages, Message("assistant", self.reply))
        self.sources = tuple(dict.fromkeys((*self.sources, *taken.finished(self.lease).sources)))
        for warning in taken.finished(self.lease).warnings:
            yield Progress(warning)

    async def _stream(self, taken: "_Taken") -> AsyncIterator[Wrote]:
        request = Request(self.lease, self.messages, self.context, self.workspace, self.form)
        size = 0
        async with aclosing(self.model.stream(request)) as stream:  # what is not wanted any more is hung up at once
            async for piece in stream:
                taken.begun = True
                match piece:
                    case End():
                        taken.end = piece
                        self.bill.add(piece.usage)
                        self.served = piece.served or self.served
                    case Delta(text, reasoning=False):
                        taken.pieces.append(text)
                        size += len(text)
                        self._bound(size)
                        yield Wrote(text, self.bill.turns)
        taken.finished(self.lease)

    def _pay(self, call: str, estimate: float, taken: "_Taken") -> None:
        """Take note of the cost, also of a turn that broke off: what was read and written by then is to be paid."""
        if taken.end is None and not taken.begun:
            self.bill.purse.give(call, self.lease, 0.0 if estimate else None, exact=True)
            return
        usage = taken.end.usage if taken.end else Usage()
        cost, exact = cost_of(self.lease, usage, self.messages, taken.text)
        self.bill.purse.give(call, self.lease, cost, exact=exact)

    def _bound(self, size: int) -> None:
        if size > REPLY_LIMIT:
            raise BadReply(f"{self.lease.name} sent more than {REPLY_LIMIT >> 20} MB.", "Nothing was changed.")

    def say(self, text: str) -> None:
        self.messages = (*self.messages, Message("user", text))

    def receipt(self, checks: str = "") -> Receipt:
        bill = self.bill
        seconds = time.monotonic() - bill.began
        return Receipt(
            bill.task,
            self.lease.name,
            self.served,
            self.lease.why,
            bill.turns,
            seconds,
            bill.usage,
            checks,
            bill.purse.shown,
            self.sources,
        )


@dataclass(slots=True)
class _Taken:
    """What came of a turn so far."""

    pieces: list[str] = field(default_factory=list)
    end: End | None = None
    begun: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def finished(self, lease: Lease) -> End:
        if self.end is None:
            raise Truncated(f"{lease.name} stopped without finishing.", "Nothing was changed; try again.")
        return self.end


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)
