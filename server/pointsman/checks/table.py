"""Findings in JSON, by a table: where in an item each field of a problem stands.

Most linters write lists of flat items, some of them a list a file. A row says which keys lead to the items and, from an
item, to each field; `^` is what an item lies in. What the columns count is declared with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pointsman.checks.columns import Columns
from pointsman.checks.documents import dig, number_at, objects, text_at, values
from pointsman.checks.items import Item, problems
from pointsman.checks.tool import Output
from pointsman.terms import Problem

POINTS = Columns()


@dataclass(frozen=True, slots=True)
class Fields:
    """`items` leads to the list, level by level: "files[].offenses[]"; "[]" is the document.

    With `items` empty, each value is an item. `code_format` completes a code: "SC{}".
    """

    path: str
    line: str
    message: str
    items: str = "[]"
    column: str = ""
    end_line: str = ""
    end_column: str = ""
    code: str = ""
    code_format: str = "{}"
    severity: str = ""
    without: str = ""
    """What is cut off the front of a message: "{code}: "."""
    columns: Columns = POINTS


def read(tool: str, fields: Fields, output: Output) -> list[Problem] | None:
    """None if there is no document of this form."""
    documents = [value for value in values(output) if _fits(value, fields)]
    if not documents:
        return None
    items = [_item(item, fields) for value in documents for item in _items(value, fields.items)]
    return problems(tool, items, output, fields.columns)


def _fits(value: Any, fields: Fields) -> bool:
    if not fields.items:
        return bool(text_at(value, fields.message))
    first = fields.items.partition("[]")[0]
    return isinstance(dig(value, first) if first else value, list)


def _items(value: Any, levels: str) -> Iterator[dict[str, Any]]:
    if not levels:
        yield value
        return
    key, _, rest = levels.partition("[]")
    found = objects(value, key) if key else objects({"": value}, "")
    for item in found:
        inner = {**item, "^": value}
        yield from _items(inner, rest.removeprefix(".")) if rest else [inner]


def _item(item: dict[str, Any], fields: Fields) -> Item:
    raw = text_at(item, fields.code)
    code = fields.code_format.format(raw) if raw else None
    message = text_at(item, fields.message)
    return Item(
        message=message.removeprefix(fields.without.format(code=code)) if fields.without else message,
        path=text_at(item, fields.path),
        line=number_at(item, fields.line),
        column=number_at(item, fields.column),
        end_line=number_at(item, fields.end_line),
        end_column=number_at(item, fields.end_column),
        severity=text_at(item, fields.severity) or "error",
        code=code,
    )
