"""What the declared settings say of themselves: the JSON Schema, and the pages of the documentation made from them."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pointsman.config.finding import CODES
from pointsman.config.model import WORKSPACE_CHECKS, WORKSPACE_KEYS, CheckSettings, Config, Fallbacks, Provider, Routes

_PARTS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("The file", "", Config),
    ("Providers", "Providers[].", Provider),
    ("Router", "Router.", Routes),
    ("fallback", "fallback.", Fallbacks),
    ("checks", "checks.", CheckSettings),
)
_MADE = "<!-- Made from the code; `UPDATE=1 pytest tests/unit/config` makes it again. -->"


def schema() -> dict[str, Any]:
    """The JSON Schema of a config file."""
    made = Config.model_json_schema()
    made["properties"] = {"$schema": {"type": "string"}, **made["properties"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "Pointsman"}


def schema_text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def settings_page() -> str:
    """`docs/settings.md`."""
    return "\n".join(_settings()) + "\n"


def findings_page() -> str:
    """`docs/config-findings.md`."""
    lines = [
        "# What can be wrong with a configuration",
        "",
        _MADE,
        "",
        "Each finding is a diagnostic in the config file itself, and a line of `pointsman doctor`. An error in a",
        "provider keeps tasks from that provider, an error in a slot from that slot, and any other from every model:",
        "nothing falls back silently.",
        "",
        "| code | severity | what it means |",
        "|---|---|---|",
        *(f"| `{code}` | {severity} | {meaning} |" for code, (severity, meaning) in CODES.items()),
    ]
    return "\n".join(lines) + "\n"


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield _MADE
    yield ""
    yield "The user's file is `config.json` in the configuration directory of your system (`~/.config/pointsman` on"
    yield "Linux); `--config FILE` or `POINTSMAN_CONFIG` name another. It is JSON; comments and trailing commas are"
    yield "fine."
    yield "Settings marked *workspace* may also stand in a repository's `.pointsman.json` and in your editor's settings"
    yield "for Pointsman, where they choose among what the user's file defines, and ask for more care, never for less."
    for title, prefix, part in _PARTS:
        yield ""
        yield f"## {title}"
        yield ""
        yield f"{(part.__doc__ or '').strip()}"
        yield ""
        yield "| setting | default | meaning |"
        yield "|---|---|---|"
        for name, field in part.model_fields.items():
            mark = " *workspace*" if _for_workspaces(prefix, name) else ""
            yield f"| `{prefix}{name}` | {_default(field.default)} | {field.description}{mark} |"


def _for_workspaces(prefix: str, name: str) -> bool:
    if prefix == "checks.":
        return name in WORKSPACE_CHECKS
    return (prefix.rstrip(".") or name) in WORKSPACE_KEYS


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "required"
    return "" if isinstance(value, BaseModel) or value in ("", [], {}) else f"`{json.dumps(value)}`"
