"""The fixers of tools, one row each: which problems they mend, and how they are called for one of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pointsman.checks.tools.fixable import BIOME, ESLINT, RUBOCOP
from pointsman.checks.tools.ruff import SUFFIXES
from pointsman.checks.tools.ruff_rules import FIXABLE
from pointsman.terms import Problem

_JS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")
_STYLED = (*_JS, ".css", ".scss", ".json", ".md", ".yaml", ".yml", ".html", ".vue")
_PLUGINS = ("@stylistic/", "prettier/", "import/order", "simple-import-sort/", "unused-imports/no-unused-imports")
UNFORMATTED = re.compile(r"not formatted|would be reformatted|differs from formatting|Formatter would have printed")


@dataclass(frozen=True, slots=True)
class Fixer:
    """`arguments` are given a rule and a file. `checks` are those whose program it is, the first that is found.

    With `lines`, the tool cannot be told one rule, and of what it changes only that at the problem's line is taken.
    `left` are exit codes that say that other problems are left.
    """

    tool: str
    sources: frozenset[str]
    suffixes: tuple[str, ...]
    fixable: Callable[[Problem], bool]
    arguments: Callable[[str, str], tuple[str, ...]]
    checks: tuple[str, ...] = ()
    lines: bool = False
    left: frozenset[int] = frozenset()
    timeout: float = 60.0


def _sources(*names: str) -> frozenset[str]:
    return frozenset({*names, *(f"pointsman:{name}" for name in names)})


def _ruff(rule: str, path: str) -> tuple[str, ...]:
    return ("check", "--no-cache", "--force-exclude", "--exit-zero", "--quiet", "--fix", "--select", rule, path)


def _biome(rule: str, path: str) -> tuple[str, ...]:
    return ("lint", "--write", f"--only={rule.removeprefix('lint/')}", path)


def _clippy(rule: str, path: str) -> tuple[str, ...]:  # noqa: ARG001 - of a crate, and only this file is taken of it
    return ("clippy", "--fix", "--allow-dirty", "--allow-no-vcs", "--offline", "--", "-Aclippy::all", f"-W{rule}")


def _unformatted(problem: Problem) -> bool:
    return UNFORMATTED.search(problem.message) is not None


def _eslint(problem: Problem) -> bool:
    return (problem.code or "") in ESLINT or (problem.code or "").startswith(_PLUGINS)


def _is_biome(problem: Problem) -> bool:
    head, _, name = (problem.code or "").rpartition("/")
    return head.startswith("lint/") and name in BIOME


def _rule(names: frozenset[str]) -> Callable[[Problem], bool]:
    return lambda problem: problem.code in names


TABLE: tuple[Fixer, ...] = (
    Fixer("ruff", _sources("ruff", "ruff-lsp"), SUFFIXES, _rule(FIXABLE), _ruff),
    Fixer("eslint", _sources("eslint"), _JS, _eslint, lambda _, path: ("--fix", path), lines=True, left=frozenset({1})),
    Fixer("biome", _sources("biome"), (*_JS, ".json", ".css"), _is_biome, _biome, left=frozenset({1})),
    Fixer(
        "biome", _sources("biome"), (*_JS, ".json", ".css"), _unformatted, lambda _, path: ("format", "--write", path)
    ),
    Fixer("prettier", _sources("prettier"), _STYLED, _unformatted, lambda _, path: ("--write", path)),
    Fixer("black", _sources("black"), SUFFIXES, _unformatted, lambda _, path: ("--quiet", path)),
    Fixer("gofmt", _sources("gofmt"), (".go",), _unformatted, lambda _, path: ("-w", path)),
    Fixer("rustfmt", _sources("rustfmt", "cargo fmt"), (".rs",), _unformatted, lambda *_: ("fmt",), ("cargo fmt",)),
    Fixer(
        "clippy",
        _sources("clippy", "cargo clippy"),
        (".rs",),
        lambda problem: (problem.code or "").startswith("clippy::"),
        _clippy,
        ("cargo clippy", "cargo check"),
        timeout=300.0,
    ),
    Fixer(
        "rubocop",
        _sources("rubocop"),
        (".rb", ".rake", ".gemspec"),
        _rule(RUBOCOP),
        lambda rule, path: ("--autocorrect", "--cache", "false", "--only", rule, path),
        left=frozenset({1}),
    ),
)
