"""The second tier of the map: what matters for one place, the most likely first.

Four kinds of evidence speak for a file or a symbol: names used near the place that it defines, names defined at the
place that it uses, how near it lies (folder, test of it, import), and how often it changed in the same commit. Each is
scaled to its own best, then they are added; ties are broken by the path, so the order is the same in any process.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from operator import itemgetter

from pointsman.index.anchor import Base, around, words
from pointsman.index.catalogue import Catalogue
from pointsman.index.imports import distance, family, subject
from pointsman.index.postings import key
from pointsman.index.standing import Standing
from pointsman.index.symbols import Symbol

_NEAR = 30.0
"""Lines at which a name weighs half of what it weighs at the place itself."""
_FAR = 0.1
"""What a name anywhere in the file weighs at least."""
_HORIZON = math.ceil(_NEAR * (1 / _FAR - 1) ** (1 / 1.5))
"""Lines beyond which a name weighs no more than that."""
_COMMON = 30
"""Definers above which a name is nobody's in particular."""
_USERS = 400
_OWN = 0.3
"""What a name counts that the file itself defines too."""
_SPOKEN = 0.3
"""What a word counts that stands in comments only."""
_FOREIGN = 0.2
"""What a definition in another language counts."""
_TOP_FILES = 300

WEIGHTS = {"uses": 1.0, "used": 0.5, "near": 0.9, "together": 1.4}
"""The weights of the four kinds, chosen on commits of real repositories (`bench/map.py`)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A file and how much speaks for it; `symbols` are those the place refers to, with their share.

    `evidence` is what each kind of it adds to the score.
    """

    path: str
    score: float
    symbols: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """What the user looks at. `line` counts from one; without one the whole file is meant.

    `saved` tells that the text is that of the disk, which the catalogue knows.
    """

    path: str
    text: str
    line: int | None
    saved: bool = True
    symbols: tuple[Symbol, ...] = ()
    base: Base | None = None
    """What the text is where it is that of the last commit, which the catalogue need not know."""
    together: Mapping[str, float] = field(default_factory=dict)
    """Files that changed with this one before, from 0 to 1."""


def rank(catalogue: Catalogue, place: Place, standing: Standing) -> tuple[Ranked, ...]:
    """The files of the workspace that matter for a place, without the place's own file."""
    imports = frozenset(catalogue.imported(place.path, place.base.imports if place.base else None))
    away = cache(partial(distance, place.path))
    uses, shares = _uses(catalogue, place, partial(_trust, place.path, imports, away), standing)
    used = _used(place, standing)
    near = _near(catalogue, place, imports, {*uses, *used, *place.together}, away)
    scores: dict[str, float] = {}
    kinds = {"uses": uses, "used": used, "together": place.together, "near": near}
    scaled = {name: _scaled(kind, WEIGHTS[name]) for name, kind in kinds.items()}
    for kind in scaled.values():
        for path, score in kind.items():
            scores[path] = scores.get(path, 0.0) + score
    scores.pop(place.path, None)
    best = sorted(scores, key=lambda path: (-round(scores[path], 9), path))[:_TOP_FILES]
    return tuple(
        Ranked(
            path,
            scores[path],
            shares.get(path, {}),
            {name: scaled[name][path] for name in scaled if path in scaled[name]},
        )
        for path in best
        if path in catalogue
    )


def _scaled(kind: Mapping[str, float], weight: float) -> dict[str, float]:
    """What each file gets of a kind of evidence; the best gets its weight."""
    top = max(kind.values(), default=0.0)
    return {path: weight * math.sqrt(value / top) for path, value in kind.items()} if top > 0 else {}


def _weights(text: str, lines: tuple[int, int] | None) -> dict[str, float]:
    """The names in a text, weighed by how near to the lines they come closest."""
    if lines is None:
        return dict.fromkeys(words(text), 0.5)
    weights = dict.fromkeys(words(text), _FAR)
    first = max(1, lines[0] - _HORIZON)
    near = enumerate(text.split("\n")[first - 1 : max(0, lines[1] + _HORIZON)], first)
    away = [(max(lines[0] - number, number - lines[1], 0), content) for number, content in near]
    for lines_away, content in sorted(away, key=itemgetter(0), reverse=True):  # what comes closer goes over the rest
        weight = 1 / (1 + (lines_away / _NEAR) ** 1.5)
        weights.update(dict.fromkeys(words(content), max(_FAR, weight)))
    return weights


def _uses(
    catalogue: Catalogue, place: Place, trust_in: Callable[[str], float], standing: Standing
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Files that define what the place uses, and for each the names in question.

    A name that few files use tells more of where the place belongs. That it will be used again is no likelier for it.
    """
    files: defaultdict[str, float] = defaultdict(float)
    shares: defaultdict[str, dict[str, float]] = defaultdict(dict)
    own = {symbol.name for symbol in place.symbols}
    near = _weights(place.text, around(place.line, place.text, place.symbols) if place.line else None)
    trusted = cache(trust_in)
    counts = standing.define_counts([key(word) for word in near])
    named = [word for word, definers in zip(near, counts, strict=True) if 0 < definers <= _COMMON]
    names = [key(word) for word in named]
    spoken = _spoken(catalogue, place, named)
    for word, name, rarity in zip(named, names, standing.rarities(names), strict=True):
        worth = near[word] * (_OWN if word in own else 1.0) * (_SPOKEN if word in spoken else 1.0)
        definers = standing.definers(name)
        trust = [trusted(path) for path in definers]
        whole = math.fsum(trust)
        for path, part in zip(definers, trust, strict=True):
            if path != place.path:
                share = worth * part / whole
                files[path] += share * rarity
                shares[path][word] = share
    return files, shares


def _spoken(catalogue: Catalogue, place: Place, words: Sequence[str]) -> frozenset[str]:
    """Those of some words that stand in comments and strings only."""
    if place.base is not None:
        return frozenset(words).difference(place.base.used, place.base.defined) if place.base.used else frozenset()
    return catalogue.unused(place.path, words) if place.saved else frozenset()


def _trust(path: str, imports: frozenset[str], away: Callable[[str], int], other: str) -> float:
    """How likely a name in one file means the definition in the other; never 0."""
    if other == path:
        return 3.0
    kin = 1.0 if family(path) == family(other) else _FOREIGN
    return kin * (4.0 if other in imports else 1.0) / (1 + 0.5 * away(other))


def _used(place: Place, standing: Standing) -> dict[str, float]:
    """Files that use what the place defines: the definition around it above all."""
    files: defaultdict[str, float] = defaultdict(float)
    names = [key(symbol.name) for symbol in place.symbols]
    counts = standing.define_counts(names), standing.use_counts(names), standing.rarities(names)
    for symbol, name, definers, users, rarity in zip(place.symbols, names, *counts, strict=True):
        if definers > _COMMON or not 0 < users <= _USERS:
            continue
        weight = _around(place, symbol) * rarity / (max(1, definers) * math.sqrt(users))
        for path in standing.users(name):
            files[path] += weight
    return files


def _around(place: Place, symbol: Symbol) -> float:
    if place.line is None:
        return 0.5
    last = symbol.line + place.text.count("\n", symbol.start, symbol.end)
    return 1.0 if symbol.line <= place.line <= last else 0.15


def _near(
    catalogue: Catalogue, place: Place, imports: frozenset[str], known: set[str], away_from: Callable[[str], int]
) -> dict[str, float]:
    """Files by the shape of their path: tests of it, what it imports, its folder."""
    about = subject(place.path)
    named = {entry.path for entry in catalogue.named_after(about)}
    paths = known | named | imports | set(catalogue.beside(place.path))
    return {
        path: (1.0 if path in named else 0.0) / (1 + 0.25 * away)
        + (0.25 if path in imports else 0.0)
        + 0.35 / (1 + away) ** 2
        for path in paths
        for away in (away_from(path),)
    }
