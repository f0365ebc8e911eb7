"""`pointsman report`: what came of the tasks, by model: how many, how they ended, and what they took."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointsman.cli import usage

if TYPE_CHECKING:
    from pointsman.journal import Entry


@dataclass(slots=True)
class Row:
    """One model's tasks."""

    outcomes: Counter[str] = field(default_factory=Counter)
    turns: int = 0
    tokens: int = 0
    seconds: float = 0.0

    @property
    def tasks(self) -> int:
        return self.outcomes.total()


@click.command("report", cls=usage.Command)
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--all", "everywhere", is_flag=True, help="The tasks of every project.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, by model.")
def report_command(*, path: Path, everywhere: bool, as_json: bool) -> None:
    """Sum up the tasks that are kept of the project around PATH (the last 200 of this user), by model."""
    from pointsman.cli.records import entries
    from pointsman.cli.screen import clean

    rows = by_model(entries(None if everywhere else str(usage.root_of(path.resolve()))))
    if as_json:
        figures = {
            name: {
                "tasks": row.tasks,
                "outcomes": dict(row.outcomes),
                "turns": row.turns,
                "tokens": row.tokens,
                "seconds": round(row.seconds, 1),
            }
            for name, row in rows.items()
        }
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    if not rows:
        click.echo("Nothing was done here yet.", err=True)
    for name, row in rows.items():
        ends = ", ".join(f"{count} {outcome}" for outcome, count in row.outcomes.most_common())
        figures_line = f"{row.turns} turns, {row.tokens} tokens, {row.seconds:.1f} s"
        click.echo(clean(f"{name}: {row.tasks} task{'s' * (row.tasks != 1)} ({ends}); {figures_line}"))


def by_model(entries: "Iterable[Entry]") -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for entry in entries:
        receipt = entry.receipt
        row = rows.setdefault(receipt.lease if receipt else "no model", Row())
        row.outcomes[entry.outcome] += 1
        if receipt:
            row.turns += receipt.turns
            row.seconds += receipt.seconds
            row.tokens += (receipt.usage.prompt or 0) + (receipt.usage.completion or 0)
    return dict(sorted(rows.items(), key=lambda item: -item[1].tasks))
