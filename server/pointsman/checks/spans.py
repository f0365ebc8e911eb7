"""What compilers write as JSON: trees of places, of which one is the finding's own."""

import re
from collections.abc import Iterator
from typing import Any

from pointsman.checks.columns import Columns
from pointsman.checks.dialects import BYTES
from pointsman.checks.documents import dig, number_at, objects, text_at, values, values_in
from pointsman.checks.items import Item, Spot, problems
from pointsman.checks.tool import Output
from pointsman.terms import Problem


def cargo(tool: str, output: Output) -> list[Problem] | None:
    """`--message-format=json`, and rustc's own `--error-format=json`: spans, of which one is the primary."""
    found = [value for value in values(output) if isinstance(value, dict)]
    messages = [value.get("message") if "reason" in value else value for value in found]
    items = [_rustc(message) for message in messages if isinstance(message, dict) and "spans" in message]
    if not any("reason" in value or "spans" in value for value in found):
        return None
    return problems(tool, [item for item in items if item], output, Columns())


def _rustc(message: dict[str, Any]) -> Item | None:
    spans = objects(message, "spans")
    main = next((span for span in spans if span.get("is_primary")), None)
    level = text_at(message, "level")
    if level == "error" and not main and not re.match("aborting due to|could not compile", text_at(message, "message")):
        return Item(text_at(message, "message"), detail=text_at(message, "rendered"))  # a linker's, for one
    if main is None or level == "failure-note":
        return None
    others = [*(span for span in spans if span is not main), *_of_children(message)]
    related = (Spot(text_at(s, "file_name"), number_at(s, "line_start") or 1, text_at(s, "label")) for s in others)
    return Item(
        message=text_at(message, "message"),
        path=text_at(main, "file_name"),
        line=number_at(main, "line_start"),
        column=number_at(main, "column_start"),
        end_line=number_at(main, "line_end"),
        end_column=number_at(main, "column_end"),
        severity=level,
        code=text_at(message, "code.code") or None,
        related=tuple(related),
        detail=text_at(message, "rendered"),
    )


def _of_children(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in objects(message, "children"):
        if child.get("level") == "note":
            yield from ({**span, "label": child.get("message")} for span in objects(child, "spans"))


def gcc(tool: str, output: Output) -> list[Problem] | None:
    """`-fdiagnostics-format=json`: a list for each file compiled, on the error output."""
    found = [value for value in [*values(output), *values_in(output.run.stderr)] if isinstance(value, list)]
    if not found:
        return None
    items = [_gcc(item) for value in found for item in value if isinstance(item, dict) and "kind" in item]
    return problems(tool, items, output, BYTES)


def _gcc(item: dict[str, Any]) -> Item:
    def spot(child: dict[str, Any]) -> Spot:
        at = dig(child, "locations.0.caret") or {}
        return Spot(text_at(at, "file"), number_at(at, "line") or 1, text_at(child, "message"))

    at = dig(item, "locations.0.caret") or {}
    return Item(
        message=text_at(item, "message"),
        path=text_at(at, "file"),
        line=number_at(at, "line"),
        column=number_at(at, "byte-column|column"),
        severity=text_at(item, "kind"),
        code=text_at(item, "option") or None,
        related=tuple(spot(child) for child in objects(item, "children") if dig(child, "locations.0")),
    )


def go_vet(tool: str, output: Output) -> list[Problem] | None:
    """`go vet -json`: packages, of analyzers, of findings; text of the compiler around it."""
    found = [value for text in (output.run.stdout, output.run.stderr) for value in values_in(text)]
    packages = [package for value in found if isinstance(value, dict) for package in value.values()]
    items: list[Item] = []
    for package in (each for each in packages if isinstance(each, dict)):
        for analyzer in package:
            for finding in objects({"": package[analyzer]}, ""):
                place = re.match(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?$", text_at(finding, "posn"))
                if place:
                    column = int(place["column"] or 0)
                    message = text_at(finding, "message")
                    items.append(Item(message, place["path"], int(place["line"]), column, code=analyzer))
    return problems(tool, items, output, BYTES) if found else None
