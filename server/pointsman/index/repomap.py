"""The map of a repository within a budget of tokens: first what it is, then what matters for the place.

The same index and the same place give the same bytes in any process. A symbol counts as listed only where its
definition line stands in the text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import chain, tee

from pointsman.index.anchor import Base, carried, fresh
from pointsman.index.focus import Place, Ranked, rank
from pointsman.index.overview import Line
from pointsman.index.standing import Standing
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.index.tokens import estimate, weigh

OVERVIEW_SHARE = 0.12
OVERVIEW_TOKENS = 700
"""The overview never takes more, however large the budget."""
HEAD = "Overview"
FOCUS = "Near the focus, most likely first"
FILE_WORTH = 0.25
"""What naming the most likely file is worth, against showing a definition that is surely used."""
HINT = 0.003
"""What any definition in one of the most likely files is worth: it takes what room is left."""
VOICE = 0.2
"""What one is worth that all of the most likely files use."""
LAST_SHARE = 0.1
"""The room kept at the end for what changed since the last commit: all before it stands while the user types."""
_NEWS = 100
_COMMON = 5
PEERS = 20
"""How many the most likely files are."""
_SYMBOLS = 1_000_000
"""More than a file can hold."""
_LINE = 6
"""What a line costs whatever its length, in characters."""
_PATIENCE = 40
"""Lines that did not fit after which no other is tried."""
_KIND_WORTH = {"field": 0.4, "test": 0.0}


@dataclass(frozen=True, slots=True)
class Map:
    """`items` are (path, symbol or None for the file itself) in the order of the text; `tokens` is the estimate."""

    text: str
    tokens: int
    items: tuple[tuple[str, str | None], ...]


_Offer = tuple[float, int, str, Symbol | None]
"""A line that could be shown: what it is worth for each character (negative: the best sort first), a number that
tells equals apart, the file, and what to show of it if it is not the file itself."""


class _Sheet:
    """Lines that fit a budget."""

    def __init__(self, budget: float) -> None:
        self.left = budget
        self.lines: list[Line] = []

    def add(self, *lines: Line) -> bool:
        """Write all of these lines, or none."""
        cost = sum(weigh(line.text + "\n") for line in lines)
        if cost > self.left:
            return False
        self.left -= cost
        self.lines += lines
        return True


def repo_map(index: Index, focus_path: str | None = None, focus_line: int | None = None, budget: int = 2_000) -> Map:
    """The map for a place; without one, the overview alone has the whole budget."""
    share = budget * OVERVIEW_SHARE if focus_path else float(budget)
    first = _Sheet(min(share, OVERVIEW_TOKENS) if focus_path else share)
    if first.add(Line(HEAD)):
        for line in index.overview.lines:
            if not first.add(line) and first.left < 1:
                break
    top = first.lines if len(first.lines) > 1 else []
    spent = sum(weigh(line.text + "\n") for line in top)
    second = _Sheet(budget - spent - 1)
    if focus_path:
        _fill(second, index, focus_path, focus_line)
    lines = [*top, *second.lines]
    text = "".join(line.text + "\n" for line in lines)
    items = dict.fromkeys((line.path, line.symbol) for line in lines if line.path)
    return Map(text, estimate(text), tuple(items))


def ranking(index: Index, path: str, line: int | None) -> tuple[Ranked, ...]:
    """The files that matter for a place as of the last commit, the most likely first."""
    base = index.base(path)
    return _ranking(index, path, line, base, Standing(index.catalogue, path, base))


def _ranking(index: Index, path: str, line: int | None, base: Base | None, standing: Standing) -> tuple[Ranked, ...]:
    text, was = index.text(path), index.committed(path)
    line = carried(line, was, text) if line and was is not None else line
    symbols = base.symbols if base else index.catalogue.symbols(path) if was is not None else index.symbols(path)
    saved = was is not None or not index.is_open(path)
    place = Place(path, text if was is None else was, line, saved, symbols, base, index.together(path))
    return rank(index.catalogue, place, standing)


def _fill(sheet: _Sheet, index: Index, path: str, line: int | None) -> None:
    """What was worth most at the last commit; then, in the room kept for it, what is new since, and more."""
    base = index.base(path)
    standing = Standing(index.catalogue, path, base)
    ranked = _ranking(index, path, line, base, standing)
    if not ranked or not sheet.add(Line(FOCUS)):
        return
    offers, again = tee(_offers(index, ranked, standing))
    order = {found.path: number for number, found in enumerate(ranked)}
    kept = sheet.left * LAST_SHARE
    sheet.left -= kept
    shown = _write(sheet, offers, order, frozenset())
    sheet.left += kept
    _write(sheet, chain(sorted(_news(index, path)), again), order, shown)


def _write(
    sheet: _Sheet, offers: Iterable[_Offer], order: Mapping[str, int], shown: frozenset[tuple[str, Symbol | None]]
) -> frozenset[tuple[str, Symbol | None]]:
    """Take offers, the best first, while they fit; write them file by file. Returns what was shown, with these."""
    left = sheet.left
    refused = 0
    taken: dict[str, list[Symbol]] = {}
    told: set[tuple[str, str | None]] = set()
    for _, _, path, symbol in offers:
        line = path, symbol.signature if symbol else None
        if (path, symbol) in shown or line in told or (not symbol and path in taken):
            continue
        cost = 0.0 if path in taken else weigh(path + "\n")
        cost += weigh(_shown(symbol) + "\n") if symbol else 0.0
        if cost > left:
            refused += 1
            if refused > _PATIENCE:
                break
            continue
        left -= cost
        told.add(line)
        taken.setdefault(path, []).extend([symbol] if symbol else [])
    for path in sorted(taken, key=lambda path: (order.get(path, -1), path)):
        symbols = sorted(taken[path], key=lambda symbol: (symbol.start, symbol.end))
        sheet.add(Line(path, path), *(Line(_shown(s), path, s.qualified) for s in symbols))
    files = {(path, None) for path in taken}
    return shown | files | {(path, symbol) for path, symbols in taken.items() for symbol in symbols}


def _offers(index: Index, ranked: Sequence[Ranked], standing: Standing) -> Iterator[_Offer]:
    """What could be shown of the files that matter, the best first.

    Files below the peers are opened when the best that they can hold is wanted: mostly there is no room left by then.
    """
    top = ranked[0].score
    peers = {found.path: found.score / top for found in ranked[:PEERS]}
    voice = cache(standing.voices(peers))
    waiting: list[_Offer] = []
    closed: dict[int, Ranked] = {}
    for number, found in enumerate(ranked):
        first = number * _SYMBOLS
        waiting.append((-FILE_WORTH * found.score / top / (_LINE + len(found.path)), first, found.path, None))
        if found.path in peers:
            waiting += _inside(index, found, first, peers[found.path], voice)
        elif found.symbols:
            most = max(share / (_LINE + len(name)) for name, share in found.symbols.items())
            waiting.append((-most, first + 1, found.path, None))
            closed[first + 1] = found
    heapify(waiting)
    while waiting:
        offer = heappop(waiting)
        opened = closed.get(offer[1])
        if opened is None:
            yield offer
        else:
            for one in _inside(index, opened, offer[1], 0.0, voice):
                heappush(waiting, one)


def _inside(index: Index, found: Ranked, number: int, near: float, voice: Callable[[str], float]) -> Iterator[_Offer]:
    """The definitions of one file that are worth something; `near` is above 0 for a peer."""
    shares = found.symbols
    for symbol in index.symbols(found.path) if near else index.named(found.path, shares):
        share = shares.get(symbol.name, 0.0) + (near * (HINT + VOICE * voice(symbol.name)) if near else 0.0)
        if symbol.kind in _KIND_WORTH:
            share *= _KIND_WORTH[symbol.kind]
        if share > 0:
            number += 1
            yield -share / (_LINE + len(symbol.signature)), number, found.path, symbol


def _news(index: Index, path: str) -> Iterator[_Offer]:
    """The definitions of names that the place's file has now and had not at the last commit."""
    was = index.committed(path)
    names = sorted(fresh(was, index.text(path))) if was is not None else ()
    for number, name in enumerate(names[:_NEWS]):
        if index.catalogue.defines(name) <= _COMMON:
            for symbol in index.definitions(name):
                if symbol.path != path:
                    worth = index.catalogue.rarity(name) / (_LINE + len(symbol.signature))
                    yield -worth, number, symbol.path, symbol


def _shown(symbol: Symbol) -> str:
    return f"  {symbol.signature}"
