"""Linters that write XML: checkstyle's, which many write; cppcheck's; and JUnit's, made for tests.

In the last a suite is a file, a case a finding, and the place stands in attributes or in words.
"""

import re
from xml.etree import ElementTree as ET

from pointsman.checks.columns import Columns
from pointsman.checks.dialects import BYTES
from pointsman.checks.items import Item, Spot, problems
from pointsman.checks.junit import SIZE_LIMIT, documents, parsed
from pointsman.checks.tool import Output
from pointsman.terms import Problem

# `line 1, col 7, Warning - message`; bandit: `Test ID: B404 Severity: LOW ... Location ./a.py:1`
_PLACED = re.compile(r"line (?P<line>\d+), col(?:umn)? (?P<column>\d+), (?:(?P<severity>Error|Warning|Info) - )?")
_PREFIXED = re.compile(r"^(?P<path>\S[^:\n]*):(?P<line>\d+):(?P<column>\d+)(?:: (?P<message>.+))?$", re.MULTILINE)
_LOCATION = re.compile(r"^Location (?P<path>.+):(?P<line>\d+)$", re.MULTILINE)
_ID = re.compile(r"^Test ID: (?P<code>\w+) Severity: (?P<severity>\w+)")


def junit(tool: str, output: Output, columns: Columns) -> list[Problem] | None:
    """None if there is no report that can be read to its end."""
    roots = [parsed(text) for text in documents(output)]
    if not roots or None in roots:
        return None
    suites = [suite for root in roots if root is not None for suite in root.iter("testsuite")]
    found = [item for suite in suites for case in suite.iter("testcase") for item in _items(suite, case)]
    return problems(tool, found, output, columns)


def _items(suite: ET.Element, case: ET.Element) -> list[Item]:
    bad = [child for child in case if child.tag in {"failure", "error"}]
    return [_item(suite, case, child) for child in bad]


def _item(suite: ET.Element, case: ET.Element, failure: ET.Element) -> Item:
    text = (failure.text or "").strip()
    message = failure.get("message", "")
    words = _PLACED.search(text) or _PREFIXED.search(text or message)
    place, spoken = _LOCATION.search(text), _ID.search(text)
    told = case.find("properties/property[@name='severity']")
    severity = told.get("value", "") if told is not None else _said(words, "severity") or _said(spoken, "severity")
    line, column = case.get("line") or _said(words, "line"), case.get("column") or _said(words, "column")
    code = _said(spoken, "code") or failure.get("type") or _code(suite, case) or ""
    return Item(
        message=(_said(words, "message") or message or text[words.end() if words else 0 :]).removeprefix(f"{code}: "),
        path=_said(place, "path") or _said(words, "path") or suite.get("name", ""),
        line=int(_said(place, "line") or line or 0),
        column=int(column) if column else None,
        severity=severity or "error",
        code=code,
        detail=text,
    )


def _said(match: re.Match[str] | None, group: str) -> str:
    return (match.groupdict().get(group) or "") if match else ""


def _code(suite: ET.Element, case: ET.Element) -> str | None:
    """`F401` of `org.ruff.F401`, where the package is `org.ruff`."""
    name = case.get("name", "")
    if name == suite.get("name"):
        return None
    return name.removeprefix(f"{suite.get('package', '')}.") or None


def _tree(output: Output, tag: str) -> list[ET.Element]:
    """The documents of a run with this root."""
    found = []
    for text in (*output.run.artefacts.values(), output.run.stdout, output.run.stderr):
        start, end = text.find("<?xml"), text.rfind(f"</{tag}>")
        start = start if start >= 0 else text.find(f"<{tag}")
        if start < 0 or end < start or len(text) > SIZE_LIMIT or re.search(r"<!(DOCTYPE|ENTITY)", text[:4096]):
            continue
        try:
            root = ET.fromstring(text[start : end + len(tag) + 3].encode())  # noqa: S314 - bounded, without entities
        except ET.ParseError:
            continue
        if root.tag == tag:
            found.append(root)
    return found


def checkstyle(tool: str, output: Output, columns: Columns) -> list[Problem] | None:
    roots = _tree(output, "checkstyle")
    items = [
        Item(
            error.get("message", ""),
            file.get("name", ""),
            int(error.get("line") or 0),
            int(error.get("column") or 0) or None,
            severity=error.get("severity", "error"),
            code=error.get("source") or None,
        )
        for root in roots
        for file in root.iter("file")
        for error in file.iter("error")
    ]
    return problems(tool, items, output, columns) if roots else None


def cppcheck(tool: str, output: Output) -> list[Problem] | None:
    roots = _tree(output, "results")
    items = [_cppcheck(error) for root in roots for error in root.iter("error")]
    return problems(tool, [item for item in items if item], output, BYTES) if roots else None


def _cppcheck(error: ET.Element) -> Item | None:
    places = error.findall("location")
    if error.get("id") in {"checkersReport", "missingIncludeSystem", "missingInclude"}:
        return None
    at: dict[str, str] = places[0].attrib if places else {}
    related = (Spot(p.get("file", ""), int(p.get("line") or 1), p.get("info", "")) for p in places[1:])
    return Item(
        error.get("msg", ""),
        at.get("file", ""),
        int(at.get("line") or 0),
        int(at.get("column") or 0) or None,
        severity=error.get("severity", "error"),
        code=error.get("id"),
        related=tuple(related),
        detail=error.get("verbose", ""),
    )
