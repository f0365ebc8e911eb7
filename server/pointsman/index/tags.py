"""Tags: what a language's query finds in a tree, in bytes, before it becomes symbols.

Only `QueryCursor.matches` is used: `captures` returns its nodes in an order that changes from call to call.
"""

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pointsman.index.headings import docstring, lead, line_start, signature
from pointsman.index.languages import Grammar, Language, reserved

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

SCOPE = "scope"
_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]{1,79}")
_SYMBOL = re.compile(r":\w")
"""A name as Ruby writes it where it is a value."""
_NAME_LIMIT = 120
_MARKS_LIMIT = 500
_PIECE = 1 << 15
_DEFINITION = "definition."
_LOCAL = "definition.variable"


class Tag(NamedTuple):
    """A definition or a scope. Offsets are bytes; `lead` is where the lines above that belong to it start."""

    lead: int
    start: int
    end: int
    name_start: int
    name_end: int
    row: int
    kind: str
    name: str
    owner: str
    signature: str
    doc: str
    role: str


@dataclass(slots=True)
class Harvest:
    """What one pass of the query brings in. `ignored` are the spans of comments and of the words of strings."""

    tags: list[Tag] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    ignored: list[tuple[int, int]] = field(default_factory=list)


def harvest(
    language: Language, grammar: Grammar, tree: "Tree", data: bytes, within: tuple[int, int] | None = None
) -> Harvest:
    """Everything the query finds, or what touches the bytes `within`."""
    low, high = within or (0, len(data))
    found = Harvest()
    best: dict[int, tuple[int, Tag]] = {}
    entries: set[int] = set()
    for pattern, captures in matches(grammar, tree, within):
        if "ignore" in captures:
            found.ignored += [node.byte_range for node in captures["ignore"]]
        elif "name" in captures:
            tag = _tag(language, data, captures, low, high)
            if tag is not None and (tag.name_start not in best or best[tag.name_start][0] > pattern):
                best[tag.name_start] = pattern, tag
        elif "entry" in captures:
            entries.add(captures["entry"][0].start_byte)
        elif "import" in captures:
            found.imports.append(_import(data, captures))
    tags = (tag._replace(role="entry") if start in entries else tag for start, (_, tag) in best.items())
    found.tags = sorted(tags, key=order)
    return found


def gently(language: Language, grammar: Grammar, tree: "Tree", data: bytes) -> list[Tag]:
    """All tags, found piece by piece, with time for other threads in between: a query itself lets none run."""
    found: list[Tag] = []
    for low in range(0, len(data), _PIECE):
        time.sleep(0)
        high = low + _PIECE
        near = harvest(language, grammar, tree, data, (low, high)).tags
        found += [tag for tag in near if low <= tag.name_start < high]
    return sorted(found, key=order)


def matches(
    grammar: Grammar, tree: "Tree", within: tuple[int, int] | None = None
) -> "Iterator[tuple[int, dict[str, list[Node]]]]":
    """What the patterns match, each with its number; that of one for a file's top is above the others."""
    from tree_sitter import QueryCursor

    anywhere = QueryCursor(grammar.query)
    if within is not None:
        anywhere.set_byte_range(*within)
    yield from anywhere.matches(tree.root_node)
    if grammar.top is not None:
        top = QueryCursor(grammar.top)
        top.set_max_start_depth(1)
        if within is not None:
            top.set_byte_range(*within)
        first = grammar.query.pattern_count
        for section in _sections(grammar, tree.root_node, within):
            for pattern, captures in top.matches(section):
                if not (section.is_error and _LOCAL in captures):  # of a function whose head was not understood
                    yield first + pattern, captures


def _sections(grammar: Grammar, root: "Node", within: tuple[int, int] | None) -> "Iterator[Node]":
    """The root, and the sections of a file's top that touch the bytes `within`."""
    pending = [root]
    while pending:
        section = pending.pop()
        yield section
        cursor = section.walk()
        more = bool(grammar.sections) and (
            cursor.goto_first_child() if within is None else cursor.goto_first_child_for_byte(within[0]) is not None
        )
        while more and (node := cursor.node) and (within is None or node.start_byte <= within[1]):
            if node.type in grammar.sections:
                pending.append(node)
            more = cursor.goto_next_sibling()


def order(tag: Tag) -> tuple[int, int, int]:
    """Outer before inner."""
    return tag.start, -tag.end, tag.name_start


def _tag(language: Language, data: bytes, captures: "dict[str, list[Node]]", low: int, high: int) -> Tag | None:
    """The definition, if it touches the bytes from `low` to `high`: a pattern matches by what is around it, too."""
    name = captures["name"][0]
    label = None
    for capture in captures:
        if capture == SCOPE or capture.startswith(_DEFINITION):
            label = capture
            break
    text = _text(data, name).strip("\"'`")
    text = text[1:] if _SYMBOL.match(text) else text
    if label is None or text in {"", "_"} or len(text) > _NAME_LIMIT:
        return None
    node = captures[label][0]
    if node.end_byte < low or node.start_byte > high:
        return None
    name_start, name_end = name.start_byte, name.end_byte
    kind = label.removeprefix(_DEFINITION)
    if kind == SCOPE:
        start = node.start_byte
        return Tag(start, start, node.end_byte, name_start, name_end, name.start_point[0], kind, text, "", "", "", "")
    inner = node.child_by_field_name("body")
    body = inner.start_byte if inner is not None and inner.start_byte >= name_end else None
    above = lead(data, node.start_byte, language)
    doc = (docstring(data, body) if language.name == "python" else "") or above.doc
    test_marks = _test_marks(language) if language.test_marks else None
    marks = above.attributes + data[line_start(data, node.start_byte) : min(name_start, node.start_byte + _MARKS_LIMIT)]
    return Tag(
        above.start,
        node.start_byte,
        node.end_byte,
        name_start,
        name_end,
        name.start_point[0],
        kind,
        text,
        ".".join(_text(data, owner).replace("::", ".") for owner in captures.get("owner", ())),
        signature(data, name_start, name_end, body),
        doc,
        "test" if kind == "test" or (test_marks and test_marks.search(marks)) else "",
    )


@cache
def _test_marks(language: Language) -> re.Pattern[bytes]:
    return re.compile(language.test_marks.encode())


def _import(data: bytes, captures: "dict[str, list[Node]]") -> str:
    name = _text(data, captures["import"][0]).removeprefix("import ").strip("\"'`<>")
    if "module" not in captures:
        return name
    module = _text(data, captures["module"][0])
    return module + name if module.endswith(".") else f"{module}.{name}"


def _text(data: bytes, node: "Node") -> str:
    return data[node.start_byte : min(node.end_byte, node.start_byte + 4 * _NAME_LIMIT)].decode("utf-8", "replace")


def references(language: Language, data: bytes, found: Harvest) -> dict[str, int]:
    """How often each name is used: every word of the code but reserved ones, less the definitions themselves."""
    if not language.code:
        return {}
    code = b" ".join(_code(data, found.ignored))
    counts = Counter(_WORD.findall(code.replace(b"$", b" ") if language.sigil else code))
    own = b" ".join([data[tag.name_start : tag.name_end] for tag in found.tags if tag.kind not in {SCOPE, "test"}])
    counts.subtract(_WORD.findall(own))
    for word in reserved(language):
        counts.pop(word, None)
    return {word.decode("utf-8", "replace"): count for word, count in counts.items() if count > 0}


def _code(data: bytes, ignored: Iterable[tuple[int, int]]) -> Iterable[bytes]:
    at = 0
    for start, end in sorted(ignored):
        if start > at:
            yield data[at:start]
        at = max(at, end)
    yield data[at:]
