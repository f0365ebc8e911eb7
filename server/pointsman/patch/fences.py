"""The parts of a reply that are a patch: what stands in its fenced blocks, or all of it.

A fence is a line that begins with three or more backticks in its first column; a line of a diff never does, since it
has its sign there. So Markdown inside of a patch does not end it. A fence that never closes means that the reply was
cut off, and a patch outside of the fences beside one inside means that nobody knows which was meant: both are refused.

Two tags, each alone on its line, are as good as a fence. Only if there is nothing in the first column, the patch may be
indented as a whole, as it is in a list.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice

from pointsman.patch.codes import Broken, Code

BEGIN = "*** Begin Patch"
_FENCE = re.compile(r"^(?P<ticks>`{3,}|~{3,})[ \t]*(?P<tag>[^\s`]*)[^`]*$")
_DIFF_TAGS = frozenset({"diff", "patch", "udiff", "gitdiff", "git-diff"})
_STRUCTURE = re.compile(
    r"^(?:diff --(?:git|cc|combined) |--- .*\n\+\+\+ |@@@|@@(?:[ \t]+-\d|[ \t]*\r?$|[ \t]+\.\.\.)|GIT binary patch)",
    re.MULTILINE,
)
"""Lines that only a diff has."""
_TAG = re.compile(r"^<[A-Za-z][\w-]*>[ \t\r]*$")
_HEAD = re.compile(r"^(?P<blanks>[ \t]+)(?:```|~~~|diff --git |--- \S)")
_OBJECT = re.compile(r"^[ \t]*\{(?=[^\n]*$)", re.MULTILINE)
_KEYS = re.compile(r'"(?:files|question)"\s*:')
_DEPTH = 3
_TAGS = 8


class Kind(Enum):
    DIFF = "diff"
    JSON = "applypatch-json"
    ENVELOPE = "applypatch-text"


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a reply. `start` is the number of the first, from one; `lead` is the prose before them."""

    kind: Kind
    lines: tuple[str, ...]
    start: int
    fenced: bool
    lead: str = ""


def blocks(reply: str) -> list[Block]:
    """The blocks that hold a patch, or may; none if nothing does. Raises Broken if it was cut off."""
    lines = reply.split("\n")
    marked = "```" in reply or "~~~" in reply
    if marked and "\r" in reply:
        lines = [line.removesuffix("\r") if _is_mark(line) else line for line in lines]
    if lines and not lines[-1]:
        lines.pop()
    if found := (_fenced(lines, 1, 0) if marked else []) or (_tagged(lines) if "\n</" in reply else []):
        return found
    if kind := _kind(lines, ""):
        return [Block(kind, tuple(lines), 1, fenced=False)]
    return _indented(lines)


def _tagged(lines: Sequence[str]) -> list[Block]:
    """The one block between an opening tag, which may be of any name, and the last line that closes it."""
    ends = {line.rstrip(): at for at, line in enumerate(lines) if line.startswith("</")}
    tags = (at for at, line in enumerate(lines) if ends and _TAG.match(line))
    for at in islice(tags, _TAGS):
        end = ends.get(lines[at].rstrip().replace("<", "</", 1), at)
        kind = _kind(lines[at + 1 : end], "")
        if kind and not _STRUCTURE.search("\n".join([*lines[:at], *lines[end:]])):
            return [Block(kind, tuple(lines[at + 1 : end]), at + 2, fenced=True)]
    return []


def _indented(lines: Sequence[str]) -> list[Block]:
    """The blocks of a patch that is indented as a whole: each of its lines, but for blank ones, by the same blanks."""
    start = next((at for at, line in enumerate(lines) if _HEAD.match(line)), len(lines))
    moved = lines[start:]
    if moved and (head := _HEAD.match(moved[0])):
        moved = [line.removeprefix(head["blanks"]) for line in moved]
    found = _fenced(moved, start + 1, 0)
    if not found and (kind := _kind(moved, "")):
        found = [Block(kind, tuple(moved), start + 1, fenced=False)]
    for block in found:
        for number, line in enumerate(block.lines, block.start):
            if line.strip() and line == lines[number - 1]:
                raise Broken(Code.BAD_LINE, f"Line {number} is indented less than the patch that it is part of.")
    return found


def _is_mark(line: str) -> bool:
    return line.startswith(("```", "~~~"))


def _fenced(lines: Sequence[str], start: int, depth: int) -> list[Block]:
    found: list[Block] = []
    outside: list[str] = []
    marks = [at for at, line in enumerate(lines) if _is_mark(line)]
    behind = 0  # the fenced block before
    for number, at in enumerate(marks):
        opening = _FENCE.match(lines[at]) if at >= behind else None
        if opening is None:
            continue
        end = _closing(lines, marks, number + 1, opening["ticks"])
        inner = _inside(lines[at + 1 : end], opening["tag"].lower(), start + at + 1, depth)
        if end is None and (inner or found):
            raise Broken(Code.TRUNCATED, "A fenced block is not closed: the reply was cut off. Send the whole patch.")
        if inner:
            found += [replace(inner[0], lead="\n".join(lines[behind:at])), *inner[1:]]
        if end is None:
            return []
        outside += lines[behind:at]
        behind = end + 1
    if found and _STRUCTURE.search("\n".join([*outside, *lines[behind:]])):
        raise Broken(Code.TWO_READINGS, "There is a patch inside of the fenced blocks and another outside. Send one.")
    return found


def _inside(body: Sequence[str], tag: str, start: int, depth: int) -> list[Block]:
    """The block as a patch, or the patches in blocks that are fenced inside of it."""
    if depth < _DEPTH and tag not in _DIFF_TAGS and (nested := _fenced(body, start, depth + 1)):
        return nested
    kind = _kind(body, tag)
    return [Block(kind, tuple(body), start, fenced=True)] if kind else []


def _closing(lines: Sequence[str], marks: Sequence[int], number: int, ticks: str) -> int | None:
    """The line that closes a block, among the marks behind its opening."""
    for at in (marks[n] for n in range(number, len(marks))):
        if lines[at].startswith(ticks) and set(lines[at].rstrip()) == {ticks[0]}:
            return at
    return None


def _kind(lines: Sequence[str], tag: str) -> Kind | None:
    """What a text may be read as; None if it is prose, or code of another kind."""
    text = "\n".join(lines)
    if BEGIN in text and (text.lstrip().startswith(BEGIN) or any(line.rstrip() == BEGIN for line in lines)):
        return Kind.ENVELOPE
    if text.lstrip().startswith("{") and (not tag or tag.startswith("json") or _KEYS.search(text)):
        return Kind.JSON if not tag or _KEYS.search(text) else None
    if tag in _DIFF_TAGS or _STRUCTURE.search(text):
        return Kind.DIFF
    if not tag and _OBJECT.search(text) and _KEYS.search(text):
        return Kind.JSON
    return None


def is_header(lines: Sequence[str], at: int) -> bool:
    """Whether two lines from here on could name the files of a diff."""
    return lines[at].startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ ")
