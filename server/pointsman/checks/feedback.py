"""What a model is told of a failed candidate: new failures only, compact, in a stable order, within a budget.

The first line of a failure says what and where, the second shows the line at fault, the others lead to the test that
saw it. What failed before the candidate is counted and never shown: a model shown an old failure mends that instead.
"""

import re
from collections.abc import Iterator, Sequence

from pointsman.checks.blame import fingerprint
from pointsman.terms import CheckResult, FileSet, Problem, Report, Severity, Verdict

PER_FAILURE = 600
FAILURES = 20
PER_FILE = 5
DIFF_LINES = 12
LINE = 160
MORE = len("... and 99999 more") + 1
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def feedback(report: Report, candidate: FileSet, previous: Report | None = None, budget: int = 6000) -> str:
    """The message for the next turn. `budget` is in characters."""
    files = ", ".join(dict.fromkeys(change.new_path or change.path for change in candidate.changes))
    parts = [f"Your patch to {files} applies, but the checks do not pass with it."]
    if previous is not None:
        parts.append(_delta(report, previous))
    parts += [f"Note: {note}." for note in report.notes if "patch edits" in note]
    closing = "Send one complete patch against the original files, not against your last patch."
    left = budget - sum(len(part) + 2 for part in parts) - len(closing) - 2
    for result in report.results:
        section = _section(result, left)
        parts.append(section)
        left -= len(section) + 2
    return "\n\n".join((*parts, closing))


def _delta(report: Report, previous: Report) -> str:
    now = {fingerprint(problem) for problem in report.problems}
    then = {fingerprint(problem) for problem in previous.problems}
    return f"Since your last patch: {len(then - now)} fixed, {len(then & now)} still there, {len(now - then)} new."


def _section(result: CheckResult, budget: int) -> str:
    lines = [_heading(result)]
    left = budget - len(lines[0]) - MORE
    shown = 0
    by_file: dict[str | None, int] = {}
    groups = _grouped(result.problems)
    for group in groups:
        path = group[0].path
        by_file[path] = by_file.get(path, 0) + 1
        text = _failure(group)
        if shown >= FAILURES or by_file[path] > PER_FILE or len(text) + 1 > left:
            continue
        lines.append(text)
        left -= len(text) + 1
        shown += 1
    if shown < len(groups):
        lines.append(f"... and {len(groups) - shown} more")
    return "\n".join(lines)


def _heading(result: CheckResult) -> str:
    if result.verdict is Verdict.DID_NOT_RUN:
        return f"{result.check}: did not run ({result.summary})"
    counts = [f"{len(result.problems)} new" if result.problems else "nothing new"]
    if result.known:
        counts.append(f"{len(result.known)} known before, not shown")
    if result.fixed:
        counts.append(f"{len(result.fixed)} fixed")
    return f"{result.check}: {', '.join(counts)}"


def _grouped(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Sorted, and those that say the same in several places together."""
    groups: dict[tuple[str | None, str, str], list[Problem]] = {}
    for problem in sorted(problems, key=_sort_key):
        own = problem.test or "" if problem.test or problem.source_line == "" else ""
        groups.setdefault((problem.code, problem.message, own), []).append(problem)
    return list(groups.values())


def _sort_key(problem: Problem) -> tuple[int, str, int, int, str]:
    place = (problem.path or "~", problem.line or 0, problem.column or 0)
    return (_ORDER.index(problem.severity), *place, problem.test or problem.message)


def _failure(group: Sequence[Problem]) -> str:
    first = group[0]
    place = ":".join(str(part) for part in (first.path, first.line) if part) or first.tool
    code = f" [{first.code}]" if first.code and first.code not in first.message else ""
    test = f" (in {first.test})" if first.test else ""
    lines = [_cut(f"{first.severity.value[0].upper()} {place}{code} {first.message}{test}", 2 * LINE)]
    if first.source_line:
        lines.append(_cut(f"  {first.line}|     {first.source_line}"))
    lines += [_cut(f"  {line}") for line in _difference(first)]
    lines += [f"  via {related.path}:{related.line}" for related in first.related[:3]]
    if len(group) > 1:
        others = ", ".join(f"{problem.path}:{problem.line}" for problem in group[1:6])
        lines.append(f"  the same at {others}{' ...' if len(group) > 6 else ''}")  # noqa: PLR2004 - those shown, and the first
    return "\n".join(lines)[:PER_FAILURE]


def _difference(problem: Problem) -> Iterator[str]:
    """What pytest explains of a comparison; the tail of the output for a crash, which has nothing else."""
    lines = problem.detail.splitlines()
    if problem.code in {"crash", "timeout"}:
        yield from lines[-DIFF_LINES:]
        return
    explained = [line[1:].strip() for line in lines if re.match(r"E\s+\S", line)]
    yield from [line for line in explained if line not in problem.message][:DIFF_LINES]


def _cut(line: str, limit: int = LINE) -> str:
    return line if len(line) <= limit else f"{line[: limit - 4]} ..."
