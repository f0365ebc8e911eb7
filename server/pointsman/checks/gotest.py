"""`go test`: its events as JSON, of old and new Go, and its text, which is the same lines without the events.

Paths in what a test says are relative to its package's directory. A parent fails because its subtest does.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pointsman.checks.dialects import BYTES
from pointsman.checks.documents import text_at, values
from pointsman.checks.failures import Failure, failed
from pointsman.checks.frames import Frame, all_frames
from pointsman.checks.items import Item, located, problem
from pointsman.checks.junit import Report
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_COMPILE = re.compile(r"^(?:vet: )?(?P<path>[^\s:#][^:]*\.go):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+)$")
_FRAME = re.compile(r"^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)\s+(?P<now>\S+)|--- (?P<state>FAIL|PASS|SKIP): (?P<test>\S+))")
_SAID = re.compile(r"^\s+(?P<path>[\w.-]+\.go):(?P<line>\d+): (?P<message>.*)$")
_PACKAGE = re.compile(r"^(?P<state>FAIL|ok)\s+(?P<package>\S+)\s+(?:[\d.]+s|\(cached\)|\[)")
_PANIC = re.compile(r"^\s*(?P<message>(?:panic|fatal error): .*?)(?: \[recovered.*\])?$")


_TIMEOUT = re.compile(r"^panic: test timed out after", re.MULTILINE)
_NOT_BUILT = "[build failed]"
_HANGING = "(timeout)"


@dataclass(slots=True)
class _Test:
    package: str
    name: str
    state: str = ""
    lines: list[tuple[str, bool]] = field(default_factory=list)
    """What it wrote, and whether Go says that this line is an error."""


def read_json(tool: str, output: Output) -> Report | None:
    events = [value for value in values(output) if isinstance(value, dict) and "Action" in value]
    if not events:  # it did not come to tests: old Go says in text that a package does not compile
        found = compiled(tool, output.text.splitlines(), output)
        return Report(tuple(found)) if found else None
    tests: dict[tuple[str, str], _Test] = {}
    build: list[str] = []
    for event in events:
        package, name, action = (text_at(event, key) for key in ("Package", "Test", "Action"))
        said = text_at(event, "Output").rstrip("\n")
        if action == "build-output":
            build.append(said)
        test = tests.setdefault((package, name), _Test(package, name))
        if action == "output" and event.get("OutputType") != "frame":
            test.lines.append((said, event.get("OutputType", "").startswith("error")))
        elif action in {"pass", "fail", "skip"}:
            test.state = action
            test.lines += [(_NOT_BUILT, False)] if event.get("FailedBuild") else []
    build += output.run.stderr.splitlines()
    return _report(tool, list(tests.values()), build, output)


def read_text(tool: str, output: Output) -> Report | None:
    """Without events, a test's lines follow its `---`, or with `-v` its `=== RUN`; its package is told at the end."""
    tests: list[_Test] = []
    waiting: list[_Test] = []
    last: _Test | None = None
    ended: _Test | None = None
    rest: list[str] = []
    verbose = any(line.startswith("=== RUN") for line in output.run.stdout.splitlines())
    for line in [*output.run.stdout.splitlines(), *output.run.stderr.splitlines()]:
        frame, package = _FRAME.match(line), _PACKAGE.match(line)
        if package:
            if package["state"] == "FAIL":
                whole = _named(waiting, "")
                whole.state = "fail"
                whole.lines.append((line, False))
            for test in waiting:
                test.package = package["package"]
            tests, waiting, last, ended = tests + waiting, [], None, None
        elif frame:
            last = _named(waiting, frame["test"] or frame["now"])
            last.state = {"FAIL": "fail", "PASS": "pass", "SKIP": "skip"}.get(frame["state"] or "", last.state)
            ended = last
            last = None if frame["test"] and verbose else last
        elif _TIMEOUT.match(line):  # of the whole run, not of the test before it
            last = _named(waiting, _HANGING)
            last.lines.append((line, True))
        elif last is None and _PANIC.match(line):
            last = ended or _named(waiting, "")
            last.lines.append((line, True))
        elif last is not None:
            last.lines.append((line, False))
        else:
            rest.append(line)
    if not tests and not waiting and not any(_PACKAGE.match(line) for line in output.text.splitlines()):
        return None
    return _report(tool, tests + waiting, rest, output)


def _named(tests: list[_Test], name: str) -> _Test:
    found = next((test for test in tests if test.name == name), None)
    if found is None:
        found = _Test("", name)
        tests.append(found)
    return found


def _report(tool: str, tests: list[_Test], build: Iterable[str], output: Output) -> Report:
    found = compiled(tool, build, output)
    failing = [test for test in tests if test.name and _innermost(test, tests)]
    for test in failing:
        found += _failures(tool, test, output)
    told = {test.package for test in failing}
    for test in tests:
        built = not any(_NOT_BUILT in line or "[setup failed]" in line for line, _ in test.lines)
        if not test.name and test.state == "fail" and test.package not in told and (built or not found):
            found += _failures(tool, test, output)[:1]
    states = {"fail": "failed", "pass": "passed", "skip": "skipped"}
    known = {f"{test.package}.{test.name}": states[test.state] for test in tests if test.name and test.state}
    return Report(tuple(dict.fromkeys(found)), known)


def compiled(tool: str, lines: Iterable[str], output: Output) -> list[Problem]:
    """What the compiler or vet says of a package."""
    items = [
        Item(match["message"], match["path"], int(match["line"]), int(match["column"] or 0) or None)
        for line in lines
        if (match := _COMPILE.match(line))
    ]
    return [problem(tool, item, output, BYTES) for item in items]


def _innermost(test: _Test, tests: list[_Test]) -> bool:
    """Failed, or cut short, and not for a subtest's sake."""
    ended_badly = test.state == "fail" or (not test.state and any(_PANIC.match(line) for line, _ in test.lines))
    inner = f"{test.name}/"
    return ended_badly and not any(
        other.state == "fail" and other.name.startswith(inner) and other.package == test.package for other in tests
    )


def _failures(tool: str, test: _Test, output: Output) -> list[Problem]:
    """A panic is one failure, at its frames; else the first line that the test said, or those that Go calls errors."""
    name = f"{test.package}.{test.name}" if test.name else test.package
    text = "\n".join(line for line, _ in test.lines)
    panic = next((match for line, _ in test.lines if (match := _PANIC.match(line))), None)
    if panic:
        hanging = re.search(r"^\t(Test\w\S*) \([\d.]+s\)$", text, re.MULTILINE)
        if test.name == _HANGING:
            name = f"{test.package}.{hanging[1]}" if hanging else test.package
        return [failed(tool, Failure(name, panic["message"], text, frames=_absolute(text)), output)]
    said = [(match, error) for line, error in test.lines if (match := _SAID.match(line))]
    errors = [match for match, error in said if error] or [match for match, _ in said[:1]]
    if not errors:
        lines = (line.strip() for line, _ in test.lines if line.strip() and not _FRAME.match(line))
        return [failed(tool, Failure(name, next(lines, f"{name} failed")), output)]
    folder = _folder(test.package, errors[0]["path"], output)
    found = []
    for match in errors:
        file = f"{folder}/{match['path']}".lstrip("/")
        message = match["message"].strip() or _next(test, match)
        found.append(failed(tool, Failure(name, message, text, file=file, line=int(match["line"]), frames=()), output))
    return found


def _next(test: _Test, match: re.Match[str]) -> str:
    """Some assertion libraries leave the first line empty."""
    lines = [line for line, _ in test.lines]
    after = lines[lines.index(match.string) + 1 :]
    return next((line.strip() for line in after if line.strip()), "the test failed")


def _absolute(text: str) -> list[Frame]:
    if _TIMEOUT.search(text):  # every goroutine is told; a test's own is begun by tRunner
        parts = re.split(r"^(?=goroutine \d+ )", text, flags=re.MULTILINE)
        text = next((part for part in parts if "testing.tRunner(" in part and "testing.(*T).Run(" not in part), text)
    return [frame for frame in all_frames(text.splitlines()) if frame.path.startswith("/") or ":" in frame.path]


def _folder(package: str, file: str, output: Output) -> str:
    """The directory of a package: the end of its path under which there is such a file."""
    parts = package.split("/")
    for start in range(len(parts) + 1):
        folder = "/".join(parts[start:])
        path = located(output, f"{folder}/{file}".lstrip("/"))
        if path is not None and output.texts(path) is not None:
            return folder
    return ""
