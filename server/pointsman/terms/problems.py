"""What is wrong, as a tool or a language server says it."""

from dataclasses import dataclass
from enum import StrEnum


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
