"""Which test files cover a file: by its name, by what they import, by what they use."""

from pointsman.index import languages
from pointsman.index.catalogue import Catalogue
from pointsman.index.imports import distance, subject
from pointsman.index.postings import key

_LIMIT = 20
_NAMELESS = frozenset({"index", "lib", "main", "mod"})
"""Names that files have everywhere: a test of this name is meant only where it lies near."""
_NEAR = 2
_RARE = 0.35


def tests_for(catalogue: Catalogue, path: str) -> tuple[str, ...]:
    """The most likely first; a test file covers itself."""
    if languages.is_test_file(path):
        return (path,)
    entry = catalogue.get(path)
    scores: dict[str, float] = {}
    names = [name for name in _defined(catalogue, path) if catalogue.rarity(name) > _RARE] if entry else []
    for name in names:
        share = catalogue.rarity(name) / max(1, catalogue.defines(name))
        for user in catalogue.users(key(name)):
            if user.test:
                scores[user.path] = scores.get(user.path, 0.0) + share
    importing = set(catalogue.importers(path, [found for place in scores if (found := catalogue.get(place))]))
    about = subject(path)
    for found in catalogue.named_after(about):
        away = distance(path, found.path)
        if found.test and (away <= _NEAR or about not in _NAMELESS):
            scores[found.path] = scores.get(found.path, 0.0) + 6.0 / (1 + away)
    ranked = sorted(
        (place for place in scores if place in importing or scores[place] > 1.0),
        key=lambda place: (-scores[place] * (3 if place in importing else 1), place),
    )
    return tuple(ranked[:_LIMIT])


def _defined(catalogue: Catalogue, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(symbol.name for symbol in catalogue.symbols(path) if symbol.kind != "field"))
