"""What was spent today: one line for each call, before it and after it, in one file a day that all servers share.

A call is written down with its estimate before it is made, and again with what it cost. So two servers see each other's
calls, and one that died in the middle of a call still counts, by its estimate. Lines are appended whole; nobody
rewrites the file.
"""

import json
import logging
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

log = logging.getLogger(__name__)

KEPT_DAYS = 100


class Spending:
    """In `folder`, or in memory alone."""

    def __init__(self, folder: Path | None = None, today: Callable[[], date] = date.today) -> None:
        self._folder = folder
        self._today = today
        self._here: dict[tuple[date, str], float] = {}

    def note(self, call: str, model: str, dollars: float) -> None:
        """Write a call down, or write it down anew. Blocking, one small write."""
        day = self._today()
        self._here[day, call] = dollars
        if self._folder is None:
            return
        line = json.dumps({"call": call, "model": model, "usd": round(dollars, 9)}) + "\n"
        try:
            self._append(day, line.encode())
        except OSError as error:
            log.warning("What calls cost cannot be written down for other servers: %s", error)

    def today(self) -> float:
        """US dollars spent today, calls that are under way by their estimates."""
        day = self._today()
        calls = {call: dollars for (when, call), dollars in self._here.items() if when == day}
        return sum((self._read(day) | calls).values())

    def _append(self, day: date, line: bytes) -> None:
        assert self._folder is not None  # noqa: S101 - the caller looked
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._file(day)
        if not file.exists():
            for old in sorted(self._folder.glob("*.jsonl"))[:-KEPT_DAYS]:
                old.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)  # one write: lines of two servers do not mix
        finally:
            os.close(descriptor)

    def _read(self, day: date) -> dict[str, float]:
        found: dict[str, float] = {}
        try:
            lines = self._file(day).read_bytes().splitlines() if self._folder else []
        except OSError:
            return {}
        for line in lines:
            try:
                row = json.loads(line)
                found[str(row["call"])] = max(0.0, float(row["usd"]))
            except (ValueError, TypeError, KeyError):
                continue  # a line that somebody else broke says nothing
        return found

    def _file(self, day: date) -> Path:
        return (self._folder or Path()) / f"{day.isoformat()}.jsonl"
