"""`pointsman log`: what Pointsman did here, a line a task."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pointsman.cli import usage

if TYPE_CHECKING:
    from pointsman.journal import Entry


@click.command("log", cls=usage.Command)
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--all", "everywhere", is_flag=True, help="The tasks of every project.")
@click.option("-n", "count", type=click.IntRange(1), default=20, show_default=True, help="How many, the last ones.")
@click.option("--json", "as_json", is_flag=True, help="Print one task a line, as JSON.")
def log_command(*, path: Path, everywhere: bool, count: int, as_json: bool) -> None:
    """List the last tasks in the project around PATH, the newest last: when, its id, how it ended, and its receipt."""
    from pointsman.cli.records import entries
    from pointsman.cli.screen import clean

    found = entries(None if everywhere else str(usage.root_of(path.resolve())))[-count:]
    for entry in found:
        click.echo(json.dumps(_json(entry), ensure_ascii=False) if as_json else clean(_line(entry)))
    if not found and not as_json:
        click.echo("Nothing was done here yet.", err=True)


def _line(entry: "Entry") -> str:
    when = datetime.fromtimestamp(entry.when).astimezone().strftime("%Y-%m-%d %H:%M")
    reason = f" ({entry.reason})" if entry.reason and entry.outcome in {"proposed", "failed"} else ""
    receipt = f" · {entry.receipt.line}" if entry.receipt else ""
    return f"{when}  {entry.task}  {entry.outcome:<9}  {entry.title}{reason}{receipt}"


def _json(entry: "Entry") -> dict[str, Any]:
    changes = entry.proposal.candidate.changes if entry.proposal else ()
    names = ("task", "when", "root", "path", "intent", "title", "outcome", "reason")
    return {name: getattr(entry, name) for name in names} | {
        "files": [change.new_path or change.path for change in changes],
        "receipt": entry.receipt.line if entry.receipt else "",
    }
