"""A claude-code-router v1/v2 file as a configuration of ours, and a list of all that was not taken over.

Keys stay as they are written: a `$VARIABLE` stays a variable. Transformers stay too: see `transformers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pointsman.config.model import FOREIGN, Config, Fallbacks, Provider, Routes
from pointsman.config.source import name_of
from pointsman.profiles.hosts import is_host, split

GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"
THRESHOLD = 60_000
"""What claude-code-router takes where the file has no threshold."""
_RENAMED = {"background": "quickEdit", "think": "reasonPlan"}
_REASONS = FOREIGN | {"Router.custom": "Scripts are not run."}


@dataclass(slots=True)
class Imported:
    """`settings` are those of a config file; `notes` name what was changed on the way, and what was left behind."""

    settings: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def left(self, *key: str | int, why: str = "") -> None:
        name = name_of(key)
        reason = why or _REASONS.get(name, "Pointsman has no such setting.")
        self.notes.append(f"`{name}` was not taken over. {reason}")


def imported(data: Mapping[str, Any]) -> Imported:
    """Translate the data of a file."""
    made = Imported()
    for written, value in data.items():
        name = _named(written, data, made)
        if name == "Providers" and isinstance(value, list):
            made.settings[name] = [_provider(item, place, made) for place, item in enumerate(value)]
        elif name == "Router" and isinstance(value, Mapping):
            made.settings[name] = _router(value, made)
        elif name == "fallback" and isinstance(value, Mapping):
            made.settings[name] = _slots(value, "fallback", set(Fallbacks.model_fields), made)
        elif name in Config.model_fields:
            made.settings[name] = value
        elif name != "$schema":
            made.left(name)
    return made


def _named(written: str, data: Mapping[str, Any], made: Imported) -> str:
    """A setting by our name for it; some files have theirs in lower case, which claude-code-router reads too."""
    name = {"providers": "Providers", "router": "Router"}.get(written, written)
    if name == written or name in data:
        return written
    made.notes.append(f"`{written}` is `{name}` now.")
    return name


def _provider(given: Any, place: int, made: Imported) -> Any:
    if not isinstance(given, Mapping):
        return given
    for name in given:
        if name not in Provider.model_fields:
            made.left("Providers", place, name)
    provider = {name: value for name, value in given.items() if name in Provider.model_fields}
    url = str(provider.get("api_base_url", ""))
    parts = split(url)
    if parts and is_host(url, "generativelanguage.googleapis.com") and "/openai/" not in parts.path:
        provider["api_base_url"] = GEMINI
        made.notes.append(f"`{name_of(('Providers', place, 'api_base_url'))}` is Gemini's OpenAI endpoint now.")
    return provider


def _router(given: Mapping[str, Any], made: Imported) -> dict[str, Any]:
    router = _slots(given, "Router", set(Routes.model_fields), made)
    if router.get("longContext") and "longContextThreshold" not in router:
        router["longContextThreshold"] = THRESHOLD
        made.notes.append(f"`Router.longContextThreshold` is {THRESHOLD}, as claude-code-router has it by default.")
    return router


def _slots(given: Mapping[str, Any], group: str, known: set[str], made: Imported) -> dict[str, Any]:
    """The slots under our names. An empty one needs no mention: it takes the default here as there."""
    slots = {name: value for name, value in given.items() if name in known and value is not None}
    for name, value in given.items():
        new = _RENAMED.get(name, "")
        if name in known or value in ("", None, []):
            continue
        if new and not slots.get(new):
            slots[new] = value
            made.notes.append(f"`{group}.{name}` is `{group}.{new}` now.")
        else:
            made.left(group, name, why=f"`{group}.{new}` is there too." if new else "")
    return slots
