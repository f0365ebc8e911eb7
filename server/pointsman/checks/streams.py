"""Formats of one tool or a few that are no flat list: compilers' trees of spans, and events of test runs."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from pointsman.checks.columns import Columns, Unit
from pointsman.checks.documents import dig, number_at, objects, text_at, values, values_in
from pointsman.checks.failures import Failure, expectation, failed
from pointsman.checks.items import Item, Spot, problems
from pointsman.checks.junit import SIZE_LIMIT, Report
from pointsman.checks.tool import Output
from pointsman.terms import Problem

BYTES = Columns(Unit.UTF8)
_STATES = {"pending": "skipped", "todo": "skipped", "disabled": "skipped", "passed": "passed", "failed": "failed"}


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


def jest(tool: str, output: Output) -> Report | None:
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
            tests[f"{path}::{test}"] = _STATES.get(text_at(each, "status"), "skipped")
            if each.get("status") == "failed":
                line, column = number_at(each, "location.line"), number_at(each, "location.column")
                detail = "\n".join(text for text in each.get("failureMessages") or () if isinstance(text, str))
                items.append(
                    failed(tool, Failure(test, _head(detail), detail, file=path, line=line, column=column), output)
                )
        if suite.get("status") == "failed" and not any(each.get("status") == "failed" for each in assertions):
            items.append(suite_failure(tool, path, text_at(suite, "message"), output))
    return Report(tuple(dict.fromkeys(items)), tests)


def _head(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


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
        item = Item(f"{placed['type']}: {placed['message']}", placed["path"], int(placed["line"]), int(placed["column"]),
                    code=placed["type"], detail=message)  # fmt: skip
        return problems(tool, [item], output, Columns(Unit.UTF16))[0]
    return failed(tool, Failure(None, first, message, file=path), output)


def jest_text(tool: str, output: Output) -> list[Problem]:
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
    return failed(tool, Failure(test.replace(" › ", " "), _head(body), body, file=path), output)


def mocha(tool: str, output: Output) -> Report | None:
    """The JSON of mocha, of the whole run or an event a line."""
    found = values(output)
    events = [value for value in found if isinstance(value, list) and len(value) == 2]  # noqa: PLR2004
    documents = [value for value in found if isinstance(value, dict) and "stats" in value]
    failures = [each for value in documents for each in objects(value, "failures")]
    failures += [value[1] for value in events if value[0] == "fail" and isinstance(value[1], dict)]
    passes = [each for value in documents for each in objects(value, "passes")]
    if not documents and not events:
        return None
    tests = {text_at(each, "fullTitle"): "passed" for each in passes} | {
        text_at(e, "fullTitle"): "failed" for e in failures
    }
    return Report(tuple(dict.fromkeys(_mocha(tool, each, output) for each in failures)), tests)


def _mocha(tool: str, each: dict[str, Any], output: Output) -> Problem:
    error = (
        each.get("err")
        if isinstance(each.get("err"), dict)
        else {"message": each.get("err"), "stack": each.get("stack")}
    )
    stack = text_at(error, "stack")
    return failed(
        tool,
        Failure(text_at(each, "fullTitle"), text_at(error, "message"), stack, file=text_at(each, "file")),
        output,
    )


def rspec(tool: str, output: Output) -> Report | None:
    documents = [value for value in values(output) if isinstance(dig(value, "examples"), list)]
    if not documents:
        return None
    found, tests = [], {}
    for document in documents:
        for example in objects(document, "examples"):
            test = text_at(example, "full_description") or text_at(example, "description")
            tests[text_at(example, "id") or test] = _STATES.get(text_at(example, "status"), "skipped")
            if example.get("status") == "failed":
                found.append(_example(tool, example, test, output))
        messages = [each for each in document.get("messages") or () if isinstance(each, str)]
        found += [load_error(tool, each, output) for each in messages if "error occurred" in each]
    return Report(tuple(dict.fromkeys(found)), tests)


def _example(tool: str, example: dict[str, Any], test: str, output: Output) -> Problem:
    trace = "\n".join(line for line in dig(example, "exception.backtrace") or () if isinstance(line, str))
    kind, message = text_at(example, "exception.class"), text_at(example, "exception.message").strip()
    return failed(
        tool,
        Failure(
            test,
            f"{kind}: {message}" if kind and "ExpectationNotMet" not in kind else message,
            trace,
            kind or None,
            text_at(example, "file_path"),
            number_at(example, "line_number"),
        ),
        output,
    )


def load_error(tool: str, message: str, output: Output) -> Problem:
    """The text of rspec for a file that could not be loaded."""
    match = re.search(r"^\s*(?P<type>[A-Z][\w:]*(?:Error|Exception)):\s*\n\s*(?P<message>\S.*)$", message, re.MULTILINE)
    said = f"{match['type']}: {match['message']}" if match else _head(message)
    file = re.search(r"while loading (\S+?)\.?(?: -|$)", message, re.MULTILINE)
    return failed(tool, Failure(None, said, message, match["type"] if match else None, file[1] if file else ""), output)


def gtest(tool: str, output: Output) -> Report | None:
    """The JSON of googletest. Before version 1.13 it wrote UTF-8 twice over."""
    documents = [value for value in values(output) if isinstance(dig(value, "testsuites"), list)]
    if not documents:
        return None
    found, tests = [], {}
    for test in (
        each for value in documents for suite in objects(value, "testsuites") for each in objects(suite, "testsuite")
    ):
        name = f"{text_at(test, 'classname')}.{text_at(test, 'name')}"
        failures = objects(test, "failures")
        tests[name] = "failed" if failures else "skipped" if test.get("result") == "SKIPPED" else "passed"
        for failure in failures:
            text = _mended(text_at(failure, "failure|message")).replace("\\/", "/")
            found.append(
                expectation(
                    tool, name, text, output, text_at(test, "file").replace("\\/", "/"), number_at(test, "line")
                )
            )
    return Report(tuple(dict.fromkeys(found)), tests)


def _mended(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


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


def teamcity(tool: str, output: Output) -> Report | None:
    """Service messages, as phpunit and others write them."""
    found, tests = [], {}
    for match in re.finditer(r"^##teamcity\[(?P<event>\w+)(?P<fields>.*)\]$", output.text, re.MULTILINE):
        fields = {key: _unescaped(value) for key, value in re.findall(r"(\w+)='((?:\|.|[^'|])*)'", match["fields"])}
        test = fields.get("name", "")
        if match["event"] in {"testStarted", "testIgnored"}:
            tests[test] = "passed" if match["event"] == "testStarted" else "skipped"
        elif match["event"] == "testFailed":
            tests[test] = "failed"
            message = fields.get("message", "")
            found.append(failed(tool, Failure(test, message, fields.get("details", "")), output))
    return Report(tuple(dict.fromkeys(found)), tests) if tests or found else None


def _unescaped(text: str) -> str:
    plain = {"n": "\n", "r": "\r", "|": "|", "'": "'", "[": "[", "]": "]"}
    text = re.sub(r"\|0x([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\|(.)", lambda match: plain.get(match[1], match[1]), text)


def busted(tool: str, output: Output) -> Report | None:
    documents = [value for value in values(output) if isinstance(dig(value, "successes"), list)]
    if not documents:
        return None
    bad = [each for value in documents for key in ("failures", "errors") for each in objects(value, key)]
    good = [each for value in documents for each in objects(value, "successes")]
    tests = {text_at(each, "name"): "passed" for each in good} | {text_at(each, "name"): "failed" for each in bad}
    return Report(tuple(dict.fromkeys(_busted(tool, each, output) for each in bad)), tests)


def _busted(tool: str, each: dict[str, Any], output: Output) -> Problem:
    message = text_at(each, "message|trace.message")
    placed = re.match(r"(?P<path>[^\s:]+\.\w+):(?P<line>\d+): (?P<text>.*)", message, re.DOTALL)
    file = text_at(each, "element.trace.short_src|trace.short_src|element.file.0.name").removeprefix("@")
    line = number_at(each, "trace.currentline|element.trace.currentline")
    if placed:
        file, line, message = placed["path"], int(placed["line"]), placed["text"]
    return failed(tool, Failure(text_at(each, "name"), message, file=file, line=line), output)
