"""`pointsman refactor PATH:FIRST-LAST -m TEXT`: a change in the user's words, verified."""

from pathlib import Path
from typing import Literal

import click

from pointsman.cli import usage
from pointsman.cli.usage import Target, Wishes
from pointsman.intents import MAX_TITLE


@click.command("refactor", cls=usage.Command)
@click.argument("place", metavar="PATH:FIRST-LAST")
@click.option("-m", "--message", required=True, metavar="TEXT", help="What is to be done, in your words.")
@click.option(
    "--plan",
    type=click.Choice(["pass", "show"]),
    default=None,
    help="Let Router.reasonPlan write a plan first: hand it on, or show it and ask (without a terminal: show it only).",
)
@usage.attaching
@usage.editing
@usage.shared
def refactor_command(  # noqa: PLR0913 - one for each option
    *,
    place: str,
    message: str,
    plan: Literal["pass", "show"] | None,
    files: tuple[Path, ...],
    apply: bool,
    as_json: bool,
    trust: bool,
    config: Path | None,
    model: str,
) -> None:
    """Change lines of a file as you say, with other files in view. Prints the diff; --apply writes it.

    Exit code: as for `pointsman fix`.
    """
    from pointsman.cli.shell import finish

    if not message.strip():
        raise click.UsageError("Say what to do: -m TEXT.")
    finish(
        _refactor(
            usage.target(place).attaching(files), message, Wishes(config, model, as_json, trust, apply, plan or "")
        )
    )


async def _refactor(target: Target, message: str, wishes: Wishes) -> int:
    from pointsman.cli.shell import Shell
    from pointsman.terms import Offer

    async with Shell.open(target.workspace, wishes) as shell:
        intent = "plan" if wishes.plan else "rewrite"
        for needed in {intent, "rewrite"}:
            shell.need_route(needed)
        await shell.checks(list(dict.fromkeys((target.path, *target.files))))
        await shell.index()
        title = f"Rewrite {target.name}: {message}".partition("\n")[0][:MAX_TITLE]
        offer = Offer(intent, title, target.path, target.span, None, (), message, target.files, wishes.model)
        return await shell.carry_out(offer)
