"""From two outcomes of a check, without the candidate and with it, to what is said of the candidate."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pointsman.checks.blame import Fingerprint, blame, edited_config, fingerprint, lost_tests
from pointsman.checks.tool import Check, Outcome
from pointsman.terms import CheckResult, FileSet, Problem, Severity, Verdict

GONE, SKIPPED = "test-gone", "test-skipped"
SHOWN = 3
"""Tests named in a note."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How one run of a check went, and how long it took."""

    outcome: Outcome
    seconds: float = 0.0


def alone(check: Check, tried: Tried) -> CheckResult:
    """Without a candidate every problem counts."""
    outcome = tried.outcome
    return CheckResult(
        check.name, check.tool, outcome.verdict, outcome.problems, summary=outcome.summary, seconds=tried.seconds
    )


def compared(check: Check, candidate: FileSet, baseline: Tried, tried: Tried) -> CheckResult:
    before, after = baseline.outcome, tried.outcome
    comparable = before.verdict is not Verdict.DID_NOT_RUN or before.nothing
    seconds = baseline.seconds + tried.seconds
    if after.verdict is Verdict.PASSED and not comparable:
        return CheckResult(check.name, check.tool, Verdict.PASSED, summary=after.summary, seconds=seconds)
    if not comparable:
        why = f"unknown: it did not run without the change either ({before.summary})"
        return CheckResult(check.name, check.tool, Verdict.DID_NOT_RUN, summary=why, seconds=seconds)
    if after.verdict is Verdict.DID_NOT_RUN and not (before.nothing and after.nothing):
        return _stopped(check, before, after, seconds)
    shares = blame(before.problems, after.problems, candidate)
    lost = lost_tests(check.tool, before, after, candidate)
    gone = {problem.test for problem in lost}
    new = (*shares.new, *lost)
    fixed = tuple(problem for problem in shares.fixed if not problem.test or problem.test not in gone)
    verdict = Verdict.FAILED if new else Verdict.PASSED
    if after.verdict is Verdict.DID_NOT_RUN:
        verdict = Verdict.DID_NOT_RUN
    summary = _summary(after, new, shares.known, fixed)
    return CheckResult(check.name, check.tool, verdict, new, shares.known, fixed, summary, seconds)


def _stopped(check: Check, before: Outcome, after: Outcome, seconds: float) -> CheckResult:
    """The check ran without the candidate and does not run with it.

    That is the candidate's doing if the tool itself complains, or there is nothing left to check; a tool that could
    not be started at all, or was too slow, says nothing.
    """
    if after.nothing:
        problems: tuple[Problem, ...] = (
            Problem(check.tool, f"{after.summary}, and there were before: {before.summary}", code=GONE),
        )
    else:
        problems = after.problems
    verdict = Verdict.FAILED if problems else Verdict.DID_NOT_RUN
    return CheckResult(check.name, check.tool, verdict, problems, summary=after.summary, seconds=seconds)


def _summary(after: Outcome, new: Sequence[Problem], known: Sequence[Problem], fixed: Sequence[Problem]) -> str:
    counts = ((len(new), "new"), (len(known), "known before"), (len(fixed), "fixed"))
    changes = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{after.summary} ({changes})" if changes else after.summary


def suspects(result: CheckResult) -> tuple[Problem, ...]:
    """The failures that may be chance: of tests, and not of those that hang, which another run would cost as much."""
    return tuple(
        problem for problem in result.problems if problem.test and problem.code not in {GONE, SKIPPED, "timeout"}
    )


def steady(problems: Sequence[Problem], again: Outcome) -> tuple[Problem, ...]:
    """Those that failed in another run of the same too. One that says nothing clears nobody."""
    if again.verdict is Verdict.DID_NOT_RUN or not again.complete:
        return tuple(problems)
    failed = _marks(again.problems)
    return tuple(
        problem
        for problem in problems
        if fingerprint(problem) in failed or (again.tests and problem.test not in again.tests)
    )


def at_random(problems: Sequence[Problem], again: Outcome) -> tuple[Problem, ...]:
    """Those that fail without the candidate too, if only now and then."""
    failed = _marks(again.problems)
    return tuple(problem for problem in problems if fingerprint(problem) in failed)


def _marks(problems: Sequence[Problem]) -> Counter[Fingerprint]:
    return Counter(fingerprint(problem) for problem in problems)


def cleared(result: CheckResult, flaky: Sequence[Problem]) -> CheckResult:
    """The result without failures that are chance: they are told, and nobody is blamed."""
    if not flaky:
        return result
    left = tuple(problem for problem in result.problems if problem not in flaky)
    told = tuple(replace(problem, severity=Severity.INFO) for problem in flaky)
    summary = f"{result.summary}; {len(flaky)} flaky, not counted"
    return replace(
        result, verdict=Verdict.FAILED if left else Verdict.PASSED, problems=left, flaky=told, summary=summary
    )


def notes(candidate: FileSet | None, config: Sequence[str], results: Sequence[CheckResult]) -> tuple[str, ...]:
    """What a person should know of a candidate beside its problems."""
    if candidate is None:
        return ()
    found = []
    if edited := edited_config(candidate, config):
        found.append(f"the patch edits what decides the checks: {', '.join(edited)}")
    for code, what in ((GONE, "are gone"), (SKIPPED, "are skipped now")):
        tests = [p.test or p.message for result in results for p in result.problems if p.code == code]
        if tests:
            found.append(f"tests that ran before {what}: {_some(tests)}")
    if flaky := [problem.test or problem.message for result in results for problem in result.flaky]:
        found.append(f"tests that fail by chance were not counted: {_some(flaky)}")
    return tuple(found)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
