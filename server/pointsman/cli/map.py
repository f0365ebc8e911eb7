"""`pointsman map`: the map a task would be given, for people and for programs."""

import json
import os
import sys
from pathlib import Path

import click

from pointsman.cli import map_lines, map_view, usage
from pointsman.cli.indexing import bring_up_to_date
from pointsman.cli.json_lines import respond
from pointsman.errors import Missing
from pointsman.index.cache import default_folder
from pointsman.index.reasons import explain as explain_symbol
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
from pointsman.text import HALF

_HINT = "Give the path of a file, relative to the root."
_LONGEST_NUMBER = 18


@click.command("map", cls=usage.Command)
@click.argument("root", default=".", type=click.Path(file_okay=False, exists=True))
@click.option("--focus", metavar="PATH[:LINE]", help="What the map is for; without it, the overview.")
@click.option(
    "--budget",
    metavar="TOKENS",
    type=click.IntRange(1, map_lines.MOST_TOKENS),
    default=map_lines.TOKENS,
    show_default=True,
)
@click.option("--explain", metavar="SYMBOL", help="Tell why a symbol is in the map, or why not.")
@click.option("--stats", is_flag=True, help="Tell what the map consists of, and what the index knows.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--jsonl", is_flag=True, help="Read requests from standard input, one JSON object a line.")
def map_command(  # noqa: PLR0913 - one parameter for each option
    root: str, focus: str | None, budget: int, explain: str | None, *, stats: bool, as_json: bool, jsonl: bool
) -> None:
    """Show the map of a repository: what it is, then what matters for a place, within a budget of tokens.

    A terminal gets a coloured tree, anything else the text a model gets. With --explain, the exit code is 1 where
    nothing defines the symbol.
    """
    if sum((as_json, jsonl, stats, explain is not None)) > 1:
        raise click.UsageError("--json, --jsonl, --stats and --explain exclude each other: give one of them.")
    if jsonl:
        respond(sys.stdin.buffer, sys.stdout, map_lines.answerer())
        return
    try:
        path, line = (None, None) if focus is None else _place(Path(root), focus)
    except Missing as error:
        raise click.UsageError(error.user_message) from error
    index = Index(root, default_folder())
    bring_up_to_date(index)
    if path and line and line > (last := index.text(path).count("\n") + 1):
        click.echo(f"{path} has {last} lines, not {line}: the map is for its end.", err=True)
        line = last
    made = repo_map(index, path, line, budget)
    if as_json:
        click.echo(json.dumps(map_lines.record(made), ensure_ascii=False))
    elif stats:
        map_view.show_stats(index, made, budget)
    elif explain is not None:
        reasons = explain_symbol(index, made, explain, path, line)
        map_view.show_reasons(explain, reasons)
        sys.exit(0 if reasons else 1)
    else:
        map_view.show_map(index, made)


def _place(root: Path, focus: str) -> tuple[str, int | None]:
    """`PATH[:LINE]`, the path relative to the root or to where the user stands."""
    name, colon, number = focus.rpartition(":")
    found, line = _found(root, focus), None
    if found is None and colon and (found := _found(root, name)):
        digits = number.lstrip("0")
        if not digits.isdecimal():
            raise Missing(f"{number!r} is no line of {name}.", "Lines are numbers, counted from 1.")
        line = int(digits[:_LONGEST_NUMBER])
    if found is None:
        named = (name if number.isdecimal() else focus) or "without a name"
        raise Missing(f"There is no file {named} in {root.resolve()}.", _HINT)
    if not found.is_file():
        what = "a folder" if found.is_dir() else "no regular file"
        raise Missing(f"{found} is {what}: a map is for a place in a file.", _HINT)
    if HALF.search(str(found)):
        raise Missing(f"{found} has a name that is not UTF-8.", "Such a file is not indexed: rename it.")
    try:
        return found.resolve().relative_to(root.resolve()).as_posix(), line
    except ValueError as error:
        raise Missing(f"{found} leads out of {root.resolve()}.", _HINT) from error


def _found(root: Path, path: str) -> Path | None:
    """What a path names; `os.path` for those that no system can have."""
    return next((place for place in (root / path, Path(path)) if path and os.path.lexists(place)), None)
