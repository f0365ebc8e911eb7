"""What a candidate is worth to a task: the parts of a verdict that no single check can know."""

import re
from collections import Counter
from dataclasses import replace

from pointsman.checks.blame import fold
from pointsman.index import syntax
from pointsman.intents import note_at
from pointsman.terms import CheckResult, FileSet, Offer, Problem, Reject, Report, Verdict
from pointsman.text import Snapshot


def broken_syntax(candidate: FileSet) -> Report | None:
    """A failed report if a changed file parses worse than before. Costs no process; blocking, but brief."""
    problems = tuple(
        problem
        for change in candidate.changes
        if change.after is not None
        for problem in syntax.new_errors(
            change.new_path or change.path, change.before.text if change.before else "", change.after
        )
    )
    if not problems:
        return None
    return Report((CheckResult("syntax", "syntax", Verdict.FAILED, problems, summary="does not parse"),))


def note_left(offer: Offer, candidate: FileSet) -> Reject | None:
    """A rule of "Do what it says": the comment that asked must go with the edit."""
    if offer.intent != "comment":
        return None
    for change in candidate.changes:
        if change.path == offer.path and change.after is not None:
            after = Snapshot("", None, change.after)
            left = [
                line
                for line in range(after.line_count)
                if (found := note_at(after, line)) and found[1] == offer.instruction
            ]
            if not left:
                return None
            return Reject(
                "note_left", f"The comment `pointsman: {offer.instruction}` is still on line {left[0] + 1}. Remove it."
            )
    return Reject(
        "note_left", f"The patch does not touch {offer.path}, where the `pointsman:` comment must be removed."
    )


def owed(report: Report, asked: tuple[Problem, ...]) -> Report:
    """The report, with the problems the task was to mend counted as failures where they are still there."""
    results = tuple(_owed(result, asked) for result in report.results)
    return replace(report, results=results)


def _owed(result: CheckResult, asked: tuple[Problem, ...]) -> CheckResult:
    still = tuple(known for known in result.known if any(_same(known, problem) for problem in asked))
    if not still or result.verdict is Verdict.DID_NOT_RUN:
        return result
    known = tuple(problem for problem in result.known if problem not in still)
    return replace(result, verdict=Verdict.FAILED, problems=(*still, *result.problems), known=known)


def _same(found: Problem, asked: Problem) -> bool:
    """Whether a finding is the one asked about: the same test, or the same rule on the same text of the same file."""
    if asked.test or found.test:
        return asked.test == found.test
    same_line = (
        found.source_line.strip() == asked.source_line.strip() if asked.source_line else found.line == asked.line
    )
    return found.path == asked.path and found.code == asked.code and same_line


def rank(report: Report) -> tuple[int, int]:
    """Smaller is better."""
    order = [Verdict.PASSED, Verdict.DID_NOT_RUN, Verdict.FAILED]
    return order.index(report.verdict), len(report.problems)


def unchanged(one: Report | None, other: Report) -> bool:
    """Whether the same failures came twice in a row: asking again would not help."""
    return one is not None and _failures(one) == _failures(other)


def _failures(report: Report) -> Counter[tuple[str | None, ...]]:
    """Without places, and what differs from run to run. A test that fails in another way is not the same."""
    return Counter((p.tool, p.path, p.code, p.test, fold(p.message)) for p in report.problems)


def summary(report: Report) -> str:
    """The checks in a few words, for the receipt: `ruff clean, 14 tests pass`."""
    return ", ".join(map(_words, report.results))


def _words(result: CheckResult) -> str:
    if result.verdict is Verdict.DID_NOT_RUN:
        return f"{result.check} did not run"
    if result.verdict is Verdict.FAILED:
        return f"{result.check}: {result.summary or 'failed'}"
    if passed := re.search(r"(\d+) passed", result.summary):
        before = f" ({len(result.known)} failed before)" if result.known else ""
        return f"{passed[1]} test{'s pass' if passed[1] != '1' else ' passes'}{before}"
    return f"{result.check} clean"
