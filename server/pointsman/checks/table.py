"""Findings in JSON, by a table: where in an item each field of a problem stands.

Most linters write a list of flat items. A row of this table says for each field the keys that lead to it; columns are
code points from one with exclusive ends unless the row's tool says otherwise.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pointsman.checks.places import inside, line_of
from pointsman.checks.tool import Output
from pointsman.terms import Problem, Severity

SIZE_LIMIT = 32 << 20
ITEM_LIMIT = 2_000
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    path: Keys
    line: Keys
    message: Keys
    column: Keys = ()
    end_line: Keys = ()
    end_column: Keys = ()
    code: Keys = ()
    severity: Keys = ()


def load(text: str) -> Any:
    """The document, or None if it is none or too large."""
    if len(text) > SIZE_LIMIT:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def problems(tool: str, items: Sequence[Any], fields: Fields, output: Output, cwd: str = "") -> list[Problem]:
    found = [_problem(tool, item, fields, output, cwd) for item in items[:ITEM_LIMIT] if isinstance(item, dict)]
    return list(dict.fromkeys(found))


def _problem(tool: str, item: Any, fields: Fields, output: Output, cwd: str) -> Problem:
    path = inside(_text(item, fields.path), output.root, cwd)
    line = _number(item, fields.line)
    severity = _text(item, fields.severity)
    first, _, rest = _text(item, fields.message).strip().partition("\n")
    return Problem(
        tool=tool,
        message=first or "no message",
        path=path,
        line=line if path else None,
        column=_number(item, fields.column) if path else None,
        end_line=_number(item, fields.end_line) if path else None,
        end_column=_number(item, fields.end_column) if path else None,
        severity=Severity(severity) if severity in set(Severity) else Severity.ERROR,
        code=_text(item, fields.code) or None,
        source_line=line_of(output.texts(path), line) if path else "",
        detail=rest,
    )


def _value(item: Any, keys: Keys) -> Any:
    for key in keys:
        item = item.get(key) if isinstance(item, dict) else None
    return item if keys else None


def _text(item: Any, keys: Keys) -> str:
    value = _value(item, keys)
    return value if isinstance(value, str) else ""


def _number(item: Any, keys: Keys) -> int | None:
    value = _value(item, keys)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
