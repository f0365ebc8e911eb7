"""The first tier of the map: what the repository is, told without any place in mind.

It is made at the end of a scan, from facts that change slowly, and not again until the next: the beginning of every
prompt stays the same bytes, which is what a provider's prompt cache lives on.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from pointsman.index.catalogue import Catalogue, Entry
from pointsman.index.symbols import Symbol

_TYPES = frozenset({"class", "struct", "interface", "trait", "enum", "type"})
_KEY_LIMIT = 40
_FOLDER_LIMIT = 24
_ENTRY_LIMIT = 8
_COMMON = 12
"""Definers above which a name says nothing of any of them."""
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


def overview(catalogue: Catalogue) -> Overview:
    entries = list(catalogue.entries())
    lines = [*_folders(entries), *_entry_points(catalogue, entries), *_key_types(catalogue)]
    return Overview(tuple(lines))


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


def _entry_points(catalogue: Catalogue, entries: list[Entry]) -> list[Line]:
    """The shallowest places where a program starts."""
    found = [
        (entry.path.count("/"), entry.path)
        for entry in entries
        if not entry.test and (_is_entry_name(entry.path) or _has_main(catalogue, entry))
    ]
    return [Line(f"entry: {path}", path) for _, path in sorted(found)[:_ENTRY_LIMIT]]


def _is_entry_name(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.stem in _ENTRY_STEMS and len(pure.parts) <= 4  # noqa: PLR2004 - deeper ones are of parts, not of it


def _has_main(catalogue: Catalogue, entry: Entry) -> bool:
    return catalogue.has_name(entry, "main") and any(symbol.role == "entry" for symbol in catalogue.symbols(entry.path))


def _key_types(catalogue: Catalogue) -> list[Line]:
    """The types that most of the code uses, each with its definition line."""
    ranked = []
    for name, definers, users in catalogue.well_used(_COMMON):
        weight = users / len(definers) ** 1.5
        if weight > 1:
            ranked.append((-round(weight, 3), name, min(entry.path for entry in definers)))
    ranked.sort()
    lines = []
    for _, name, path in ranked[: 2 * _KEY_LIMIT]:
        symbol = _definition(catalogue.symbols(path), name)
        if symbol is not None:
            lines.append(Line(f"{path}: {symbol.signature}", path, symbol.qualified))
    return lines[:_KEY_LIMIT]


def _definition(symbols: tuple[Symbol, ...], name: str) -> Symbol | None:
    return next((symbol for symbol in symbols if symbol.name == name and symbol.kind in _TYPES), None)
