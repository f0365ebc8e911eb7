"""The lines of our own plugin: one event each. A run that was cut short tells which test was running."""

import json
from collections.abc import Iterator
from typing import Any

from pointsman.checks.frames import Frame, error_in, frames_in
from pointsman.checks.tool import Outcome, Output
from pointsman.checks.tools.pytest_failures import Failure, died, problem, summary, verdict
from pointsman.terms import Problem, Verdict

ITEM_LIMIT = 2_000
"""Failures kept of one run."""


def read_lines(text: str, output: Output) -> Outcome:
    events = list(_events(text))
    tests = _states(events)
    problems = [
        problem(_failure(event), output)
        for event in events
        if event["event"] in {"test", "collect"} and event.get("outcome") == "failed"
    ][:ITEM_LIMIT]
    if any(event["event"] == "end" for event in events) and not output.run.trouble:
        return verdict(problems, tests, output)
    problems += _cut_short(events, output)
    return Outcome(Verdict.FAILED, tuple(problems), f"{summary(tests)}, then cut short", tests, complete=False)


def _events(text: str) -> Iterator[dict[str, Any]]:
    """A test can write to any file it can guess; what does not look like our plugin's is not."""
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            yield event


def _states(events: list[dict[str, Any]]) -> dict[str, str]:
    """How each test went; of several reports on one, the worst, but a later pass overrules a rerun's failure."""
    states: dict[str, str] = {}
    for event in events:
        test = event.get("test")
        if event["event"] != "test" or not isinstance(test, str):
            continue
        state = str(event.get("outcome"))
        if event.get("xfail"):
            state = {"skipped": "xfailed", "passed": "xpassed"}.get(state, state)
        if state == "failed" and event.get("when") != "call":
            state = "error"
        if state != "rerun" and states.get(test) not in {"failed", "error"}:
            states[test] = state
    return states


def _failure(event: dict[str, Any]) -> Failure:
    detail = str(event.get("detail") or "")
    lines = detail.splitlines()
    error = event.get("error")
    file, line = event.get("file"), event.get("line")
    common = {
        "detail": detail,
        "file": file if isinstance(file, str) else "",
        "line": line if isinstance(line, int) else None,
    }
    collected = event["event"] == "collect"
    test = None if collected else str(event.get("test"))
    if isinstance(error, dict):
        frames = [Frame(str(path), int(number)) for path, number in error.get("frames", ())]
        return Failure(test, str(error.get("message", "")), frames, code=str(error.get("type")), **common)  # type: ignore[arg-type]
    message = error_in(lines) or next((line for line in lines if line.strip()), "")
    if lines and lines[0].startswith("[gw") and not error_in(lines):  # the worker's line stands before the message
        message = next((line for line in lines[1:] if line.strip()), message)
    return Failure(test, message, frames_in(lines), **common)  # type: ignore[arg-type]


def _cut_short(events: list[dict[str, Any]], output: Output) -> Iterator[Problem]:
    """The tests that had begun and not ended when the process did, and what made it end."""
    begun = dict.fromkeys(str(event["test"]) for event in events if event["event"] == "running")
    ended = {str(event.get("test")) for event in events if event["event"] == "finished"}
    ended |= {str(event.get("test")) for event in events if event.get("when") == "teardown"}
    run = output.run
    internal = next((event for event in events if event["event"] == "internal"), None)
    if internal is not None:
        lines = str(internal.get("detail", "")).splitlines()
        yield problem(
            Failure(None, lines[-1] if lines else "internal error", frames_in(lines), code="internal"), output
        )
        return
    what = run.trouble or f"the test process {died(run.exit_code)}"
    # A dump of faulthandler has the deepest frame first.
    frames = frames_in(run.stderr.splitlines())[::-1]
    running: list[str | None] = [test for test in begun if test not in ended]
    for test in running or [None]:
        message = f"{what} while this test ran" if test else what
        yield problem(Failure(test, message, frames, code="timeout" if "timed out" in what else "crash"), output)
