"""One case: files, a reply, and what must come of it."""

from dataclasses import dataclass, field


@dataclass
class Case:
    """`expect` is apply, reject, or either: then a refusal is right as well, but no other result.

    `after` is what the files must be if it is applied.
    """

    kind: str
    before: dict[str, str]
    reply: str
    after: dict[str, str | None] | None
    expect: str = "apply"
    base: dict[str, str] = field(default_factory=dict)
    format: str = ""
    name: str = ""
