"""What the shell reads of the journal."""

from pointsman.errors import PointsmanError
from pointsman.journal import Entry, Journal, Proposal, Shelf
from pointsman.journal.shelf import default_folder


def shelf() -> Shelf:
    return Shelf(default_folder())


def entries(root: str | None) -> list[Entry]:
    """The oldest first; those of one project, or all."""
    return Journal(shelf()).entries([] if root is None else [root])


def applied(root: str, task: str) -> tuple[Entry, Proposal]:
    """The applied task of a project: the one named, else the last. Raises PointsmanError."""
    here = [entry for entry in entries(root) if entry.outcome in {"applied", "reverted"}]
    wanted = [entry for entry in here if (entry.task == task if task else entry.outcome == "applied")]
    if not wanted:
        what = f"There is no applied task {task!r}" if task else "There is no applied task"
        raise PointsmanError(f"{what} in {root}.", "`pointsman log` lists what was done.")
    entry = wanted[-1]
    if entry.outcome == "reverted":
        raise PointsmanError(f"{entry.title} was undone already.")
    if entry.proposal is None:
        raise PointsmanError(f"{entry.title} cannot be undone: the edit was too large to be kept.")
    return entry, entry.proposal
