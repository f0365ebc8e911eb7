"""The text of googletest, and of ctest around it and around tests of any other kind."""

import re
from collections.abc import Iterator

from pointsman.checks import failures
from pointsman.checks.failures import Failure, failed
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_RUN = re.compile(r"^\[ RUN +\] (?P<test>.+)$")
_END = re.compile(r"^\[ +(?:OK|FAILED|SKIPPED) +\] ")
_CTEST = re.compile(
    r"^ *\d+/\d+ +Test +#\d+: (?P<test>.+?) \.+ *(?:Passed|(?P<how>[\w ]*)\*\*\*(?P<why>\S.*?)) +[\d.]+ sec"
)
_CTEST_END = re.compile(r"^ +Start +\d+: |^\d+% tests passed")
_NOT_A_FAILURE = ("Skipped", "Not Run (Disabled)")


def read(tool: str, output: Output) -> list[Problem]:
    return _all(tool, output.text.split("\n"), output)


def ctest(tool: str, output: Output) -> list[Problem]:
    found = []
    for test, why, body in _tests(output.text.split("\n")):
        failure = Failure(test, f"{test}: {why}", "\n".join(body))
        found += _all(tool, body, output) or [failed(tool, failure, output)]
    return found


def _all(tool: str, lines: list[str], output: Output) -> list[Problem]:
    runs = _runs(lines)
    return [each for test, body, ended in runs for each in _failures(tool, test, body, output, ended=ended)]


def _runs(lines: list[str]) -> Iterator[tuple[str, list[str], bool]]:
    """Each test with what it wrote, and whether it came to its end."""
    test, body = "", list[str]()
    for line in lines:
        run = _RUN.match(line)
        if test and (run or _END.match(line)):
            yield test, body, run is None
            test = ""
        if run:
            test, body = run["test"], []
        elif test:
            body.append(line)
    if test:
        yield test, body, False


def _failures(tool: str, test: str, body: list[str], output: Output, *, ended: bool) -> list[Problem]:
    text = "\n".join(body)
    found = failures.gtest(tool, test, text, output)
    return found if ended else [*found, failed(tool, Failure(test, f"{test} did not come to its end", text), output)]


def _tests(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """The tests that failed, each with why and with what it wrote."""
    head: re.Match[str] | None = None
    body: list[str] = []
    for line in [*lines, "100% tests passed"]:
        match = _CTEST.match(line)
        if match or _CTEST_END.match(line):
            if head and head["why"] and head["why"] not in _NOT_A_FAILURE:
                yield head["test"], head["how"] or head["why"], body
            head, body = match, []
        elif head:
            body.append(line)
