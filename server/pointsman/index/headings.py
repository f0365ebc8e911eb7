"""What stands at and above a definition: its signature, its comment, its attributes. By text, for every language.

All reads are bounded, so that a file of one endless line costs no more than another.
"""

import re
from functools import cache
from typing import NamedTuple

from pointsman.index.languages import Language

SIGNATURE_LIMIT = 160
_FIRST_LIMIT = 240
DOC_LIMIT = 160
_LINE_LIMIT = 400
_CLIMB_LIMIT = 60
_DOCSTRING = re.compile(rb"[rRuU]?(\"\"\"|'''|\"|')\s*([^\n\"']*)")
_MARKS = b"/*!#-%;= \t\r"
_MARKUP = re.compile(rb"</?(?:summary|remarks|returns|para|inheritdoc)\b[^<>]*>|<!--|-->")


class Lead(NamedTuple):
    """The lines above a definition that belong to it. `start` is as far up as was looked."""

    start: int
    doc: str
    attributes: bytes


def line_start(data: bytes, at: int) -> int:
    """Where the line of `at` starts, or a bounded way before it."""
    low = max(0, at - _LINE_LIMIT)
    return max(data.rfind(b"\n", low, at) + 1, low)


def line_end(data: bytes, at: int) -> int:
    high = min(len(data), at + _LINE_LIMIT)
    found = data.find(b"\n", at, high)
    return high if found < 0 else found


def signature(data: bytes, name_start: int, name_end: int, body: int | None) -> str:
    """The definition's line, joined with those up to its body when its head is longer than that."""
    start = line_start(data, name_start)
    end = line_end(data, name_end)
    if body is not None and end < body <= start + _LINE_LIMIT:
        end = line_end(data, body) if data[body : body + 1] == b"{" else body
    text = data[start:end].decode("utf-8", "replace")
    if "\n" not in text:
        text = text.strip()
        return text if len(text) <= SIGNATURE_LIMIT else text[:_FIRST_LIMIT]
    first, *rest = (line.strip() for line in text.split("\n"))
    text = first
    for line in filter(None, rest):
        text += line if text.endswith(("(", "[", "<")) or line.startswith((")", "]")) else " " + line
    return text if len(text) <= SIGNATURE_LIMIT else first[:_FIRST_LIMIT]


def docstring(data: bytes, body: int | None) -> str:
    """The first line of the string a body starts with, as Python has it."""
    found = _DOCSTRING.match(data, body) if body is not None else None
    return _words(found[2]) if found else ""


def lead(data: bytes, start: int, language: Language) -> Lead:
    """The comment and the attributes right above the line of `start`."""
    at = line_start(data, start)
    if data[at - 2 : at] == b"\n\n":  # mostly
        return Lead(at, "", b"")
    comments = _comments(language)
    attributes: list[bytes] = []
    doc = b""
    in_block = False
    for _ in range(_CLIMB_LIMIT):
        if at <= 0 or data[at - 1 : at] != b"\n":
            break
        above = line_start(data, at - 1)
        line = data[above:at].strip()
        if in_block:
            in_block = not line.startswith((b"/*", b"<!--"))
            doc = line if _words(line) else doc
        elif line.endswith((b"*/", b"-->")):
            in_block = not line.startswith((b"/*", b"<!--"))
            doc = line.removesuffix(b"*/").removesuffix(b"-->")
        elif line.startswith((b"@", b"#[", b"[")) and not line.endswith((b";", b"{", b"}")):
            attributes.append(line)
        elif line.startswith(comments):
            doc = line if _words(line) else doc
        else:
            break
        at = above
    else:
        in_block = True
    if in_block:  # the first line of the comment was not reached
        doc = b""
    return Lead(at, _words(doc.removesuffix(b"*/")), b"\n".join(attributes))


@cache
def _comments(language: Language) -> tuple[bytes, ...]:
    return tuple(mark.encode() for mark in language.comment)


def _words(line: bytes) -> str:
    if not line:
        return ""
    return _MARKUP.sub(b"", line).strip(_MARKS).decode("utf-8", "replace").strip()[:DOC_LIMIT]
