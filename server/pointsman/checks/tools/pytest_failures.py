"""What all of pytest's formats share: a failure's place, and the meaning of its exit codes."""

import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pointsman.checks.frames import Frame, error_in, exception_of, frames_in, place
from pointsman.checks.outcomes import shortfall
from pointsman.checks.places import inside, line_of
from pointsman.checks.tool import Outcome, Output, did_not_run
from pointsman.terms import Problem, Severity, Verdict

NO_TESTS = 5
FAILURES = 1
DETAIL_LIMIT = 8000

FILE = re.compile(r"^file (?P<path>\S.*), line (?P<line>\d+)$", re.MULTILINE)
"""Where a test stands of which a fixture is not known."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure as a format tells it. `file` and `line` are where the test itself stands."""

    test: str | None
    message: str
    frames: Sequence[Frame]
    detail: str = ""
    code: str | None = None
    file: str = ""
    line: int | None = None


def problem(failure: Failure, output: Output) -> Problem:
    cwd = folder(output)
    path, line, related = place(failure.frames, output.root, cwd)
    if path is None:
        named, test = FILE.search(failure.detail), (failure.test or "").rpartition("::")[0].partition("::")[0]
        file, line = (named["path"], int(named["line"])) if named else (failure.file or test, failure.line)
        path, related = inside(file, output.root, cwd) if file else None, ()
    message = failure.message.partition("\n")[0].strip() or "the test failed"
    return Problem(
        tool="pytest",
        message=message,
        path=path,
        line=line if path else None,
        severity=Severity.ERROR,
        code=failure.code or exception_of(message),
        test=failure.test,
        related=related,
        source_line=line_of(output.texts(path), line) if path else "",
        detail=failure.detail[-DETAIL_LIMIT:],
    )


def folder(output: Output) -> str:
    """The directory of the run as a workspace path: what relative paths in its output are relative to."""
    return inside(output.run.command.cwd, output.root) or ""


def verdict(problems: Sequence[Problem], tests: Mapping[str, str], output: Output) -> Outcome:
    """The outcome of a run whose items were read."""
    code = output.run.exit_code
    if problems:
        return Outcome(Verdict.FAILED, tuple(problems), summary(tests), tests)
    if code == NO_TESTS:
        return Outcome(Verdict.DID_NOT_RUN, (), "there are no tests", tests, nothing=True)
    if code == 0 and not any(state in {"passed", "xfailed", "xpassed"} for state in tests.values()):
        return Outcome(Verdict.DID_NOT_RUN, (), f"nothing was tested ({summary(tests)})", tests, nothing=True)
    if code == 0:
        return Outcome(Verdict.PASSED, (), summary(tests), tests)
    return unread(output, tests)


def unread(output: Output, tests: Mapping[str, str] | None = None) -> Outcome:
    """The outcome of a run that did not pass, and of which no item could be read."""
    run = output.run
    if run.trouble:
        return did_not_run("pytest", run.trouble)
    text = f"{run.stdout}\n{run.stderr}"
    if re.search(r"No module named '?pytest'?\s*$", text, re.MULTILINE):
        return did_not_run("pytest", f"pytest is not installed for {run.command.argv[0]}")
    if short := shortfall("pytest", output):
        return Outcome(Verdict.FAILED, (short,), short.message, tests or {})
    lines = text.splitlines()
    message = error_in(lines)
    found = problem(Failure(None, message or said(lines), frames_in(lines)), output)
    if (message and found.path) or run.exit_code == FAILURES:
        return Outcome(Verdict.FAILED, (found,), found.message, tests or {}, complete=False)
    why = f"pytest could not run (exit code {run.exit_code})"
    return did_not_run("pytest", why, found.message)


def said(lines: Sequence[str]) -> str:
    """The line that most looks like the tool's own complaint, else its last one."""
    spoken = [line.strip() for line in lines if line.strip()]
    complaints = [
        line for line in spoken if re.match(r"([\w ./-]{1,80}: )?(ERROR|FAIL|error|fatal|INTERNALERROR>)\b", line)
    ]
    complaints = [line for line in complaints if "usage:" not in line]
    return (complaints or spoken[-1:] or ["it said nothing"])[0]


def died(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"
    return f"ended with exit code {code}"


def summary(tests: Mapping[str, str]) -> str:
    states = list(tests.values())
    words = ("failed", "error", "passed", "skipped", "xfailed", "xpassed")
    counts = [f"{states.count(word)} {word}" for word in words if word in states]
    return ", ".join(counts) or "no tests"
