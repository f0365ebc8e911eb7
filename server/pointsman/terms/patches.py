"""What the model may answer: a patch, its one question, or something else, which is a reject."""

from dataclasses import dataclass
from enum import StrEnum


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
    longer: tuple[tuple[str, str], ...] = ()
    """Its lines if a list behind it is not prose but more of it; where they fit too, nobody knows which was meant."""


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
