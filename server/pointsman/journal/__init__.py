"""What outlives a task: the dialogues that may go on, the proposals the user has not decided on, and what was done.

All of it is kept on disk as well, where there is a folder for it (see `shelf`): a dialogue as long as its proposal
waits. Nothing here knows who asks.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pointsman.journal.entry import Entry, Proposal
from pointsman.journal.said import Dialogue, Said
from pointsman.journal.shelf import Shelf

__all__ = ["Dialogue", "Entry", "Journal", "Proposal", "Shelf"]

Kept = TypeVar("Kept")

KEPT = 50
"""Dialogues and proposals kept, each: the oldest goes first."""


@dataclass(slots=True)
class Journal:
    """`shelf` is None where nothing is to be kept on disk."""

    shelf: Shelf | None = None
    dialogues: OrderedDict[str, Dialogue] = field(default_factory=OrderedDict)
    proposals: OrderedDict[str, Proposal] = field(default_factory=OrderedDict)

    @classmethod
    def open(cls, shelf: Shelf) -> "Journal":
        """With the proposals of earlier sessions, and what was said about them. Blocking."""
        journal = cls(shelf)
        for entry in shelf.entries():
            if entry.outcome == "proposed" and entry.proposal:
                _keep(journal.proposals, entry.task, entry.proposal)
                if entry.said:
                    _keep(journal.dialogues, entry.task, entry.said.dialogue(entry.task))
        return journal

    def remember(self, dialogue: Dialogue) -> None:
        _keep(self.dialogues, dialogue.task, dialogue)

    def note(self, entry: Entry) -> None:
        """How a task ended."""
        if self.shelf:
            self.shelf.put(replace(entry, when=entry.when or time.time()))

    def propose(self, proposal: Proposal) -> None:
        _keep(self.proposals, proposal.task, proposal)
        dialogue = self.dialogues.get(proposal.task)
        self.note(replace(Entry.of(proposal, "proposed"), said=Said.of(dialogue) if dialogue else None))

    def renamed(self, root: str, old: str, new: str) -> None:
        """A file or folder of a root has another name: proposals for it are for that name from now on."""
        for proposal in [each for each in self.proposals.values() if each.root == root]:
            changes = tuple(replace(c, path=_renamed(c.path, old, new)) for c in proposal.candidate.changes)
            path = _renamed(proposal.path, old, new)
            if changes != proposal.candidate.changes or path != proposal.path:
                candidate = replace(proposal.candidate, changes=changes)
                self.propose(replace(proposal, candidate=candidate, path=path))

    def settle(self, proposal: Proposal, outcome: str) -> None:
        """Take a proposal out: it was applied or discarded."""
        self.proposals.pop(proposal.task, None)
        self.note(Entry.of(proposal, outcome))

    def proposal(self, task: str) -> Proposal | None:
        """A proposal that still waits, here and in every other server that shares the folder."""
        found = self.proposals.get(task)
        known = self.shelf.get(task) if self.shelf and found else None
        if found and known and known.outcome != "proposed":
            self.proposals.pop(task)
            return None
        return found

    def entries(self, roots: Iterable[str] = ()) -> list[Entry]:
        """What was done, the newest last; in these roots only, if some are given, however they are spelled."""
        wanted = {Path(root).resolve() for root in roots}
        found = self.shelf.entries() if self.shelf else ()
        return [entry for entry in found if not wanted or Path(entry.root).resolve() in wanted]


def _renamed(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(f"{old}/") else path


def _keep(kept: OrderedDict[str, Kept], task: str, value: Kept) -> None:
    kept[task] = value
    kept.move_to_end(task)
    while len(kept) > KEPT:
        kept.popitem(last=False)
