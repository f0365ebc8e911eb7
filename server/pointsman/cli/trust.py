"""`pointsman trust`: allow a project's checks to run, or take that back."""

import sys
from pathlib import Path

import click

from pointsman.cli import usage


@click.command("trust", cls=usage.Command)
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--revoke", is_flag=True, help="Take back all that was allowed for this project.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this config file instead of the user's.")
def trust_command(*, path: Path, revoke: bool, config: Path | None) -> None:
    """Allow the checks of the project around PATH to run, exactly as they are now.

    If a command, a tool or the checks' configuration changes, you are asked again.
    """
    from pointsman.cli.screen import clean
    from pointsman.errors import PointsmanError
    from pointsman.files.paths import relative
    from pointsman.files.workspace import Workspace
    from pointsman.lsp.compose import Kit

    place = path.resolve()
    workspace = Workspace(usage.root_of(place))
    try:
        checks = Kit.load(config, [workspace.root]).project(workspace.root).checks
        if revoke:
            checks.consent.forget(workspace.root)
            click.echo(f"Nothing of {workspace.root} is allowed to run any more.")
            return
        inside = relative(workspace.root, place) if place.is_file() else None
        plan = checks.plan(workspace, [inside] if inside else [])
        if not plan.checks:
            click.echo(f"Pointsman found no checks in {workspace.root}.", err=True)
            sys.exit(1)
        checks.trust(plan)
    except PointsmanError as error:
        click.echo(clean(error.user_message), err=True)
        sys.exit(1)
    click.echo(f"Allowed in {workspace.root}, as long as they stay as they are:")
    for command in plan.commands:
        click.echo(f"  {clean(command)}")
