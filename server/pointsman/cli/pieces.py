"""What commands put on the screen while something happens: pieces, which know no terminal."""

from dataclasses import dataclass

GOOD, BAD, NOTE, PLAIN, DIM = "good", "bad", "note", "plain", "dim"
"""How a line is meant; the screen decides how it looks."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    style: str = PLAIN
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Diff:
    """`main` tells what came of a task from a step on the way."""

    title: str
    text: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """What goes on; empty when it is over."""

    text: str


Piece = Heading | Line | Diff | Status
