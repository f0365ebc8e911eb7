"""The place as of the last commit: what the map is made from, so that typing does not shuffle it.

A provider's prompt cache lives on equal beginnings. Ranked by the text as it stands, a map would change near its top
with each edit; ranked by the committed text it changes with commits only. Names that are new since then are told apart,
at the end.
"""

import re
from dataclasses import dataclass

from pointsman.index.rows import NAMELESS
from pointsman.index.symbols import Symbol, extract

WORD = re.compile(r"[^\W\d]\w{2,79}")
_PLAIN = re.compile(r"[A-Za-z_][0-9A-Za-z_]{2,79}")
"""The same for plain text, in a quarter of the time."""
_TALL = 60
"""Lines of a definition above which the place in it is its line, not all of it."""


@dataclass(frozen=True, slots=True)
class Base:
    """A text with its definitions, the names its code uses and those it defines, and what it imports."""

    text: str
    symbols: tuple[Symbol, ...]
    used: frozenset[str]
    defined: frozenset[str]
    imports: tuple[str, ...]


def base(path: str, text: str) -> Base:
    facts = extract(path, text.encode("utf-8", "surrogatepass"))
    named = (symbol.name for symbol in facts.symbols if symbol.kind not in NAMELESS)
    return Base(text, facts.symbols, frozenset(facts.references), frozenset(named), facts.imports)


def carried(line: int, old: str, new: str) -> int:
    """The line of the old text for a line of the new one; within what changed, the line before the change."""
    if old == new:
        return line
    was, now = old.split("\n"), new.split("\n")
    shorter = min(len(was), len(now))
    head = next((number for number in range(shorter) if was[number] != now[number]), shorter)
    tail = next((number for number in range(shorter - head) if was[-1 - number] != now[-1 - number]), shorter - head)
    if line <= head:
        return line
    if line > len(now) - tail:
        return line - len(now) + len(was)
    return max(1, head)


def around(line: int, text: str, symbols: tuple[Symbol, ...]) -> tuple[int, int]:
    """The first and last line of the innermost definition around a line, unless that is tall."""
    spans = (
        (symbol.line, symbol.line + text.count("\n", symbol.start, symbol.end))
        for symbol in symbols
        if symbol.line <= line
    )
    fitting = [(last - first, first, last) for first, last in spans if first <= line <= last]
    height, first, last = min(fitting, default=(0, line, line))
    return (first, last) if height <= _TALL else (line, line)


def words(text: str) -> list[str]:
    """What may be names in a text."""
    return (_PLAIN if text.isascii() else WORD).findall(text)


def fresh(old: str, new: str) -> frozenset[str]:
    """The names a text has that it had not before."""
    return frozenset(words(new)).difference(words(old)) if old != new else frozenset()
