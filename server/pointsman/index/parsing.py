"""Parsing that ends: by a deadline, and without the inputs that make tree-sitter quadratic.

Three traps of the binding shape this module. A parse can be stopped only in its read-callback form, and the next
parse of a stopped parser goes on with the old text unless it is reset. A query cannot be stopped at all (its progress
callback crashes the process) and is quadratic in the children of an error node, so such trees are refused before.
"""

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

SIZE_LIMIT = 2 << 20
"""Bytes; larger files are generated, or data."""
_CHUNKS = 8, 4096
"""Bytes handed to the parser at a time: few where it only looks whether a node can stay, more while it reads on."""
_ALL = 1 << 16
"""Bytes at a time where everything is read."""
_WIDE = 10_000
"""Children of one node above which a query may take seconds."""
_VISITS = 2_000
_YIELD_EVERY = 64
_LONG_LINES = 2_000


def refusal(data: bytes) -> str:
    """Why these bytes are not worth parsing; empty if they are."""
    if len(data) > SIZE_LIMIT:
        return f"larger than {SIZE_LIMIT >> 20} MB"
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
    size, expected = _CHUNKS[0], -1

    def read_all(offset: int, _point: object) -> bytes:
        return data[offset : offset + _ALL]

    def read(offset: int, _point: object) -> bytes:
        nonlocal size, expected
        size = min(2 * size, _CHUNKS[1]) if offset == expected else _CHUNKS[0]
        expected = offset + size
        return data[offset:expected]

    try:
        if old is None:
            return parser.parse(read_all, progress_callback=watch)
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


def too_wide(root: "Node") -> bool:
    """Whether an error node has so many children that a query over it may not end."""
    pending, visits = [root], 0
    while pending and visits < _VISITS:
        node = pending.pop()
        visits += 1
        if not node.has_error:
            continue
        if node.child_count > _WIDE:
            return True
        pending += [child for child in node.children if child.has_error]
    return visits >= _VISITS and root.is_error


_LONE_CR = re.compile(rb"\r(?!\n)")


def has_lone_cr(data: bytes) -> bool:
    """Whether a carriage return alone ends a line somewhere: editors count that line, the parser does not."""
    return b"\r" in data and _LONE_CR.search(data) is not None
