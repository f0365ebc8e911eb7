"""The families of models in `models.json`: which parameters they take, and whether and how they think.

The first row whose pattern fits wins, so that the exceptions of a family stand before it. A model that no row names is
taken for one that accepts everything and does not think: that is what most local models do.
"""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

Sampling = Literal["both", "one", "unless thinking", "none"]
Thinking = Literal["never", "off", "on", "always"]


@dataclass(frozen=True, slots=True)
class Profile:
    """One row.

    `sampling` says which of temperature and top_p a request may carry. `thinking` is what the model does if nothing is
    said: "off" and "on" can be changed, "never" and "always" cannot. `least` is the lowest effort it can be told.
    `effort` tells that it is steered by an effort, not by a switch; `template_switch` is the variable of its chat
    template that engines of this machine turn its thinking off with. `context` and `answer` are limits in tokens, 0
    where they are unknown. `form` is what its makers can force an answer into. `known` is false for a model that no
    row names.
    """

    patterns: tuple[str, ...] = ("*",)
    sampling: Sampling = "both"
    thinking: Thinking = "never"
    effort: bool = False
    least: str = "none"
    template_switch: str = ""
    limit_field: str = "max_tokens"
    context: int = 0
    answer: int = 0
    form: Literal["", "schema", "lark"] = ""
    known: bool = True


@lru_cache(256)
def profile_of(model: str) -> Profile:
    """The row of a model, named with or without its vendor before it and its variant after it."""
    name = model.casefold().rpartition("/")[2]
    return next((row for row in table() if any(fnmatchcase(name, pattern) for pattern in row.patterns)), _UNKNOWN)


@cache
def table() -> tuple[Profile, ...]:
    rows = json.loads((files("pointsman.profiles") / "models.json").read_text("utf-8"))
    return tuple(Profile(tuple(row.pop("models")), **row) for row in rows)


_UNKNOWN = Profile(known=False)
