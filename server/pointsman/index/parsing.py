"""Parsing that ends: by a deadline, and without the inputs that make tree-sitter quadratic.

Three traps of the binding shape this module. A parse can be stopped only in its read-callback form, and the next
parse of a stopped parser goes on with the old text unless it is reset. A query cannot be stopped at all (its progress
callback crashes the process) and is quadratic in the children of an error node, so such trees are refused before.
"""

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

SIZE_LIMIT = 2 << 20
"""Bytes; larger files are generated, or data."""
_CHUNK = 4096
"""Bytes handed to the parser at a time: so few that it costs nothing where it only looks whether a node can stay, so
many that it is hardly called where the words of one place after another are looked at."""
_WIDE = 10_000
"""Children of one node above which a query may take seconds."""
_VISITS = 2_000
_YIELD_EVERY = 64
_FREE = re.compile(r".*(identifier|constant|comment|content|fragment)|name")
"""The kinds of names, of comments and of what is between quotes, in every grammar."""
_LONG_LINES = 2_000


def refusal(data: bytes) -> str:
    """Why these bytes are not worth parsing; empty if they are."""
    if len(data) > SIZE_LIMIT:
        return f"larger than {SIZE_LIMIT >> 20} MB"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16, not UTF-8"
    if b"\0" in data[:8192]:
        return "binary"
    if len(data) > 32 * _LONG_LINES and len(data) > _LONG_LINES * (1 + data.count(b"\n")):
        return "lines too long: minified or data"
    return ""


def parse(
    parser: "Parser", data: bytes, old: "Tree | None" = None, seconds: float | None = None, *, gentle: bool = False
) -> "Tree | None":
    """The tree of `data`, None if it took longer than `seconds`. `gentle` lets other threads run in between."""
    watch = _watch(seconds, gentle=gentle)

    def read(offset: int, _point: object) -> bytes:
        return data[offset : offset + _CHUNK]

    try:
        if old is None:
            return parser.parse(read, progress_callback=watch)
        return parser.parse(read, old, progress_callback=watch)
    except ValueError:
        parser.reset()
        return None


def _watch(seconds: float | None, *, gentle: bool) -> Callable[[int, bool], bool]:
    """A progress callback: True means stop."""
    deadline = None if seconds is None else time.perf_counter() + seconds
    calls = 0

    def watch(_offset: int, _has_error: bool) -> bool:  # noqa: FBT001 - the binding's signature
        nonlocal calls
        calls += 1
        if gentle and calls % _YIELD_EVERY == 0:
            time.sleep(0)
        return deadline is not None and time.perf_counter() > deadline

    return watch


class Token(NamedTuple):
    """A token's kind, as its grammar numbers it, and where it lies, in bytes."""

    kind: int
    start: int
    end: int


def token(tree: "Tree", start: int, end: int) -> Token | None:
    """The token in which bytes lie, if nothing else in a tree hangs on what it says but on its kind and place alone.

    Between two tokens it is that on the left, as where a word is written on at its end.
    The parser reads kinds, so that where such a token was edited and one of the same kind is in its place since, all
    else is as it was. Not so the names of HTML's tags and of heredocs, which others must match, nor what is part of an
    error, whose length decides how it is mended.
    """
    node = tree.root_node
    leaf = (_free(node, start - 1, end) if start == end > 0 else None) or _free(node, start, end)
    if leaf is None:
        return None
    while node.has_error:
        inner = node.child_with_descendant(leaf)
        if inner is None or inner.is_error:
            return None
        node = inner
    return Token(leaf.grammar_id, leaf.start_byte, leaf.end_byte)


def _free(root: "Node", start: int, end: int) -> "Node | None":
    leaf = root.descendant_for_byte_range(start, end)
    return leaf if leaf is not None and not leaf.child_count and _FREE.fullmatch(leaf.type) else None


def too_wide(tree: "Tree", within: tuple[int, int] | None = None) -> bool:
    """Whether an error node (that touches these bytes) has so many children that a query over it may not end."""
    root = tree.root_node
    start = root.descendant_for_byte_range(*within) if within and root.has_error else root
    above = start
    while above is not None and above != root:
        above = above.parent
        if above is not None and _is_wide(above):
            return True
    pending, visits = [start or root], 0
    while pending and visits < _VISITS:
        node = pending.pop()
        visits += 1
        if not node.has_error:
            continue
        if _is_wide(node):
            return True
        pending += [child for child in node.children if child.has_error]
    return visits >= _VISITS and root.is_error


def _is_wide(node: "Node") -> bool:
    return node.is_error and node.child_count > _WIDE


def has_lone_cr(data: bytes) -> bool:
    """Whether a carriage return alone ends a line somewhere: editors count that line, the parser does not."""
    return b"\r" in data and data.count(b"\r") != data.count(b"\r\n")
