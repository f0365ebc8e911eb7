"""The way out of what does not fit: what to write instead, and which setting was meant."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pointsman.config.finding import Key
from pointsman.config.model import Config, Routes

_PROVIDER = '{"name": "local", "api_base_url": "http://127.0.0.1:11434/v1/chat/completions", "models": ["the-model"]}'
_FORMS: Mapping[Key, str] = {
    ("Providers",): f"[{_PROVIDER}]",
    ("Providers", 0): _PROVIDER,
    ("Providers", 0, "name"): '"local"',
    ("Providers", 0, "api_base_url"): '"https://openrouter.ai/api/v1/chat/completions"',
    ("Providers", 0, "api_key"): '"$NAME"',
    ("Providers", 0, "models"): '["the-model"]',
    ("Providers", 0, "models", 0): '"the-model"',
    ("Providers", 0, "transformer"): '{"use": ["name"]}, or {"use": [["name", {"option": 1}]]}',
    ("Providers", 0, "parameters"): '{"the-model": {"temperature": 0.1}}',
    ("Router",): '{"default": "provider,model"}',
    ("PROXY_URL",): '"http://127.0.0.1:7890"',
    ("fallback",): '{"default": ["provider,model"]}',
    **{("Router", slot): '"provider,model"' for slot in Routes.model_fields if slot != "longContextThreshold"},
}
"""By place; each number stands for all."""
_ALIASES = {
    **dict.fromkeys(("baseurl", "base_url", "url", "endpoint", "api_base", "apibase", "apiurl"), "api_base_url"),
    **dict.fromkeys(("key", "token", "secret", "apikey"), "api_key"),
    **dict.fromkeys(("model", "modelids"), "models"),
    **dict.fromkeys(("id", "provider"), "name"),
}
"""What other programs call a provider's settings."""


def instead(key: Key, *, missing: bool = False) -> str:
    """What to write at a place, or what it is for; empty for a place that nobody knows."""
    place = tuple(0 if isinstance(part, int) else part for part in key)
    if form := _FORMS.get(place):
        return f"Add {json.dumps(key[-1])}: {form}." if missing else f"Write {form}."
    if len(place) > 1 and place[0] == "fallback":
        return 'Write ["provider,model"].' if len(place) == len(("fallback", "")) else 'Write "provider,model".'
    field = _field(key)
    if field is None:
        return ""
    if field.is_required():
        return field.description or ""
    default = field.get_default(call_default_factory=True)
    plain = default.model_dump(exclude_defaults=True) if isinstance(default, BaseModel) else default
    return f"Take it out to have the default, {json.dumps(plain, ensure_ascii=False, default=str)}."


def meant(key: Key) -> list[str]:
    """The setting that an unknown one may stand for, if there is any."""
    known, written = known_at(key), str(key[-1])
    alias = _ALIASES.get(written.casefold().replace("-", "_"), "")
    return [alias] if alias in known else get_close_matches(written, known, n=1)


def known_at(key: Key) -> list[str]:
    """The settings that could stand where a key ends."""
    model = _model_at(key[:-1])
    return list(model.model_fields) if model else []


def _field(key: Key) -> FieldInfo | None:
    """What is declared of a setting; None for an item of a list, or a name that the user chose."""
    model = _model_at(key[:-1])
    return model.model_fields.get(str(key[-1])) if model and key and isinstance(key[-1], str) else None


def _model_at(key: Key) -> type[BaseModel] | None:
    """What the settings at a place are declared in. Numbers, and names that the user chose, stay within it."""
    model: type[BaseModel] | None = Config
    for part in key:
        if model is None:
            return None
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models(model.model_fields[part].annotation), None)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    candidates = (annotation, *get_args(annotation))
    return (kind for kind in candidates if isinstance(kind, type) and issubclass(kind, BaseModel))
