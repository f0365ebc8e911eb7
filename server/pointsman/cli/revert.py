"""`pointsman revert`: takes the edit of an applied task back, out of the files, and leaves what came after it."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from pointsman.cli import usage


@click.command("revert", cls=usage.Command)
@click.argument("task", default="")
@click.option("--root", type=click.Path(exists=True, path_type=Path), default=".", help="A place in the project.")
@click.option("--check", is_flag=True, help="Only say whether it could be undone, and show the diff.")
def revert_command(*, task: str, root: Path, check: bool) -> None:
    """Undo TASK, or the last one that was applied in this project. `pointsman log` lists them.

    All of its edit is undone or nothing. Documents that an editor holds unsaved are the editor's: undo there.
    """
    from pointsman.cli.records import applied, shelf
    from pointsman.cli.screen import clean
    from pointsman.errors import PointsmanError
    from pointsman.files.workspace import Workspace
    from pointsman.files.write import write
    from pointsman.journal import Entry
    from pointsman.journal.undo import undone
    from pointsman.patch.render import diff
    from pointsman.terms import Stale
    from pointsman.text import Snapshot

    workspace = Workspace(usage.root_of(root.resolve()))

    def now(path: str) -> Snapshot | None:
        try:
            return workspace.read(path)
        except PointsmanError:
            return None

    try:
        entry, proposal = applied(workspace.root, task)
        undo = undone(proposal.candidate, now)
        if not check and not isinstance(undo, Stale):
            write(workspace.root, undo)
            shelf().put(replace(Entry.of(proposal, "reverted"), when=entry.when))
    except PointsmanError as error:
        click.echo(clean(error.user_message), err=True)
        sys.exit(1)
    if isinstance(undo, Stale):
        reason = f"{undo.path}: {undo.reason}. Nothing was changed."
        click.echo(clean(f"{entry.title} cannot be undone: {reason}"), err=True)
        sys.exit(1)
    click.echo(clean(diff(undo)), nl=False)
    names = ", ".join(change.new_path or change.path for change in undo.changes)
    click.echo(clean(f"{entry.title}: {'can be undone' if check else 'undone'} in {names}."), err=True)
