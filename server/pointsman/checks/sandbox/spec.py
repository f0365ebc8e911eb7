"""What the server tells the helper, and what the helper answers: JSON, so plain dictionaries."""

from typing import Literal, NotRequired, TypedDict


class Spec(TypedDict):
    """One command in one world.

    `layer` maps project paths to their bytes in base64, or to None for a file that is not there. `artefacts` is a
    directory whose files come back, `collect` are project paths that do. `keep`, `scratch`: see `overlay`;
    `memory`: see there; `confine`, `writable`: see `landlock`.
    """

    world: Literal["overlay", "copy"]
    project: str
    layer: dict[str, str | None]
    argv: list[str]
    cwd: str
    env: dict[str, str]
    timeout: float
    memory: int
    artefacts: str
    collect: list[str]
    scratch: str
    keep: list[str]
    confine: bool
    writable: list[str]


class Ended(TypedDict):
    """`setup` alone: the world could not be made, and nothing ran. Else `exit`, or the `trouble` in its place."""

    setup: NotRequired[str]
    exit: NotRequired[int | None]
    trouble: NotRequired[str]
    artefacts: NotRequired[dict[str, str]]
