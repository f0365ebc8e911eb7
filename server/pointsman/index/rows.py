"""The form in which a file's facts travel between processes and rest in the cache: JSON, nothing that runs."""

import json
from dataclasses import dataclass

from pointsman.index.symbols import Facts, Symbol
from pointsman.text import Span

_NAMELESS = frozenset({"test", "key", "section", "rule"})
"""Kinds nobody refers to by name."""
VERSION = 1
"""Counts changes of this form; part of the cache's key."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like when it was read: the fast way to see that it did not change, and the sure one."""

    size: int
    mtime_ns: int
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Row:
    """The facts of one file. `symbols` stays JSON until somebody asks for that file."""

    path: str
    stamp: Stamp
    defined: tuple[str, ...]
    used: dict[str, int]
    imports: tuple[str, ...]
    symbols: bytes
    lines: int
    trouble: str = ""


def row(path: str, stamp: Stamp, facts: Facts) -> Row:
    return Row(
        path,
        stamp,
        tuple(dict.fromkeys(symbol.name for symbol in facts.symbols if symbol.kind not in _NAMELESS)),
        dict(facts.references),
        facts.imports,
        pack(facts.symbols),
        facts.lines,
        facts.trouble,
    )


def pack(symbols: tuple[Symbol, ...]) -> bytes:
    return json.dumps(
        [
            (
                symbol.name,
                symbol.kind,
                symbol.span.start,
                symbol.span.end,
                symbol.name_span.start,
                symbol.name_span.end,
                symbol.line,
                symbol.signature,
                symbol.container,
                symbol.doc,
                symbol.role,
            )
            for symbol in symbols
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "replace")


def unpack(path: str, packed: bytes) -> tuple[Symbol, ...]:
    return tuple(
        Symbol(name, kind, path, Span(start, end), Span(name_start, name_end), *rest)
        for name, kind, start, end, name_start, name_end, *rest in json.loads(packed or b"[]")
    )
