"""What is said between a task and its one model: the messages so far, and what they cost."""

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from pointsman.errors import BadReply, Truncated
from pointsman.files.workspace import Workspace
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

    def add(self, usage: Usage) -> None:
        old = self.usage
        self.usage = Usage(
            _sum(old.prompt, usage.prompt), _sum(old.completion, usage.completion), _sum(old.cached, usage.cached)
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

    async def turn(self) -> AsyncIterator[Event]:
        """Send everything said so far and take the whole answer in, or raise; a cut answer is never kept."""
        self.bill.turns += 1
        yield Progress(f"{self.lease.model} is writing (turn {self.bill.turns})")
        pieces: list[str] = []
        size = 0
        end: End | None = None
        request = Request(self.lease, self.messages, self.context, self.workspace, self.form)
        async with aclosing(self.model.stream(request)) as stream:  # what is not wanted any more is hung up at once
            async for piece in stream:
                match piece:
                    case End():
                        end = piece
                    case Delta(text, reasoning=False):
                        pieces.append(text)
                        size += len(text)
                        self._bound(size)
                        yield Wrote(text, self.bill.turns)
        if end is None:
            raise Truncated(f"{self.lease.name} stopped without finishing.", "Nothing was changed; try again.")
        self.reply, self.finish = "".join(pieces), end.finish
        self.messages = (*self.messages, Message("assistant", self.reply))
        self.bill.add(end.usage)
        self.served = end.served or self.served
        for warning in end.warnings:
            yield Progress(warning)

    def _bound(self, size: int) -> None:
        if size > REPLY_LIMIT:
            raise BadReply(f"{self.lease.name} sent more than {REPLY_LIMIT >> 20} MB.", "Nothing was changed.")

    def say(self, text: str) -> None:
        self.messages = (*self.messages, Message("user", text))

    def receipt(self, checks: str = "") -> Receipt:
        bill = self.bill
        seconds = time.monotonic() - bill.began
        return Receipt(bill.task, self.lease.name, self.served, self.lease.why, bill.turns, seconds, bill.usage, checks)


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)
