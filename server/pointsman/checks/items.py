"""From what a tool wrote to a problem: the one place where paths, columns and severities are put in our terms."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pointsman.checks.columns import Columns
from pointsman.checks.places import absolute, elsewhere, inside, raw_line
from pointsman.checks.tool import Output
from pointsman.terms import Place, Problem, Severity

ITEM_LIMIT = 2_000
DETAIL_LIMIT = 8_000
_SEVERITIES = {
    Severity.ERROR: "error fatal critical blocker major high failure e f 2 x × ✖",
    Severity.WARNING: "warning warn minor medium performance portability w 1 ! ⚠",
    Severity.INFO: "info information note hint help style low convention refactor ignore none notice remark c r i \u2139",
}
_SEVERITY = {word: severity for severity, words in _SEVERITIES.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Spot:
    """A further place, as the tool wrote it."""

    path: str
    line: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A finding in the tool's own terms. `folder` is what its relative paths are relative to, where not the run's."""

    message: str
    path: str = ""
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    severity: str = "error"
    code: str | None = None
    test: str | None = None
    related: tuple[Spot, ...] = ()
    detail: str = ""
    folder: str | None = None


def located(output: Output, path: str, folder: str | None = None) -> str | None:
    """A tool's path as a workspace path: the reading under which there is such a file, if there is one."""
    base = output.folder if folder is None else folder
    first = inside(path, output.root, base)
    if first is not None and output.texts(first) is not None:
        return first
    up = re.sub(r"^(\.\./)+", "", path)  # from a build directory that is not told
    others = (*(inside(each, output.root, base) for each, base in ((path, output.folder), (path, ""), (up, ""))),
              elsewhere(path, output.root))  # fmt: skip
    known = next((other for other in others if other is not None and output.texts(other) is not None), None)
    return known or (first if first is not None or absolute(path) else None)


def severity_of(word: str) -> Severity:
    return _SEVERITY.get(word.strip().lower().removeprefix("fatal "), Severity.ERROR)


def problem(tool: str, item: Item, output: Output, columns: Columns) -> Problem:
    path = located(output, item.path, item.folder) if item.path else None
    first_line = 1 - columns.first_line
    line = _positive(item.line, first_line) if path else None
    end_line = _positive(item.end_line, first_line) if line else None
    text = output.texts(path) if path else None
    source = raw_line(text, line)
    head, _, rest = item.message.strip().partition("\n")
    end_column = columns.end(raw_line(text, end_line or line), item.end_column) if line else None
    return Problem(
        tool=tool,
        message=re.sub(r"\s+", " ", head).strip() or "no message",
        path=path,
        line=line,
        column=columns.start(source, item.column) if line else None,
        end_line=(end_line or line) if end_column else end_line,
        end_column=end_column,
        severity=severity_of(item.severity),
        code=item.code or None,
        test=item.test,
        related=_places(item, output),
        source_line=(source or "").strip(),
        detail=(item.detail or rest)[-DETAIL_LIMIT:],
    )


def problems(tool: str, items: Iterable[Item], output: Output, columns: Columns) -> list[Problem]:
    """Each finding once: compilers print one for each target, and build tools repeat what they ran said."""
    return list(dict.fromkeys(problem(tool, item, output, columns) for item in list(items)[:ITEM_LIMIT]))


def _places(item: Item, output: Output) -> tuple[Place, ...]:
    found = [(located(output, spot.path, item.folder), spot) for spot in item.related]
    return tuple(dict.fromkeys(Place(path, spot.line, message=spot.message) for path, spot in found if path))


def _positive(number: int | None, shift: int) -> int | None:
    return number + shift if number is not None and number + shift > 0 else None
