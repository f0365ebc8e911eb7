"""What a patch comes to, once it is placed."""

from dataclasses import dataclass

from pointsman.text import Edit, Snapshot, Span


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after. `before` is None for a created file, `after` None for a deleted one.

    `edits` are the minimal edits from before to after, `replaced` the lines that the patch says it replaces, of which
    some may stay the same. A rename has `new_path`, and `after` is the text there.
    """

    path: str
    before: Snapshot | None
    after: str | None
    edits: tuple[Edit, ...] = ()
    new_path: str = ""
    replaced: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """How one hunk was matched: the receipt's line."""

    path: str
    hunk: int
    line: int
    how: str


@dataclass(frozen=True, slots=True)
class FileSet:
    """A patch applied to the snapshots it was made for, all or nothing."""

    changes: tuple[FileChange, ...]
    receipt: tuple[Placed, ...] = ()
    warnings: tuple[str, ...] = ()
