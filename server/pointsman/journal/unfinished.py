"""What is being done now, kept on disk, so that the next server can tell of what died with the last one.

A task is here as long as nothing came of it: whoever finds it left behind knows that nothing was changed.
"""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """`folder` is None where nothing is to be kept on disk."""

    folder: Path | None = None

    def begin(self, task: str, root: str, title: str) -> None:
        if self.folder is None:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._place(task).write_text(json.dumps({"server": os.getpid(), "root": root, "title": title}))
        except OSError as error:
            log.warning("%s is not kept: %s", task, error)

    def end(self, task: str) -> None:
        if self.folder is not None:
            self._place(task).unlink(missing_ok=True)

    def left(self, root: str) -> Sequence[str]:
        """The titles of those in a root whose server has gone; they are told of once. Blocking."""
        titles = []
        for place in self.folder.glob("*.json") if self.folder else ():
            try:
                kept = json.loads(place.read_text())
                if kept["root"] == root and not _runs(kept["server"]):
                    place.unlink()  # of two servers that look, one tells of it
                    titles.append(str(kept["title"]))
            except (OSError, ValueError, TypeError, KeyError) as error:
                log.info("%s cannot be read: %s", place.name, type(error).__name__)
        return titles

    def _place(self, task: str) -> Path:
        return Path(self.folder or "", f"{task}.json")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True
