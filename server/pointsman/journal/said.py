"""What was said between a task and its model, as it waits on disk beside the proposal that came of it.

No key and no address is kept: of the lease there is who answered, and a mark that tells whether the configuration still
makes the same of it. Of the files that were shown there are the names; whoever goes on reads them as they are then.
"""

from dataclasses import dataclass, replace

from pointsman.route import Claim, claim_of
from pointsman.terms import Context, Lease, Message, Offer
from pointsman.text import Snapshot

SHORTEST_KEY = 8
"""Characters; what is shorter is no secret, but a word that a local engine wants to have."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A task that may go on: the same lease, everything said so far, and what it was said about.

    After a restart there is only the claim to the lease.
    """

    task: str
    offer: Offer
    context: Context
    lease: Lease | Claim
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A dialogue on disk."""

    offer: Offer
    root: str
    seen: tuple[str, ...]
    size: int
    claim: Claim
    messages: tuple[Message, ...]

    @classmethod
    def of(cls, dialogue: Dialogue) -> "Said | None":
        """None where the key itself was said, by a file that holds it."""
        lease, context = dialogue.lease, dialogue.context
        key = lease.key if isinstance(lease, Lease) else ""
        if len(key) >= SHORTEST_KEY and any(key in said.content for said in dialogue.messages):
            return None
        claim = claim_of(lease) if isinstance(lease, Lease) else lease
        offer = replace(dialogue.offer, version=None)  # of this session's buffer
        return cls(offer, context.root, tuple(context.seen), context.size, claim, dialogue.messages)

    def dialogue(self, task: str) -> Dialogue:
        seen = {path: Snapshot("", None, "") for path in self.seen}
        context = Context(self.offer, self.root, (), seen, self.size)
        return Dialogue(task, self.offer, context, self.claim, self.messages)
