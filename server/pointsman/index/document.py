"""An open document: parsed again at each edit, only where it changed.

The document keeps its own UTF-8 bytes, because that is what the parser counts in. After an edit the tree is patched
by tree-sitter, and the tags only where the tree changed or the edit was, widened by one line: changed ranges alone
miss a renamed symbol, and the edit alone misses what it re-nested. The parse of an edit has a deadline; when it is
missed the symbols are carried along as they are, and `stale` asks for a `refresh` when typing pauses. All else that an
edit costs is kept below what the parse does: nothing is done for each line or each symbol of the file, and two trees
are not compared where the edit only wrote on in a token, which is what most keys do.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pointsman.index import languages
from pointsman.index.following import Tags, shifted
from pointsman.index.headings import line_end, line_start
from pointsman.index.languages import Language
from pointsman.index.parsing import Token, parse, refusal, token, too_wide
from pointsman.index.places import START, Place, encode, find, point
from pointsman.index.symbols import PARSE_SECONDS, Symbol, to_symbols
from pointsman.index.tags import Tag, gently, harvest
from pointsman.text import Edit, Snapshot, apply

if TYPE_CHECKING:
    from tree_sitter import Tree

EDIT_SECONDS = 0.008
"""The parse an edit may take on the event loop; beyond it the symbols wait for a refresh."""
_QUERY_LIMIT = 30_000
"""Bytes of changed text above which all waits for a refresh: the query for them cannot be stopped."""


class _Seen(NamedTuple):
    """What is read together, and replaced together. `near` is the place of the latest edit."""

    text: str
    data: bytes
    tags: Tags
    near: Place


class Document:
    """See the module. Made by `Document.open`; `path` decides the language."""

    def __init__(self, path: str, language: Language, snapshot: Snapshot, data: bytes) -> None:
        self.path = path
        self.snapshot = snapshot
        self.language = language
        self.stale = True
        self.ready = False
        self._grammar = languages.grammar(language)
        self._parser = self._grammar.parser()
        self._data = data
        self._near = START
        self._tree: Tree | None = None
        self._tags = Tags()
        self._dirty: tuple[int, int] | None = None
        self._edited: Token | None = None
        self._seen = _Seen("", b"", self._tags, self._near)
        self._made: tuple[Tags, tuple[Symbol, ...]] | None = None

    @classmethod
    def open(cls, path: str, snapshot: Snapshot, limit: int | None = None) -> "Document | None":
        """Parse a document that was opened; None for a language we do not know.

        One with more characters than `limit` is not parsed yet: it is `stale`, and not `ready` until it is settled.
        """
        data = encode(snapshot.text)
        language = languages.of_text(path, data)
        if language is None or languages.trouble(language):
            return None
        document = cls(path, language, snapshot, data)
        if limit is None or len(snapshot.text) <= limit:
            document.refresh()
        return document

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Made when asked for. Safe to ask from another thread."""
        made, seen = self._made, self._seen
        if made is None or made[0] is not seen.tags:
            made = self._made = seen.tags, to_symbols(self.path, self.language, seen.tags.all(), seen.data)
        return made[1]

    def around(self, offset: int) -> tuple[Symbol, ...]:
        """The definitions around an offset, the outermost first: what a keystroke needs, without all the others."""
        text, data, tags, near = self._seen
        place = find(text, data, offset, near)
        return to_symbols(self.path, self.language, tags.around(place.byte), data, place)

    def refresh(self) -> None:
        """Parse it all anew: what incremental parsing gets wrong now and then is right again on save and on idle."""
        self._adopt(*_parse_anew(self.language, self._data))

    async def settle(self) -> None:
        """The same beside the event loop; nothing comes of it if the text is edited meanwhile."""
        data = self._data
        anew = await asyncio.to_thread(_parse_anew, self.language, data, gentle=True)
        if data is self._data:
            self._adopt(*anew)

    def _adopt(self, tree: "Tree | None", tags: Sequence[Tag]) -> None:
        self._tree, self._tags = tree, Tags(tags)
        self._dirty, self.stale, self.ready = None, False, True
        self._show()

    def _show(self) -> None:
        self._seen = _Seen(self.snapshot.text, self._data, self._tags, self._near)

    def change(self, snapshot: Snapshot, edits: Sequence[Edit], seconds: float | None = EDIT_SECONDS) -> None:
        """Follow edits made one after another, each counted in the text before it, that lead to `snapshot`.

        With `seconds` at most so long, with None until it is done.
        """
        text, length = self.snapshot.text, len(self.snapshot.text)
        for number, edit in enumerate(edits):
            text = apply(text, [edits[number - 1]]) if number else text
            length += len(edit.new) - len(edit.span)
            self._splice(text, edit)
        before, self.snapshot = self.snapshot, snapshot
        if length != len(snapshot.text) or (not edits and before.text != snapshot.text):
            self._data, self._near = encode(snapshot.text), START  # the edits do not lead there
            self.refresh()
        elif self._tree is not None:
            self._parse(self._tree, seconds)
        else:
            self.stale = True
        self._show()

    def _splice(self, text: str, edit: Edit) -> None:
        """Make one edit of `text` in the bytes, the tree and the tags."""
        data, new = self._data, encode(edit.new)
        first = find(text, data, edit.span.start, self._near)
        last = find(text, data, edit.span.end, first)
        end = Place(first.offset + len(edit.new), first.byte + len(new), first.row + new.count(b"\n"))
        self._data = b"".join((data[: first.byte], new, data[last.byte :]))
        self._near = first
        start, old_end, new_end = first.byte, last.byte, end.byte
        if self._tree is not None:
            within = token(self._tree, start, old_end) if self._dirty is None else None
            self._edited = within and within._replace(end=within.end + new_end - old_end)
            points = point(data, first), point(data, last), point(self._data, end)
            self._tree.edit(start, old_end, new_end, *points)
        self._tags = self._tags.edited(start, old_end, new_end, end.row - last.row)
        low, high = (shifted(place, start, old_end, new_end) for place in self._dirty or (start, start))
        self._dirty = min(low, start), max(high, new_end)

    def _parse(self, old: "Tree", seconds: float | None) -> None:
        limit = _QUERY_LIMIT if seconds is not None else len(self._data)
        if self._dirty is None or self._dirty[1] - self._dirty[0] > limit:
            self.stale = True
            return
        tree = parse(self._parser, self._data, old, seconds)
        if tree is None:
            self.stale = True
            return
        low, high = self._dirty
        if self._edited is None or token(tree, low, high) != self._edited:
            for changed in old.changed_ranges(tree):
                low, high = min(low, changed.start_byte), max(high, changed.end_byte)
        high = min(high, len(self._data))
        self._tree, self._dirty = tree, (low, high)
        if high - low > limit or too_wide(tree, self._dirty):
            self.stale = True
            return
        self._patch(tree, low, high)
        self._dirty = None

    def _patch(self, tree: "Tree", low: int, high: int) -> None:
        """Find the tags anew that touch the bytes from `low` to `high`, or the lines beside them."""
        data = self._data
        low = line_start(data, max(0, line_start(data, low) - 1))
        high = line_end(data, min(len(data), line_end(data, high) + 1))
        touched = self._tags.touching(low, high)
        found = {tag.name_start: tag for tag in self._tags_within(tree, low, high)}
        for tag in touched:  # a query need not find what only reaches into the range when its name is outside of it
            if tag.name_start not in found and not low < tag.name_start < high:
                again = self._tags_within(tree, tag.start, max(tag.start, tag.name_end))
                found |= {other.name_start: other for other in again if other.name_start == tag.name_start}
        if list(found.values()) != touched:
            self._tags = self._tags.replaced(touched, found.values())

    def _tags_within(self, tree: "Tree", low: int, high: int) -> list[Tag]:
        return harvest(self.language, self._grammar, tree, self._data, (low, high)).tags


def _parse_anew(language: Language, data: bytes, *, gentle: bool = False) -> "tuple[Tree | None, list[Tag]]":
    if refusal(data):
        return None, []
    grammar = languages.grammar(language)
    tree = parse(grammar.parser(), data, seconds=PARSE_SECONDS, gentle=gentle)
    if tree is None or too_wide(tree):
        return None, []
    return tree, (gently(language, grammar, tree, data) if gentle else harvest(language, grammar, tree, data).tags)
