"""The types and functions that the code of a repository stands on: what most of its files use.

That a file uses a name is told by the name alone, and `Error` or `get` is the name of many things. So for each
candidate some of its users are asked whether they import anything from where it is defined. Files that have errors
since count as they were before.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from heapq import nlargest, nsmallest

from pointsman.index.catalogue import Catalogue, Entry
from pointsman.index.imports import family
from pointsman.index.postings import key, unpacked
from pointsman.index.rows import STANDING

_SAMPLE = 400
"""Files whose uses are counted to see which names may be well used at all."""
_CANDIDATES = 2_000
_COMMON = 12
"""Definers above which a name says nothing of any of them."""
_TEST = 0.2
"""What a test counts as a user."""
_ASKED = 12
_AGREE = 0.3
"""The share of those asked that must import it."""
_STEPS = 3
"""Steps in which a definition that is worth twice as much comes before another; within one the path decides."""
_ASIDE = re.compile(
    r"(^|/)\.\w|(^|[^a-z0-9])(bench(es|marks?)?|build|ci|contrib|debug|demos?|deps|dev|dist|docker|docs?|e2e|examples?|"
    r"fixtures|hack|playground|release|samples?|scripts?|site|templates?|testdata|tests?|third|tools?|vagrant|vendor|"
    r"website)([^a-z0-9].*/|/)|(^|/)(build\.rs|setup\.py)$"
)


def is_aside(path: str) -> bool:
    """Whether a file lies where examples, benchmarks, scripts and the like do, and not the product itself."""
    return bool(_ASIDE.search(path.lower()))


def landmarks(catalogue: Catalogue) -> Iterator[tuple[str, int]]:
    """Path and name's key of each, the best first; those of what lies aside come after all others."""
    names, imports = _Names(catalogue), _Imports(catalogue)
    ranked = []
    for name in names.candidates():
        files, definers = names.definers(name)
        if not files:
            continue
        users = names.users(name)
        asked = nsmallest(_ASKED, [entry for entry in users if entry not in files], key=_turn)
        kin = [entry for entry in asked if family(entry.path) == family(files[0].path)]
        if kin:
            worth = sum(_TEST if entry.test else 1.0 for entry in users) * len(kin) / len(asked)
            step = -round(_STEPS * math.log2(worth / definers**1.5))
            ranked.append(((is_aside(files[0].path), step, files[0].path, name), files, kin))
    for (*_, path, name), files, kin in sorted(ranked, key=lambda one: one[0]):
        if imports.agree(files, kin):
            yield path, name


class _Names:
    """Who uses and who defines a name."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._stood: dict[int, list[Entry]] = {}
        self._defined: dict[int, list[Entry]] = {}
        for entry in [entry for entry in catalogue.entries() if entry.state == STANDING]:
            row = catalogue.row(entry.path)
            for known, names in ((self._stood, row.stood), (self._defined, row.notable)) if row else ():
                for name in unpacked(names):
                    known.setdefault(name, []).append(entry)

    def candidates(self) -> list[int]:
        """The names that several files use, as far as a part of the files tells that."""
        tally = Counter[int]()
        for entry in nsmallest(_SAMPLE, self._catalogue.entries(), key=_turn):
            row = self._catalogue.row(entry.path)
            tally.update(unpacked(row.stood if row.state == STANDING else row.used) if row else ())
        used = [name for name, count in tally.items() if count > 1]
        best = nlargest(_CANDIDATES, used, key=lambda name: (tally[name], name))
        counts = zip(best, self._catalogue.define_counts(best), strict=True)
        return [name for name, definers in counts if 0 < definers <= _COMMON or name in self._defined]

    def definers(self, name: int) -> tuple[list[Entry], int]:
        """The files that have a notable definition of it, by their paths; and how many define it, notable or not."""
        sound = [entry for entry in self._catalogue.definers(name) if entry.state != STANDING]
        stood = self._defined.get(name, [])
        shelf = self._catalogue.shelf
        notable = [entry for entry in sound if not entry.test and shelf(entry.path).has_notable(name)]
        return sorted(notable + stood, key=lambda entry: entry.path), len(sound) + len(stood)

    def users(self, name: int) -> list[Entry]:
        sound = [entry for entry in self._catalogue.users(name) if entry.state != STANDING]
        return sound + self._stood.get(name, [])


def _turn(entry: Entry) -> tuple[bool, int, str]:
    """An order by chance that is the same everywhere, and in which a new file changes little."""
    return entry.test, key(entry.path), entry.path


class _Imports:
    """Which folders a file imports from; asked many times for the same files."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, frozenset[str]] = {}

    def agree(self, files: list[Entry], users: list[Entry]) -> bool:
        """Whether enough of some users mean what these files define; a file that imports nothing known says nothing."""
        folders = {_folder(entry.path) for entry in files}
        votes = [
            _folder(entry.path) in folders or not folders.isdisjoint(imported)
            for entry in users
            if (imported := self._of(entry.path))
        ]
        return not votes or sum(votes) >= _AGREE * len(votes)

    def _of(self, path: str) -> frozenset[str]:
        if path not in self._known:
            self._known[path] = frozenset(_folder(other) for other in self._catalogue.imported(path))
        return self._known[path]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
