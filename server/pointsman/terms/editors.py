"""Where an edit goes: the third seam, and what may become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pointsman.terms.filesets import FileSet


@dataclass(frozen=True, slots=True)
class Applied:
    """The editor has it, read back. `unsaved` are closed files the editor changed and left unsaved."""

    unsaved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """A buffer moved so that the edit no longer fits; nothing was changed."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The editor, or the user in it, did not take the edit."""

    reason: str


class Editor(Protocol):
    """Seam 3: whoever holds the buffers."""

    async def apply(self, candidate: FileSet, label: str) -> Applied | Stale | Declined: ...

    async def ask(self, question: str, choices: Sequence[str]) -> str | None:
        """One of `choices`, or None if the user did not choose or cannot be asked."""

    async def show(self, title: str, markdown: str) -> None: ...

    def progress(self, task: str, message: str) -> None: ...
