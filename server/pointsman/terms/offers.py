"""What the user may ask for."""

from dataclasses import dataclass
from enum import StrEnum

from pointsman.terms.problems import Problem
from pointsman.text import Span


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
