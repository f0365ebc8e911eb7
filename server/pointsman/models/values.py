"""Taking values out of JSON that others wrote.

Of what is beside the answer, a value that has not the expected kind counts as absent. Of the answer itself it is an
error: what is left out would be missing from an edit, and nobody would know.
"""

from collections.abc import Mapping
from typing import Any

_MOST = 1 << 53
"""Larger numbers count nothing, and not all of them can be calculated with."""


class Odd(ValueError):
    """The answer, or a part of it, may stand where it cannot be read. Says where."""


def words(value: Any, place: str) -> str:
    """A piece of the answer; nothing for null. Raises Odd."""
    if value is None or isinstance(value, str):
        return value or ""
    raise Odd(place)


def text(value: Any, place: str) -> str:
    """A piece of the answer that must be there. Raises Odd."""
    if isinstance(value, str):
        return value
    raise Odd(place)


def inner(value: Any, place: str) -> Mapping[str, Any]:
    """An object that holds a piece of the answer; empty for null. Raises Odd."""
    if value is None or isinstance(value, dict):
        return value or {}
    raise Odd(place)


def each(value: Any, place: str) -> list[Mapping[str, Any]]:
    """The objects of a list that hold pieces of the answer; none for null. Raises Odd."""
    if value is None:
        return []
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise Odd(place)


def string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def count(value: Any) -> int | None:
    """A number of things, such as there may be."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else None


def amount(value: Any) -> float | None:
    """A number that is no less than nothing."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST
    return float(value) if known else None


def text_of(value: Any) -> str:
    """The text of a string, of a content part, or of a list of parts."""
    if isinstance(value, list):
        return "".join(text_of(part) for part in value)
    if isinstance(value, dict):
        return next((text for name in ("text", "thinking", "summary") if (text := text_of(value.get(name)))), "")
    return string(value)
