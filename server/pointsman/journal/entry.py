"""What is kept of a task: who did it, how it ended, and the edit, so that it can be decided on or taken back later."""

from dataclasses import dataclass

from pointsman.journal.said import Said
from pointsman.terms import FileSet, Offer, Receipt, Report


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that waits for the user, or that was applied. `reason` says why it was not simply applied."""

    task: str
    title: str
    root: str
    candidate: FileSet
    report: Report
    receipt: Receipt
    reason: str
    intent: str = ""
    path: str = ""
    """Where it was asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a task ended: `outcome` is proposed, applied, reverted, discarded, explained, failed or cancelled.

    `proposal` is missing where there was no edit, or where it was too large to keep; `said` where that was too large,
    or the proposal waits no more.
    """

    task: str
    title: str
    root: str
    outcome: str
    when: float = 0.0
    intent: str = ""
    path: str = ""
    reason: str = ""
    receipt: Receipt | None = None
    proposal: Proposal | None = None
    said: Said | None = None

    @classmethod
    def of(cls, proposal: Proposal, outcome: str) -> "Entry":
        return cls(
            proposal.task,
            proposal.title,
            proposal.root,
            outcome,
            intent=proposal.intent,
            path=proposal.path,
            reason=proposal.reason,
            receipt=proposal.receipt,
            proposal=proposal,
        )

    @classmethod
    def ended(
        cls, task: str, offer: Offer, root: str, outcome: str, *, receipt: Receipt | None, reason: str
    ) -> "Entry":
        """A task without an edit."""
        return cls(task, offer.title, root, outcome, 0.0, offer.intent, offer.path, reason, receipt)
