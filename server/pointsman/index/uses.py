"""Where a definition is used: the lines that name it, elsewhere first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pointsman.index import languages
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.text import Snapshot

FILES = 40
"""Files that are looked through for a name."""


@dataclass(frozen=True, slots=True)
class Use:
    """A line, from one, that names a definition."""

    path: str
    line: int
    text: str
    test: bool


def uses(index: Index, symbol: Symbol, limit: int) -> Sequence[Use]:
    """The first lines that name a symbol, code before tests. Blocking: it reads files."""
    found = [use for path in looked_through(index, symbol) for use in _in(index, path, symbol)]
    return sorted(found, key=lambda use: (use.test, use.path == symbol.path, use.path, use.line))[:limit]


def looked_through(index: Index, symbol: Symbol) -> Sequence[str]:
    """The files that are read for the uses of a symbol."""
    return sorted({*index.references(symbol.name), symbol.path})[:FILES]


def _in(index: Index, path: str, symbol: Symbol) -> Iterator[Use]:
    """Names are compared, not what they stand for; a line that defines one of this name is no use of it."""
    snapshot = Snapshot("", None, index.text(path))
    own = {other.line for other in index.symbols(path) if other.name == symbol.name}
    seen: set[int] = set()
    for match in re.finditer(rf"(?<!\w){re.escape(symbol.name)}(?!\w)", snapshot.text):
        line = snapshot.line_at(match.start()) + 1
        if line not in own and line not in seen:
            seen.add(line)
            yield Use(path, line, snapshot.line(line - 1).strip(), languages.is_test_file(path))
