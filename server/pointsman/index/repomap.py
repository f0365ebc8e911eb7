"""The map of a repository within a budget of tokens: first what it is, then what matters for the place.

The same index and the same place give the same bytes in any process. A symbol counts as listed only where its
definition line stands in the text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pointsman.index.focus import Place, Ranked, rank
from pointsman.index.overview import Line
from pointsman.index.store import Index
from pointsman.index.symbols import Symbol
from pointsman.index.tokens import weigh

OVERVIEW_SHARE = 0.12
OVERVIEW_TOKENS = 700
"""The overview never takes more, however large the budget."""
_HEAD = "Overview"
_FOCUS = "Near the focus, most likely first"
_SYMBOLS_A_FILE = 8
_SIGNATURE = 120


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


def repo_map(index: Index, focus_path: str | None = None, focus_line: int | None = None, budget: int = 2_000) -> Map:
    """The map for a place; without one, the overview alone has the whole budget."""
    share = budget * OVERVIEW_SHARE if focus_path else float(budget)
    first = _Sheet(min(share, OVERVIEW_TOKENS) if focus_path else share)
    if first.add(Line(_HEAD)):
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
    return Map(text, int(weigh(text)) + 1 if text else 0, tuple(items))


def _fill(sheet: _Sheet, index: Index, path: str, line: int | None) -> None:
    place = Place(path, index.text(path), line, index.symbols(path), index.together(path))
    ranked = rank(index.catalogue, place)
    if not ranked or not sheet.add(Line(_FOCUS)):
        return
    for found in ranked:
        block = [Line(found.path, found.path), *_definitions(index, found)]
        if not sheet.add(*block) and not sheet.add(block[0]):
            return


def _definitions(index: Index, found: Ranked) -> Iterable[Line]:
    """The definition lines of what the place uses of a file, in the file's order."""
    wanted = _chosen(index.symbols(found.path), found.symbols)
    for symbol in sorted(wanted, key=lambda symbol: symbol.span):
        shown = symbol.signature[:_SIGNATURE]
        yield Line(f"  {shown}", found.path, symbol.qualified)


def _chosen(symbols: tuple[Symbol, ...], shares: Mapping[str, float]) -> list[Symbol]:
    candidates = [symbol for symbol in symbols if symbol.name in shares and symbol.kind != "test"]
    candidates.sort(key=lambda symbol: (-round(shares[symbol.name], 9), symbol.span))
    return candidates[:_SYMBOLS_A_FILE]
