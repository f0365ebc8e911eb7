"""The types and functions that the code of a repository stands on: what most of its files use.

That a file uses a name is told by the name alone, and `Error` or `get` is the name of many things. So for each
candidate some of its users are asked whether they import anything from where it is defined.
"""

import math
import re
from collections.abc import Iterator
from heapq import nsmallest
from operator import itemgetter

from pointsman.index.catalogue import Catalogue, Entry
from pointsman.index.imports import family
from pointsman.index.postings import key

_COMMON = 12
"""Definers above which a name says nothing of any of them."""
_CANDIDATES = 240
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
    imports = _Imports(catalogue)
    ranked = []
    for worth, name, files, users in catalogue.well_used(_COMMON, _CANDIDATES):
        if worth > 1:
            others = [entry for entry in users if entry not in files]
            asked = nsmallest(_ASKED, others, key=lambda entry: (entry.test, key(entry.path), entry.path))
            kin = [entry for entry in asked if family(entry.path) == family(files[0].path)]
            if kin:
                path, step = files[0].path, -round(_STEPS * math.log2(worth * len(kin) / len(asked)))
                ranked.append((is_aside(path), step, path, name, files, kin))
    for *_, path, name, files, kin in sorted(ranked, key=itemgetter(0, 1, 2, 3)):
        if imports.agree(files, kin):
            yield path, name


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
