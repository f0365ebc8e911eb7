"""`pointsman explain PATH:LINE`: words about a place; nothing is changed and no check is run."""

import asyncio
from pathlib import Path

import click

from pointsman.cli import usage
from pointsman.cli.usage import Target, Wishes


@click.command("explain", cls=usage.Command)
@click.argument("place", metavar="PATH:LINE|DIR")
@click.option("-m", "--message", default="", metavar="TEXT", help="What you want to know.")
@click.option("--web", is_flag=True, help="Have Router.webSearch look it up on the web; the sources are listed.")
@usage.attaching
@usage.shared
def explain_command(  # noqa: PLR0913 - one for each option
    *, place: str, message: str, web: bool, files: tuple[Path, ...], as_json: bool, config: Path | None, model: str
) -> None:
    """Explain the lines of a file, the function around one line, or all of a folder. Prints Markdown.

    What is attached is read whole; a task above `longContextThreshold` starts on `Router.longContext`.

    Without a model, it prints what the index knows: where it is defined, used, tested and was changed.

    Exit code: 0 explained, 1 no answer, 2 configuration or route, 64 usage, 130 cancelled.
    """
    from pointsman.cli.shell import finish

    target = usage.folder(place) if Path(place).is_dir() else usage.target(place)
    finish(_explain(target.attaching(files), message, "lookup" if web else "explain", Wishes(config, model, as_json)))


async def _explain(target: Target, message: str, intent: str, wishes: Wishes) -> int:
    from pointsman.cli.screen import clean
    from pointsman.cli.shell import Shell
    from pointsman.errors import PointsmanError
    from pointsman.lsp.grounding import facts
    from pointsman.terms import Offer

    async with Shell.open(target.workspace, wishes) as shell:
        await shell.index()
        symbol = (
            shell.project.index.enclosing(target.path, target.span.end)
            if target.first == target.last and not target.folder
            else None
        )
        span = symbol.span if symbol else target.span
        title = f"Explain {symbol.name if symbol else target.name}"
        offer = Offer(intent, title, target.path, span, None, (), message, target.files, wishes.model)
        try:
            shell.need_route(intent)
        except PointsmanError:
            click.echo(clean(await asyncio.to_thread(facts, offer, shell.project.index, target.workspace.root)))
            raise
        return await shell.carry_out(offer)
