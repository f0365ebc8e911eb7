"""Symbols: the definitions of a file, with their places in the text, and what else the index keeps of it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from re import Pattern
from re import compile as compile_pattern
from typing import NamedTuple

from pointsman.index import languages
from pointsman.index.languages import Language
from pointsman.index.parsing import has_lone_cr, parse, refusal, too_wide
from pointsman.index.places import START, Place
from pointsman.index.tags import SCOPE, Tag, harvest, references
from pointsman.text import LINE_END, Span

_TYPES = frozenset({"class", "struct", "interface", "trait", "enum", "scope"})
_NOTABLE = frozenset({"class", "struct", "interface", "trait", "enum", "type"})
_CODE = frozenset({"function", "method"})
_DATA = frozenset({"variable", "field", "constant"})
_AS_MEMBER = {"function": "method", "variable": "field"}
PARSE_SECONDS = 3.0
_INNER = bytes(range(0x80, 0xC0))
"""What bytes of a character in UTF-8 are that do not begin it."""
_DATA_LIMIT = 256 << 10
"""Bytes of a file that is not code; larger ones are data, or written by a tool."""


class Symbol(NamedTuple):
    """One definition. `line` counts from one; spans are offsets in the text; `signature` starts with its line.

    `container` is the dotted way to it: "Class" for a method. `role` is "test", "entry" or empty. The places are plain
    numbers, and the path stands last, because symbols are made by the thousand from what the cache has of a file.
    """

    name: str
    kind: str
    start: int
    end: int
    name_start: int
    name_end: int
    line: int
    signature: str
    container: str
    doc: str
    role: str
    path: str

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def name_span(self) -> Span:
        return Span(self.name_start, self.name_end)

    @property
    def qualified(self) -> str:
        return f"{self.container}.{self.name}" if self.container else self.name

    @property
    def notable(self) -> bool:
        """Whether others may stand on it: a type, or a function that is nobody's."""
        return self.kind in _NOTABLE or (self.kind == "function" and not self.container)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one file says. `trouble` tells why it says nothing: too large, minified, took too long.

    `broken` tells that its text has errors, as far as the grammar knows the language.
    """

    symbols: tuple[Symbol, ...] = ()
    references: Mapping[str, int] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    broken: bool = False
    trouble: str = ""


def extract(path: str, data: bytes, seconds: float = PARSE_SECONDS) -> Facts:
    """The facts of a file from its bytes, in bounded time but for what `too_wide` does not foresee."""
    language = languages.of_text(path, data)
    if language is None:
        return Facts(trouble="unknown language")
    if why := refusal(data) or ("data" if len(data) > _DATA_LIMIT and not language.code else ""):
        return Facts(trouble=why)
    if why := languages.trouble(language):
        return Facts(trouble=why)
    data = data.removeprefix(b"\xef\xbb\xbf")
    grammar = languages.grammar(language)
    tree = parse(grammar.parser(), data, seconds=seconds)
    if tree is None:
        return Facts(trouble="parsing took too long")
    if too_wide(tree):
        return Facts(trouble="not readable as " + language.name)
    found = harvest(language, grammar, tree, data)
    return Facts(
        to_symbols(path, language, found.tags, data),
        references(language, data, found),
        tuple(dict.fromkeys(found.imports)),
        tree.root_node.has_error,
    )


def to_symbols(
    path: str, language: Language, tags: Sequence[Tag], data: bytes, near: Place = START
) -> tuple[Symbol, ...]:
    """Symbols of tags that are in order; `data` is the text the tags refer to, `near` any place in it."""
    offsets = _offsets(tags, data, near)
    starts = [0, *(end.end() for end in LINE_END.finditer(_latin(data)))] if has_lone_cr(data) else None
    test_file = languages.is_test_file(path)
    symbols: list[Symbol] = []
    around: list[tuple[tuple[int, int], str, str]] = []
    for tag in tags:
        while around and (around[-1][0][1] <= tag.start or around[-1][0] == (tag.start, tag.end)):
            around.pop()
        outer_kind, outer = around[-1][1:] if around else ("", "")
        if tag.kind == "field" and outer_kind in _CODE and len(around) > 1 and around[-2][1] in _TYPES:
            outer_kind, outer = around[-2][1:]  # declared in the head of a constructor
        kind = _AS_MEMBER.get(tag.kind, tag.kind) if outer_kind in _TYPES else tag.kind
        nested = outer_kind in _TYPES or outer_kind == "module"
        container = ".".join(filter(None, (outer if nested else "", tag.owner))) if tag.owner else outer
        way = f"{container}.{tag.name}" if container else tag.name
        hidden = kind in _DATA and (outer_kind in _CODE or (kind == "variable" and outer_kind in _DATA))
        around.append(((tag.start, tag.end), *((outer_kind, outer) if hidden else (kind, way))))
        if hidden or kind == SCOPE:
            continue
        symbols.append(
            Symbol(
                tag.name,
                kind,
                offsets[tag.start],
                offsets[tag.end],
                offsets[tag.name_start],
                offsets[tag.name_end],
                (bisect_right(starts, tag.name_start) if starts else tag.row + 1),
                tag.signature,
                container,
                tag.doc,
                _role(language, tag.name) if test_file and not tag.role and kind in _CODE else tag.role,
                path,
            )
        )
    return tuple(symbols)


def _role(language: Language, name: str) -> str:
    pattern = _test_names(language)
    return "test" if pattern and pattern.match(name) else ""


@cache
def _test_names(language: Language) -> Pattern[str] | None:
    return compile_pattern(language.test_names) if language.test_names else None


class _Same(dict[int, int]):
    """Bytes are code points where all is ASCII."""

    def __missing__(self, key: int) -> int:
        return key


def _offsets(tags: Iterable[Tag], data: bytes, near: Place) -> Mapping[int, int]:
    """From byte to code point, for the places of the tags."""
    if data.isascii():
        return _Same()
    offsets, at, count = {}, near.byte, near.offset
    for place in sorted({place for tag in tags for place in (tag.start, tag.end, tag.name_start, tag.name_end)}):
        width = len(data[min(at, place) : max(at, place)].translate(None, _INNER))  # also where it is not UTF-8
        count += width if place > at else -width
        offsets[place] = count
        at = place
    return offsets


def _latin(data: bytes) -> str:
    """A string with one character for each byte."""
    return data.decode("latin-1")
