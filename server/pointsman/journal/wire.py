"""Events as JSON: what `--json` prints and what clients that ask for it are sent, one object an event."""

import dataclasses
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from pointsman.terms import Event, Lease, Secret
from pointsman.text import Snapshot

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def to_json(event: Event) -> dict[str, Any]:
    """The event's fields, and `event`, its name: ConsentNeeded is `consent-needed`."""
    return {"event": _HUMP.sub("-", type(event).__name__).lower(), **_object(event)}


def _object(value: Any) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(value) if field.compare]
    shown = {name: _plain(getattr(value, name)) for name in names}
    for name in ("line", "verdict"):  # what receipts and reports say in short is part of them
        if isinstance(getattr(type(value), name, None), property):
            shown[name] = _plain(getattr(value, name))
    return shown


def _plain(value: Any) -> Any:
    """Only what JSON knows; secrets and whole documents stay here."""
    if isinstance(value, Snapshot):
        return {"uri": value.uri, "version": value.version}
    if isinstance(value, Secret | Lease):
        return repr(Secret())
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        return _object(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else repr(value)
