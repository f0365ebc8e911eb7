"""Which of a project's findings are about a place: what `pointsman fix PATH:LINE` is asked to mend."""

import re
from collections.abc import Iterator, Sequence

from pointsman.cli.usage import Target
from pointsman.context import lines_of
from pointsman.errors import WorkspaceError
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.terms import Problem, Report

LIMIT = 10
"""Findings that one fix is asked for; a broken function can fail a hundred tests."""


def all_of(report: Report) -> list[Problem]:
    return [problem for result in report.results for problem in (*result.problems, *result.known)]


def about(target: Target, report: Report, index: Index) -> tuple[Problem, ...]:
    """Those on the lines; those with a frame in what encloses them; without any, the failed tests that name it.

    A failed comparison has no frame in the code at fault: it has returned by then.
    """
    problems = all_of(report)
    symbol = index.enclosing(target.path, _first_character(target))
    found = [problem for problem in problems if _touches(problem, target.path, target.first, target.last)]
    if symbol:
        first, last = lines_of(target.snapshot, symbol.span)
        found += [problem for problem in problems if _touches(problem, target.path, first, last, frames=True)]
        found = found or list(_naming(symbol, target, problems, index))
    return tuple(dict.fromkeys(found))[:LIMIT]


def _first_character(target: Target) -> int:
    """A line's indentation belongs to what encloses the line, not to what begins on it."""
    line = target.snapshot.line(target.first - 1)
    return target.span.start + len(line) - len(line.lstrip())


def _touches(problem: Problem, path: str, first: int, last: int, *, frames: bool = False) -> bool:
    if problem.path == path and problem.line and problem.line <= last and (problem.end_line or problem.line) >= first:
        return True
    return frames and any(place.path == path and first <= place.line <= last for place in problem.related)


def _naming(symbol: Symbol, target: Target, problems: Sequence[Problem], index: Index) -> Iterator[Problem]:
    name = re.compile(rf"\b{re.escape(symbol.name)}\b")
    for problem in problems:
        if not problem.test or not problem.path or not problem.line:
            continue
        try:
            snapshot = target.workspace.read(problem.path)
        except WorkspaceError:
            continue
        at = snapshot.line_span(problem.line - 1)
        test = index.enclosing(problem.path, at.end)
        span = test.span if test else at
        if name.search(snapshot.text, span.start, span.end):
            yield problem
