"""Entries on disk: one JSON file a task in the user's state folder, readable by the user alone.

Several servers may share the folder: a file is replaced whole, never changed in place, and what cannot be read is left
out. It holds source code and no key: a lease is kept by its name. The oldest files go first.
"""

import contextlib
import logging
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import platformdirs
from pydantic import TypeAdapter, ValidationError

from pointsman.journal.entry import Entry
from pointsman.terms import FileSet

log = logging.getLogger(__name__)

ENTRY_LIMIT = 1 << 20
"""Bytes; of a larger entry what was said is not kept, nor the edit if that is too large alone."""
KEPT = 200
SPARE = 50
"""Files beyond that before the oldest go: to look at each of them takes longer than to write an entry."""
_NAME = re.compile(r"[0-9a-zA-Z-]{1,64}")


def default_folder() -> Path:
    return platformdirs.user_state_path("pointsman") / "journal"


@dataclass(frozen=True, slots=True)
class Shelf:
    folder: Path

    def put(self, entry: Entry) -> None:
        """Keep an entry, instead of an earlier one of its task. A disk that cannot be written is logged."""
        if not _NAME.fullmatch(entry.task):
            return
        data = _adapter().dump_json(entry)
        for less in (replace(entry, said=None), replace(entry, said=None, proposal=None)):
            if len(data) <= ENTRY_LIMIT:
                break
            data = _adapter().dump_json(less)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self.folder / f"{entry.task}.json", data)
            if len(os.listdir(self.folder)) > KEPT + SPARE:  # noqa: PTH208 - a count; no paths are needed
                for old in self._files()[:-KEPT]:
                    old.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s is not kept: %s", entry.task, error)

    def get(self, task: str) -> Entry | None:
        return self._read(self.folder / f"{task}.json") if _NAME.fullmatch(task) else None

    def entries(self) -> Sequence[Entry]:
        """The oldest first. Blocking."""
        found = (self._read(file) for file in self._files())
        return sorted((entry for entry in found if entry), key=lambda entry: entry.when)

    def _files(self) -> list[Path]:
        dated = []
        for file in self.folder.glob("*.json"):
            with contextlib.suppress(OSError):  # another server may have taken it away just now
                dated.append((file.stat().st_mtime_ns, file))
        return [file for _, file in sorted(dated)]

    def _write(self, place: Path, data: bytes) -> None:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=self.folder)  # readable by the user alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _read(self, file: Path) -> Entry | None:
        try:
            entry = _adapter().validate_json(file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            log.info("%s cannot be read: %s", file.name, type(error).__name__)
            return None
        proposal = entry.proposal
        return (
            replace(entry, proposal=replace(proposal, candidate=_timeless(proposal.candidate))) if proposal else entry
        )


@cache
def _adapter() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)


def _timeless(candidate: FileSet) -> FileSet:
    """Without the versions of another session: in this one they would be those of another text."""
    changes = tuple(
        replace(change, before=replace(change.before, version=None)) if change.before else change
        for change in candidate.changes
    )
    return replace(candidate, changes=changes)
