"""What outlives a task: the dialogues that may go on, the proposals the user has not decided on.

Kept in memory for now; nothing here knows who asks.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TypeVar

from pointsman.terms import Context, FileSet, Lease, Message, Offer, Receipt, Report

Kept = TypeVar("Kept")

KEPT = 50
"""Dialogues and proposals kept, each: the oldest goes first."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A task that may go on: the same lease, everything said so far, and what it was said about."""

    task: str
    offer: Offer
    context: Context
    lease: Lease
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that waits for the user. `reason` says why it was not simply applied."""

    task: str
    title: str
    root: str
    candidate: FileSet
    report: Report
    receipt: Receipt
    reason: str


@dataclass(slots=True)
class Journal:
    dialogues: OrderedDict[str, Dialogue] = field(default_factory=OrderedDict)
    proposals: OrderedDict[str, Proposal] = field(default_factory=OrderedDict)

    def remember(self, dialogue: Dialogue) -> None:
        _keep(self.dialogues, dialogue.task, dialogue)

    def propose(self, proposal: Proposal) -> None:
        _keep(self.proposals, proposal.task, proposal)

    def settle(self, task: str) -> Proposal | None:
        """Take a proposal out: it was applied or discarded."""
        return self.proposals.pop(task, None)


def _keep(kept: OrderedDict[str, Kept], task: str, value: Kept) -> None:
    kept[task] = value
    kept.move_to_end(task)
    while len(kept) > KEPT:
        kept.popitem(last=False)
