"""pytest's text: the sections of errors and failures, and the ids of the short summary."""

import re
from collections.abc import Iterator, Sequence

from pointsman.checks.frames import Frame, error_in, exception_of, frames_in
from pointsman.checks.tool import Outcome, Output, plain
from pointsman.checks.tools.pytest_failures import Failure, problem, unread, verdict

_BANNER = re.compile(r"^={3,} (?P<title>.*?) ={3,}$")
_ITEM = re.compile(r"^_{2,} (?P<title>\S.*?) _{2,}$")
_WORKER = re.compile(r"^\[gw\d+\] ")
_CAPTURED = re.compile(r"^-{3,} Captured ")
_SUMMARY = re.compile(
    r"^(?P<state>FAILED|ERROR|PASSED|XFAIL|XPASS|SKIPPED) (?P<test>\S.*?\.py(?:::.+?)?|\S+?(?:::.+?)?)(?: - (?P<message>.*))?$"
)
_LINE = re.compile(r"^(?P<path>/?[^\s:][^:]*\.py):(?P<line>\d+): (?P<message>.+)$")
_COUNTS = re.compile(r"(?P<count>\d+) (?P<state>passed|failed|skipped|xfailed|xpassed|errors?)\b")
_ERRORS = re.compile(r"^ERROR (?:at (?P<when>setup|teardown) of|collecting) (?P<name>.+)$")
_STATES = {"FAILED": "failed", "ERROR": "error", "PASSED": "passed", "SKIPPED": "skipped", "XFAIL": "xfailed"}


def read_text(output: Output) -> Outcome:
    lines = plain(output.run.stdout).splitlines()
    ids = [match for line in lines if (match := _SUMMARY.match(line))]
    tests = {match["test"]: _STATES.get(match["state"], "xpassed") for match in ids if "::" in match["test"]}
    names = {_name(test): test for test in tests}
    problems = [problem(_failure(title, body, names), output) for title, body in _items(lines)]
    told = {each.test or each.path for each in problems}
    problems += [problem(each, output) for each in _summarized(lines) if (each.test or each.file) not in told]
    if output.run.trouble or (not problems and output.run.exit_code not in {0, 5}):
        return unread(output, tests)
    return verdict(problems, tests or _counted(lines), output)


def _summarized(lines: Sequence[str]) -> Iterator[Failure]:
    """Failures of which only the summary tells, and with `--tb=line` a line each, in the same order."""
    short = [match for line in lines if (match := _LINE.match(line))]
    for match in (match for line in lines if (match := _SUMMARY.match(line)) and match["state"] in {"FAILED", "ERROR"}):
        message = match["message"] or ""
        frame = next(
            (each for each in short if message and each["message"].startswith(message.removesuffix("..."))), None
        )
        if frame:
            short.remove(frame)
        frames = [Frame(frame["path"], int(frame["line"]))] if frame else []
        test = match["test"] if "::" in match["test"] else None  # a file that could not be collected
        yield Failure(test, message or "the file could not be collected", frames, file=match["test"].partition("::")[0])


def _items(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each failure's title and lines, without what the test printed."""
    body: list[str] = []
    title, reading, printed = "", False, False
    for line in lines:
        banner, item = _BANNER.match(line), _ITEM.match(line)
        if banner or (item and reading):
            if title:
                yield title, body
            title, body, printed = item["title"] if item and not banner else "", [], False
        if banner:
            reading = banner["title"] in {"ERRORS", "FAILURES"}
        elif title and not item:
            printed = printed or _CAPTURED.match(line) is not None
            if not printed:
                body.append(line)
    if title:
        yield title, body


def _failure(title: str, body: list[str], names: dict[str, str]) -> Failure:
    error = _ERRORS.match(title)
    name = error["name"] if error else title
    message = (
        error_in(body)
        or _last_exception(body)
        or next((line for line in body if line.strip() and not _WORKER.match(line)), title)
    )
    collected = error is not None and error["when"] is None
    file = name if collected else ""
    return Failure(None if collected else names.get(name, name), message, frames_in(body), "\n".join(body), file=file)


def _last_exception(body: Sequence[str]) -> str:
    """Of a traceback in Python's own style, where nothing is marked; of a group, the group itself."""
    last = [line for line in body if line[:1].strip() and exception_of(line)]
    inner = [line.strip(" |+-") for line in body]
    return last[-1] if last else next((line for line in inner if exception_of(line)), "")


def _name(test: str) -> str:
    """`TestParse.test_bad` is how the heading calls `tests/test_calc.py::TestParse::test_bad`."""
    return ".".join(test.split("::")[1:])


def _counted(lines: Sequence[str]) -> dict[str, str]:
    """Without ids, as many nameless tests as the last line counts."""
    for line in reversed(lines):
        if found := list(_COUNTS.finditer(line)):
            return {
                f"{m['state']} {n}": m["state"].rstrip("s") for m in found for n in range(min(int(m["count"]), 9999))
            }
    return {}
