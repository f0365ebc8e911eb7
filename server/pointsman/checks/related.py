"""The tests nearest to a patch, which run before all others: how each test tool is told to run only these.

A tool that knows what imports what is asked itself; the others are given the test files that the index names. It
orders, and never replaces: what no import shows (a fixture, a file read at run time) is found by the full set after it.
"""

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Covering(Protocol):
    """Whoever knows which test files cover a file: the index."""

    def tests_for(self, path: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Near:
    """Paths, from the check's folder: the files of a patch, and the tests that cover them, the nearest first."""

    changed: tuple[str, ...]
    tests: tuple[str, ...]


Narrow = Callable[[Near], tuple[str, ...]]
"""The arguments that run the tests near a patch; none where that cannot be said."""
TESTS = 20
"""Test files of one narrowed run."""


def near(paths: Sequence[str], folder: str, index: Covering | None, exists: Callable[[str], bool]) -> Near:
    """`exists` tells whether a path is there with the patch; a test file it deletes cannot run."""
    covering = [test for path in paths for test in (index.tests_for(path) if index else ())]
    start = f"{folder}/" if folder else ""

    def own(found: Sequence[str]) -> tuple[str, ...]:
        inside = [path.removeprefix(start) for path in dict.fromkeys(found) if path.startswith(start) and exists(path)]
        return tuple(inside)

    return Near(own(paths), own(covering)[:TESTS])


def by_files(argv: Sequence[str], suffixes: tuple[str, ...]) -> Narrow:
    """A tool that takes test files after its arguments (pytest, rspec, mocha, bats)."""

    def narrow(found: Near) -> tuple[str, ...]:
        tests = [f"./{path}" for path in found.tests if path.endswith(suffixes)]
        return (*argv, *tests) if tests else ()

    return narrow


def by_changes(argv: Sequence[str], suffixes: tuple[str, ...]) -> Narrow:
    """A tool that finds the tests of changed files itself (jest --findRelatedTests, vitest related --run)."""

    def narrow(found: Near) -> tuple[str, ...]:
        changed = [f"./{path}" for path in found.changed if path.endswith(suffixes)]
        return (*argv, *changed) if changed else ()

    return narrow


def by_folders(argv: Sequence[str], suffix: str) -> Narrow:
    """A tool that tests packages, each a folder (go test)."""

    def narrow(found: Near) -> tuple[str, ...]:
        files = [path for path in (*found.changed, *found.tests) if path.endswith(suffix)]
        folders = dict.fromkeys(posixpath.dirname(path) for path in files)
        return (*argv, *(f"./{folder}" if folder else "." for folder in folders)) if folders else ()

    return narrow
