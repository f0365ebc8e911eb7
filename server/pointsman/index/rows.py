"""The form in which a file's facts travel between processes and rest in the cache: bytes and JSON, no code."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pointsman.index import languages, shelf
from pointsman.index.postings import keys
from pointsman.index.symbols import Facts, Symbol

NAMELESS = frozenset({"test", "key", "section", "rule"})
"""Kinds nobody refers to by name."""
_DECODER = json.JSONDecoder()
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
VERSION = 7
"""Counts changes of this form; part of the cache's key."""
SOUND, BROKEN, STANDING = range(3)
"""States of a file: without errors, with errors, with errors but known without them."""


class Stamp(NamedTuple):
    """What a file looked like when it was read: the fast way to see that it did not change, and the sure one."""

    size: int
    mtime_ns: int
    digest: bytes = b""


class Row(NamedTuple):
    """The facts of one file. Names are checksums, but in `symbols`, which stay JSON until somebody asks for them.

    `shelf` is what `shelf.pack` makes of its symbols, `notable` are those of its names that an overview may tell of,
    `entry` whether a program starts in it. In the state STANDING these two and `imports` are of when the file had no
    errors, and `stood` is what it used then.
    """

    path: str
    stamp: Stamp
    defined: bytes = b""
    used: bytes = b""
    notable: bytes = b""
    imports: tuple[str, ...] = ()
    symbols: bytes = b""
    entry: bool = False
    state: int = SOUND
    stood: bytes = b""
    trouble: str = ""
    shelf: bytes = b""

    @property
    def names(self) -> int:
        """How many names the file defines."""
        return len(self.defined) // 8

    def standing(self, before: "Row") -> "Row":
        """These facts where the file had errors only since it was `before`."""
        if self.state == SOUND or self.trouble or before.state == BROKEN or before.trouble:
            return self
        stood = before.stood if before.state == STANDING else before.used
        return self._replace(
            state=STANDING, stood=stood, imports=before.imports, notable=before.notable, entry=before.entry
        )


class Known(NamedTuple):
    """What is remembered of a file at hand; its `Row` has the rest. `number` is its number in the postings, or -1."""

    path: str
    stamp: Stamp
    number: int
    names: int
    entry: bool
    state: int
    trouble: str
    shelf: bytes = b""


class Rest(NamedTuple):
    """What a catalogue needs to start where an earlier one was.

    `runs` are those of the definers and of the users; files with a number in them may be gone since (`gone`).
    `loose` are the rows of known files without a number, `lines` those of the overview, if that is still right.
    """

    known: Sequence[Known] = ()
    runs: Sequence[Sequence[bytes]] = ((), ())
    gone: bool = False
    loose: Sequence[Row] = ()
    lines: Sequence[tuple[str, str, str | None]] | None = None


def row(path: str, stamp: Stamp, facts: Facts) -> Row:
    defined = dict.fromkeys(symbol.name for symbol in facts.symbols if symbol.kind not in NAMELESS)
    notable = () if languages.is_test_file(path) else dict.fromkeys(s.name for s in facts.symbols if s.notable)
    return Row(
        path,
        stamp,
        keys(defined),
        keys(facts.references),
        keys(notable),
        facts.imports,
        pack(facts.symbols),
        "main" in defined and any(symbol.role == "entry" for symbol in facts.symbols),
        BROKEN if facts.broken else SOUND,
        trouble=facts.trouble,
        shelf=shelf.pack(facts.symbols),
    )


def pack(symbols: tuple[Symbol, ...]) -> bytes:
    """A line of JSON for each symbol, without the path."""
    return "\n".join([_ENCODE(symbol[:-1]) for symbol in symbols]).encode("utf-8", "replace")


def unpack(path: str, packed: bytes) -> tuple[Symbol, ...]:
    """The symbols of a file."""
    try:
        return tuple([Symbol._make((*fields, path)) for fields in json.loads(b"[%b]" % packed.replace(b"\n", b","))])
    except (TypeError, ValueError):  # a cache may be damaged
        return ()


def one(path: str, line: bytes) -> Symbol | None:
    """The symbol of one line; None if that is damaged."""
    try:
        return Symbol._make((*json.loads(line), path))
    except (TypeError, ValueError):
        return None


def pick(path: str, packed: bytes, names: Iterable[str]) -> tuple[Symbol, ...]:
    """The symbols of some names: where these are few, it takes a fraction of the time to unpack them all."""
    text = packed.decode("utf-8", "replace")
    found: list[Symbol] = []
    try:
        for name in names:
            start = f"[{json.dumps(name, ensure_ascii=False)},"  # a quote within a string has a backslash before it
            at = text.find(start)
            while at >= 0:
                fields, end = _DECODER.raw_decode(text, at)
                found.append(Symbol._make((*fields, path)))
                at = text.find(start, end)
    except (TypeError, ValueError):
        return ()
    return tuple(sorted(found, key=lambda symbol: (symbol.start, -symbol.end)))
