"""Findings in text: rows of regular expressions, for one line or several in a row, as in VS Code.

What a line says is told by its named groups: path, line, column, end_line, end_column, severity, code, message; `caret`
is the space before a caret that points at the column. A digit after a name gives an alternative. Relative paths follow
the directories that make enters, and a note belongs to the finding before it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pointsman.checks.columns import Columns
from pointsman.checks.items import Item, Spot, problems
from pointsman.checks.places import elsewhere, inside
from pointsman.checks.tool import Output
from pointsman.terms import Problem

POINTS = Columns()
LINE_LIMIT = 4_096
LINES_LIMIT = 200_000
_ENTERS = re.compile(r"^(?:\S*make(?:\[\d+\])?|ninja): Entering directory [`'‘](?P<folder>.+)['’]$")
_LEAVES = re.compile(r"^(?:\S*make(?:\[\d+\])?|ninja): Leaving directory ")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line. `groups` says by which groups the fields are told, where the expression does not name them."""

    regex: re.Pattern[str]
    groups: Mapping[str, str | int] | None = None

    def read(self, line: str) -> dict[str, str] | None:
        match = self.regex.search(line)
        if match is None:
            return None
        if self.groups is not None:
            return {name: match[group] for name, group in self.groups.items() if match[group]}
        found: dict[str, str] = {}
        for name, value in match.groupdict().items():
            if value or (value == "" and name == "caret"):
                found.setdefault(name.rstrip("0123456789"), value)
        return found


@dataclass(frozen=True, slots=True)
class Matcher:
    """Patterns for lines in a row; with `loop`, the last may match again and again after the others.

    `severity` and `code` are what a finding has that says nothing of them. With `notes`, a note is not
    a finding of its own. `escaped` is for commands to build servers, which write line ends as `%0A`. Relative
    paths are relative to `folder`, where one is given.
    """

    patterns: tuple[Pattern, ...]
    columns: Columns = POINTS
    loop: bool = False
    severity: str = "error"
    code: str | None = None
    message: str = ""
    notes: bool = True
    escaped: bool = False
    folder: str | None = None


def row(*patterns: str, columns: Columns = POINTS, **options: str | bool) -> Matcher:
    return Matcher(tuple(Pattern(re.compile(each)) for each in patterns), columns, **options)  # type: ignore[arg-type]


def read(tool: str, matchers: Sequence[Matcher], text: str, output: Output) -> list[Problem]:
    found: list[tuple[Item, Matcher]] = []
    for fields, folder, matcher in _matches(matchers, text, output):
        item = _item(fields, folder if matcher.folder is None else matcher.folder, matcher)
        if matcher.notes and item.severity == "note" and found and item.line:
            last, its = found[-1]
            spot = Spot(item.path, item.line, item.message)
            found[-1] = (replace(last, related=(*last.related, spot)), its)
        elif not (matcher.notes and item.severity == "note"):
            found.append((item, matcher))
    made = [problem for item, matcher in found for problem in problems(tool, [item], output, matcher.columns)]
    return list(dict.fromkeys(made))


def _matches(
    matchers: Sequence[Matcher], text: str, output: Output
) -> Iterator[tuple[dict[str, str], str | None, Matcher]]:
    lines = [line[:LINE_LIMIT] for line in text.split("\n")[:LINES_LIMIT]]
    folders: list[str] = []
    seen: list[str] = []
    at = 0
    while at < len(lines):
        if entered := _ENTERS.match(lines[at]):
            folder = entered["folder"]
            folders.append(_folder(folder, output))
            seen.append(folders[-1])
        elif _LEAVES.match(lines[at]) and folders:
            folders.pop()
        step = 1
        for matcher in matchers:
            found, used = _try(matcher, lines, at)
            if used:
                for fields in found:
                    yield fields, folders[-1] if folders else _seen(seen, fields.get("path", ""), output), matcher
                step = used
                break
        at += step


def _seen(folders: Sequence[str], path: str, output: Output) -> str | None:
    """With the streams apart nobody can say where make was; but where it has been, and there is such a file."""
    if not folders or not path:
        return None
    places = [folder for folder in dict.fromkeys(folders) if output.texts(f"{folder}/{path}") is not None]
    return places[0] if places and output.texts(f"{output.folder}/{path}".lstrip("/")) is None else None


def _folder(path: str, output: Output) -> str:
    return inside(path, output.root, output.folder) or elsewhere(path, output.root) or ""


def _try(matcher: Matcher, lines: Sequence[str], at: int) -> tuple[list[dict[str, str]], int]:
    """What the matcher finds at a line, and how many lines it took; none if it does not match."""
    fields: dict[str, str] = {}
    count = len(matcher.patterns)
    for offset, pattern in enumerate(matcher.patterns):
        found = pattern.read(lines[at + offset]) if at + offset < len(lines) else None
        if found is None:
            return [], 0
        if matcher.loop and offset == count - 1:
            return _loop(pattern, fields, lines, at + offset, offset)
        fields |= found
    return [fields], count


def _loop(
    pattern: Pattern, fields: dict[str, str], lines: Sequence[str], at: int, used: int
) -> tuple[list[dict[str, str]], int]:
    every = []
    while at < len(lines) and (found := pattern.read(lines[at])) is not None:
        every.append(fields | found)
        at, used = at + 1, used + 1
    return every, used


def _item(fields: Mapping[str, str], folder: str | None, matcher: Matcher) -> Item:
    if "location" in fields:  # VS Code's `3`, `3,5` or `3,5,3,9` in one group
        names = ("line", "column", "end_line", "end_column")
        fields = {**fields, **dict(zip(names, re.findall(r"\d+", fields["location"]), strict=False))}
    if matcher.escaped:
        fields = {name: _unescaped(value) for name, value in fields.items()}
    column = _number(fields.get("column"))
    if "caret" in fields:
        column = len(fields["caret"]) + matcher.columns.first
    return Item(
        message=(fields.get("message") or matcher.message or fields.get("code") or "").strip(),
        path=fields.get("path", "").strip(),
        line=_number(fields.get("line")),
        column=column,
        end_line=_number(fields.get("end_line")),
        end_column=_number(fields.get("end_column")),
        severity=fields.get("severity", matcher.severity).lower(),
        code=fields.get("code") or matcher.code,
        folder=folder,
    )


def _unescaped(text: str) -> str:
    for code, char in (("%0D", ""), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004
