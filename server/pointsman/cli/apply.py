"""`pointsman apply`: a model's reply onto the working tree, all or nothing; or many of them, one JSON object a line."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import click

from pointsman.errors import Missing, PointsmanError
from pointsman.files.workspace import Workspace
from pointsman.files.write import write
from pointsman.patch import contract
from pointsman.patch.place import place
from pointsman.patch.render import diff
from pointsman.terms import Files, FileSet, Patch, Question, Reject
from pointsman.text import Snapshot

REFUSED, UNUSABLE = 1, 64


class Given:
    """Files that came as text, for `--jsonl`."""

    root = "/"

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.dirty: Mapping[str, Snapshot] = {}

    def read(self, path: str) -> Snapshot:
        if path not in self._texts:
            raise Missing(f"There is no file {path}.")
        return Snapshot(f"file:///{path}", None, self._texts[path])

    def exists(self, path: str) -> bool:
        return path in self._texts


@click.command("apply")
@click.argument("patch", type=click.File("r", encoding="utf-8"), required=False)
@click.option("--check", is_flag=True, help="Only say whether it applies.")
@click.option("--root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".", help="The tree.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@click.option("--jsonl", is_flag=True, help="Read one object a line from standard input, and answer each.")
def apply_command(*, patch: TextIO | None, check: bool, root: Path, as_json: bool, jsonl: bool) -> None:
    """Apply a model's reply (a file, or - for standard input) to the working tree, all or nothing."""
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                click.echo(json.dumps(answer(line), ensure_ascii=False))
        return
    if patch is None:
        raise click.UsageError("Name a file with the reply, or - for standard input.")
    result = read_and_place(patch.read(), Workspace(root))
    if isinstance(result, Reject):
        click.echo(
            json.dumps({"error": _error(result)}) if as_json else f"{result.code}: {result.message}", err=not as_json
        )
        sys.exit(REFUSED)
    if not check:
        try:
            write(root, result)
        except PointsmanError as error:
            click.echo(error.user_message, err=True)
            sys.exit(REFUSED)
    if as_json:
        click.echo(json.dumps({"receipt": _receipt(result), "diff": diff(result)}, ensure_ascii=False))
        return
    for placed in result.receipt:
        click.echo(f"{placed.path}: hunk {placed.hunk} at line {placed.line} ({placed.how})")
    for change in result.changes:
        if not change.edits:
            verb = "created" if change.before is None else "deleted" if change.after is None else "renamed"
            click.echo(f"{change.path}: {verb}")


def read_and_place(reply: str, files: Files) -> FileSet | Reject:
    """A reply as edits of some files; a question is no patch."""
    found = contract.read(reply)
    if isinstance(found, Question):
        return Reject("question", f"The reply is a question: {found.text}")
    return place(found, files) if isinstance(found, Patch) else found


def answer(line: str) -> dict[str, Any]:
    """The answer to one line: `after` holds exactly the paths the patch touches, null for what is deleted."""
    try:
        asked = json.loads(line)
        name, before, reply = asked.get("id"), asked["before"], asked["patch"]
        given = Given({str(path): str(text) for path, text in before.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"id": None, "error": {"code": "input", "message": f"The line does not fit: {error!r}"}}
    result = read_and_place(str(reply), given)
    if isinstance(result, Reject):
        return {"id": name, "error": _error(result)}
    after: dict[str, str | None] = {}
    for change in result.changes:
        after[change.path] = None if change.new_path else change.after
        if change.new_path:
            after[change.new_path] = change.after
    return {"id": name, "after": after, "receipt": _receipt(result)}


def _error(reject: Reject) -> dict[str, str]:
    return {"code": reject.code, "message": reject.message}


def _receipt(result: FileSet) -> list[dict[str, Any]]:
    return [{"path": p.path, "hunk": p.hunk, "line": p.line, "how": p.how} for p in result.receipt]
