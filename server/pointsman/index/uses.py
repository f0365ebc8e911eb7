"""Where a definition is used: the lines that name it, those first that surely mean it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from pointsman.index import languages
from pointsman.index.imports import distance
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.text import Snapshot

FILES = 40
"""Files that are looked through for a name."""
_ASKED = 400
"""Files with the name that are asked for their imports, the nearest."""


@dataclass(frozen=True, slots=True)
class Use:
    """A line, from one, that names a definition. `sure`: its file imports that of the definition, or lies beside it."""

    path: str
    line: int
    text: str
    test: bool
    sure: bool


def uses(index: Index, symbol: Symbol, limit: int) -> Sequence[Use]:
    """The first lines that name a symbol, code before tests. Blocking: it reads files."""
    found = [use for path, sure in _order(index, symbol) for use in _in(index, path, symbol, sure=sure)]
    return sorted(found, key=lambda use: (not use.sure, use.test, use.path == symbol.path, use.path, use.line))[:limit]


def looked_through(index: Index, symbol: Symbol) -> Sequence[str]:
    """The files that are read for the uses of a symbol."""
    return [path for path, _ in _order(index, symbol)]


def _order(index: Index, symbol: Symbol) -> Sequence[tuple[str, bool]]:
    """The files that may use it, and whether they surely do, as far as imports tell."""
    near = nsmallest(_ASKED, index.references(symbol.name), key=lambda path: (distance(symbol.path, path), path))
    importing = {*index.importers(symbol.path, near), symbol.path}
    sure = {path: path in importing or distance(symbol.path, path) == 0 for path in (symbol.path, *near)}
    return sorted(sure.items(), key=lambda one: (not one[1], distance(symbol.path, one[0]), one[0]))[:FILES]


def _in(index: Index, path: str, symbol: Symbol, *, sure: bool) -> Iterator[Use]:
    """Names are compared, not what they stand for; a line that defines one of this name is no use of it."""
    snapshot = Snapshot("", None, index.text(path))
    own = {other.line for other in index.symbols(path) if other.name == symbol.name}
    seen: set[int] = set()
    for match in re.finditer(rf"(?<!\w){re.escape(symbol.name)}(?!\w)", snapshot.text):
        line = snapshot.line_at(match.start()) + 1
        if line not in own and line not in seen:
            seen.add(line)
            yield Use(path, line, snapshot.line(line - 1).strip(), languages.is_test_file(path), sure)
