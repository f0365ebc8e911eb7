"""How long a turn may take, by the slot it was routed to: data, not code.

A quick edit that is not quick has failed, while a thinking model may think. A local engine is given more, because the
first request may load the model from disk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pointsman.models.address import is_loopback
from pointsman.terms import Lease, Slot

LOCAL_START = 120.0
"""Seconds a local engine may take to load its model, on top of the slot's own limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """All times in seconds."""

    first: float
    """Until the first piece of content or reasoning."""
    idle: float
    """Between two pieces. Comments and pings are no pieces."""
    wall: float
    """For one whole reply, however steadily it drips."""
    retries: int
    longest_wait: float
    """The longest pause a provider may ask for before we rather tell the user."""
    budget: float
    """No further attempt is started later than this after the first one."""

    def for_local(self) -> "Limits":
        return replace(
            self, first=self.first + LOCAL_START, wall=self.wall + LOCAL_START, budget=self.budget + LOCAL_START
        )


_EDIT = Limits(first=60, idle=30, wall=300, retries=2, longest_wait=20, budget=120)

LIMITS: Mapping[Slot, Limits] = {
    Slot.QUICK_EDIT: Limits(first=20, idle=15, wall=60, retries=1, longest_wait=5, budget=20),
    Slot.DEFAULT: _EDIT,
    Slot.REFACTOR: _EDIT,
    Slot.LONG_CONTEXT: replace(_EDIT, first=120),
    Slot.WEB_SEARCH: replace(_EDIT, first=120),
    Slot.REASON_PLAN: Limits(first=180, idle=90, wall=600, retries=2, longest_wait=20, budget=300),
}


def limits_for(lease: Lease) -> Limits:
    limits = LIMITS[lease.slot]
    return limits.for_local() if is_loopback(lease.url) else limits
