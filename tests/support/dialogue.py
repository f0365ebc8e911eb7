"""A lease on a scripted provider, and a turn over it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pointsman.models.http import Connections
from pointsman.models.limits import Limits
from pointsman.models.turn import HttpModel
from pointsman.terms import Context, Delta, End, Lease, Message, Offer, Request, Secret, Slot
from pointsman.text import Span

KEY = "sk-test-0123456789abcdef"
CONTEXT = Context(Offer("fix", "Fix", "a.py", Span(0, 0)), "/", (), {}, 0)
PATIENT = Limits(first=60, idle=60, wall=120, retries=0, longest_wait=20, budget=60)
"""Limits that no busy machine runs into; the three below can be waited for, one clock each."""
SOON = replace(PATIENT, first=0.3)
LIVELY = replace(PATIENT, idle=0.3)
SHORT = replace(PATIENT, wall=0.8)


def lease(url: str, wire: str = "openai-chat", model: str = "vendor/coder-1", **changes: Any) -> Lease:
    fields = {"task": "t1", "slot": Slot.QUICK_EDIT, "provider": "acme", "model": model, "wire": wire, "url": url}
    return Lease(**{**fields, "key": Secret(KEY), "why": "because", **changes})


def request(held: Lease, *texts: str) -> Request:
    messages = tuple(Message("user", text) for text in texts or ("Fix it.",))
    return Request(held, messages, CONTEXT, None)  # the wires never look at the workspace


def model(wire: Any, limits: Limits = PATIENT) -> HttpModel:
    return HttpModel(wire, Connections(), lambda _: limits)


@dataclass(frozen=True)
class Turn:
    text: str
    reasoning: str
    ends: Sequence[End]
    pieces: int

    @property
    def end(self) -> End:
        (end,) = self.ends
        return end


async def turn(speaker: Any, asked: Request) -> Turn:
    """The whole answer."""
    pieces = [piece async for piece in speaker.stream(asked)]
    deltas = [piece for piece in pieces if isinstance(piece, Delta)]
    return Turn(
        "".join(delta.text for delta in deltas if not delta.reasoning),
        "".join(delta.text for delta in deltas if delta.reasoning),
        [piece for piece in pieces if isinstance(piece, End)],
        len(deltas),
    )
