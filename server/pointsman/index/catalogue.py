"""Everything the index knows of the files on the disk: who defines a name, who uses it, who imports whom.

Held in memory for the whole workspace, so it is kept small: names are numbers, uses are counts without places, and
symbols stay packed until a file is asked for. A file is replaced in place; nothing is ever rebuilt. All methods may be
called from any thread.
"""

import math
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import RLock

from pointsman.index import languages
from pointsman.index.imports import Layout, stem, subject
from pointsman.index.rows import Row, Stamp, unpack
from pointsman.index.symbols import Symbol

_UNPACKED_LIMIT = 400
"""Files whose symbols are kept ready."""


@dataclass(slots=True)
class Entry:
    """One file. `defined` and `used` are numbers of names, `counts` how often each of `used` is used."""

    path: str
    number: int
    stamp: Stamp
    defined: "array[int]"
    used: "array[int]"
    counts: "array[int]"
    imports: tuple[str, ...]
    symbols: bytes
    lines: int
    test: bool
    trouble: str


class Catalogue:
    """See the module."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.generation = 0
        self.layout = Layout()
        self._entries: dict[str, Entry] = {}
        self._by_number: dict[int, Entry] = {}
        self._next = 0
        self._numbers: dict[str, int] = {}
        self._definers: dict[int, array[int]] = {}
        self._users: dict[int, array[int]] = {}
        self._subjects: dict[str, set[str]] = {}
        self._unpacked: OrderedDict[str, tuple[Symbol, ...]] = OrderedDict()

    # --- filling ----------------------------------------------------------------------------------------------------

    def put(self, row: Row) -> None:
        """Take in a file, or replace what was known of it."""
        with self.lock:
            self.remove(row.path)
            self.generation += 1
            number, self._next = self._next, self._next + 1
            entry = Entry(
                row.path,
                number,
                row.stamp,
                array("I", [self._number(name) for name in row.defined]),
                array("I", [self._number(name) for name in row.used]),
                array("H", [min(count, 0xFFFF) for count in row.used.values()]),
                row.imports,
                row.symbols,
                row.lines,
                languages.is_test_file(row.path),
                row.trouble,
            )
            self._entries[row.path] = self._by_number[number] = entry
            self.layout.add(row.path)
            self._subjects.setdefault(subject(row.path), set()).add(row.path)
            for name in entry.defined:
                self._definers.setdefault(name, array("I")).append(number)
            for name in entry.used:
                self._users.setdefault(name, array("I")).append(number)

    def remove(self, path: str) -> None:
        with self.lock:
            entry = self._entries.pop(path, None)
            if entry is None:
                return
            self.generation += 1
            del self._by_number[entry.number]
            self._unpacked.pop(path, None)
            self.layout.discard(path)
            self._subjects[subject(path)].discard(path)
            for name in entry.defined:
                self._definers[name].remove(entry.number)
            for name in entry.used:
                self._users[name].remove(entry.number)

    def touch(self, path: str, stamp: Stamp) -> None:
        """The file has another time but the same content."""
        with self.lock:
            if path in self._entries:
                self._entries[path].stamp = stamp

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

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

    def symbols(self, path: str) -> tuple[Symbol, ...]:
        with self.lock:
            entry = self._entries.get(path)
            if entry is None:
                return ()
            if path not in self._unpacked:
                self._unpacked[path] = unpack(path, entry.symbols)
                if len(self._unpacked) > _UNPACKED_LIMIT:
                    self._unpacked.popitem(last=False)
            else:
                self._unpacked.move_to_end(path)
            return self._unpacked[path]

    def named_after(self, subject_: str) -> tuple[Entry, ...]:
        """The files whose name, less what marks it as a test, is this."""
        with self.lock:
            return tuple(self._entries[path] for path in sorted(self._subjects.get(subject_, ())))

    def definers(self, name: str) -> tuple[Entry, ...]:
        """The files that define a name."""
        return self._files(self._definers, name)

    def users(self, name: str) -> tuple[Entry, ...]:
        """The files that use a name, whoever's it is."""
        return self._files(self._users, name)

    def beside(self, path: str) -> tuple[str, ...]:
        """The files of the same folder."""
        with self.lock:
            return self.layout.beside(path)

    def has_name(self, entry: Entry, name: str) -> bool:
        number = self._numbers.get(name)
        return number is not None and number in entry.defined

    def well_used(self, common: int) -> Iterator[tuple[str, tuple[Entry, ...], float]]:
        """Capitalized names that at most `common` files define, with these and the number of users (a test is 0.2)."""
        with self.lock:
            tests = {entry.number for entry in self._by_number.values() if entry.test}
            for name, number in self._numbers.items():
                definers, users = self._definers.get(number), self._users.get(number)
                if name[0].isupper() and definers and users and len(users) > 1 and len(definers) <= common:
                    yield name, self.definers(name), len(users) - 0.8 * len(tests.intersection(users))

    def unused(self, path: str, words: Iterable[str]) -> frozenset[str]:
        """Those of `words` that the code of a file does not use: they stand in its comments and strings only."""
        with self.lock:
            entry = self._entries.get(path)
            if entry is None or not entry.used:
                return frozenset()
            used = {*entry.used, *entry.defined}
            return frozenset(word for word in words if self._numbers.get(word) not in used)

    def voices(self, weights: Mapping[str, float]) -> Callable[[str], float]:
        """How much of the weight of some files is that of users of a name."""
        whole = sum(weights.values()) or 1.0
        heard: dict[int, float] = {}
        with self.lock:
            for path, weight in weights.items():
                for number in self._entries[path].used if path in self._entries else ():
                    heard[number] = heard.get(number, 0.0) + weight / whole
        return lambda name: heard.get(self._numbers.get(name, -1), 0.0)

    def use_count(self, name: str) -> int:
        return len(self._users.get(self._numbers.get(name, -1), ()))

    def defines(self, name: str) -> int:
        """How many files define a name."""
        return len(self._definers.get(self._numbers.get(name, -1), ()))

    def rarity(self, name: str) -> float:
        """From 0 for a name every file uses to 1 for one that hardly any does."""
        total = len(self._entries) + 1
        return math.log(1 + total / (1 + self.use_count(name))) / math.log(1 + total)

    def _files(self, index: "dict[int, array[int]]", name: str) -> tuple[Entry, ...]:
        with self.lock:
            numbers = index.get(self._numbers.get(name, -1), ())
            return tuple(sorted((self._by_number[number] for number in numbers), key=lambda entry: entry.path))

    # --- imports ----------------------------------------------------------------------------------------------------

    def imported(self, path: str, names: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """The files of the workspace that a file imports, or would by these names."""
        with self.lock:
            entry = self._entries.get(path)
            known = entry.imports if entry else ()
            return self.layout.resolve_all(path, known if names is None else names)

    def importers(self, path: str, among: Iterable[Entry] | None = None) -> tuple[str, ...]:
        """The files that import one; looked for `among` some, or everywhere."""
        with self.lock:
            candidates = self.entries() if among is None else among
            folder = path.rpartition("/")[0].rpartition("/")[2]
            name = stem(path)
            return tuple(
                entry.path
                for entry in candidates
                if any(name in text or folder in text for text in entry.imports)
                and path in self.layout.resolve_all(entry.path, entry.imports)
            )
