"""What the index knows of a place, in words: shown below an explanation, and alone where no model can be asked."""

import re
from collections.abc import Iterator
from pathlib import Path

from pointsman.files import git
from pointsman.files.paths import to_uri
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.index.uses import uses
from pointsman.terms import Offer

USES = 8
TESTS = 3
COMMITS = 3
_FENCE = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~)[^\S\n]*$)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(?<!\[)`(?P<name>[\w./-]+(?:\(\))?)`(?!`)")


def grounded(markdown: str, offer: Offer, index: Index, root: str) -> str:
    """An explanation with links to the definitions and files it names, and what is known of the place. Blocking."""
    parts = _FENCE.split(markdown)
    parts[::2] = [_CODE.sub(lambda match: _linked(match, offer.path, index, root), part) for part in parts[::2]]
    return "\n\n".join(part for part in ("".join(parts).rstrip(), facts(offer, index, root)) if part)


def facts(offer: Offer, index: Index, root: str) -> str:
    """Definition, uses, tests and the latest changes; empty where nothing is known. Blocking: reads files, asks git."""
    symbol = index.enclosing(offer.path, offer.span.start)
    lines = [*(_of_symbol(symbol, index, root) if symbol else ()), *_of_file(offer.path, index, root)]
    return "\n".join(("**In this repository**", "", *lines)) if lines else ""


def _of_symbol(symbol: Symbol, index: Index, root: str) -> Iterator[str]:
    yield f"- Defined: {_link(f'`{symbol.qualified}`', root, symbol.path, symbol.line)}, {symbol.path}:{symbol.line}"
    found = uses(index, symbol, USES + 1)
    if found:
        links = [_link(f"`{use.path}:{use.line}`", root, use.path, use.line) for use in found[:USES]]
        yield f"- Used: {', '.join(links)}{', …' if len(found) > USES else ''}"
    else:
        yield f"- Used: {'the project is still being read' if index.status().scanning else 'nowhere that is known'}"


def _of_file(path: str, index: Index, root: str) -> Iterator[str]:
    tests = [test for test in index.tests_for(path) if test != path][:TESTS]
    if tests:
        yield f"- Tests: {', '.join(_link(f'`{test}`', root, test) for test in tests)}"
    commits = git.latest(root, path, COMMITS)
    if git.recent_diff(root, path, index.text(path)):
        commits = ("not committed yet", *commits)[:COMMITS]
    if commits:
        yield f"- Changed: {'; '.join(commits)}"


def _linked(match: "re.Match[str]", path: str, index: Index, root: str) -> str:
    """A name in code style as a link to its one definition, the one in this file before others; or as it is."""
    name = match["name"].removesuffix("()")
    if "/" in name or name == path:
        return _link(match[0], root, name) if index.symbols(name) else match[0]
    found = [s for s in index.definitions(name.rpartition(".")[2]) if s.qualified.endswith(name) or "." not in name]
    here = [symbol for symbol in found if symbol.path == path] or found
    return _link(match[0], root, here[0].path, here[0].line) if len(here) == 1 else match[0]


def _link(words: str, root: str, path: str, line: int = 0) -> str:
    return f"[{words}]({to_uri(Path(root, path))}{f'#L{line}' if line else ''})"
