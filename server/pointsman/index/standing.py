"""Who defines and who uses a name as of the last commit, where one file, that of the place, was edited and saved since.

Otherwise one more use of a name in that file would make the name a little less special, and two files that are worth
nearly the same would change places in the middle of the map. Names are told by their keys, many at a time.
"""

from collections.abc import Iterable, Mapping, Sequence

from pointsman.index.anchor import Base
from pointsman.index.catalogue import Catalogue
from pointsman.index.postings import keys, unpacked


class Standing:
    """See the module. Without a base the file is what the catalogue knows of it."""

    def __init__(self, catalogue: Catalogue, path: str, base: Base | None) -> None:
        row = catalogue.row(path) if base else None
        self._catalogue, self._path = catalogue, path
        self._uses = _change(base.used if base else (), row.used if row else b"")
        self._defines = _change(base.defined if base else (), row.defined if row else b"")

    def use_counts(self, names: Sequence[int]) -> list[int]:
        """How many files use each name."""
        return _moved(self._catalogue.use_counts(names), names, self._uses)

    def define_counts(self, names: Sequence[int]) -> list[int]:
        """How many files define each name."""
        return _moved(self._catalogue.define_counts(names), names, self._defines)

    def rarities(self, names: Sequence[int]) -> list[float]:
        """How special each name is, from 0 to 1."""
        return self._catalogue.rarities_of(self.use_counts(names))

    def users(self, name: int) -> list[str]:
        return self._applied(name, self._uses, [entry.path for entry in self._catalogue.users(name)])

    def definers(self, name: int) -> list[str]:
        return self._applied(name, self._defines, [entry.path for entry in self._catalogue.definers(name)])

    def _applied(self, name: int, change: Mapping[int, int], paths: list[str]) -> list[str]:
        if name not in change:
            return paths
        return [*paths, self._path] if change[name] > 0 else [path for path in paths if path != self._path]


def _change(then: Iterable[str], now: bytes) -> Mapping[int, int]:
    """The names that a file does not have any more (one file more had them then), and those that it had not."""
    before, after = set(unpacked(keys(then))), set(unpacked(now))
    return dict.fromkeys(before - after, 1) | dict.fromkeys(after - before, -1)


def _moved(counts: list[int], names: Sequence[int], change: Mapping[int, int]) -> list[int]:
    return [count + change.get(name, 0) for name, count in zip(names, counts, strict=True)] if change else counts
