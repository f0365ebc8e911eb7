"""The syntax gate: where a text is not of its language, by tree-sitter's error nodes.

It is the one check that needs no tool, no trust and no process. It judges a change, not a file: a file that was
broken before is not blamed on the patch unless it became worse.
"""

from typing import TYPE_CHECKING

from pointsman.index import languages
from pointsman.index.parsing import parse, refusal
from pointsman.terms import Problem
from pointsman.text import Encoding, Position, Snapshot

if TYPE_CHECKING:
    from tree_sitter import Node

TOOL = "syntax"
_PROBLEM_LIMIT = 50
_VISIT_LIMIT = 20_000
_PARSE_SECONDS = 2.0
_QUOTE_LIMIT = 40


def errors(path: str, text: str) -> tuple[Problem, ...]:
    """What cannot be parsed in a text, in its order; () for a language we do not know, or know not wholly."""
    language = languages.of(path)
    if language is None or not language.exact or languages.trouble(language):
        return ()
    data = text.encode("utf-8", "surrogatepass")
    if refusal(data):
        return ()
    tree = parse(languages.grammar(language).parser(), data, seconds=_PARSE_SECONDS)
    if tree is None or not tree.root_node.has_error:
        return ()
    snapshot = Snapshot("", None, text)
    return tuple(_problem(path, snapshot, data, node) for node in _broken(tree.root_node))


def new_errors(path: str, before: str | None, after: str) -> tuple[Problem, ...]:
    """The errors of `after`, if it has more of them than `before` had; a new file has no before."""
    found = errors(path, after)
    if not found or before is None:
        return found
    known = errors(path, before)
    if len(found) <= len(known):
        return ()
    lines = {(problem.message, problem.source_line) for problem in known}
    return tuple(problem for problem in found if (problem.message, problem.source_line) not in lines) or found


def _broken(root: "Node") -> list["Node"]:
    """The error and missing nodes in the order of the text, the outermost of nested ones."""
    found: list[Node] = []
    pending, visits = [root], 0
    while pending and len(found) < _PROBLEM_LIMIT and visits < _VISIT_LIMIT:
        node = pending.pop()
        visits += 1
        if node.is_missing or (node.is_error and node.parent is not None):
            found.append(node)
        elif node.has_error and node.child_count <= _VISIT_LIMIT:
            pending += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return found or [root]


def _problem(path: str, snapshot: Snapshot, data: bytes, node: "Node") -> Problem:
    start, end = (_place(snapshot, data, offset) for offset in (node.start_byte, node.end_byte))
    if node.is_missing:
        message = f"Syntax error: missing {node.type!r}"
    else:
        quote = data[node.start_byte : node.end_byte][:_QUOTE_LIMIT].decode("utf-8", "replace").split("\n")[0].strip()
        message = f"Syntax error near {quote!r}" if quote else "Syntax error"
    return Problem(
        TOOL,
        message,
        path,
        start.line + 1,
        start.character + 1,
        end.line + 1,
        end.character + 1,
        source_line=snapshot.line(start.line),
    )


def _place(snapshot: Snapshot, data: bytes, offset: int) -> Position:
    return snapshot.position(len(data[:offset].decode("utf-8", "surrogatepass")), Encoding.UTF32)
