"""`$VARIABLE`, `${VARIABLE}` and `keyring:` in the user's file: filled in, or found fault with, never sent as written.

`$$` is a plain `$`.
"""

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pointsman.config.finding import Key
from pointsman.config.source import Source

_VARIABLE = re.compile(r"\$\$|\$\{([^}]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEYRING = "keyring:"
SHOWN = 4
"""Characters from which a value is one that could be recognised: shorter ones are ordinary words."""


def fill(source: Source, environ: Mapping[str, str]) -> dict[str, str]:
    """Fill in the source's data in place. What was filled in, by how it was written: it must not be shown."""
    filled: dict[str, str] = {}
    source.data = {key: _filled(value, (key,), source, environ, filled) for key, value in source.data.items()}
    return filled


def _filled(value: Any, key: Key, source: Source, environ: Mapping[str, str], filled: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(item, (*key, name), source, environ, filled) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, (*key, number), source, environ, filled) for number, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    if value.startswith(_KEYRING) and key[-1] == "api_key":
        filled[value] = _from_keyring(value.removeprefix(_KEYRING), key, source)
        return filled[value]

    def replace(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name = match[1] if match[1] is not None else match[2]
        if name not in environ:
            hint = "Set it where your editor starts, or take it out of the file."
            if not _NAME.fullmatch(name):
                hint = "Write $NAME or ${NAME}, nothing more; $$ is a plain $."
            source.report("unset-variable", key, f"The environment variable {name or '(no name)'} is not set.", hint)
            return ""
        filled[f"${name}"] = environ[name]
        return environ[name]

    if key[-1] == "api_key" and "${" in _VARIABLE.sub("", value):
        hint = "Write $NAME or ${NAME}; $$ is a plain $."
        source.report("unset-variable", key, "A variable begins here with `${`, and does not end.", hint)
        return ""
    return _VARIABLE.sub(replace, value)


def _from_keyring(entry: str, key: Key, source: Source) -> str:
    """The secret of `service/user`; empty, with a finding, where there is none."""
    service, _, user = entry.rpartition("/")
    if not service or not user:
        hint = "Write keyring:service/user, and add it: keyring set service user."
        source.report("keyring", key, f"{entry!r} is no entry of a keyring.", hint)
        return ""
    try:
        secret = import_module("keyring").get_password(service, user)
    except ImportError:
        source.report("keyring", key, "There is no keyring support here.", "Install it: pip install keyring.")
        return ""
    except Exception as error:  # noqa: BLE001 - each system's keyring has exceptions of its own
        source.report("keyring", key, f"The keyring does not answer: {type(error).__name__}.")
        return ""
    if not secret:
        source.report("keyring", key, f"The keyring has no entry {entry!r}.", f"Add it: keyring set {service} {user}.")
    return secret or ""


def hidden(text: str, filled: Mapping[str, str]) -> str:
    """A text without the values that were filled in."""
    for name, value in sorted(filled.items(), key=lambda item: -len(item[1])):
        if len(value) >= SHOWN:
            text = text.replace(value, name)
    return text
