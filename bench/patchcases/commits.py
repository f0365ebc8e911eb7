"""Real changes: the text files of a commit before and after it, and git's own diff between the two."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

FILE_LIMIT = 200_000
FILES = 6
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$", re.DOTALL)


@dataclass
class Hunk:
    r"""Rows are (sign, text); the sign "\" marks a missing line end."""

    start: int
    new_start: int
    heading: str
    rows: list[tuple[str, str]]

    def block(self, without: str = "+") -> list[str]:
        return [text for sign, text in self.rows if sign not in (without, "\\")]

    def sizes(self) -> tuple[int, int]:
        return len(self.block("+")), len(self.block("-"))


@dataclass
class File:
    """One file's part of a diff. A name is None where it would be /dev/null."""

    old: str | None
    new: str | None
    extended: list[str]
    hunks: list[Hunk] = field(default_factory=list)


@dataclass
class Commit:
    name: str
    before: dict[str, str]
    after: dict[str, str | None]
    files: list[File]


def commits(repository: Path, count: int, random: Random) -> Iterator[Commit]:
    """Some commits that change a few text files, in a random order that the seed decides."""
    log = _git(repository, "log", "--no-merges", "--format=%H", "-n", "4000").decode().split()
    random.shuffle(log)
    made = 0
    for name in log:
        if made == count:
            return
        commit = _commit(repository, name)
        if commit is not None:
            made += 1
            yield commit


def _git(repository: Path, *arguments: str) -> bytes:
    quiet = ("-c", "core.quotePath=false", "-c", "diff.noprefix=false")
    return subprocess.run(("git", *quiet, "-C", str(repository), *arguments), check=True, capture_output=True).stdout


def _commit(repository: Path, name: str) -> Commit | None:
    try:
        text = _git(repository, "diff-tree", "-p", "-M", "--no-commit-id", "-r", name).decode()
    except (subprocess.CalledProcessError, UnicodeDecodeError):
        return None
    files = parse(text)
    if not 0 < len(files) <= FILES:
        return None
    before: dict[str, str] = {}
    after: dict[str, str | None] = {}
    for file in files:
        old, new = _blob(repository, f"{name}^", file.old), _blob(repository, name, file.new)
        unusable = any("mode 1" in line and "100644" not in line for line in file.extended)
        if unusable or (file.old and old is None) or (file.new and new is None) or not (file.hunks or file.extended):
            return None
        if file.old:
            before[file.old] = old or ""
            after[file.old] = None
        if file.new:
            after[file.new] = new
    return Commit(name, before, after, files) if any(file.hunks for file in files) else None


def _blob(repository: Path, commit: str, path: str | None) -> str | None:
    if path is None:
        return None
    try:
        data = _git(repository, "cat-file", "blob", f"{commit}:{path}")
        return data.decode() if len(data) < FILE_LIMIT and b"\0" not in data else None
    except (subprocess.CalledProcessError, UnicodeDecodeError):
        return None


def parse(text: str) -> list[File]:
    """Git's own diff, which is strict; binary parts and mode changes end up without hunks."""
    files: list[File] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith("diff --git "):
            old, _, new = line[len("diff --git a/") :].partition(" b/")
            files.append(File(old, new, []))
        elif line.startswith("@@ ") and (head := _HUNK.match(line)):
            old_left, new_left = int(head[2] or 1), int(head[4] or 1)
            rows: list[tuple[str, str]] = []
            while old_left or new_left or (at < len(lines) and lines[at].startswith("\\ ")):
                sign, words = lines[at][:1], lines[at][1:]
                rows.append((sign, words))
                old_left -= sign in " -"
                new_left -= sign in " +"
                at += 1
            files[-1].hunks.append(Hunk(int(head[1]), int(head[3]), head[5], rows))
        elif files and line.startswith(("--- ", "+++ ")):
            if line[4:] == "/dev/null":
                files[-1].old, files[-1].new = (None, files[-1].new) if line[0] == "-" else (files[-1].old, None)
        elif files and line and not line.startswith("index "):
            files[-1].extended.append(line)
            files[-1].old = None if line.startswith("new file") else files[-1].old
            files[-1].new = None if line.startswith("deleted file") else files[-1].new
    return files
