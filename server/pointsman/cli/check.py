"""`pointsman check`: the project's checks on the files as they are, in a shadow, with no model."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pointsman.cli import usage
from pointsman.cli.usage import Wishes
from pointsman.files.workspace import Workspace
from pointsman.terms import Report, Verdict

CLEAN, PROBLEMS, UNCHECKED = 0, 1, 4
FILES_LIMIT = 2_000
"""What fits a command line with room to spare."""


@click.command("check", cls=usage.Command)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--trust", is_flag=True, help="Allow this project's checks to run; remembered.")
@click.option("--list", "listing", is_flag=True, help="Run nothing: name the checks found, and why.")
@click.option("--parse", "reading", is_flag=True, help="Run nothing: read what tools wrote, with --jsonl.")
@click.option("--jsonl", is_flag=True, help="With --parse: one run a line from standard input, answered each.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this config file instead of the user's.")
def check_command(  # noqa: PLR0913 - one for each option
    *,
    paths: tuple[Path, ...],
    as_json: bool,
    trust: bool,
    listing: bool,
    reading: bool,
    jsonl: bool,
    config: Path | None,
) -> None:
    """Run the project's checks; with PATHS, the linters look at these files alone.

    Exit code: 0 clean, 1 problems, 3 no consent to run them, 4 a check did not run, or there are none.
    """
    if reading != jsonl:
        raise click.UsageError("--parse and --jsonl go together: one run a line, as JSON.")
    if reading:
        from pointsman.cli.check_lines import answer
        from pointsman.cli.json_lines import respond

        respond(sys.stdin.buffer, sys.stdout, answer)
        return
    from pointsman.cli.shell import finish

    if listing:
        finish(_list(paths, Wishes(config, as_json=as_json)))
        return
    finish(_check(paths, Wishes(config, as_json=as_json, trust=trust)))


async def _list(paths: tuple[Path, ...], wishes: Wishes) -> int:
    """The checks that would run, each with its command and how it was found; nothing of the project is started."""
    from pointsman.cli.screen import clean
    from pointsman.cli.shell import Shell

    workspace = Workspace(usage.root_of((paths[0] if paths else Path()).resolve()))
    async with Shell.open(workspace, wishes) as shell:
        plan = await asyncio.to_thread(shell.project.checks.plan, workspace, _files(paths, workspace))
    found: list[dict[str, str | None]] = [
        {"check": check.name, "command": command, "why": check.why}
        for check, command in zip(plan.checks, plan.commands, strict=True)
    ]
    found += [{"check": each.tool, "command": None, "why": each.why} for each in plan.absent]
    if wishes.as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    for each in () if wishes.as_json else found:
        click.echo(clean(f"{each['check']}: {each['command'] or 'not run'}\n    {each['why']}"))
    if not plan.checks:
        click.echo(f"{plan.why_none}.", err=True)
    return CLEAN


async def _check(paths: tuple[Path, ...], wishes: Wishes) -> int:
    from pointsman.cli.findings import all_of
    from pointsman.cli.pieces import Status
    from pointsman.cli.shell import Shell

    start = (paths[0] if paths else Path()).resolve()
    workspace = Workspace(usage.root_of(start))
    async with Shell.open(workspace, wishes) as shell:
        plan = await shell.checks(_files(paths, workspace))
        report = Report(())
        if plan.checks:
            shell.say(Status(f"running {', '.join(check.name for check in plan.checks)}"))
            report = await shell.project.checks.verify(plan, workspace, None)
        shell.say(Status(""))
        if wishes.as_json:
            click.echo(json.dumps(record(report), ensure_ascii=False))
        else:
            _print(report)
            if not plan.checks:
                click.echo(f"{plan.why_none}.", err=True)
        if report.verdict is Verdict.FAILED or all_of(report):
            return PROBLEMS
        return CLEAN if report.verdict is Verdict.PASSED else UNCHECKED


def _files(paths: tuple[Path, ...], workspace: Workspace) -> list[str]:
    """The paths in the workspace's words; a folder stands for the files in it that are not ignored.

    The workspace's own folder stands for everything, as no path does.
    """
    found: list[str] = []
    for path in paths:
        place = path.resolve()
        if not place.is_relative_to(workspace.root):
            raise click.UsageError(f"{place} is not in {workspace.root}: check one project at a time.")
        name = place.relative_to(workspace.root).as_posix()
        if name == ".":
            return []
        found += [each for each in workspace.paths() if each.startswith(f"{name}/")] if place.is_dir() else [name]
    if len(found) > FILES_LIMIT:
        raise click.UsageError(
            f"{len(found)} files are too many to name: check a smaller folder, or the whole project."
        )
    return found


def record(report: Report) -> dict[str, Any]:
    """A report as `--json` prints it."""
    from pointsman.cli.findings import all_of

    checks = [
        {"check": r.check, "tool": r.tool, "outcome": r.verdict.value, "summary": r.summary} for r in report.results
    ]
    problems = [asdict(problem) for problem in all_of(report)]
    return {"outcome": report.verdict.value, "checks": checks, "problems": problems, "notes": list(report.notes)}


def _print(report: Report) -> None:
    from pointsman.cli.findings import all_of
    from pointsman.cli.screen import clean

    for problem in all_of(report):
        place = ":".join(str(part) for part in (problem.path, problem.line, problem.column) if part)
        code = f" [{problem.code}]" if problem.code else ""
        test = f" (in {problem.test})" if problem.test else ""
        click.echo(clean(f"{place or '-'}: {problem.severity} {problem.tool}{code}: {problem.message}{test}"))
    for result in report.results:
        missing = "did not run: " if result.verdict is Verdict.DID_NOT_RUN else ""
        click.echo(clean(f"{result.check}: {missing}{result.summary}"), err=True)
    for note in report.notes:
        click.echo(clean(note), err=True)
