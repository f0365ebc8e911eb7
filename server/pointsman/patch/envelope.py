"""The `*** Begin Patch` text that some models are trained on, with its looseness removed.

Its reference reader edits the first place that fits, appends what has no context, and replaces what it creates. Here
its words alone are taken over: a block applies where it fits uniquely, and an `@@` line must stand above its block.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pointsman.patch import names
from pointsman.patch.codes import Broken, Code
from pointsman.patch.fences import BEGIN, Block
from pointsman.patch.sections import merged
from pointsman.terms import FilePatch, Hunk, Operation, Patch

_END = "*** End Patch"
_EOF = "*** End of File"
_HEADS = {
    "*** Add File: ": Operation.CREATE,
    "*** Update File: ": Operation.MODIFY,
    "*** Delete File: ": Operation.DELETE,
}
_MOVE = "*** Move to: "
_NUMBERS = re.compile(r"^@@[ \t]*-(\d+)(?:,\d+)?[ \t]+\+\d+(?:,\d+)?[ \t]*(?:@@|$)")
_DIGITS = 9


def read(blocks: Sequence[Block]) -> Patch:
    """The patch in some blocks, each with one envelope or more; raises Broken."""
    files: list[FilePatch] = []
    for block in blocks:
        lines = _unpadded([line.removesuffix("\r") for line in block.lines])
        at = 0
        while (begin := next((n for n in range(at, len(lines)) if lines[n].rstrip() == BEGIN), None)) is not None:
            at = next((n for n in range(begin, len(lines)) if lines[n].rstrip() == _END), len(lines))
            if at == len(lines):
                raise Broken(Code.TRUNCATED, f'The patch does not end with "{_END}": it was cut off. Send it whole.')
            files += _files(lines[begin + 1 : at], block.start + begin + 1)
    if not files:
        raise Broken(Code.NO_PATCH, "The patch names no file.")
    return Patch(merged(files))


def _unpadded(lines: list[str]) -> list[str]:
    """The lines with the marks at both ends in the first column, where they were set apart by blanks."""
    said = [number for number, line in enumerate(lines) if line.strip()]
    for number, mark in ((said[0], BEGIN), (said[-1], _END)) if said else ():
        if lines[number].strip() == mark:
            lines[number] = mark
    return lines


def _files(lines: Sequence[str], start: int) -> list[FilePatch]:
    """The files of one envelope; `start` is the number of its first line."""
    files: list[FilePatch] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        head = next((head for head in _HEADS if line.startswith(head)), None)
        if head is None:
            if line:
                raise Broken(Code.BAD_LINE, f"Line {start + at} is no file header: {lines[at][:120]!r}")
            at += 1
            continue
        stop = next((n for n in range(at + 1, len(lines)) if lines[n].startswith(tuple(_HEADS))), len(lines))
        files.append(_file(line[len(head) :].strip(), _HEADS[head], lines[at + 1 : stop], start + at + 1))
        at = stop
    return files


def _file(path: str, operation: Operation, lines: Sequence[str], start: int) -> FilePatch:
    path = names.checked(path.removeprefix("./"))
    while lines and not lines[-1].strip() and lines[-1][:1] != "+":
        lines = lines[:-1]
    if operation is Operation.CREATE:
        return FilePatch(path, operation, content=_content(lines, start, path))
    if operation is Operation.DELETE:
        if lines:
            raise Broken(Code.BAD_LINE, f"Line {start}: nothing can follow the header of a deleted file.")
        return FilePatch(path, operation)
    target = ""
    if lines and lines[0].startswith(_MOVE):
        target = names.checked(lines[0][len(_MOVE) :].strip().removeprefix("./"))
        lines, start = lines[1:], start + 1
    hunks = _hunks(lines, start)
    if not hunks and not target:
        raise Broken(Code.EMPTY_HUNK, f"There is no hunk for {path}.")
    if target:
        return FilePatch(path, Operation.RENAME, hunks, target)
    return FilePatch(path, operation, hunks, also=tuple(map(names.checked, names.unprefixed(path))))


def _content(lines: Sequence[str], start: int, path: str) -> str:
    for number, line in enumerate(lines, start):
        if not line.startswith("+"):
            raise Broken(Code.BAD_LINE, f'Line {number} of the new file {path} does not start with "+": {line[:120]!r}')
    return "".join(f"{line[1:]}\n" for line in lines)


@dataclass(slots=True)
class _Chunk:
    """One hunk while it is read: the `@@` lines above it, then its rows."""

    start: int
    anchors: list[str] = field(default_factory=list)
    line: int | None = None
    """Of a diff's header, which some models write here too."""
    rows: list[tuple[str, str]] = field(default_factory=list)
    at_end: bool = False
    loose: int = 0
    """Blank lines without a sign at the end: they part it from what follows."""

    def take(self, line: str) -> None:
        self.rows.append((line[0], line[1:]) if line else (" ", ""))
        self.loose = 0 if line else self.loose + 1

    def hunk(self) -> Hunk:
        if not any(sign != " " for sign, _ in self.rows):
            raise Broken(Code.EMPTY_HUNK, f"The hunk on line {self.start} changes nothing.")
        anchor = "\n".join(self.anchors)
        rows = self.rows[: len(self.rows) - self.loose]
        told = self.line if any(sign != "+" for sign, _ in rows) else None
        return Hunk(tuple(rows), told, anchor, self.start, anchored=bool(anchor), at_end=self.at_end)


def _hunks(lines: Sequence[str], start: int) -> tuple[Hunk, ...]:
    chunks: list[_Chunk] = []
    for number, line in enumerate(lines, start):
        if line.startswith("@@"):
            if not chunks or chunks[-1].rows:
                chunks.append(_Chunk(number))
            if numbers := _NUMBERS.match(line):
                chunks[-1].line = int(numbers[1][:_DIGITS]) or None
            elif anchor := line[2:].strip().removesuffix("@@").strip():
                chunks[-1].anchors.append(anchor)
        elif line.rstrip() == _EOF and chunks and chunks[-1].rows:
            chunks[-1].at_end = True
        elif not line or line[0] in " -+":
            if not chunks or chunks[-1].at_end:
                chunks.append(_Chunk(number))
            chunks[-1].take(line)
        else:
            raise Broken(
                Code.BAD_LINE, f'Line {number} of the reply starts with neither " ", "-" nor "+": {line[:120]!r}'
            )
    return tuple(chunk.hunk() for chunk in chunks)
