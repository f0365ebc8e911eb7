"""`pointsman explain PATH:LINE`: words about a place; nothing is changed and no check is run."""

from pathlib import Path

import click

from pointsman.cli import usage
from pointsman.cli.usage import Target, Wishes


@click.command("explain", cls=usage.Command)
@click.argument("place", metavar="PATH:LINE")
@click.option("-m", "--message", default="", metavar="TEXT", help="What you want to know.")
@usage.shared
def explain_command(*, place: str, message: str, as_json: bool, config: Path | None, model: str) -> None:
    """Explain the lines of a file, or the function around one line. Prints Markdown.

    Exit code: 0 explained, 1 no answer, 2 configuration or route, 64 usage, 130 cancelled.
    """
    from pointsman.cli.shell import finish

    finish(_explain(usage.target(place), message, Wishes(config, model, as_json)))


async def _explain(target: Target, message: str, wishes: Wishes) -> int:
    from pointsman.cli.shell import Shell
    from pointsman.terms import Offer

    async with Shell.open(target.workspace, wishes) as shell:
        shell.need_route("explain")
        await shell.index()
        symbol = shell.project.index.enclosing(target.path, target.span.end) if target.first == target.last else None
        span = symbol.span if symbol else target.span
        title = f"Explain {symbol.name if symbol else target.name}"
        offer = Offer("explain", title, target.path, span, None, (), message, model=wishes.model)
        return await shell.carry_out(offer)
