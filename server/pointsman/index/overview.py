"""The first tier of the map: what the repository is, told without any place in mind.

It is made at the end of a scan, from facts that change slowly, and not again until the next: the beginning of every
prompt stays the same bytes, which is what a provider's prompt cache lives on. For a file that is being typed in and has
errors meanwhile, what it said before stands; and numbers count by their size only, so that one more use of a name
hardly ever changes the order.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from pointsman.index import languages
from pointsman.index.catalogue import Catalogue, Entry
from pointsman.index.imports import family, stem
from pointsman.index.landmarks import is_aside, landmarks
from pointsman.index.postings import key
from pointsman.index.rows import STANDING
from pointsman.index.symbols import Symbol

_KEY_LIMIT = 40
_FOLDER_LIMIT = 6
_ENTRY_LIMIT = 8
_DEEP = 4
_DOORS = {
    "python": frozenset({"__main__", "app", "cli", "main", "manage", "server"}),
    "javascript": frozenset({"app", "cli", "index", "main", "server"}),
    "rust": frozenset({"lib"}),
    "php": frozenset({"index"}),
    "html": frozenset({"index"}),
}
"""Names of files that start something, where a language does not say it otherwise."""


class Line(NamedTuple):
    """One line of the map, and the item it stands for: (path, symbol or None)."""

    text: str
    path: str = ""
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Lines in the order of their worth; a map takes as many as its budget allows, never others."""

    lines: tuple[Line, ...] = ()


def overview(catalogue: Catalogue, before: Overview) -> Overview:
    """The overview of now; `before` has the lines of definitions in files that have errors since."""
    entries = list(catalogue.entries())
    return Overview((*_folders(entries), *_entry_points(catalogue, entries), *_key_definitions(catalogue, before)))


def _folders(entries: list[Entry]) -> Iterator[Line]:
    """Where the code and where the tests are: folders with their number of files, those that lie aside last."""
    for title, test in (("code", False), ("tests", True)):
        counts = Counter(_top(entry.path) for entry in entries if entry.test == test and _is_code(entry.path))
        ranked = sorted(counts, key=lambda folder: (not test and is_aside(f"{folder}/"), -counts[folder], folder))
        if ranked:
            told = [f"{folder}/ {_round(counts[folder])}" for folder in ranked[:_FOLDER_LIMIT]]
            yield Line(f"{title}: " + ", ".join(told))


def _is_code(path: str) -> bool:
    language = languages.of(path)
    return language is not None and language.code


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
    """Where programs and libraries start, the shallowest first; those that lie aside come last."""
    found = sorted(
        (is_aside(entry.path), entry.path.count("/"), entry.path)
        for entry in entries
        if not entry.test and (entry.entry or _is_door(catalogue, entry.path))
    )
    doors = {_home(path): path for *_, path in found}
    return [Line(f"entry: {path}", path) for path in [*doors.values()][:_ENTRY_LIMIT]]


def _is_door(catalogue: Catalogue, path: str) -> bool:
    """Whether its name says that something starts here; deeper down a name speaks of a part, not of the whole."""
    folder, _, name = path.rpartition("/")
    if path.count("/") >= _DEEP:
        return False
    if name == "__init__.py":
        return f"{folder.rpartition('/')[0]}/__init__.py".lstrip("/") not in catalogue
    return stem(path) in _DOORS.get(family(path), ())


def _home(path: str) -> str:
    """The same for `index.js` and `src/index.ts` of a package, of which the second says more."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/".replace("/src/", "/") if name.startswith("index.") else path


def _key_definitions(catalogue: Catalogue, before: Overview) -> list[Line]:
    """The types and functions that most of the code stands on, each with its definition line."""
    stood = {(line.path, key(line.symbol.rpartition(".")[2])): line for line in before.lines if line.symbol}
    lines: list[Line] = []
    for path, name in landmarks(catalogue):
        entry = catalogue.get(path)
        line = stood.get((path, name)) if entry and entry.state == STANDING else None
        line = line or _definition(catalogue.symbols(path), name)
        lines += [line] if line else []
        if len(lines) == _KEY_LIMIT:
            break
    return lines


def _definition(symbols: tuple[Symbol, ...], name: int) -> Line | None:
    found = next((symbol for symbol in symbols if symbol.notable and key(symbol.name) == name), None)
    return Line(f"{found.path}: {found.signature}", found.path, found.qualified) if found else None
