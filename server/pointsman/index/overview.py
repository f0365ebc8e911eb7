"""The first tier of the map: what the repository is, told without any place in mind.

It is made at the end of a scan, from facts that change slowly, and not again until the next: the beginning of every
prompt stays the same bytes, which is what a provider's prompt cache lives on. For a file that is being typed in and has
errors meanwhile, what it said before stands; and numbers count by their size only, so that one more use of a name
hardly ever changes the order.
"""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from pointsman.index.catalogue import Catalogue, Entry
from pointsman.index.postings import key
from pointsman.index.rows import STANDING, TYPES
from pointsman.index.symbols import Symbol

_KEY_LIMIT = 40
_FOLDER_LIMIT = 24
_ENTRY_LIMIT = 8
_COMMON = 12
"""Definers above which a name says nothing of any of them."""
_STEPS = 3
"""Steps in which a type that is worth twice as much comes before another; within one the path decides."""
_ENTRY_STEMS = frozenset({"__main__", "main", "manage", "cli", "app", "server", "index"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the map, and the item it stands for: (path, symbol or None)."""

    text: str
    path: str = ""
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Lines in the order of their worth; a map takes as many as its budget allows, never others."""

    lines: tuple[Line, ...] = ()


def overview(catalogue: Catalogue, before: Overview) -> Overview:
    """The overview of now; `before` has the lines of types in files that have errors since."""
    entries = list(catalogue.entries())
    return Overview((*_folders(entries), *_entry_points(entries), *_key_types(catalogue, before)))


def _folders(entries: list[Entry]) -> list[Line]:
    """Where the code and where the tests are: folders with their number of files."""
    code = Counter(_top(entry.path) for entry in entries if not entry.test)
    tests = Counter(_top(entry.path) for entry in entries if entry.test)
    lines = []
    for title, counts in (("code", code), ("tests", tests)):
        ranked = sorted(counts, key=lambda folder: (-counts[folder], folder))[: _FOLDER_LIMIT // 2]
        if ranked:
            lines.append(Line(f"{title}: " + ", ".join(f"{folder}/ {_round(counts[folder])}" for folder in ranked)))
    return lines


def _round(count: int) -> str:
    """A number that does not change with each new file."""
    if count < 10:  # noqa: PLR2004 - where people stop counting
        return "few"
    scale = 10 ** (len(str(count)) - 1)
    return f"{count // scale * scale}+"


def _top(path: str) -> str:
    folders = PurePosixPath(path).parts[:-1]
    return "/".join(folders[:2]) or "."


def _entry_points(entries: list[Entry]) -> list[Line]:
    """The shallowest places where a program starts."""
    found = [
        (entry.path.count("/"), entry.path)
        for entry in entries
        if not entry.test and (entry.entry or _is_entry_name(entry.path))
    ]
    return [Line(f"entry: {path}", path) for _, path in sorted(found)[:_ENTRY_LIMIT]]


def _is_entry_name(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.stem in _ENTRY_STEMS and len(pure.parts) <= 4  # noqa: PLR2004 - deeper ones are of parts, not of it


def _key_types(catalogue: Catalogue, before: Overview) -> list[Line]:
    """The types that most of the code uses, each with its definition line."""
    ranked = [
        (-round(_STEPS * math.log2(users / len(files) ** 1.5)), files[0].path, name)
        for name, files, users in catalogue.well_used(_COMMON)
        if users > len(files) ** 1.5
    ]
    ranked.sort()
    stood = {(line.path, key(line.symbol.rpartition(".")[2])): line for line in before.lines if line.symbol}
    lines: list[Line] = []
    for _, path, name in ranked[: 2 * _KEY_LIMIT]:
        entry = catalogue.get(path)
        line = stood.get((path, name)) if entry and entry.state == STANDING else None
        line = line or _definition(catalogue.symbols(path), name)
        lines += [line] if line else []
    return lines[:_KEY_LIMIT]


def _definition(symbols: tuple[Symbol, ...], name: int) -> Line | None:
    found = next((symbol for symbol in symbols if symbol.kind in TYPES and key(symbol.name) == name), None)
    return Line(f"{found.path}: {found.signature}", found.path, found.qualified) if found else None
