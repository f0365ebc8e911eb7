"""SARIF 2.1: results, and what the tool says of its own run (where eslint, for one, puts its syntax errors)."""

from typing import Any

from pointsman.checks.table import Fields, load, problems
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_LEVELS = {"error": "error", "warning": "warning", "note": "info", "none": "info"}
_FIELDS = Fields(
    path=("path",),
    line=("region", "startLine"),
    column=("region", "startColumn"),
    end_line=("end_line",),
    end_column=("region", "endColumn"),
    code=("code",),
    message=("message",),
    severity=("severity",),
)


def read(tool: str, text: str, output: Output, cwd: str = "") -> list[Problem] | None:
    """None if it is no SARIF."""
    document = load(text)
    runs = document.get("runs") if isinstance(document, dict) else None
    if not isinstance(runs, list):
        return None
    items = [_flat(result, "ruleId") for run in runs for result in _list(run, "results")]
    for run in runs:
        for invocation in _list(run, "invocations"):
            for key in ("toolConfigurationNotifications", "toolExecutionNotifications"):
                items += [_flat(notice, "") for notice in _list(invocation, key)]
    return problems(tool, items, _FIELDS, output, cwd)


def _flat(result: dict[str, Any], rule: str) -> dict[str, Any]:
    places = [place.get("physicalLocation", {}) for place in _list(result, "locations")]
    place = places[-1] if places else {}  # clang names the caret last
    region = place.get("region", {}) if isinstance(place, dict) else {}
    message = result.get("message")
    return {
        "path": place.get("artifactLocation", {}).get("uri", "") if isinstance(place, dict) else "",
        "region": region,
        "end_line": region.get("endLine", region.get("startLine")) if "endColumn" in region else None,
        "code": result.get(rule),
        "message": message.get("text", "") if isinstance(message, dict) else "",
        "severity": _LEVELS.get(str(result.get("level", "warning")), "error"),
    }


def _list(holder: Any, key: str) -> list[Any]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
