"""The tools that are compared, each from a case to the files afterwards, or to why it refused.

Only `run` is timed: what it is given is made before, and what it gives is looked at afterwards.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patchcases.cases import Case
from pointsman.cli.apply_lines import answer

Result = dict[str, str | None] | str


@dataclass(frozen=True)
class Tool:
    """`run` takes what `prepare` made of a case; `read` judges what came of it."""

    run: Callable[[Any], Any]
    prepare: Callable[[Case], Any] = lambda case: case
    read: Callable[[Case, Any], Result] = lambda _case, result: result

    def __call__(self, case: Case) -> Result:
        return self.read(case, self.run(self.prepare(case)))


def _asked(case: Case) -> str:
    asked = {"id": 1, "before": case.before, "patch": case.reply}
    if case.base:
        asked["base"] = case.base
    if case.format:
        asked["format"] = case.format
    return json.dumps(asked)


def _said(case: Case, said: dict) -> Result:
    if "error" in said:
        return f"{said['error']['code']}: {said['error']['message']}"
    wrong = _edited(case, said)
    return f"edits do not give the text: {wrong}" if wrong else said["after"]


def _edited(case: Case, said: dict) -> str:
    """A path whose LSP edits do not give its text."""
    for path, edits in said["edits"].items():
        lines = case.before[path].replace("\r\n", "\0\n").split("\n")
        text, cursor = "", (0, 0)
        units = [line.replace("\0", "\r").encode("utf-16-le") for line in lines]
        if any("\r" in line for line in lines):
            continue
        for edit in edits:
            start, end = edit["range"]["start"], edit["range"]["end"]
            text += _between(units, cursor, (start["line"], start["character"])) + edit["newText"]
            cursor = end["line"], end["character"]
        text += _between(units, cursor, (len(units) - 1, len(units[-1]) // 2))
        renamed = [after for after in said["after"].values() if after == text]
        if text != said["after"][path] and not renamed:
            return path
    return ""


def _between(units: list[bytes], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start > end:
        raise ValueError("edits overlap")
    if start[0] == end[0]:
        return units[start[0]][2 * start[1] : 2 * end[1]].decode("utf-16-le")
    first, last = units[start[0]][2 * start[1] :], units[end[0]][: 2 * end[1]]
    return b"\n\0".join([first, *units[start[0] + 1 : end[0]], last]).decode("utf-16-le")


def _naive(case: Case) -> Result:
    """What unidiff parses, spliced at the numbers it read, if the old lines are there."""
    import unidiff

    after: dict[str, str | None] = {}
    try:
        patches = unidiff.PatchSet(case.reply)
    except unidiff.UnidiffParseError as error:
        return str(error)
    for patch in patches:
        lines = case.before.get(patch.path, "").splitlines(keepends=True)
        made: list[str] = []
        at = 0
        for hunk in patch:
            start = max(0, hunk.source_start - 1)
            old = [line.value for line in hunk if line.line_type in " -"]
            if lines[start : start + len(old)] != old:
                return "no match"
            made += lines[at:start] + [line.value for line in hunk if line.line_type in " +"]
            at = start + len(old)
        after[patch.path] = None if patch.is_removed_file else "".join(made + lines[at:])
    return after or "nothing"


def _run(case: Case, *command: str) -> Result:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name, "tree")
        root.mkdir()
        for path, text in case.before.items():
            Path(root, path).parent.mkdir(parents=True, exist_ok=True)
            Path(root, path).write_bytes(text.encode())
        patch = Path(name, "reply")
        patch.write_bytes(case.reply.encode("utf-8", "surrogatepass"))
        run = subprocess.run([*command, str(patch)], cwd=root, capture_output=True, timeout=20, check=False)
        if run.returncode:
            return run.stderr.decode(errors="replace") or "failed"
        found = {
            file.relative_to(root).as_posix(): file.read_bytes().decode(errors="replace")
            for file in root.rglob("*")
            if file.is_file() and not file.is_symlink()
        }
        paths = {*found, *case.before}
        return {path: found.get(path) for path in paths if found.get(path) != case.before.get(path)}


def _git(case: Case) -> Result:
    return _run(case, "git", "apply")


def _git_recount(case: Case) -> Result:
    return _run(case, "git", "apply", "--recount")


def _gnu(case: Case) -> Result:
    return _run(case, "patch", "-p1", "-f", "-s", "--no-backup-if-mismatch", "-i")


pointsman = Tool(answer, _asked, _said)
naive, git, git_recount, gnu = Tool(_naive), Tool(_git), Tool(_git_recount), Tool(_gnu)
