"""`pointsman apply`: a model's reply onto the working tree, all or nothing; or many of them, one JSON object a line."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from pointsman.cli import usage
from pointsman.cli.apply_lines import answer, error, receipt
from pointsman.cli.json_lines import respond
from pointsman.errors import PointsmanError
from pointsman.files.workspace import Workspace
from pointsman.files.write import write
from pointsman.patch import contract
from pointsman.patch.codes import Code
from pointsman.patch.place import place
from pointsman.patch.render import diff
from pointsman.patch.reverse import reverse
from pointsman.patch.rules import warned
from pointsman.terms import FileSet, Patch, Question, Reject

REFUSED, ASKED, UNWRITTEN = 1, 3, 4


@click.command("apply", cls=usage.Command)
@click.argument("patchfile", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), required=False)
@click.option("--check", is_flag=True, help="Only say whether it applies; write nothing.")
@click.option("--reverse", "back", is_flag=True, help="Take the patch back instead.")
@click.option("--root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".", help="The tree.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt and the diff as JSON.")
@click.option("--jsonl", is_flag=True, help="Read one object a line from standard input, and answer each.")
def apply_command(*, patchfile: Path | None, check: bool, back: bool, root: Path, as_json: bool, jsonl: bool) -> None:
    """Apply a model's reply (a file, or - for standard input) to the working tree, all or nothing.

    Exit status: 0 it applies, 1 it is refused, 3 it is a question, 4 the tree could not be written, 64 wrong usage.
    """
    if jsonl:
        if patchfile is not None or check or back or as_json:
            raise usage.Misuse("--jsonl reads standard input, writes nothing and stands alone: leave the rest out.")
        respond(sys.stdin.buffer, sys.stdout, answer)
        return
    result = _result(_reply(patchfile), root, back=back)
    if isinstance(result, FileSet) and not check:
        try:
            write(root, result)
        except PointsmanError as trouble:
            _say_error(Reject("unwritten", trouble.user_message), as_json=as_json)
            sys.exit(UNWRITTEN)
    if isinstance(result, FileSet):
        _say(result, as_json=as_json, check=check)
        return
    _say_error(result, as_json=as_json)
    sys.exit(ASKED if result.code == Code.QUESTION else REFUSED)


def _reply(patchfile: Path | None) -> str:
    """The reply as it is: its line ends may mean something."""
    if patchfile is None:
        raise usage.Misuse("Name a file with the reply, or - for standard input.")
    try:
        data = sys.stdin.buffer.read() if str(patchfile) == "-" else patchfile.read_bytes()
        return data.decode()
    except OSError as trouble:
        raise usage.Misuse(f"{patchfile} cannot be read: {trouble.strerror}.") from trouble
    except UnicodeDecodeError as trouble:
        raise usage.Misuse(f"{patchfile} is not UTF-8 (byte {trouble.start}).") from trouble


def _result(reply: str, root: Path, *, back: bool) -> FileSet | Reject:
    read = contract.read(reply)
    if isinstance(read, Question):
        return Reject(Code.QUESTION, f"The reply is a question: {read.text}")
    if isinstance(read, Patch) and back:
        read = reverse(read)
    if isinstance(read, Reject):
        return read
    workspace = Workspace(root)
    placed = place(read, workspace, known=_known(read, workspace))
    return warned(placed) if isinstance(placed, FileSet) else placed


def _known(patch: Patch, workspace: Workspace) -> tuple[str, ...]:
    """All paths of the tree, if one of the patch's may be wrong: listing them takes time."""
    try:
        missing = any(not workspace.exists(file.path) for file in patch.files)
    except PointsmanError:
        return ()
    return workspace.paths() if missing else ()


def _say(result: FileSet, *, as_json: bool, check: bool) -> None:
    if as_json:
        shown: dict[str, Any] = {"applied": not check, "receipt": receipt(result), "diff": diff(result)}
        click.echo(json.dumps(shown))
        return
    for placed in result.receipt:
        if placed.hunk:
            click.echo(f"{placed.path}: hunk {placed.hunk} at line {placed.line} ({placed.how})")
        else:
            click.echo(f"{placed.path}: {placed.how}")
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)


def _say_error(reject: Reject, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": error(reject)}))
    else:
        click.echo(f"{reject.code}: {reject.message}", err=True)
