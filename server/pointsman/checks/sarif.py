"""SARIF 2.1: results, and what the tool says of its own run (where eslint, for one, puts its syntax errors)."""

from dataclasses import replace
from typing import Any

from pointsman.checks.columns import Columns, Unit
from pointsman.checks.documents import dig, number_at, objects, text_at, values
from pointsman.checks.items import Item, Spot, problems
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_NOTICES = ("toolConfigurationNotifications", "toolExecutionNotifications")
_KINDS = {"utf16CodeUnits": Unit.UTF16, "unicodeCodePoints": Unit.CODE_POINT}
_PASSING = {"pass", "notApplicable", "informational"}


def read(tool: str, output: Output, columns: Columns, *, notes: bool = False) -> list[Problem] | None:
    """None if it is no SARIF. `columns` is what this tool counts where the document does not say it.

    With `notes`, a note is a place of the finding before it, as compilers write them.
    """
    runs = [run for value in values(output) for run in objects(value, "runs")]
    if not runs and not any(isinstance(dig(value, "runs"), list) for value in values(output)):
        return None
    found: list[Problem] = []
    for run in runs:
        unit = _KINDS.get(text_at(run, "columnKind"), columns.unit)
        items = [_item(result, run) for result in objects(run, "results") if result.get("kind") not in _PASSING]
        for invocation in objects(run, "invocations"):
            items += [_item(notice, run) for key in _NOTICES for notice in objects(invocation, key)]
        items = _noted(items) if notes else items
        found += problems(tool, items, output, replace(columns, unit=unit))
    return list(dict.fromkeys(found))


def _noted(items: list[Item]) -> list[Item]:
    found: list[Item] = []
    for item in items:
        if item.severity == "note" and found:
            spot = Spot(item.path, item.line or 1, item.message)
            found[-1] = replace(found[-1], related=(*found[-1].related, spot))
        else:
            found.append(item)
    return found


def _item(result: dict[str, Any], run: dict[str, Any]) -> Item:
    places = [place for place in objects(result, "locations") if dig(place, "physicalLocation")]
    place = places[-1] if places else {}  # clang names the caret last
    region = dig(place, "physicalLocation.region") or {}
    return Item(
        message=text_at(result, "message.text|message.markdown|message.id"),
        path=_uri(place, run),
        line=number_at(region, "startLine"),
        column=number_at(region, "startColumn"),
        end_line=number_at(region, "endLine|startLine") if "endColumn" in region else None,
        end_column=number_at(region, "endColumn"),
        severity=text_at(result, "level") or "warning",
        code=text_at(result, "ruleId|rule.id|descriptor.id") or None,
        related=tuple(
            Spot(_uri(other, run), line, text_at(other, "message.text"))
            for other in (*objects(result, "relatedLocations"), *places[:-1])
            if (line := number_at(other, "physicalLocation.region.startLine"))
        ),
    )


def _uri(place: dict[str, Any], run: dict[str, Any]) -> str:
    """A file's address: relative ones are relative to a base that the run names."""
    uri = text_at(place, "physicalLocation.artifactLocation.uri")
    base = text_at(place, "physicalLocation.artifactLocation.uriBaseId")
    root = text_at(dig(run, "originalUriBaseIds") or {}, f"{base}.uri") if base and ":" not in uri else ""
    return f"{root.rstrip('/')}/{uri}" if root.startswith("file:") else uri
