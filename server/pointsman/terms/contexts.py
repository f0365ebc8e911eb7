"""What the model is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pointsman.terms.offers import Offer
from pointsman.text import Snapshot


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str
    stable: int = 0
    """How many characters at the beginning stay the same from task to task: a prompt cache can keep them."""


@dataclass(frozen=True, slots=True)
class Context:
    """What goes to the model for one task, and the exact snapshots it was shown.

    `sections` are (title, text) pairs in the order they are sent: first what changes least, so that a provider's
    prompt cache can hit. `seen` maps each path to the snapshot whose lines were shown.
    """

    offer: Offer
    root: str
    sections: tuple[tuple[str, str], ...]
    seen: Mapping[str, Snapshot]
    size: int
    """Bytes of the material, uncut, or as it is sent if that is more: what the choice of `longContext` is made from."""
