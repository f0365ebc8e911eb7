"""What each model accepts: data in `models.json`, and the one function that compiles "deterministic" for a model.

Low randomness is an intent, not a set of parameters: many models refuse some of them, and a refused request helps
nobody. A hot path (every slot but the planner's) also switches thinking off, where a model lets it be switched off.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from pointsman.terms import Slot

TEMPERATURE = 0.1
TOP_P = 0.9
MAX_TOKENS = 16_000

_WIRES = {
    "/chat/completions": "openai-chat",
    "/responses": "openai-responses",
    "/messages": "anthropic-messages",
    "/api/chat": "ollama",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """`sampling` is what of temperature and top_p a model takes: both, one, or none.

    `tokens` names the field that limits the answer. `thinking_off` is merged into a request of a hot path.
    `wires` limits a row to some wires; empty means all.
    """

    pattern: str
    sampling: str = "both"
    tokens: str = "max_tokens"
    thinking_off: Mapping[str, Any] = field(default_factory=dict)
    wires: tuple[str, ...] = ()
    thinks: bool = False


def wire_of(named: str, url: str) -> str:
    """The wire a provider speaks: as named, or by the end of its URL."""
    path = urlsplit(url).path.rstrip("/")
    return named or next((wire for end, wire in _WIRES.items() if path.endswith(end)), "openai-chat")


def profile_of(model: str, wire: str) -> Profile:
    """The first row whose pattern fits the model's name, with or without its vendor before it."""
    names = {model.casefold(), model.casefold().rpartition("/")[2]}
    fits = (row for row in _table() if not row.wires or wire in row.wires)
    return next((row for row in fits if any(fnmatchcase(name, row.pattern) for name in names)), Profile("*"))


def parameters(model: str, wire: str, slot: Slot, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The request parameters for a model in a slot; `overrides` win, and null takes a parameter out."""
    profile = profile_of(model, wire)
    compiled: dict[str, Any] = {profile.tokens: MAX_TOKENS}
    if profile.sampling in {"both", "one"}:
        compiled["temperature"] = TEMPERATURE
    if profile.sampling == "both":
        compiled["top_p"] = TOP_P
    if slot is not Slot.REASON_PLAN:
        compiled |= profile.thinking_off
    compiled |= overrides
    return {name: value for name, value in compiled.items() if value is not None}


@cache
def _table() -> tuple[Profile, ...]:
    rows = json.loads((files("pointsman.profiles") / "models.json").read_text("utf-8"))
    return tuple(Profile(**row | {"wires": tuple(row.get("wires", ()))}) for row in rows)
