"""One thing that is wrong with the configuration."""

from dataclasses import dataclass
from pathlib import Path

from pointsman.terms import Severity
from pointsman.text import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """`path` and `span` are where it is written; None for what comes from an editor, or from nowhere."""

    path: Path | None
    span: Span | None
    severity: Severity
    code: str
    message: str
    hint: str = ""
