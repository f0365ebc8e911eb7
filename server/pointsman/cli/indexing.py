"""Bringing an index up to date for a command, with a live count on a terminal."""

from rich.console import Console

from pointsman.cli.pieces import Status
from pointsman.cli.screen import Screen
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index

_STEP = 25
"""Files between two counts."""


def bring_up_to_date(index: Index) -> None:
    """Read what changed. The count goes to the error stream, so that what a command prints stays clean."""
    with Screen(Console(stderr=True, highlight=False, emoji=False, markup=False)) as screen:

        def tell(done: int, total: int) -> None:
            if done % _STEP == 0:
                screen.show(Status(f"Indexing: {done} of {total} files"))

        index.scan_now(Workspace(index.root), tell=tell)
