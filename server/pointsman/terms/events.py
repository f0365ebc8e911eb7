"""What a task tells while it happens, and how it ends."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from pointsman.terms.checks import Report
from pointsman.terms.filesets import FileSet
from pointsman.terms.models import UNCOUNTED, Usage
from pointsman.terms.offers import Slot
from pointsman.terms.patches import Question, Reject


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who answered, and what it took."""

    task: str
    lease: str
    served: str
    why: str
    turns: int
    seconds: float
    usage: Usage = UNCOUNTED
    checks: str = ""
    cost: str = ""
    """In US dollars, as it is shown: with a tilde where it is by list prices; empty where no price is known."""
    sources: tuple[tuple[str, str], ...] = ()
    """(title, url) of the web pages the work rests on."""

    @property
    def line(self) -> str:
        tokens = (self.usage.prompt or 0) + (self.usage.completion or 0)
        parts = [
            f"{self.served or self.lease.partition(',')[2]} via {self.lease.partition(',')[0]}",
            f"{self.turns} turn{'s' * (self.turns != 1)}",
            f"{self.seconds:.1f} s",
            self.cost or (f"{tokens} tokens" if tokens else ""),
            self.checks,
        ]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Started:
    """`reply` tells whether the task is to end in a patch or in words, which may be shown while they come."""

    task: str
    title: str
    reply: Literal["patch", "words"] = "patch"


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
    """The plan a thinking model wrote; another lease will carry it out.

    Where it `waits`, set `answer` to the plan as its reader wants it, or to None to stop.
    """

    text: str
    waits: bool = False
    answer: "asyncio.Future[str | None] | None" = field(default=None, compare=False)


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
