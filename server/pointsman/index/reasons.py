"""Why a symbol is in the map, or why it is not, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from pointsman.index.focus import Ranked
from pointsman.index.repomap import Map, ranking
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol

_KINDS = {
    "uses": "the place uses names it defines",
    "used": "it uses names the place defines",
    "near": "its name, its folder or an import ties it to the place",
    "together": "it changed in the same commits",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One definition of the name asked for. `lines` say why, the strongest first."""

    symbol: Symbol
    shown: bool
    lines: tuple[str, ...]


def explain(index: Index, made: Map, name: str, focus: str | None, line: int | None) -> tuple[Reason, ...]:
    """A reason for each definition of a name, plain or qualified; none where nothing defines it."""
    ranked = ranking(index, focus, line) if focus else ()
    places = {found.path: (number, found) for number, found in enumerate(ranked, 1)}
    return tuple(
        Reason(
            symbol,
            (symbol.path, symbol.qualified) in made.items,
            tuple(_why(index, made, symbol, focus, places.get(symbol.path))),
        )
        for symbol in index.definitions(name.rpartition(".")[2])
        if name in {symbol.name, symbol.qualified}
    )


def _why(index: Index, made: Map, symbol: Symbol, focus: str | None, place: tuple[int, Ranked] | None) -> Iterator[str]:
    key = (symbol.path, symbol.qualified)
    if any((line.path, line.symbol) == key for line in index.overview.lines):
        users = index.catalogue.use_count(symbol.name)
        yield f"overview: one of the definitions most of the code uses ({users} files use the name)"
    if focus is None:
        if key not in made.items:
            yield "the overview names entry points and the definitions most used; give a --focus for the rest"
        return
    if symbol.path == focus:
        yield "it is in the focus file, whose text the model sees itself"
        return
    if place is None:
        yield "nothing ties its file to the place: no name, import, folder or commit in common"
        return
    number, found = place
    yield f"its file is number {number} of those that matter for the place"
    for kind, weight in sorted(found.evidence.items(), key=lambda item: (-item[1], item[0])):
        yield f"{weight:.2f}  {_KINDS[kind]}"
    share = found.symbols.get(symbol.name)
    if share is None:
        yield "the place does not mention the name itself"
    elif key not in made.items:
        yield f"the place mentions the name (weight {share:.3f}), but others are worth more within the budget"
    else:
        yield f"the place mentions the name (weight {share:.3f})"
