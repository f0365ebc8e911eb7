"""Who defines and who uses a name as of the last commit, where one file, that of the place, was edited and saved since.

Otherwise one more use of a name in that file would make the name a little less special, and two files that are worth
nearly the same would change places in the middle of the map.
"""

from collections.abc import Callable, Mapping

from pointsman.index.anchor import Base
from pointsman.index.catalogue import Catalogue
from pointsman.index.postings import key, unpacked


class Standing:
    """See the module. Without a base the file is what the catalogue knows of it."""

    def __init__(self, catalogue: Catalogue, path: str, base: Base | None) -> None:
        row = catalogue.row(path) if base else None
        self._catalogue, self._path = catalogue, path
        self._uses = _Change(base.used if base else frozenset(), row.used if row else b"")
        self._defines = _Change(base.defined if base else frozenset(), row.defined if row else b"")

    def use_count(self, name: str) -> int:
        return self._catalogue.use_count(name) + self._uses.of(name)

    def defines(self, name: str) -> int:
        """How many files define a name."""
        return self._catalogue.defines(name) + self._defines.of(name)

    def rarity(self, name: str) -> float:
        return self._catalogue.rarity_of(self.use_count(name))

    def users(self, name: str) -> list[str]:
        return self._uses.applied(name, self._path, [entry.path for entry in self._catalogue.users(name)])

    def definers(self, name: str) -> list[str]:
        return self._defines.applied(name, self._path, [entry.path for entry in self._catalogue.definers(name)])

    def voices(self, weights: Mapping[str, float]) -> Callable[[str], float]:
        """How much a definition of a name is worth to some files, by what they weigh and how special the name is."""
        heard = self._catalogue.heard(weights)

        def voice(name: str) -> float:
            loud = heard.get(key(name))
            return loud * self.rarity(name) / max(1, self.defines(name)) if loud else 0.0

        return voice


class _Change:
    """What an edit of a file changed in who has a name."""

    def __init__(self, then: frozenset[str], now: bytes) -> None:
        self._then, self._now = then, frozenset(unpacked(now))

    def of(self, name: str) -> int:
        """One file more had it then, or one less."""
        return (name in self._then) - (key(name) in self._now) if self._then or self._now else 0

    def applied(self, name: str, path: str, paths: list[str]) -> list[str]:
        change = self.of(name)
        if change < 0:
            return [other for other in paths if other != path]
        return [*paths, path] if change else paths
