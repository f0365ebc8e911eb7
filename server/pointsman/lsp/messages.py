"""Messages in: JSON as objects of the protocol, or a reason in words why it is none.

Other people's servers fill a request for code actions with their diagnostics, and clients announce what no
specification knows yet. One odd value there must not cost the user the whole request, so what does not fit is left out
of these messages, up to the nearest part that may be missing. Any other message is taken whole or refused.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    IterableValidationError,
    IterableValidationNote,
)
from lsprotocol import types as lsp
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, JsonRPCResponseMessage, default_converter

log = logging.getLogger(__name__)

Place = tuple[str | int, ...]
"""Where in a message: keys and indices from its top."""

TOLERANT = {lsp.INITIALIZE, lsp.TEXT_DOCUMENT_CODE_ACTION}
ROUNDS = 20
"""Leaving a part out may show that the part around it cannot stand without; no message is nested deeper."""
UINT_MAX = 2**31 - 1
"""The largest position of the protocol; some clients say "the end of the line" with a larger number."""


class Misfit(ValueError):
    """A message that is none of its method; says where, never what was there."""


def converter() -> Converter:
    """The protocol's converter. Messages it does not know keep their parameters as plain JSON."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    for kind in (JsonRPCRequestMessage, JsonRPCResponseMessage, JsonRPCNotification):
        made.register_structure_hook(kind, _plain)
    made.register_structure_hook(lsp.Position, _position)
    made.register_structure_hook(lsp.DidChangeConfigurationParams, _settings)
    return made


def read(reader: Converter, raw: Mapping[str, Any], kind: type) -> Any:
    """The object a message stands for. Raises Misfit."""
    if "method" in raw and "id" in raw and not hasattr(kind, "id"):
        raise Misfit("it is a notification, and has an id")
    tolerant = raw.get("method") in TOLERANT
    message: Any = _with_plain_words(raw) if tolerant else raw
    for _ in range(ROUNDS):
        try:
            return reader.structure(message, kind)
        except BaseValidationError as error:
            faults = sorted(set(_faults(error)), key=str)
            places = {_resolve(message, fault) for fault in faults}
            if not tolerant or any(len(place) <= 1 for place in places):
                raise Misfit(f"it does not fit at {', '.join(map(_dotted, faults[:3]))}") from None
            log.info("%s: left out %s", raw["method"], ", ".join(map(_dotted, places)))
            message = _without(message, places)
        except Exception as error:  # noqa: BLE001 - hooks of the library raise what they like
            raise Misfit(f"it has the wrong shape ({type(error).__name__})") from None
    raise Misfit("too much of it does not fit")


def _faults(error: BaseException, above: Place = ()) -> Iterator[Place]:
    """Where the faults lie, in the names cattrs has for the parts."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            above = (*above, note.name)
        elif isinstance(note, IterableValidationNote):
            above = (*above, note.index)
    if isinstance(error, ClassValidationError | IterableValidationError):
        for part in error.exceptions:
            yield from _faults(part, above)
    else:
        yield above


def _resolve(message: Any, place: Place) -> Place:
    """A place in the message's own keys; if the part is missing there, the part that misses it."""
    found: Place = ()
    for name in place:
        if isinstance(message, list) and isinstance(name, int) and name < len(message):
            key: str | int | None = name
        elif isinstance(message, dict):
            key = next((key for key in message if _snake(key) == name), None)
        else:
            key = None
        if key is None:
            return found
        found, message = (*found, key), message[key]
    return found


def _without(message: Any, places: set[Place]) -> Any:
    """A copy without the parts at some places."""
    if not places:
        return message
    below: dict[str | int, set[Place]] = {}
    for head, *rest in places:
        below.setdefault(head, set()).add(tuple(rest))
    items = message.items() if isinstance(message, dict) else enumerate(message)
    kept = {key: _without(part, below.get(key, set())) for key, part in items if () not in below.get(key, set())}
    return kept if isinstance(message, dict) else list(kept.values())


def _with_plain_words(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Diagnostics may have Markdown for a message; as text it is what its `value` says."""
    try:
        found = raw["params"]["context"]["diagnostics"]
        plain = [{**item, "message": item["message"]["value"]} if _is_markup(item) else item for item in found]
        context = {**raw["params"]["context"], "diagnostics": plain}
        return {**raw, "params": {**raw["params"], "context": context}}
    except (KeyError, TypeError):
        return raw


def _is_markup(diagnostic: Any) -> bool:
    message = diagnostic.get("message") if isinstance(diagnostic, dict) else None
    return isinstance(message, dict) and isinstance(message.get("value"), str)


def _snake(key: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower()


def _dotted(place: Place) -> str:
    return ".".join(re.sub(r"_([a-z])", lambda found: found[1].upper(), str(name)) for name in place)


def _plain(raw: Mapping[str, Any], kind: Any) -> Any:
    return kind(**{name: raw.get(name) for name in kind.__annotations__})


def _position(raw: Mapping[str, Any], _: Any) -> lsp.Position:
    line, character = raw["line"], raw["character"]
    if not isinstance(line, int) or not isinstance(character, int):
        raise TypeError("a position is two whole numbers")
    return lsp.Position(min(line, UINT_MAX), min(character, UINT_MAX))


def _settings(raw: Mapping[str, Any], _: Any) -> lsp.DidChangeConfigurationParams:
    """Eglot leaves `settings` out: they changed, and are to be asked for."""
    return lsp.DidChangeConfigurationParams(raw.get("settings"))
