"""The values that travel through Pointsman, and the three seams.

One value per arrow of the line a request travels (ARCHITECTURE.md draws it):

    Offer -> Context -> Lease -> Reply -> Patch | Question | Reject -> FileSet -> Report -> Outcome

Everything here is immutable and knows no editor, no HTTP and no process. Paths are strings relative to the
workspace root, with `/`. Places are offsets in a `Snapshot`, but for `Problem`, which speaks as tools and people do:
lines and columns count from one, columns in code points, ends are exclusive.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from pointsman.text import Edit, Snapshot, Span

# --- what is wrong, as a tool or a language server says it ---------------------------------------------------------


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """A line (from one) of a file, and what is to be said of it."""

    path: str
    line: int
    column: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of one tool.

    `path` is None for a finding about the run as a whole. `test` is the id of the failing test, if it is one.
    `source_line` is the text of the line at fault, kept because line numbers do not survive an edit.
    """

    tool: str
    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    severity: Severity = Severity.ERROR
    code: str | None = None
    test: str | None = None
    related: tuple[Place, ...] = ()
    source_line: str = ""
    detail: str = ""
    """More than the first line of the message, where the tool has it: an assertion's diff, a trace."""


# --- what the user may ask for --------------------------------------------------------------------------------------


class Slot(StrEnum):
    """The routes of the config file's `Router`; the values are its keys."""

    DEFAULT = "default"
    QUICK_EDIT = "quickEdit"
    REFACTOR = "refactor"
    REASON_PLAN = "reasonPlan"
    LONG_CONTEXT = "longContext"
    WEB_SEARCH = "webSearch"


@dataclass(frozen=True, slots=True)
class Offer:
    """One action that fits one place: a row of the intent table with its arguments. It costs nothing to make.

    `version` is that of the buffer `span` refers to. `carry_on` names an earlier task whose lease and dialogue go on.
    """

    intent: str
    title: str
    path: str
    span: Span
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    instruction: str = ""
    files: tuple[str, ...] = ()
    model: str = ""
    """An explicit "provider,model"; empty means that the route decides."""
    carry_on: str = ""


# --- what the model is told -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Context:
    """What goes to the model for one task, and the exact snapshots it was shown.

    `sections` are (title, text) pairs in the order they are sent: first what changes least, so that a provider's
    prompt cache can hit. `seen` maps each path to the snapshot whose lines were shown.
    """

    offer: Offer
    root: str
    sections: tuple[tuple[str, str], ...]
    seen: Mapping[str, Snapshot]
    size: int
    """Bytes of the uncut material: what the choice of `longContext` is made from."""


# --- which model answers --------------------------------------------------------------------------------------------


class Secret(str):
    """A string that does not show itself in logs, tracebacks or `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"


@dataclass(frozen=True, slots=True)
class Lease:
    """The one brain of a task: everything that decides who answers and how, frozen until the task ends."""

    task: str
    slot: Slot
    provider: str
    model: str
    wire: str
    url: str
    key: Secret
    why: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Request fields of the wire, already compiled for this model."""
    proxy: str = ""

    @property
    def name(self) -> str:
        return f"{self.provider},{self.model}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; None where it said nothing."""

    prompt: int | None = None
    completion: int | None = None
    cached: int | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer's text, or of the model's reasoning, which is counted and never read as an answer."""

    text: str
    reasoning: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The proper end of a stream. A stream without one is an error, whatever text it brought."""

    finish: str
    served: str = ""
    """The model that says it answered; empty if the wire does not tell."""
    usage: Usage = Usage()
    warnings: tuple[str, ...] = ()
    """What looks wrong in a stream that ended well: another model served it, or the prompt was cut; for the user."""


@dataclass(frozen=True, slots=True)
class Request:
    """One turn: the whole dialogue so far, and the context for models that are programs, like the fixers."""

    lease: Lease
    messages: tuple[Message, ...]
    context: Context
    workspace: "Files"


class Files(Protocol):
    """The frozen view of a workspace that a task works on: buffers over disk (see `files.workspace`)."""

    @property
    def root(self) -> str:
        """Absolute path of the workspace's root."""

    def read(self, path: str) -> Snapshot:
        """The text of a path; raises Missing, NotText or Unsafe. The same answer each time."""

    def exists(self, path: str) -> bool: ...

    @property
    def dirty(self) -> Mapping[str, Snapshot]:
        """The open buffers of this root that differ from the disk, by path."""


class Model(Protocol):
    """Seam 1: whoever answers."""

    def stream(self, request: Request) -> AsyncGenerator[Delta | End, None]:
        """The answer in pieces, then exactly one End. Raises ProviderError; cancelled by cancelling the caller."""

    async def connect(self, lease: Lease) -> None:
        """Open the connection ahead of need. Failure is silent: the request will say it."""


# --- what the model may answer --------------------------------------------------------------------------------------


class Operation(StrEnum):
    CREATE = "create"
    MODIFY = "modify"
    DELETE = "delete"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Hunk:
    """One block to find and replace, as the model wrote it; lines have no ends.

    `lines` are (sign, text) with sign one of " ", "-", "+". `line` is the number the model claims the block starts at
    in the old file (from one; None if it gave none), `anchor` the heading it named. `source_line` is the line of the
    reply the hunk starts at, for messages.
    """

    lines: tuple[tuple[str, str], ...]
    line: int | None = None
    anchor: str = ""
    source_line: int = 0
    old_no_newline: bool = False
    new_no_newline: bool = False
    anchored: bool = False
    """The anchor is not a hint: its lines must stand above the block, in their order."""
    at_end: bool = False
    """The block is the end of the file."""


@dataclass(frozen=True, slots=True)
class FilePatch:
    path: str
    operation: Operation
    hunks: tuple[Hunk, ...] = ()
    new_path: str = ""
    """Where a rename goes."""
    content: str | None = None
    """The whole text of a created file, or of a modified one should it turn out to be new; what a deleted one had."""
    also: tuple[str, ...] = ()
    """What else the path may be, if that file exists: `a/x`, where `a` can be a folder or only git's prefix."""


@dataclass(frozen=True, slots=True)
class Patch:
    files: tuple[FilePatch, ...]
    notes: tuple[str, ...] = ()
    """What was tolerated while reading it."""


@dataclass(frozen=True, slots=True)
class Question:
    """The one clarifying question a model may ask instead of a patch."""

    text: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a reply is no patch: `code` is documented, `message` is what the model is told, with the real lines."""

    code: str
    message: str


# --- what it comes to -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after. `before` is None for a created file, `after` None for a deleted one.

    `edits` are the minimal edits from before to after. A rename has `new_path`, and `after` is the text there.
    """

    path: str
    before: Snapshot | None
    after: str | None
    edits: tuple[Edit, ...] = ()
    new_path: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """How one hunk was matched: the receipt's line."""

    path: str
    hunk: int
    line: int
    how: str


@dataclass(frozen=True, slots=True)
class FileSet:
    """A patch applied to the snapshots it was made for, all or nothing."""

    changes: tuple[FileChange, ...]
    receipt: tuple[Placed, ...] = ()
    warnings: tuple[str, ...] = ()


# --- whether it holds -----------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    DID_NOT_RUN = "did_not_run"


@dataclass(frozen=True, slots=True)
class Command:
    """A process to run: `cwd` and any path in `argv` are those of the real workspace."""

    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 120.0
    """Seconds of wall time."""
    output_limit: int = 8 << 20
    """Bytes kept of each stream, half from the head and half from the tail."""
    collect: tuple[str, ...] = ()
    """Workspace paths whose text, as the command left it, comes back among the artefacts."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process did. `exit_code` is None when it could not be started or was killed at its limit."""

    command: Command
    exit_code: int | None
    stdout: str
    stderr: str
    seconds: float
    trouble: str = ""
    """Why there is no exit code: "not installed", "timed out after 120 s"."""
    artefacts: Mapping[str, str] = field(default_factory=dict)


class Runner(Protocol):
    """Seam 2: whoever runs processes."""

    async def run(self, command: Command) -> Run:
        """Run it to its end; its whole process group dies when the caller is cancelled."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check against one candidate.

    `problems` are those that count: new ones, when there is a baseline. `known` were there before, `fixed` are gone.
    `summary` is a few words for people ("14 tests passed"), or why it did not run.
    """

    check: str
    tool: str
    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    known: tuple[Problem, ...] = ()
    fixed: tuple[Problem, ...] = ()
    summary: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What all checks say of one candidate."""

    results: tuple[CheckResult, ...]
    shadow: str = ""
    """Which kind of shadow they ran in; empty when none ran."""
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Failed if one failed; passed only if all did, and there was one."""
        verdicts = {result.verdict for result in self.results}
        if Verdict.FAILED in verdicts:
            return Verdict.FAILED
        return Verdict.PASSED if verdicts == {Verdict.PASSED} else Verdict.DID_NOT_RUN

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for result in self.results for problem in result.problems)


# --- what is told while it happens ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who answered, and what it took."""

    task: str
    lease: str
    served: str
    why: str
    turns: int
    seconds: float
    usage: Usage = Usage()
    checks: str = ""

    @property
    def line(self) -> str:
        tokens = (self.usage.prompt or 0) + (self.usage.completion or 0)
        parts = [
            f"{self.served or self.lease.partition(',')[2]} via {self.lease.partition(',')[0]}",
            f"{self.turns} turn{'s' * (self.turns != 1)}",
            f"{tokens} tokens" if tokens else "",
            f"{self.seconds:.1f} s",
            self.checks,
        ]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Started:
    task: str
    title: str


@dataclass(frozen=True, slots=True)
class Routed:
    """The lease in words: safe to show, it holds no key."""

    slot: Slot
    provider: str
    model: str
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A line for the progress display."""

    message: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """A piece of the answer as it streams in."""

    text: str
    turn: int


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan a thinking model wrote; another lease will carry it out."""

    text: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A reply broke the contract; the same model is asked again if `again`."""

    turn: int
    reject: Reject
    again: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The model's one question. Set `answer` to go on, or to None to stop."""

    question: Question
    answer: "asyncio.Future[str | None]" = field(compare=False)


@dataclass(frozen=True, slots=True)
class ConsentNeeded:
    """Checks would run code of this project. Set `answer`; False goes on without them.

    `commands` are what would run, word for word.
    """

    root: str
    commands: tuple[str, ...]
    answer: "asyncio.Future[bool]" = field(compare=False)


@dataclass(frozen=True, slots=True)
class Checking:
    """A candidate went into the shadow."""

    turn: int
    candidate: FileSet
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    turn: int
    report: Report
    again: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """The end of a task that has an edit: every check passed, or the report says which did not, and why."""

    candidate: FileSet
    report: Report
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Unverified:
    """The best candidate, which no check vouches for."""

    candidate: FileSet
    report: Report
    receipt: Receipt
    reason: str


@dataclass(frozen=True, slots=True)
class Explained:
    """The end of a task that has only words."""

    title: str
    markdown: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class NoFix:
    """The fixers had nothing to say; a model may."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of a task without an edit. `kind` is the class of the trouble, `message` is for the user."""

    kind: str
    message: str
    receipt: Receipt | None = None


Outcome = Verified | Unverified | Explained | NoFix | Failed
Event = Started | Routed | Progress | Wrote | Planned | Rejected | Asked | ConsentNeeded | Checking | Checked | Outcome


# --- where an edit goes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applied:
    """The editor has it, read back. `unsaved` are closed files the editor changed and left unsaved."""

    unsaved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """A buffer moved so that the edit no longer fits; nothing was changed."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The editor, or the user in it, did not take the edit."""

    reason: str


class Editor(Protocol):
    """Seam 3: whoever holds the buffers."""

    async def apply(self, candidate: FileSet, label: str) -> Applied | Stale | Declined: ...

    async def ask(self, question: str, choices: Sequence[str]) -> str | None:
        """One of `choices`, or None if the user did not choose or cannot be asked."""

    async def show(self, title: str, markdown: str) -> None: ...

    def progress(self, task: str, message: str) -> None: ...
