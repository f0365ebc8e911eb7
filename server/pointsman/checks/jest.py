"""jest, and what vitest has taken over from it: suites, of assertions; and jest's own text."""

import re

from pointsman.checks.dialects import UTF16
from pointsman.checks.documents import dig, number_at, objects, text_at, values
from pointsman.checks.failures import Failure, failed, first_line
from pointsman.checks.items import Item, problems
from pointsman.checks.junit import STATES, Report
from pointsman.checks.tool import Output
from pointsman.terms import Problem


def read(tool: str, output: Output) -> Report | None:
    """What jest and vitest write as JSON: suites, of assertions; a suite that does not load has only a message."""
    found = [value for value in values(output) if isinstance(dig(value, "testResults"), list)]
    if not found:
        return None
    items: list[Problem] = []
    tests: dict[str, str] = {}
    for suite in (suite for value in found for suite in objects(value, "testResults")):
        path = text_at(suite, "name")
        assertions = objects(suite, "assertionResults")
        for each in assertions:
            test = text_at(each, "fullName") or text_at(each, "title")
            tests[f"{path}::{test}"] = STATES.get(text_at(each, "status"), "skipped")
            if each.get("status") == "failed":
                line, column = number_at(each, "location.line"), number_at(each, "location.column")
                detail = "\n".join(text for text in each.get("failureMessages") or () if isinstance(text, str))
                items.append(
                    failed(tool, Failure(test, first_line(detail), detail, file=path, line=line, column=column), output)
                )
        if suite.get("status") == "failed" and not any(each.get("status") == "failed" for each in assertions):
            items.append(suite_failure(tool, path, text_at(suite, "message"), output))
    return Report(tuple(dict.fromkeys(items)), tests)


def suite_failure(tool: str, path: str, message: str, output: Output) -> Problem:
    """A suite that could not be loaded: `SyntaxError: /p/a.test.js: Unexpected token (2:8)`, or a module not found."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("●")]
    if "Details:" in lines:
        lines = lines[lines.index("Details:") + 1 :]
    first = lines[0] if lines else "the suite could not be loaded"
    placed = re.match(
        r"^(?P<type>\w+Error): (?P<path>\S.*?): (?P<message>.*?) ?\((?P<line>\d+):(?P<column>\d+)\)$", first
    )
    if placed:
        said, line, column = f"{placed['type']}: {placed['message']}", int(placed["line"]), int(placed["column"])
        item = Item(said, placed["path"], line, column, code=placed["type"], detail=message)
        return problems(tool, [item], output, UTF16)[0]
    return failed(tool, Failure(None, first, message, file=path), output)


def read_text(tool: str, output: Output) -> list[Problem]:
    """The text of jest: a file's line, then its failures; at its end many are repeated."""
    found: list[Problem] = []
    path, test = "", ""
    body: list[str] = []
    for line in [*output.text.split("\n"), "Test Suites:"]:
        file, title = (
            re.match(r"^\s*(?:FAIL|PASS)\s+(?:\S+ )??(?P<path>\S+\.\w+)", line),
            re.match(r"^  ● (?P<test>.+)$", line),
        )
        ends = file or title or line.startswith(("Test Suites:", "Summary of all failing"))
        if ends and test and test != "Console":
            found.append(_jest_block(tool, path, test, "\n".join(body), output))
        if ends:
            path, test, body = file["path"] if file else path, title["test"] if title else "", []
        else:
            body.append(line)
    return list(dict.fromkeys(found))


def _jest_block(tool: str, path: str, test: str, body: str, output: Output) -> Problem:
    if test == "Test suite failed to run":
        return suite_failure(tool, path, body, output)
    said = first_line(body)
    message = test.strip() if re.match(r"^(?:> )?\d+ \|", said) else said  # only the code is shown
    return failed(tool, Failure(test.replace(" \u203a ", " "), message, body, file=path), output)
