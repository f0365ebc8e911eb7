"""JSON in what a tool wrote: whole, one value a line, or with text around it; bounded, for it is untrusted."""

import json
from collections.abc import Iterator
from typing import Any

from pointsman.checks.tool import Output

SIZE_LIMIT = 32 << 20
VALUE_LIMIT = 100_000


def values(output: Output) -> list[Any]:
    """Every JSON value of a run: of its artefacts, else of its output, else of its error output."""
    for text in (*output.run.artefacts.values(), output.run.stdout, output.run.stderr):
        if found := values_in(text):
            return found
    return []


def values_in(text: str) -> list[Any]:
    """The objects and lists that begin on a line of their own."""
    if len(text) > SIZE_LIMIT:
        return []
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return list(_scattered(text))
    return [whole] if isinstance(whole, (dict, list)) else []


def _scattered(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    at, count = 0, 0
    while at < len(text) and count < VALUE_LIMIT:
        if text[at] in "{[":
            try:
                value, at = decoder.raw_decode(text, at)
                count += 1
                yield value
            except (ValueError, RecursionError):
                pass
        at = text.find("\n", at) + 1 or len(text)


def dig(value: Any, keys: str) -> Any:
    """What stands at `a.b.0` or `a.last`; of alternatives, `a.b|c`, the first that is there."""
    for path in keys.split("|"):
        found = value
        for key in path.split("."):
            if isinstance(found, list):
                index = len(found) - 1 if key == "last" else int(key) if key.isdecimal() else len(found)
                found = found[index] if 0 <= index < len(found) else None
            else:
                found = found.get(key) if isinstance(found, dict) else None
        if found is not None and found != "":
            return found
    return None


def text_at(value: Any, keys: str) -> str:
    found = dig(value, keys) if keys else None
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return ""
    return str(found)


def number_at(value: Any, keys: str) -> int | None:
    found = dig(value, keys) if keys else None
    if isinstance(found, str) and found.isdecimal():
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def objects(value: Any, keys: str) -> list[dict[str, Any]]:
    """The objects of the list at `keys`."""
    found = dig(value, keys)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
