"""What a tool is to Pointsman: how it is found, how it is called, and how its outputs are read.

A tool is one file in `tools/` that makes one `Tool`. The rest of the room knows tools only by this.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from pointsman.checks.places import inside
from pointsman.checks.related import Narrow
from pointsman.checks.toolchain import Toolchain
from pointsman.config.matchers import Pasted
from pointsman.terms import Files, Problem, Run, Verdict

Texts = Callable[[str], str | None]
"""The text of a workspace path as the tool saw it; None if there is no such file."""
_OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\r\n]*\S)", re.MULTILINE)
_COLUMN = re.compile(r"\x1b\[\d*G")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


class Stage(IntEnum):
    """The order of checks: what is cheap and says most comes first."""

    LINT = 1
    TYPES = 2
    BUILD = 3
    TEST = 4


@dataclass(frozen=True, slots=True)
class Project:
    """Where a tool looks for signs of itself. `folder` is the project's place in the workspace, "" for its root."""

    files: Files
    folder: str
    toolchain: Toolchain
    paths: tuple[str, ...] = ()

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name

    def has(self, name: str) -> bool:
        return self.files.exists(self.path(name))

    def names(self) -> tuple[str, ...]:
        """What lies right in the folder on the disk, without its subfolders."""
        try:
            return tuple(sorted(entry.name for entry in Path(self.files.root, self.folder).iterdir()))
        except OSError:
            return ()

    def text(self, name: str) -> str:
        """Empty if it is not there, or no text."""
        from pointsman.errors import WorkspaceError

        try:
            return self.files.read(self.path(name)).text
        except WorkspaceError:
            return ""


@dataclass(frozen=True, slots=True)
class Check:
    """One tool in one project: what would run, and why it would.

    `config` are the workspace files that decide what it does. Where `suffixes` are given, the check is of changed
    files and their paths follow `argv`; without any, of everything. `narrow` tells how to run the tests near a patch.
    """

    name: str
    tool: str
    stage: Stage
    argv: tuple[str, ...]
    folder: str
    why: str
    format: str
    config: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 120.0
    memory: int = 0
    """Bytes of all its processes together; zero stands for three quarters of the machine's."""
    apart: tuple[str, ...] = ()
    """Folders whose files another check looks at."""
    everything: tuple[str, ...] = ()
    """What follows `argv` where no file is named."""
    narrow: Narrow | None = None
    pasted: Pasted | Sequence[Pasted] | None = None
    """Problem matchers by which the output is read, where the user says it."""
    instead: bool = False
    """Whether it is only made where no other of its stage is."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A tool that a project is set up for, and whose program is not here."""

    tool: str
    why: str


@dataclass(frozen=True, slots=True)
class Output:
    """A run, and what is needed to read it: the workspace's root and the texts the tool saw."""

    run: Run
    root: str
    texts: Texts

    @property
    def folder(self) -> str:
        """The directory of the run as a workspace path: what relative paths in its output are relative to."""
        return inside(self.run.command.cwd, self.root) or ""

    @property
    def text(self) -> str:
        """All that was said on both streams."""
        return f"{self.run.stdout}\n{self.run.stderr}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool's output says. `tests` maps the id of each test that came up to how it went.

    `nothing` tells a run that found nothing to check from one that could not check.
    """

    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    summary: str = ""
    tests: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """`formats` are the outputs it can write, by name; the first is the one our own calls ask for."""

    name: str
    detect: Callable[[Project], Check | Absent | None]
    formats: Mapping[str, Callable[[Output], Outcome]]


def plain(text: str) -> str:
    """A terminal's text without colours, hyperlinks, progress that was overwritten, and other systems' line ends."""
    text = _ESCAPES.sub("", _COLUMN.sub("\r", text)) if "\x1b" in text else text
    text = text.replace("\r\n", "\n")
    return _OVERWRITTEN.sub("", text) if "\r" in text else text


def did_not_run(tool: str, why: str, message: str = "") -> Outcome:
    """A check that says nothing about the code; `message`, of the tool itself, is kept as a problem of the run."""
    problems = (Problem(tool, message, code="did-not-run"),) if message else ()
    return Outcome(Verdict.DID_NOT_RUN, problems, why, complete=False)
