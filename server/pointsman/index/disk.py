"""The files of one workspace as they were last read, and what an earlier session remembered of them.

A scan looks at how each file looks, has those that changed read by worker processes, and keeps what it learned.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from pointsman.files import git
from pointsman.files.workspace import WALK_LIMIT, Workspace
from pointsman.index import languages, workers
from pointsman.index.cache import Cache
from pointsman.index.catalogue import Catalogue
from pointsman.index.overview import Line, Overview, overview
from pointsman.index.parsing import SIZE_LIMIT
from pointsman.index.rows import Rest, Row
from pointsman.text import HALF

FILE_LIMIT = 60_000
"""Files of known languages that are indexed; `status` tells how many more there are."""
WORKERS = 2
_BATCH = 500
"""Rows kept in the cache at a time: what a cancelled scan loses at most."""
_FEW = 6
_FEW_BYTES = 200_000
_UNSETTLED_SHARE = 20
"""A part of the files; when more changed since the postings were kept, they are kept again."""


@dataclass(frozen=True, slots=True)
class Status:
    """How far the index is. `skipped` are files with the reason they say nothing.

    `left_out` counts the files over the limit; with `cut` there are others that were not even counted.
    """

    files: int
    symbols: int
    scanning: bool
    done: int
    total: int
    left_out: int
    skipped: tuple[tuple[str, str], ...]
    cut: bool = False

    @property
    def line(self) -> str:
        if self.scanning:
            return _counted(self.done, self.total)
        more = f", {self.left_out} more files are over the limit" if self.left_out else ""
        more += f", files after the first {WALK_LIMIT} of the folder are left out" if self.cut else ""
        bad = f", {len(self.skipped)} skipped" if self.skipped else ""
        return f"{self.files} files, {self.symbols} names{more}{bad}"


class Disk:
    """See the module. `head` is the commit of the latest scan, `cache` what is remembered, None for nothing."""

    def __init__(self, root: str, cache: Path | None) -> None:
        self.root = root
        self.cache = Cache(root, cache) if cache else None
        self.catalogue = Catalogue(self._fetch)
        self.overview = Overview()
        self.head = ""
        self._loaded = False
        self._unsettled = 0
        self._settled = False
        self._scanning = False
        self._progress = (0, 0, 0)
        self._cut = False
        self._unnamed: tuple[str, ...] = ()

    def scan(self, workspace: Workspace, stop: Event, tell: Callable[[int, int], None] | None) -> None:
        """Bring the catalogue up to date. Blocking; what is done by `stop` stays. `tell` hears how many files are."""
        self._scanning = True
        try:
            self.load()
            before = self.catalogue.generation
            found = [path for path in workspace.paths() if languages.of(path)]
            odd = frozenset(filter(HALF.search, found))
            known = [path for path in found if path not in odd]
            self._unnamed = tuple(sorted(odd))
            self._cut = workspace.cut
            gone = self._forget(set(known[:FILE_LIMIT]))
            stale = self._stale(known[:FILE_LIMIT])
            self._progress = (0, len(stale), max(0, len(known) - FILE_LIMIT))
            fresh: list[Row] = []
            for done, (path, row) in enumerate(self._read(stale, stop), 1):
                fresh += self._take(path, row)
                self._progress = (done, len(stale), self._progress[2])
                if tell:
                    tell(done, len(stale))
                if len(fresh) == _BATCH:
                    self._keep(fresh, ())
                    fresh = []
            self._keep(fresh, gone)
            self.head = git.head(self.root)
            if self.catalogue.generation != before or not self.overview.lines:
                self.overview = overview(self.catalogue, self.overview)
            self._settle()
        finally:
            self._scanning = False

    def load(self) -> None:
        """Start from what was known in an earlier session; what is out of date in it is read again."""
        if self.cache is not None and not self._loaded:
            self._loaded = True
            rest = self.cache.load()
            try:
                self.catalogue.wake(rest)
            except (TypeError, ValueError) as error:  # not what we wrote
                self.catalogue, rest = Catalogue(self._fetch), Rest()
                self.cache.give_up(error)
            self._unsettled = len(rest.loose)
            self._settled = not rest.gone and rest.lines is not None
            self.overview = Overview(tuple(Line(*line) for line in rest.lines or ()))

    def _keep(self, fresh: list[Row], gone: Sequence[str]) -> None:
        if self.cache is not None and (fresh or gone) and self.cache.save(fresh, gone):
            self.catalogue.release(row.path for row in fresh)
            self._unsettled += len(fresh) + len(gone)
            self._settled = False

    def _settle(self) -> None:
        """Spare the next start the sorting, where that is much by now."""
        if self.cache is None or self._settled:
            return
        self._settled = True
        lines = [(line.text, line.path, line.symbol) for line in self.overview.lines]
        if self._unsettled <= max(_FEW, len(self.catalogue) // _UNSETTLED_SHARE):
            self.cache.settle(None, (), lines)
        else:
            entries, runs = self.catalogue.rest()
            self.cache.settle({path: entry.number for path, entry in entries.items()}, runs, lines)
            self._unsettled = 0

    def _fetch(self, path: str) -> Row | None:
        """The facts of a file, from the cache or from the file itself."""
        return (self.cache and self.cache.fetch(path)) or workers.read(self.root, path)

    def _stale(self, paths: Iterable[str]) -> dict[str, int]:
        """The files that do not look as they did, with their sizes."""
        stale = {}
        for path in paths:
            try:
                status = os.lstat(f"{self.root}/{path}")
            except OSError:
                self.catalogue.remove(path)
                continue
            entry = self.catalogue.get(path)
            looks = entry and (entry.stamp.size, entry.stamp.mtime_ns)
            if not stat.S_ISREG(status.st_mode):
                self.catalogue.remove(path)
            elif looks != (status.st_size, status.st_mtime_ns):
                stale[path] = status.st_size
        return stale

    def _read(self, stale: dict[str, int], stop: Event) -> Iterator[tuple[str, Row | None]]:
        if not stale:
            return
        if not workers.usable() or (len(stale) <= _FEW and sum(stale.values()) <= _FEW_BYTES):
            for path in stale:
                if stop.is_set():
                    return
                yield path, workers.read(self.root, path)
        else:
            crew = max(1, min(WORKERS, os.cpu_count() or 1, sum(stale.values()) // SIZE_LIMIT + 1))
            yield from workers.read_all(self.root, stale, crew, stop)

    def _take(self, path: str, row: Row | None) -> Iterator[Row]:
        """Put a file that was read into the catalogue; yields what is to be kept of it."""
        entry = self.catalogue.get(path)
        if row is None:
            self.catalogue.remove(path)
            return
        if not row.stamp.digest:  # it could not be read: tried again in the next session at the latest
            if entry is None or entry.trouble != row.trouble:
                self.catalogue.put(row)
            return
        if entry is None or entry.stamp.digest != row.stamp.digest or not entry.stamp.digest:
            before = self.catalogue.row(path) if row.state else None
            row = row.standing(before) if before else row
            self.catalogue.put(row)
        else:
            self.catalogue.touch(path, row.stamp)
            row = ((row.state and self.catalogue.row(path)) or row)._replace(stamp=row.stamp)
        yield row

    def _forget(self, present: set[str]) -> list[str]:
        gone = [entry.path for entry in self.catalogue.entries() if entry.path not in present]
        for path in gone:
            self.catalogue.remove(path)
        return gone

    @property
    def progress(self) -> str:
        """How far a scan is. Unlike `status` it looks at no file, and never waits for the scan."""
        return _counted(*self._progress[:2])

    def status(self) -> Status:
        skipped = tuple((entry.path, entry.trouble) for entry in self.catalogue.entries() if entry.trouble)
        skipped += tuple((path, "its name is not UTF-8") for path in self._unnamed)
        done, total, left_out = self._progress
        names = sum(entry.names for entry in self.catalogue.entries())
        return Status(len(self.catalogue), names, self._scanning, done, total, left_out, skipped, self._cut)


def _counted(done: int, total: int) -> str:
    return f"Indexing: {done} of {total} files"
