"""Test tools that write JSON or service messages of their own: mocha, rspec, googletest, busted, TeamCity's."""

import re
from typing import Any

from pointsman.checks.documents import dig, number_at, objects, text_at, values
from pointsman.checks.failures import Failure, expectation, failed, first_line
from pointsman.checks.junit import STATES, Report, located_file
from pointsman.checks.tool import Output
from pointsman.terms import Problem


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
            tests[text_at(example, "id") or test] = STATES.get(text_at(example, "status"), "skipped")
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
    said = f"{match['type']}: {match['message']}" if match else first_line(message)
    file = re.search(r"while loading (\S+?)\.?(?: -|$)", message, re.MULTILINE)
    known = file[1] if file and located_file(output, file[1]) else ""  # not one that was only asked for
    return failed(tool, Failure(None, said, message, match["type"] if match else None, known), output)


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
