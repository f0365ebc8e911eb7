"""Which model answers, and how it is asked: the lease, a turn, and the first seam."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pointsman.terms.contexts import Context, Message
from pointsman.terms.offers import Slot
from pointsman.text import Snapshot


class Secret(str):
    """A string that does not show itself in logs, tracebacks or `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"


FormKind = Literal["", "schema", "lark", "gbnf", "ebnf"]
"""A JSON schema, or a grammar in one of the notations that engines read."""


@dataclass(frozen=True, slots=True)
class Form:
    """What an answer must look like, for wires that can force it: a schema as JSON, or the text of a grammar."""

    kind: FormKind
    definition: Mapping[str, Any] | str
    name: str = "apply_patch"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens. Where no price for cached or newly cached tokens is given, they cost the same.

    A prompt of more than `above` tokens is priced by `long`, all of it.
    """

    input: float
    output: float
    cached: float | None = None
    written: float | None = None
    above: int = 0
    long: "Price | None" = None

    @property
    def costs(self) -> bool:
        return bool(self.input or self.output)

    def of(self, usage: "Usage") -> float:
        """What a call costs; what is not counted counts as nothing."""
        prompt, cached, written = usage.prompt or 0, usage.cached or 0, usage.written or 0
        if self.long and prompt > self.above:
            return self.long.of(usage)
        plain = max(0, prompt - cached - written) * self.input
        kept = cached * (self.input if self.cached is None else self.cached)
        fresh = written * (self.input if self.written is None else self.written)
        return (plain + kept + fresh + (usage.completion or 0) * self.output) / 1_000_000


FREE = Price(0.0, 0.0)


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
    form: FormKind = ""
    """How the form of a patch is forced on this model; empty where nothing can force it."""
    price: Price | None = None
    """None where it is not known."""
    marks: bool = False
    """Whether the end of the prompt's stable beginning is marked for the provider's cache."""
    search: bool = False
    """Whether it searches the web for the answer."""
    bytes_per_token: float = 3.5
    """Of this model, for estimates: low rather than high."""
    strict: bool = False
    """Whether an answer of another model than the one asked for is an error, and not only told."""

    @property
    def name(self) -> str:
        return f"{self.provider},{self.model}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; None where it said nothing.

    `prompt` is all of it: `cached` of these came from the provider's cache, and `written` were put there. `cost` is its
    own bill, in US dollars.
    """

    prompt: int | None = None
    completion: int | None = None
    cached: int | None = None
    written: int | None = None
    cost: float | None = None


UNCOUNTED = Usage()


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
    usage: Usage = UNCOUNTED
    warnings: tuple[str, ...] = ()
    """What looks wrong in a stream that ended well: another model served it, or the prompt was cut; for the user."""
    sources: tuple[tuple[str, str], ...] = ()
    """(title, url) of the web pages the answer rests on."""


@dataclass(frozen=True, slots=True)
class Request:
    """One turn: the whole dialogue so far, and the context for models that are programs, like the fixers."""

    lease: Lease
    messages: tuple[Message, ...]
    context: Context
    workspace: "Files"
    form: Form | None = None
    """The form to force; None for words, and where the model is only told."""


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
