"""What every task in the shell is called with: a place in a file, and the options they share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from pointsman.errors import PointsmanError
from pointsman.files.paths import relative
from pointsman.files.wide import attached
from pointsman.files.workspace import Workspace
from pointsman.text import Snapshot, Span

USAGE = 64
"""The exit code of a call that cannot be understood, as sysexits.h has it."""
_MARKS = (
    ".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg", "package.json", "go.mod", "Cargo.toml", "composer.json",
    "Gemfile", "pom.xml", "build.gradle", "build.gradle.kts",
)  # fmt: skip
F = TypeVar("F", bound=Callable[..., Any])


class Misuse(click.UsageError):
    exit_code = USAGE


class Command(click.Command):
    """A command whose usage errors have their own exit code: 2 means something else here."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise Misuse(error.format_message(), error.ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise Misuse(error.format_message(), error.ctx or ctx) from error


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options that tasks share."""

    config: Path | None = None
    model: str = ""
    as_json: bool = False
    trust: bool = False
    apply: bool = False
    plan: Literal["", "pass", "show"] = ""
    """What becomes of a plan, instead of the setting."""


@dataclass(frozen=True, slots=True)
class Target:
    """Lines of a file, from one, with the workspace it belongs to."""

    workspace: Workspace
    path: str
    snapshot: Snapshot
    first: int
    last: int
    files: tuple[str, ...] = ()
    """What is attached, below the workspace's root."""
    folder: str = ""

    def attaching(self, files: Sequence[Path]) -> "Target":
        """Raises UsageError for what is not in the same project."""
        try:
            found = attached(self.workspace, [file.resolve().as_uri() for file in files])
        except PointsmanError as error:
            raise click.UsageError(error.user_message) from error
        return replace(self, files=tuple(dict.fromkeys((*self.files, *found))))

    @property
    def span(self) -> Span:
        last = self.snapshot.line_span(self.last - 1)
        return Span(self.snapshot.line_span(self.first - 1).start, last.end)

    @property
    def name(self) -> str:
        if self.folder:
            return self.folder
        return f"{self.path}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")


def shared(command: F) -> F:
    """The options of every task."""
    for option in (
        click.option("--config", type=click.Path(path_type=Path), help="Use this config file instead of the user's."),
        click.option("--model", default="", metavar="PROVIDER,MODEL", help="Use this model instead of the route's."),
        click.option("--json", "as_json", is_flag=True, help="Print one event a line, as JSON."),
    ):
        command = option(command)
    return command


def attaching(command: F) -> F:
    """The option of tasks that read more than one place."""
    path = click.Path(exists=True, path_type=Path)
    text = "Attach a file, or all of a folder, whole; may be given more than once."
    return click.option("--files", "files", multiple=True, type=path, help=text)(command)


def editing(command: F) -> F:
    """The options of a task that ends in an edit."""
    for option in (
        click.option("--apply", is_flag=True, help="Write the verified edit to the files, all or none."),
        click.option("--trust", is_flag=True, help="Allow this project's checks to run; remembered."),
    ):
        command = option(command)
    return command


def target(text: str) -> Target:
    """`PATH:LINE` or `PATH:FIRST-LAST`. Raises UsageError with what is wrong."""
    path, colon, lines = text.rpartition(":")
    first, _, last = lines.partition("-")
    if not colon or not path or not first.isdecimal() or not (last or "1").isdecimal():
        raise click.UsageError(f"{text!r} does not name lines of a file: write PATH:LINE or PATH:FIRST-LAST.")
    file = Path(path)
    if not file.is_file():
        raise click.UsageError(f"There is no file {path}.")
    place = file.parent.resolve() / file.name
    workspace = Workspace(root_of(place))
    inside = relative(workspace.root, place)
    try:
        snapshot = workspace.read(inside or place.name)
    except PointsmanError as error:
        raise click.UsageError(error.user_message) from error
    begin, end = int(first), int(last or first)
    count = snapshot.line_count
    if not 1 <= begin <= end <= count:
        raise click.UsageError(f"{path} has the lines 1 to {count}; {lines} is not among them.")
    return Target(workspace, inside or place.name, snapshot, begin, end)


def folder(text: str) -> Target:
    """A folder, as a place: its first file, with all of the folder attached. Raises UsageError."""
    place = Path(text).resolve()
    workspace = Workspace(root_of(place))
    try:
        paths = attached(workspace, [place.as_uri()])
    except PointsmanError as error:
        raise click.UsageError(error.user_message) from error
    snapshot = workspace.read(paths[0])
    return Target(workspace, paths[0], snapshot, 1, snapshot.line_count, paths, f"{place.name}/")


def root_of(place: Path) -> Path:
    """The nearest folder above a place that looks like a project; its own folder where there is none."""
    folder = place if place.is_dir() else place.parent
    above = (folder, *folder.parents)
    return next((each for each in above if any((each / mark).exists() for mark in _MARKS)), folder)
