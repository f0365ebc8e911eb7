"""What a task may cost, and has cost: asked before each call, told after it.

An estimate counts the prompt as it is and an answer of usual length. A call that would go beyond a limit is not made.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from pointsman.config.model import Budget
from pointsman.errors import OverBudget
from pointsman.journal.spending import Spending
from pointsman.terms import Lease, Message, Usage

USUAL_ANSWER = 1_000
"""Tokens."""


@dataclass(slots=True)
class Purse:
    """`spent` is what this task has cost so far; `exact` as long as all of it is the providers' own bill."""

    budget: Budget = field(default_factory=Budget)
    spending: Spending = field(default_factory=Spending)
    spent: float = 0.0
    exact: bool = True
    known: bool = False
    """Whether the price of any call was known."""

    async def take(self, call: str, lease: Lease, messages: Sequence[Message]) -> float:
        """The estimate for a call, set aside. Raises OverBudget before anything is sent."""
        if lease.price is None or not lease.price.costs:
            return 0.0
        estimate = lease.price.of(Usage(_tokens(lease, messages), USUAL_ANSWER))
        limit = self.budget.perTask
        if limit and self.spent + estimate > limit:
            raise OverBudget(
                f"The next call to {lease.name} would cost about {dollars(estimate)}, and budget.perTask is "
                f"{dollars(limit)}; this task has cost {dollars(self.spent)}.",
                "Raise budget.perTask, or choose a smaller task or a cheaper model.",
            )
        await asyncio.to_thread(self.spending.note, call, lease.name, estimate)
        total = await asyncio.to_thread(self.spending.today) if self.budget.perDay else 0.0
        if self.budget.perDay and total > self.budget.perDay:
            await asyncio.to_thread(self.spending.note, call, lease.name, 0.0)
            raise OverBudget(
                f"The next call to {lease.name} would cost about {dollars(estimate)}, and budget.perDay is "
                f"{dollars(self.budget.perDay)}; {dollars(max(0.0, total - estimate))} are spent today.",
                "Raise budget.perDay, wait until tomorrow, or choose a local model.",
            )
        return estimate

    def give(self, call: str, lease: Lease, cost: float | None, *, exact: bool) -> None:
        """Take note of what a call has cost in the end; None where nobody knows."""
        if cost is None:
            return
        self.known = True
        self.spent += cost
        self.exact = self.exact and exact
        if lease.price is None or lease.price.costs or cost:
            self.spending.note(call, lease.name, cost)

    @property
    def shown(self) -> str:
        """For the receipt."""
        return f"{'' if self.exact else '~'}{dollars(self.spent)}" if self.known else ""

    def uncounted(self, lease: Lease) -> str:
        """What to tell where there is a limit that cannot be kept; empty if it can."""
        if lease.price is not None or not (self.budget.perTask or self.budget.perDay):
            return ""
        return f"The price of {lease.name} is not known, so no budget stops it: set `prices` of the provider."


def cost_of(lease: Lease, usage: Usage, messages: Sequence[Message], answer: str) -> tuple[float | None, bool]:
    """What a call cost, and whether that is the provider's own bill; tokens nobody counted are estimated."""
    if usage.cost is not None:
        return usage.cost, True
    if lease.price is None:
        return None, False
    prompt = _tokens(lease, messages) if usage.prompt is None else usage.prompt
    completion = int(len(answer.encode("utf-8", "replace")) / lease.bytes_per_token)
    counted = Usage(prompt, completion if usage.completion is None else usage.completion, usage.cached, usage.written)
    return lease.price.of(counted), not lease.price.costs


def dollars(amount: float) -> str:
    """For people: two figures that say something, however small the amount."""
    if amount >= 1 or not amount:
        return f"${amount:.2f}" if amount else "$0"
    shown = f"{amount:.3f}" if amount >= 0.0005 else f"{amount:.6f}".rstrip("0").rstrip(".")  # noqa: PLR2004 - rounds up
    return f"${shown}"


def size_of(messages: Sequence[Message]) -> int:
    """Bytes."""
    return sum(len(message.content.encode("utf-8", "replace")) for message in messages)


def _tokens(lease: Lease, messages: Sequence[Message]) -> int:
    return int(size_of(messages) / lease.bytes_per_token)
