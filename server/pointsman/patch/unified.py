"""Unified diffs as models write them.

Line numbers and counts are hints, and the header lines of git are optional; but every line of a hunk must have its
sign, and a line that has none ends the reading with an error instead of being guessed at. Where a hunk ends is read in
two ways: by its counts, if what follows then makes sense; otherwise up to the next line that can only be a header.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pointsman.patch.names import Names, plain_name
from pointsman.terms import FilePatch, Hunk, Operation, Patch, Reject

_HUNK = re.compile(
    r"^@@(?!@)"
    r"(?:[ \t]*-(?P<old>\d+)(?:,(?P<olds>\d+))?[ \t]+\+(?P<new>\d+)(?:,(?P<news>\d+))?[ \t]*(?:@@)?)?"
    r"(?P<rest>.*)$"
)
_BINARY = re.compile(r"^(?:GIT binary patch|Binary files .* differ)\s*$")
_MODE = re.compile(r"^(?:new file|deleted file|old|new) mode (?P<mode>\d+)\s*$")
_LINKS = frozenset({"120000", "160000"})
NO_NEWLINE = "\\ "


@dataclass(slots=True)
class _File:
    """One file's part while it is read."""

    names: Names = field(default_factory=Names)
    hunks: list[Hunk] = field(default_factory=list)
    line: int = 0


def looks_like_patch(text: str) -> bool:
    """Whether a text has what only a diff has."""
    lines = text.split("\n")
    return any(
        _is_header(lines, at) or line.startswith(("@@ ", "diff --git ")) or line.rstrip() == "@@"
        for at, line in enumerate(lines)
    )


def read(text: str) -> Patch | Reject:
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if any(line.startswith(("--- ", "+++ ", "@@")) and line.endswith("\r") for line in lines):
        lines = [line.removesuffix("\r") for line in lines]
    return _Reader(lines).read()


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.at = 0
        self.files: list[_File] = []
        self.notes: set[str] = set()

    def read(self) -> Patch | Reject:
        while self.at < len(self.lines):
            if trouble := self._step():
                return trouble
        patches = []
        for part in self.files:
            made = part.names.file_patch(tuple(part.hunks), part.line)
            if isinstance(made, Reject):
                return made
            patches.append(made)
        if not patches:
            return Reject("no_patch", "There is no patch in this reply.")
        return Patch(tuple(_joined(patches)), tuple(sorted(self.notes)))

    def _step(self) -> Reject | None:
        """Read one header, one hunk, or one line of prose."""
        line = self.lines[self.at]
        if line.startswith("@@@"):
            return Reject(
                "unsupported", f"Line {self.at + 1} is a combined diff. Send a plain diff against the file as shown."
            )
        if _BINARY.match(line):
            return Reject("binary", f"Line {self.at + 1} is a binary patch. Only text can be changed.")
        if line.startswith("diff --git "):
            self._begin().names.git(line)
        elif _is_header(self.lines, self.at):
            return self._header()
        elif line.startswith("@@"):
            return self._hunk()
        elif self.files and not self.files[-1].hunks:
            self.files[-1].names.extended(line)
            if (mode := _MODE.match(line)) and mode["mode"] in _LINKS:
                return Reject("unsupported", f"Line {self.at + 1} makes a symbolic link or a submodule: refused.")
        self.at += 1
        return None

    def _begin(self) -> _File:
        self.files.append(_File(line=self.at + 1))
        return self.files[-1]

    def _header(self) -> Reject | None:
        old, new = plain_name(self.lines[self.at][4:]), plain_name(self.lines[self.at + 1][4:])
        current = self.files[-1] if self.files else None
        if current is None or current.hunks or current.names.old is not None:
            current = self._begin()
        current.names.old, current.names.new = old, new
        self.at += 2
        return None

    def _hunk(self) -> Reject | None:
        if not self.files:
            return Reject(
                "no_file_header", f'The hunk on line {self.at + 1} has no "--- a/path" and "+++ b/path" before it.'
            )
        start = self.at
        head = _HUNK.match(self.lines[start])
        if head is None:
            return Reject("bad_line", f"Line {start + 1} is no hunk header: {self.lines[start]!r}")
        body = self._by_counts(head) or self._greedy()
        if isinstance(body, Reject):
            return body
        end, rows, no_newline = body
        if not any(sign != " " for sign, _ in rows):
            return Reject("empty_hunk", f"The hunk on line {start + 1} changes nothing.")
        anchor = head["rest"].strip().removeprefix("@@").strip()
        number = int(head["old"]) if head["old"] else None
        if number is not None and head["olds"] == "0":
            number += 1  # an insertion names the line before it
        self.files[-1].hunks.append(Hunk(tuple(rows), number, anchor, start + 1, "-" in no_newline, "+" in no_newline))
        self.at = end
        return None

    def _by_counts(self, head: re.Match[str]) -> tuple[int, list[tuple[str, str]], set[str]] | None:
        """The body the counts give, if they are there and what follows them can follow a hunk."""
        if head["old"] is None or head["new"] is None:
            return None
        old, new = (int(count) if count is not None else 1 for count in (head["olds"], head["news"]))
        rows: list[tuple[str, str]] = []
        no_newline: set[str] = set()
        at = self.at + 1
        while at < len(self.lines) and (old > 0 or new > 0):
            line = self.lines[at]
            sign, rest = (line[0], line[1:]) if line else (" ", "")
            if line.startswith(NO_NEWLINE) and rows:
                no_newline |= _sides(rows[-1][0])
            elif sign in " -+":
                rows.append((sign, rest))
                old -= sign != "+"
                new -= sign != "-"
            else:
                return None
            at += 1
        if old or new:
            return None
        if at < len(self.lines) and self.lines[at].startswith(NO_NEWLINE) and rows:
            no_newline |= _sides(rows[-1][0])
            at += 1
        return (at, rows, no_newline) if self._may_end(at) else None

    def _may_end(self, at: int) -> bool:
        if at >= len(self.lines) or _structural(self.lines, at) or _is_signature(self.lines, at):
            return True
        line = self.lines[at]
        return not line.strip() or line[0] not in " -+\\"

    def _greedy(self) -> tuple[int, list[tuple[str, str]], set[str]] | Reject:
        """The body up to the next header. Blank lines at its end belong to nobody."""
        rows: list[tuple[str, str]] = []
        no_newline: set[str] = set()
        at = self.at + 1
        while at < len(self.lines) and not _structural(self.lines, at) and not _is_signature(self.lines, at):
            line = self.lines[at]
            if not line:
                rows.append((" ", ""))
                self.notes.add("blank context lines without their space")
            elif line[0] in " -+":
                rows.append((line[0], line[1:]))
            elif line.startswith(NO_NEWLINE) and rows:
                no_newline |= _sides(rows[-1][0])
            else:
                return Reject(
                    "bad_line", f'Line {at + 1} of the patch starts with neither " ", "-" nor "+": {line[:120]!r}'
                )
            at += 1
        while rows and rows[-1] == (" ", "") and not self.lines[self.at + len(rows)]:
            rows.pop()
        self.notes.add("line counts that do not fit")
        return at, rows, no_newline


def _is_header(lines: Sequence[str], at: int) -> bool:
    return lines[at].startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ ")


def _structural(lines: Sequence[str], at: int) -> bool:
    """Whether a line can only be the beginning of something new, inside of a hunk's body."""
    line = lines[at]
    if line.startswith(("@@", "diff --git ")):
        return True
    return _is_header(lines, at) and (at + 2 >= len(lines) or lines[at + 2].startswith("@@"))


def _is_signature(lines: Sequence[str], at: int) -> bool:
    """The end of a patch that was mailed: "-- " and a version, and then nothing."""
    return lines[at] in {"-- ", "--"} and not any(line.strip() for line in lines[at + 2 :])


def _sides(sign: str) -> set[str]:
    return {"-", "+"} if sign == " " else {sign}


def _joined(patches: Sequence[FilePatch]) -> list[FilePatch]:
    """Hunks of one file that came in several parts are one file's hunks."""
    found: dict[tuple[str, Operation], FilePatch] = {}
    for patch in patches:
        key = (patch.path, patch.operation)
        if key in found and patch.operation is Operation.MODIFY:
            old = found[key]
            patch = FilePatch(old.path, old.operation, (*old.hunks, *patch.hunks), old.new_path)  # noqa: PLW2901
        found[key] = patch
    return list(found.values())
