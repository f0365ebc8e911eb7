"""What is new, what was there before, and what is gone: problems compared without their line numbers.

Two problems are the same if tool, file, rule, message and the text of the line agree; two failing tests if their ids
do. What differs from run to run (addresses, times, counts of lines) is folded first. Equal problems are counted: a
second unused import of the same name is new.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pointsman.checks.tool import Outcome
from pointsman.terms import FileSet, Problem

Fingerprint = tuple[str, ...]
_FOLDS = (
    (re.compile(r"0x[0-9a-fA-F]+"), "0x"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "uuid"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?"), "time"),
    (re.compile(r"/(?:tmp|var/folders)/[^\s:'\"]+"), "/tmp"),  # noqa: S108 - the word it is folded to
    (re.compile(r"\b\d+(\.\d+)? ?(s|ms|seconds?)\b"), "seconds"),
    (re.compile(r"\blines? \d+|:\d+(:\d+)?\b"), "line"),
    (re.compile(r"\s+"), " "),
)

_DECIDES = re.compile(
    r"(^|/)(conftest\.py|tox\.ini|setup\.cfg|noxfile\.py|\.coveragerc|\.pre-commit-config\.yaml|\.?pytest\.(ini|toml)|"
    r"\.?(ruff|clippy|rustfmt|nextest|bandit|pyrefly|ty)\.toml|\.?mypy\.ini|\.?pylintrc|\.flake8|pyrightconfig\.json|"
    r"tsconfig[^/]*\.json|(jest|vitest|vite|eslint|prettier|babel|playwright)\.config\.\w+|\.(eslint|prettier|mocha)(rc|ignore)[^/]*|"
    r"biome\.jsonc?|\.oxlintrc\.json|build\.rs|\.golangci\.ya?ml|\.clang-tidy|\.rubocop\.yml|\.rspec|phpunit(\.dist)?\.xml(\.dist)?|"
    r"\.luacheckrc|\.busted|\.yamllint|\.shellcheckrc|\.proverc)$"
)
"""Files of which most of what they say is what checks do."""


@dataclass(frozen=True, slots=True)
class Blame:
    new: tuple[Problem, ...]
    known: tuple[Problem, ...]
    fixed: tuple[Problem, ...]


def fingerprint(problem: Problem, renamed: Mapping[str, str] | None = None) -> Fingerprint:
    """`renamed` maps old paths to new ones, so that a moved file's problems stay the same."""
    path = (renamed or {}).get(problem.path or "", problem.path or "")
    if problem.test:
        file, separator, name = problem.test.partition("::")
        return problem.tool, "test", fold((renamed or {}).get(file, file) + separator + name)
    return problem.tool, path, problem.code or "", fold(problem.message), problem.source_line.strip()


def fold(text: str) -> str:
    for pattern, word in _FOLDS:
        text = pattern.sub(word, text)
    return text.strip()


def blame(before: Sequence[Problem], after: Sequence[Problem], candidate: FileSet | None = None) -> Blame:
    renamed = _renamed(candidate)
    left = Counter(fingerprint(problem, renamed) for problem in before)
    new, known = [], []
    for problem in after:
        mark = fingerprint(problem)
        if left[mark] > 0:
            left[mark] -= 1
            known.append(problem)
        else:
            new.append(problem)
    fixed = []
    for problem in reversed(before):
        mark = fingerprint(problem, renamed)
        if left[mark] > 0:
            left[mark] -= 1
            fixed.append(problem)
    return Blame(tuple(new), tuple(known), tuple(reversed(fixed)))


def lost_tests(tool: str, before: Outcome, after: Outcome, candidate: FileSet | None = None) -> tuple[Problem, ...]:
    """Tests that came up before and do not now, or that are skipped now: to delete a test is not to pass it.

    Nothing can be said of a run that was cut short.
    """
    if not (before.complete and after.complete) or not after.tests:
        return ()
    renamed = _renamed(candidate)
    uncollected = {problem.path for problem in after.problems if problem.test is None}
    found = []
    for test, state in before.tests.items():
        file, separator, name = test.partition("::")
        file = renamed.get(file, file)
        now = after.tests.get(file + separator + name)
        if state == "skipped" or now not in {None, "skipped"} or file in uncollected:
            continue
        what = "is skipped now" if now else "is gone"
        code = "test-skipped" if now else "test-gone"
        message = f"{name or test} {what}, and was run before; keep it"
        found.append(Problem(tool, message, file or None, code=code, test=file + separator + name))
    return tuple(found)


def _renamed(candidate: FileSet | None) -> dict[str, str]:
    return {change.path: change.new_path for change in candidate.changes if change.new_path} if candidate else {}


def edited_config(candidate: FileSet, config: Iterable[str]) -> tuple[str, ...]:
    """The files of a patch that decide what checks do: with these it could make itself pass."""
    known = set(config)
    touched = {path for change in candidate.changes for path in (change.path, change.new_path) if path}
    named = {path for path in touched if _DECIDES.search(path)}
    return tuple(sorted((touched & known) | named))
