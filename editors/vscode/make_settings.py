"""The extension's settings, in its package.json, made from the settings of the server that an editor may set."""

import json
from pathlib import Path
from typing import Any

from pointsman.config import schema
from pointsman.config.model import WORKSPACE_CHECKS, WORKSPACE_KEYS

PACKAGE = Path(__file__).parent / "package.json"
KEPT = ("type", "default", "enum", "items", "minimum", "maximum", "exclusiveMinimum")


def package() -> str:
    """The text of package.json as it should be."""
    made = json.loads(PACKAGE.read_text("utf-8"))
    names = _settings()
    made["contributes"]["configuration"][1]["properties"] = names
    made["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = list(names)
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _settings() -> dict[str, Any]:
    whole = schema.schema()
    found: dict[str, Any] = {}
    for key in filter(WORKSPACE_KEYS.__contains__, whole["properties"]):
        field = whole["properties"][key]
        part = whole["$defs"].get(field.get("$ref", "").rpartition("/")[2])
        if part is None:
            found[f"pointsman.{key}"] = _setting(field)
            continue
        for name, inner in part["properties"].items():
            if key != "checks" or name in WORKSPACE_CHECKS:
                found[f"pointsman.{key}.{name}"] = _setting(inner)
    return found


def _setting(field: dict[str, Any]) -> dict[str, Any]:
    kept = {name: field[name] for name in KEPT if name in field}
    return {**kept, "markdownDescription": field["description"], "scope": "window"}


if __name__ == "__main__":
    PACKAGE.write_text(package(), "utf-8")
