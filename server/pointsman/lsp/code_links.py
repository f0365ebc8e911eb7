"""Where a tool's own documentation explains one of its codes."""

import re
from collections.abc import Mapping

_LINKS: Mapping[str, tuple[str, str]] = {
    "mypy": (r"[a-z][a-z-]*", "https://mypy.readthedocs.io/en/stable/_refs.html#code-{}"),
    "pyright": (r"report\w+", "https://github.com/microsoft/pyright/blob/main/docs/configuration.md#{}"),
    "eslint": (r"[a-z][a-z-]*", "https://eslint.org/docs/latest/rules/{}"),
    "clippy": (r"clippy::\w+", "https://rust-lang.github.io/rust-clippy/master/index.html#{}"),
    "cargo": (r"E\d{4}", "https://doc.rust-lang.org/error_codes/{}.html"),
    "shellcheck": (r"SC\d+", "https://www.shellcheck.net/wiki/{}"),
    "flake8": (r"[EWF]\d{3}", "https://www.flake8rules.com/rules/{}.html"),
}
"""By tool: which codes have a page, and its address."""


def link(tool: str, code: str | None) -> str | None:
    """The page about a code; None if there is none that is known."""
    pattern, address = _LINKS.get(tool.partition(" ")[0].casefold(), ("", ""))
    if not code or not address or not re.fullmatch(pattern, code):
        return None
    return address.format(code.rpartition("::")[2])
