"""What models cost: the makers' list prices as data, for an estimate before a call and, where no bill comes, after it.

`prices.json` is in US dollars for a million tokens, by the model's bare name with `-` for `.`. A name that is not there
has no price: one of a model that is merely called alike would be a wrong one.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pointsman.profiles.hosts import is_loopback
from pointsman.terms import FREE, Price

AS_OF = "2026-11-23"
"""The day of the list."""
_EDITION = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|\d{4}|latest|preview)$")


def price_of(model: str, url: str, given: Mapping[str, Price] | None = None) -> Price | None:
    """The price of a model: what the user says, nothing on this machine, else the list's; None if it is not known."""
    own = {name.casefold(): price for name, price in (given or {}).items()}
    if said := own.get(model.casefold()) or own.get("*"):
        return said
    if is_loopback(url):
        return FREE
    name, _, variant = model.casefold().rpartition("/")[2].partition(":")
    if variant == "free":
        return FREE
    name = name.replace(".", "-")
    return table().get(name) or table().get(_EDITION.sub("", name))


@cache
def table() -> Mapping[str, Price]:
    rows = json.loads((files("pointsman.profiles") / "prices.json").read_text("utf-8"))
    return {name: _price(row) for name, row in rows.items()}


def _price(row: Mapping[str, Any]) -> Price:
    longer = row.get("long")
    return Price(**{**row, "long": _price(longer) if longer else None})
