"""An open document: parsed again at each edit, only where it changed.

The document keeps its own UTF-8 bytes, because that is what the parser counts in. After an edit the tree is patched
by tree-sitter, and the tags only where the tree changed or the edit was, widened by one line: changed ranges alone
miss a renamed symbol, and the edit alone misses what it re-nested. The parse of an edit has a deadline; when it is
missed the symbols are carried along as they are, and `stale` asks for a `refresh` when typing pauses.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pointsman.index import languages
from pointsman.index.headings import line_end, line_start
from pointsman.index.languages import Language
from pointsman.index.parsing import parse, refusal, too_wide
from pointsman.index.symbols import PARSE_SECONDS, Symbol, to_symbols
from pointsman.index.tags import Tag, harvest, order
from pointsman.text import Edit, Snapshot, apply

if TYPE_CHECKING:
    from tree_sitter import Point, Tree

EDIT_SECONDS = 0.008
"""The parse an edit may take on the event loop; beyond it the symbols wait for a refresh."""
_QUERY_LIMIT = 100_000
"""Bytes of changed text above which the query waits for a refresh too: it cannot be stopped."""


class Document:
    """See the module. Made by `Document.open`; `path` decides the language."""

    def __init__(self, path: str, language: Language, snapshot: Snapshot) -> None:
        self.path = path
        self.snapshot = snapshot
        self.language = language
        self.stale = True
        self.ready = False
        self._grammar = languages.grammar(language)
        self._parser = self._grammar.parser()
        self._data = _encode(snapshot.text)
        self._tree: Tree | None = None
        self._tags: list[Tag] = []
        self._dirty: tuple[int, int] | None = None
        self._seen: tuple[list[Tag], bytes] = [], b""
        self._made: tuple[list[Tag], tuple[Symbol, ...]] | None = None

    @classmethod
    def open(cls, path: str, snapshot: Snapshot, limit: int | None = None) -> "Document | None":
        """Parse a document that was opened; None for a language we do not know.

        One with more characters than `limit` is not parsed yet: it is `stale`, and not `ready` until it is settled.
        """
        language = languages.of(path)
        if language is None:
            return None
        document = cls(path, language, snapshot)
        if limit is None or len(snapshot.text) <= limit:
            document.refresh()
        return document

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Made when asked for. Safe to ask from another thread: what is read together is replaced together."""
        made, (tags, data) = self._made, self._seen
        if made is None or made[0] is not tags:
            made = self._made = tags, to_symbols(self.path, self.language, tags, data)
        return made[1]

    def around(self, offset: int) -> tuple[Symbol, ...]:
        """The definitions around an offset, the outermost first: what a keystroke needs, without all the others."""
        tags, data = self._seen
        text = self.snapshot.text
        at = offset if len(text) == len(data) else len(_encode(text[:offset]))
        return to_symbols(self.path, self.language, [tag for tag in tags if tag.start <= at <= tag.end], data)

    def refresh(self) -> None:
        """Parse it all anew: what incremental parsing gets wrong now and then is right again on save and on idle."""
        self._adopt(*_parse_anew(self.language, self._data))

    async def settle(self) -> None:
        """The same beside the event loop, until the text stands still."""
        while self.stale:
            data = self._data
            anew = await asyncio.to_thread(_parse_anew, self.language, data, gentle=True)
            if data is self._data:
                self._adopt(*anew)

    def _adopt(self, tree: "Tree | None", tags: list[Tag]) -> None:
        self._tree, self._tags = tree, tags
        self._dirty, self.stale, self.ready = None, False, True
        self._seen = self._tags, self._data

    def change(self, snapshot: Snapshot, edits: Sequence[Edit], seconds: float = EDIT_SECONDS) -> None:
        """Follow edits made one after another, each counted in the text before it, that lead to `snapshot`."""
        text = self.snapshot.text
        for edit in edits:
            self._splice(text, edit)
            text = apply(text, [edit])
        self.snapshot = snapshot
        data = _encode(snapshot.text) if text is not snapshot.text and text != snapshot.text else None
        if data is not None:  # the edits do not lead there: believe the snapshot
            self._data = data
            self.refresh()
        elif self._tree is not None:
            self._parse(self._tree, seconds)
        else:
            self.stale = True
        self._seen = self._tags, self._data

    def _splice(self, text: str, edit: Edit) -> None:
        """Make one edit in the bytes, the tree and the tags."""
        data, span = self._data, edit.span
        if len(data) == len(text):
            start, end = span.start, span.end
        else:
            start = len(_encode(text[: span.start]))
            end = start + len(_encode(text[span.start : span.end]))
        new = _encode(edit.new)
        new_end = start + len(new)
        self._data = data[:start] + new + data[end:]
        rows = new.count(b"\n") - data.count(b"\n", start, end)
        if self._tree is not None:
            self._tree.edit(start, end, new_end, _point(data, start), _point(data, end), _point(self._data, new_end))
        self._tags = [moved for tag in self._tags if (moved := _move(tag, start, end, new_end, rows)) is not None]
        if self._dirty is not None:
            low, high = (_shift(place, start, end, new_end) for place in self._dirty)
            self._dirty = min(low, start), max(high, new_end)
        else:
            self._dirty = start, new_end

    def _parse(self, old: "Tree", seconds: float) -> None:
        tree = parse(self._parser, self._data, old, seconds)
        if tree is None or self._dirty is None:
            self.stale = True
            return
        low, high = self._dirty
        for changed in old.changed_ranges(tree):
            low, high = min(low, changed.start_byte), max(high, changed.end_byte)
        if old.root_node.type != tree.root_node.type:  # patterns that start at the root hold everywhere or nowhere
            low, high = 0, len(self._data)
        self._tree, self._dirty = tree, (low, min(high, len(self._data)))
        if high - low > _QUERY_LIMIT or too_wide(tree.root_node):
            self.stale = True
            return
        self._patch(tree, low, high)
        self._dirty = None

    def _patch(self, tree: "Tree", low: int, high: int) -> None:
        """Find the tags anew that touch the bytes from `low` to `high`, or the lines beside them."""
        data = self._data
        low = line_start(data, max(0, line_start(data, low) - 1))
        high = line_end(data, min(len(data), line_end(data, high) + 1))
        kept: list[Tag] = []
        touched: list[Tag] = []
        for tag in self._tags:
            if tag.lead > high or tag.end < low:
                kept.append(tag)
                continue
            touched.append(tag)
            if tag.start >= high:
                high = max(high, tag.name_end)
        found = {tag.name_start: tag for tag in self._tags_within(tree, low, high)}
        for tag in touched:  # a query need not find what only reaches into the range when its name is outside of it
            if tag.name_start not in found:
                again = self._tags_within(tree, tag.start, max(tag.start, tag.name_end))
                found |= {other.name_start: other for other in again if other.name_start == tag.name_start}
        self._tags = sorted([*(tag for tag in kept if tag.name_start not in found), *found.values()], key=order)

    def _tags_within(self, tree: "Tree", low: int, high: int) -> list[Tag]:
        return harvest(self.language, self._grammar, tree, self._data, (low, high)).tags


def _parse_anew(language: Language, data: bytes, *, gentle: bool = False) -> "tuple[Tree | None, list[Tag]]":
    if refusal(data):
        return None, []
    grammar = languages.grammar(language)
    tree = parse(grammar.parser(), data, seconds=PARSE_SECONDS, gentle=gentle)
    if tree is None or too_wide(tree.root_node):
        return None, []
    return tree, harvest(language, grammar, tree, data).tags


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _point(data: bytes, offset: int) -> "Point":
    from tree_sitter import Point

    return Point(data.count(b"\n", 0, offset), offset - data.rfind(b"\n", 0, offset) - 1)


def _shift(place: int, start: int, end: int, new_end: int) -> int:
    if place <= start:
        return place
    return place + new_end - end if place >= end else new_end


def _move(tag: Tag, start: int, end: int, new_end: int, rows: int) -> Tag | None:
    """The tag after an edit; None if its name was touched from the inside."""
    if tag.end < start:
        return tag
    if tag.name_start < end and start < tag.name_end:
        return None
    delta = new_end - end
    row = tag.row + rows if tag.name_start >= end else tag.row
    lead, first, last, name_start, name_end = tag[:5]
    if lead >= end:
        places = lead + delta, first + delta, last + delta, name_start + delta, name_end + delta
    else:
        places = (
            _shift(lead, start, end, new_end),
            _shift(first, start, end, new_end),
            _shift(last, start, end, new_end),
            _shift(name_start, start, end, new_end),
            _shift(name_end, start, end, new_end),
        )
    return Tag(*places, row, *tag[6:])
