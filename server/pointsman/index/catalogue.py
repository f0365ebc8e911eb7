"""Everything the index knows of the files on the disk: who defines a name, who uses it, who imports whom.

Held in memory for the whole workspace, so it is kept small: names are numbers, uses have no places, and what a file
says in detail is fetched from the cache when it is asked for. A file is replaced in place; nothing is ever rebuilt. All
methods may be called from any thread.
"""

import math
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

from pointsman.index import languages
from pointsman.index.imports import Layout, called, plain, subject
from pointsman.index.postings import Postings, key, unpacked
from pointsman.index.rows import Known, Rest, Row, Stamp, one, pick, unpack
from pointsman.index.shelf import Shelf
from pointsman.index.symbols import Symbol

_READY = 1_000
"""Files whose facts are kept ready."""


@dataclass(slots=True)
class Entry:
    """One file. `names` is how many it defines; `entry` and `state` are those of its `Row`."""

    path: str
    number: int
    stamp: Stamp
    names: int
    entry: bool
    state: int
    trouble: str
    test: bool
    shelf: bytes


class Catalogue:
    """See the module. `fetch` gets the facts of a file that were released; without it all are held."""

    def __init__(self, fetch: Callable[[str], Row | None] | None = None) -> None:
        self.lock = RLock()
        self.generation = 0
        self.layout = Layout()
        self._fetch = fetch
        self._entries: dict[str, Entry] = {}
        self._by_number: dict[int, Entry] = {}
        self._next = 0
        self._definers, self._users = Postings(), Postings()
        self._rarities: tuple[int, dict[int, float]] = -1, {}
        """By the number of users, of a generation."""
        self._subjects: dict[str, set[str]] = {}
        self._held: dict[str, Row] = {}
        self._rows: OrderedDict[str, Row] = OrderedDict()
        self._lines: OrderedDict[str, list[bytes]] = OrderedDict()
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()
        self._symbols: OrderedDict[str, tuple[Symbol, ...]] = OrderedDict()

    # --- filling ----------------------------------------------------------------------------------------------------

    def put(self, row: Row) -> None:
        """Take in a file, or replace what was known of it."""
        with self.lock:
            self.remove(row.path)
            self._held[row.path] = row
            number = self._next
            self._enter(Known(row.path, row.stamp, number, row.names, row.entry, row.state, row.trouble, row.shelf))
            self._definers.add(number, unpacked(row.defined))
            self._users.add(number, unpacked(row.used))

    def _enter(self, known: Known) -> None:
        self.generation += 1
        path, stamp, number, names, entry, state, trouble, shelf_ = known
        made = Entry(path, number, stamp, names, bool(entry), state, trouble, languages.is_test_file(path), shelf_)
        self._entries[path] = self._by_number[number] = made
        self._next = max(self._next, number + 1)
        self.layout.add(path)
        self._subjects.setdefault(subject(path), set()).add(path)

    def remove(self, path: str) -> None:
        with self.lock:
            entry = self._entries.get(path)
            if entry is None:
                return
            row = self.row(path)
            known = row if row and row.stamp.digest == entry.stamp.digest else None
            self.generation += 1
            del self._entries[path], self._by_number[entry.number]
            self._held.pop(path, None)
            self._rows.pop(path, None)
            self._lines.pop(path, None)
            self._shelves.pop(path, None)
            self._symbols.pop(path, None)
            self.layout.discard(path)
            self._subjects[subject(path)].discard(path)
            self._definers.drop(entry.number, unpacked(known.defined) if known else None)
            self._users.drop(entry.number, unpacked(known.used) if known else None)

    def touch(self, path: str, stamp: Stamp) -> None:
        """The file has another time but the same content."""
        with self.lock:
            if path in self._entries:
                self._entries[path].stamp = stamp

    def release(self, paths: Iterable[str]) -> None:
        """The facts of these files can be fetched from now on: they need not be held."""
        with self.lock:
            for path in paths:
                self._held.pop(path, None)

    def rest(self) -> tuple[dict[str, Entry], tuple[list[bytes], ...]]:
        """The files, and the postings in which their numbers stand, for `wake`."""
        with self.lock:
            return dict(self._entries), (self._definers.rest(), self._users.rest())

    def wake(self, rest: Rest) -> None:
        """Start from what an earlier catalogue knew."""
        with self.lock:
            living = {known.number for known in rest.known} if rest.gone else None
            for postings, runs in zip((self._definers, self._users), rest.runs, strict=True):
                postings.wake(runs, living)
            for known in rest.known:
                self._enter(known)
            for row in rest.loose:
                self.put(row)
            self.release(row.path for row in rest.loose)

    # --- asking -----------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def get(self, path: str) -> Entry | None:
        return self._entries.get(path)

    def entries(self) -> Iterator[Entry]:
        """All files by path; the order does not depend on how the index came to know them."""
        with self.lock:
            entries = [self._entries[path] for path in sorted(self._entries)]
        return iter(entries)

    def row(self, path: str) -> Row | None:
        """All the facts of a file."""
        with self.lock:
            if path not in self._entries:
                return None
            row = self._held.get(path) or self._rows.get(path) or (self._fetch(path) if self._fetch else None)
            if row is not None and path not in self._held:
                _remember(self._rows, path, row)
            return row

    def symbols(self, path: str) -> tuple[Symbol, ...]:
        with self.lock:
            found = self._symbols.get(path)
            if found is None:
                row = self.row(path)
                found = unpack(path, row.symbols) if row else ()
            _remember(self._symbols, path, found)
            return found

    def shelf(self, path: str) -> Shelf:
        """The symbols of a file as they are weighed."""
        with self.lock:
            found = self._shelves.get(path)
            if found is None:
                entry = self._entries.get(path)
                found = Shelf(entry.shelf if entry else b"")
            _remember(self._shelves, path, found)
            return found

    def symbol(self, path: str, place: int) -> Symbol | None:
        """One symbol of a file, by its place among them."""
        with self.lock:
            lines = self._lines.get(path)
            if lines is None:
                row = self.row(path)
                lines = row.symbols.split(b"\n") if row else []
            _remember(self._lines, path, lines)
            return one(path, lines[place]) if place < len(lines) else None

    def named(self, path: str, names: Mapping[str, object]) -> tuple[Symbol, ...]:
        """The symbols of a file that have one of these names."""
        with self.lock:
            if path in self._symbols:
                return tuple(symbol for symbol in self._symbols[path] if symbol.name in names)
            row = self.row(path)
            return pick(path, row.symbols, names) if row else ()

    def named_after(self, subject_: str) -> tuple[Entry, ...]:
        """The files whose name, less what marks it as a test, is this."""
        with self.lock:
            return tuple(self._entries[path] for path in sorted(self._subjects.get(subject_, ())))

    def definers(self, name: int) -> list[Entry]:
        """The files that define a name, by its key, in no certain order."""
        return self._files(self._definers, name)

    def users(self, name: int) -> list[Entry]:
        """The files that use a name, whoever's it is, in no certain order."""
        return self._files(self._users, name)

    def beside(self, path: str) -> tuple[str, ...]:
        """The files of the same folder."""
        with self.lock:
            return self.layout.beside(path)

    def unused(self, path: str, words: Iterable[str]) -> frozenset[str]:
        """Those of `words` that the code of a file does not use: they stand in its comments and strings only."""
        row = self.row(path)
        if row is None or not row.used:
            return frozenset()
        used = {*unpacked(row.used), *unpacked(row.defined)}
        return frozenset(word for word in words if key(word) not in used)

    def used_by(self, path: str) -> "array[int]":
        """The keys of the names that the code of a file uses."""
        row = self.row(path)
        return unpacked(row.used if row else b"")

    def use_counts(self, names: Collection[int]) -> list[int]:
        """How many files use each of these names."""
        with self.lock:
            return self._users.counts(names)

    def define_counts(self, names: Collection[int]) -> list[int]:
        """How many files define each of these names."""
        with self.lock:
            return self._definers.counts(names)

    def use_count(self, name: str) -> int:
        return self.use_counts((key(name),))[0]

    def defines(self, name: str) -> int:
        """How many files define a name."""
        return self.define_counts((key(name),))[0]

    def rarity(self, name: str) -> float:
        """From 0 for a name every file uses to 1 for one that hardly any does."""
        return self.rarities_of((self.use_count(name),))[0]

    def rarities_of(self, users: Sequence[int]) -> list[float]:
        """The same for names that so many files use."""
        generation, known = self._rarities
        if generation != self.generation:
            generation, known = self._rarities = self.generation, {}
        total = len(self._entries) + 1
        for count in users:
            if count not in known:
                known[count] = math.log(1 + total / (1 + count)) / math.log(1 + total)
        return [known[count] for count in users]

    def _files(self, postings: Postings, name: int) -> list[Entry]:
        with self.lock:
            known = self._by_number
            return [known[number] for number in postings.files(name) if number in known]

    # --- imports ----------------------------------------------------------------------------------------------------

    def imported(self, path: str, names: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """The files of the workspace that a file imports, or would by these names."""
        with self.lock:
            return self.layout.resolve_all(path, self._imports(path) if names is None else names)

    def importers(self, path: str, among: Iterable[Entry] | None = None) -> tuple[str, ...]:
        """The files that import one; looked for `among` some, or everywhere."""
        with self.lock:
            candidates = self.entries() if among is None else among
            names = called(path)
            named = ((entry.path, self._imports(entry.path)) for entry in candidates)
            return tuple(
                other
                for other, imports in named
                if any(name in plain(text) for text in imports for name in names)
                and path in self.layout.resolve_all(other, imports)
            )

    def _imports(self, path: str) -> tuple[str, ...]:
        row = self.row(path)
        return row.imports if row else ()


def _remember(memory: OrderedDict[str, Any], path: str, value: object) -> None:
    """Put a value last in the memory, and forget the first where it is full."""
    memory[path] = value
    memory.move_to_end(path)
    if len(memory) > _READY:
        memory.popitem(last=False)
