"""Offers as command arguments, and back.

An action carries one JSON object that is enough to make its offer again: the server keeps nothing between showing a
menu and hearing what was picked, and an object from a script or a key binding, with less in it, works as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from pointsman.errors import PointsmanError
from pointsman.intents import INTENTS, TABLE
from pointsman.terms import Offer, Place, Problem, Severity
from pointsman.text import Encoding, Position, Snapshot, Span

MESSAGE_LIMIT = 2_000
PROBLEM_LIMIT = 5
DEFAULTS = {intent.command: intent.id for intent in reversed(TABLE) if intent.needs != "comment"}
"""What a command without an intent means: the first row that has it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Position(_Part):
    line: int = Field(ge=0, le=2**31)
    character: int = Field(ge=0, le=2**31)


class _Range(_Part):
    start: _Position
    end: _Position


class _Place(_Part):
    path: str = ""
    line: int = 0
    message: str = ""


class _Problem(_Part):
    tool: str = ""
    message: str = Field(max_length=MESSAGE_LIMIT)
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    severity: Severity = Severity.ERROR
    code: str | None = None
    test: str | None = None
    source_line: str = Field(default="", max_length=MESSAGE_LIMIT)
    detail: str = Field(default="", max_length=MESSAGE_LIMIT)
    related: list[_Place] = []


class Arguments(_Part):
    """The one argument of every command that starts a task. Only `uri` must be there.

    `range` is in the client's units, for scripts. `span` is the same place in offsets of `version`'s text, from our own
    menus: unlike a range it can be followed through what was typed since.
    """

    uri: str
    intent: str = ""
    title: str = Field(default="", max_length=200)
    version: int | None = None
    range: _Range | None = None
    span: tuple[NonNegativeInt, NonNegativeInt] | None = None
    problems: list[_Problem] = Field(default=[], max_length=PROBLEM_LIMIT)
    instruction: str = Field(default="", max_length=20_000)
    files: list[str] = Field(default=[], max_length=200)
    model: str = ""
    carry_on: str = Field(default="", alias="carryOn")


def to_arguments(offer: Offer, snapshot: Snapshot, encoding: Encoding) -> dict[str, Any]:
    start, end = (snapshot.position(at, encoding) for at in (offer.span.start, offer.span.end))
    full = {
        "intent": offer.intent,
        "title": offer.title,
        "uri": snapshot.uri,
        "version": snapshot.version,
        "range": {"start": _position(start), "end": _position(end)},
        "span": [offer.span.start, offer.span.end],
        "problems": [_problem(problem) for problem in offer.problems[:PROBLEM_LIMIT]],
        "instruction": offer.instruction,
        "files": list(offer.files),
        "model": offer.model,
        "carryOn": offer.carry_on,
    }
    return {"v": 1} | {name: value for name, value in full.items() if value not in ("", [], None) or name == "version"}


def read_arguments(command: str, arguments: Sequence[Any] | None) -> Arguments:
    """The argument of a command, or a PointsmanError that names what is wrong with it."""
    first = arguments[0] if arguments else None
    if not isinstance(first, Mapping):
        raise PointsmanError(f"{command} takes one JSON object.", 'At least {"uri": "file:///..."}.')
    try:
        read = Arguments.model_validate(first)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise PointsmanError(f"{command}: `{where}`: {wrong['msg']}.") from error
    if read.intent and read.intent not in INTENTS:
        raise PointsmanError(f"{command}: there is no intent {read.intent!r}.", f"There are: {', '.join(INTENTS)}.")
    return read


def to_offer(command: str, read: Arguments, path: str, snapshot: Snapshot, span: Span) -> Offer:
    """`span` is where the arguments' range lies in `snapshot` now."""
    intent = INTENTS[read.intent or DEFAULTS[command]]
    problems = tuple(_told(problem, path) for problem in read.problems)
    return Offer(
        intent=intent.id,
        title=" ".join(read.title.split()) or intent.title.partition("{")[0].strip(" :"),
        path=path,
        span=span,
        version=snapshot.version,
        problems=problems,
        instruction=read.instruction,
        files=tuple(read.files),
        model=read.model,
        carry_on=read.carry_on,
    )


def as_asked(offer: Offer) -> Offer:
    """An offer as it will come back from a menu: arguments do not carry all that is known of a problem."""
    problems = tuple(_told(_Problem.model_validate(_problem(p)), offer.path) for p in offer.problems[:PROBLEM_LIMIT])
    return replace(offer, problems=problems)


def _told(problem: _Problem, path: str) -> Problem:
    return Problem(**{**problem.model_dump(exclude={"related"}), "path": path}, related=_related(problem))


def span_of(read: Arguments, snapshot: Snapshot, encoding: Encoding) -> Span:
    """The argument's range in the document; all of it without one."""
    if read.range is None:
        return Span(0, len(snapshot.text))
    start = snapshot.offset(Position(read.range.start.line, read.range.start.character), encoding)
    return Span(start, max(start, snapshot.offset(Position(read.range.end.line, read.range.end.character), encoding)))


def _problem(problem: Problem) -> dict[str, Any]:
    full = {
        "tool": problem.tool,
        "message": problem.message[:MESSAGE_LIMIT],
        "line": problem.line,
        "column": problem.column,
        "end_line": problem.end_line,
        "end_column": problem.end_column,
        "severity": problem.severity.value,
        "code": problem.code,
        "test": problem.test,
        "source_line": problem.source_line[:200],
        "detail": problem.detail[:MESSAGE_LIMIT],
        "related": [{"path": p.path, "line": p.line, "message": p.message} for p in problem.related[:PROBLEM_LIMIT]],
    }
    return {name: value for name, value in full.items() if value not in ("", [], None)}


def _related(problem: _Problem) -> tuple[Place, ...]:
    return tuple(Place(place.path, place.line, message=place.message) for place in problem.related)


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
