"""Where a tool's own documentation explains one of its codes."""

import re
from collections.abc import Mapping

_RUST = (
    (r"(E\d{4})", "https://doc.rust-lang.org/error_codes/{}.html"),
    (r"clippy::(\w+)", "https://rust-lang.github.io/rust-clippy/master/index.html#{}"),
)
_TIDY = "bugprone|cert|concurrency|cppcoreguidelines|google|llvm|misc|modernize|performance|portability|readability"
_PAGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ruff": ((r"([A-Z]+\d+)", "https://docs.astral.sh/ruff/rules/{}"),),
    "ty": ((r"([a-z][a-z-]*)", "https://docs.astral.sh/ty/reference/rules/#{}"),),
    "mypy": ((r"([a-z][a-z-]*)", "https://mypy.readthedocs.io/en/stable/_refs.html#code-{}"),),
    "pyright": ((r"(report\w+)", "https://github.com/microsoft/pyright/blob/main/docs/configuration.md#{}"),),
    "flake8": ((r"([EWF]\d{3})", "https://www.flake8rules.com/rules/{}.html"),),
    "eslint": ((r"([a-z][a-z-]*)", "https://eslint.org/docs/latest/rules/{}"),),
    "oxlint": ((r"([a-z]+)\(([a-z-]+)\)", "https://oxc.rs/docs/guide/usage/linter/rules/{}/{}.html"),),
    "cargo": _RUST,
    "clippy": _RUST,
    "rustc": _RUST,
    "clang-tidy": ((rf"({_TIDY})-([\w.-]+)", "https://clang.llvm.org/extra/clang-tidy/checks/{}/{}.html"),),
    "shellcheck": ((r"(SC\d+)", "https://www.shellcheck.net/wiki/{}"),),
}
"""By tool: which codes have a page, and its address, made from the parts of the code."""
_OURS = {"did-not-run"}
"""What we say ourselves of a run."""


def link(tool: str, code: str | None) -> str | None:
    """The page about a code; None if there is none that is known."""
    if not code or code in _OURS:
        return None
    for pattern, address in _PAGES.get(tool.partition(" ")[0].casefold(), ()):
        if parts := re.fullmatch(pattern, code):
            return address.format(*parts.groups())
    return None
