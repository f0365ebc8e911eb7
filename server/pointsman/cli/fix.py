"""`pointsman fix PATH:LINE`: what is wrong at a place, mended and verified."""

from dataclasses import replace
from pathlib import Path

import click

from pointsman.cli import usage
from pointsman.cli.usage import Target, Wishes
from pointsman.errors import PointsmanError
from pointsman.intents import MAX_TITLE
from pointsman.terms import Offer, Problem, Report, Verdict


@click.command("fix", cls=usage.Command)
@click.argument("place", metavar="PATH:LINE")
@click.option("-m", "--message", default="", metavar="TEXT", help="What is to be done, in your words.")
@click.option("--web", is_flag=True, help="Have Router.webSearch look it up on the web first; the sources are listed.")
@usage.editing
@usage.shared
def fix_command(  # noqa: PLR0913 - one for each option
    *, place: str, message: str, web: bool, apply: bool, as_json: bool, trust: bool, config: Path | None, model: str
) -> None:
    """Fix what is wrong at a place. Prints the diff; --apply writes it.

    The project's checks say what is wrong: their findings on that line, or with a frame in the function around it.

    Exit code: 0 verified, 1 no verified patch, 2 configuration or route, 3 no consent to run the checks, 4 checks did
    not run (the diff is printed all the same), 64 usage, 130 cancelled.
    """
    from pointsman.cli.shell import finish

    wishes = Wishes(config, model, as_json, trust, apply)
    finish(_fix(usage.target(place), message, "fix_web" if web else "fix", wishes))


async def _fix(target: Target, message: str, intent: str, wishes: Wishes) -> int:
    from pointsman.cli import findings
    from pointsman.cli.pieces import Status
    from pointsman.cli.shell import Shell

    async with Shell.open(target.workspace, wishes) as shell:
        plain = intent == "fix" and not (message or wishes.model)
        if not (plain and shell.only_fixers):
            shell.need_route(intent)
        plan = await shell.checks([target.path])
        await shell.index()
        report = Report(())
        if plan.checks:
            shell.say(Status(f"running {', '.join(check.name for check in plan.checks)}"))
            report = await shell.project.checks.verify(plan, target.workspace, None)
        problems = findings.about(target, report, shell.project.index)
        if not problems and not message:
            raise PointsmanError(*_nothing(target, report))
        what = (problems[0].message if problems else message).partition("\n")[0]
        title = f"Fix: {what}"[:MAX_TITLE]
        offer = Offer(intent, title, target.path, target.span, None, problems, message, model=wishes.model)
        known = next((each for each in problems if shell.kit.fixers_offered(each, ours=True)), None) if plain else None
        if known and (code := await shell.attempt(_by_fixers(offer, known))) is not None:
            return code
        shell.need_route(intent)
        return await shell.carry_out(offer)


def _by_fixers(offer: Offer, problem: Problem) -> Offer:
    """The same, with the project's own fixers in the place of a model, as an editor offers it."""
    title = f"Fix with {problem.tool}: {problem.message}".partition("\n")[0][:MAX_TITLE]
    return replace(offer, title=title, problems=(problem,), model="builtin,fixers")


def _nothing(target: Target, report: Report) -> tuple[str, str]:
    """That there is nothing to fix, and where there is."""
    from pointsman.cli.findings import all_of

    message = f"There is nothing to fix at {target.name}: no check has a finding there."
    if not report.results:
        return f"There is nothing to fix at {target.name}: this project has no checks.", "Say what to do with -m."
    if report.verdict is Verdict.DID_NOT_RUN:
        why = "; ".join(f"{r.check}: {r.summary}" for r in report.results if r.verdict is Verdict.DID_NOT_RUN)
        return f"It is not known what is wrong at {target.name}: {why}.", "Mend the checks, or say what to do with -m."
    elsewhere = [f"{p.path}:{p.line}" for p in all_of(report) if p.path and p.line]
    places = ", ".join(dict.fromkeys(elsewhere[:5]))
    return message, f"There are some at {places}; or say what to do with -m." if places else "Say what to do with -m."
