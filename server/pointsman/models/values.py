"""Taking values out of JSON that others wrote: what has not the expected kind counts as absent."""

from collections.abc import Mapping
from typing import Any


def string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def amount(value: Any) -> float | None:
    """A number that is no less than nothing."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
    return float(value) if known else None


def text_of(value: Any) -> str:
    """The text of a string, of a content part, or of a list of parts."""
    if isinstance(value, list):
        return "".join(text_of(part) for part in value)
    if isinstance(value, dict):
        return next((text for name in ("text", "thinking", "summary") if (text := text_of(value.get(name)))), "")
    return string(value)
