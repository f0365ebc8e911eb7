"""The map of a repository within a budget of tokens: first what it is, then what matters for the place.

The same index and the same place give the same bytes in any process. A symbol counts as listed only where its
definition line stands in the text.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, tee

from pointsman.index.anchor import Base, carried, fresh
from pointsman.index.focus import Place, Ranked, rank
from pointsman.index.offers import Offer, offers
from pointsman.index.overview import Line
from pointsman.index.shelf import LINE
from pointsman.index.standing import Standing
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.index.tokens import estimate, weigh

OVERVIEW_SHARE = 0.12
OVERVIEW_TOKENS = 700
"""The overview never takes more, however large the budget."""
HEAD = "Overview"
FOCUS = "Near the focus, most likely first"
LAST_SHARE = 0.1
"""The room kept at the end for what changed since the last commit: all before it stands while the user types."""
_NEWS = 100
_COMMON = 5
_PATIENCE = 40
"""Lines that did not fit after which no other is tried."""


@dataclass(frozen=True, slots=True)
class Map:
    """`items` are (path, symbol or None for the file itself) in the order of the text; `tokens` is the estimate."""

    text: str
    tokens: int
    items: tuple[tuple[str, str | None], ...]


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


@contextmanager
def _uncollected() -> Iterator[None]:
    """A map makes thousands of small values and no cycles: looking for garbage among them would take a fifth of it."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_uncollected()
def repo_map(index: Index, focus_path: str | None = None, focus_line: int | None = None, budget: int = 2_000) -> Map:
    """The map for a place; without one, the overview alone has the whole budget."""
    share = budget * OVERVIEW_SHARE if focus_path else float(budget)
    first = _Sheet(min(share, OVERVIEW_TOKENS) if focus_path else share)
    if first.add(Line(HEAD)):
        for line in index.overview.lines:
            if not first.add(line) and line.path:  # the next ones are worth less, if they are shorter
                break
    top = _with_head(first)
    spent = sum(weigh(line.text + "\n") for line in top)
    second = _Sheet(budget - spent - 1)
    if focus_path:
        _fill(second, index, focus_path, focus_line)
    lines = [*top, *_with_head(second)]
    text = "".join(line.text + "\n" for line in lines)
    items = dict.fromkeys((line.path, line.symbol) for line in lines if line.path)
    return Map(text, estimate(text), tuple(items))


def _with_head(sheet: _Sheet) -> list[Line]:
    """What was written; a heading alone says nothing."""
    return sheet.lines if len(sheet.lines) > 1 else []


def ranking(index: Index, path: str, line: int | None) -> tuple[Ranked, ...]:
    """The files that matter for a place as of the last commit, the most likely first."""
    base = index.base(path)
    return _ranking(index, path, line, index.text(path), Standing(index.catalogue, path, base), base)


def _ranking(
    index: Index, path: str, line: int | None, text: str, standing: Standing, base: Base | None
) -> tuple[Ranked, ...]:
    was = index.committed(path)
    line = carried(line, was, text) if line and was is not None else line
    symbols = base.symbols if base else index.catalogue.symbols(path) if was is not None else index.symbols(path)
    saved = was is not None or not index.is_open(path)
    place = Place(path, text if was is None else was, line, saved, symbols, base, index.together(path))
    return rank(index.catalogue, place, standing)


def _fill(sheet: _Sheet, index: Index, path: str, line: int | None) -> None:
    """What was worth most at the last commit; then, in the room kept for it, what is new since, and more."""
    base, text = index.base(path), index.text(path)
    standing = Standing(index.catalogue, path, base)
    ranked = _ranking(index, path, line, text, standing, base)
    if not ranked or not sheet.add(Line(FOCUS)):
        return
    first, again = tee(offers(index, ranked, standing))
    order = {found.path: number for number, found in enumerate(ranked)}
    kept = sheet.left * LAST_SHARE
    sheet.left -= kept
    told: set[tuple[str, str | None]] = set()
    _write(sheet, first, order, told)
    sheet.left += kept
    _write(sheet, chain(sorted(_news(index, path, text)), again), order, told)


def _write(sheet: _Sheet, offers: Iterable[Offer], order: Mapping[str, int], told: set[tuple[str, str | None]]) -> None:
    """Take offers, the best first, while they fit; write them file by file. `told` are lines that need not be again."""
    left = sheet.left
    refused = 0
    taken: dict[str, list[Symbol]] = {}
    for _, _, path, symbol in offers:
        line = path, symbol.signature if symbol else None
        if line in told or (not symbol and path in taken):
            continue
        cost = 0.0 if path in taken else weigh(path + "\n")
        cost += weigh(_shown(symbol) + "\n") if symbol else 0.0
        if cost > left:
            refused += 1
            if refused > _PATIENCE:
                break
            continue
        left -= cost
        told |= {line, (path, None)}
        taken.setdefault(path, []).extend([symbol] if symbol else [])
    for path in sorted(taken, key=lambda path: (order.get(path, -1), path)):
        symbols = sorted(taken[path], key=lambda symbol: (symbol.start, symbol.end))
        sheet.add(Line(path, path), *(Line(_shown(s), path, s.qualified) for s in symbols))


def _news(index: Index, path: str, text: str) -> Iterator[Offer]:
    """The definitions of names that the place's file has now and had not at the last commit."""
    was = index.committed(path)
    names = sorted(fresh(was, text)) if was is not None else ()
    for number, name in enumerate(names[:_NEWS]):
        if index.catalogue.defines(name) <= _COMMON:
            for symbol in index.definitions(name):
                if symbol.path != path:
                    worth = index.catalogue.rarity(name) / (LINE + len(symbol.signature))
                    yield Offer(-worth, number, symbol.path, symbol)


def _shown(symbol: Symbol) -> str:
    return f"  {symbol.signature}"
