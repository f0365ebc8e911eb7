"""The index of one workspace: open buffers followed at each keystroke, the files on the disk in the background.

Buffers belong to the event loop. The catalogue of the disk's files is filled by a thread that drives worker processes,
and may be asked from anywhere. What an open buffer says goes before what the disk says.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from heapq import nsmallest
from pathlib import Path
from threading import Event, Lock

from pointsman.errors import WorkspaceError
from pointsman.files import git
from pointsman.files.workspace import Workspace
from pointsman.index import shelf, tests_of, workers
from pointsman.index.anchor import Base, base
from pointsman.index.catalogue import Catalogue
from pointsman.index.disk import Disk, Status
from pointsman.index.document import Document
from pointsman.index.history import History, history
from pointsman.index.overview import Overview
from pointsman.index.postings import key
from pointsman.index.shelf import Shelf
from pointsman.index.symbols import Symbol
from pointsman.text import Edit, Snapshot

_OPEN_LIMIT = 60_000
"""Characters of a buffer above which it is parsed beside the event loop."""
_PAUSE_SECONDS = 0.15
_COMMITTED = 32
"""Committed texts kept ready."""


class Index:
    """See the module. `root` is the workspace's; `cache` the folder in which it is remembered, None for not at all."""

    def __init__(self, root: str | Path, cache: Path | None = None) -> None:
        self.root = str(Path(root).resolve())
        self._disk = Disk(self.root, cache)
        self._history = History()
        self._recalling = Lock()
        self._documents: dict[str, Document] = {}
        self._settling: dict[str, asyncio.Task[None]] = {}
        self._committed = lru_cache(_COMMITTED)(partial(_committed, self.root))
        self._base_of = lru_cache(_COMMITTED)(base)
        self._scan: asyncio.Lock | None = None
        self._moves = 0

    @property
    def state(self) -> tuple[object, ...]:
        """Equal to an earlier one as long as every answer is the same as then, but for closed files on the disk."""
        return self._moves, self.catalogue, self.catalogue.generation, self._disk.head, self.overview

    # --- open buffers -----------------------------------------------------------------------------------------------

    def open(self, path: str, snapshot: Snapshot) -> None:
        self._moves += 1
        document = Document.open(path, snapshot, _OPEN_LIMIT)
        if document is not None:
            self._documents[path] = document
            self._settle_later(document)

    def change(self, path: str, snapshot: Snapshot, edits: Sequence[Edit]) -> None:
        document = self._documents.get(path)
        if document is not None:
            self._moves += 1
            document.change(snapshot, edits)
            self._settle_later(document)

    def close(self, path: str) -> None:
        self._moves += 1
        self._documents.pop(path, None)

    def is_open(self, path: str) -> bool:
        return path in self._documents

    def refresh(self, path: str) -> None:
        """Parse a buffer anew, on save and when typing pauses."""
        document = self._documents.get(path)
        if document is not None:
            document.stale = True
            self._settle_later(document)

    def _settle_later(self, document: Document) -> None:
        """Bring a buffer that could not be followed at once up to date, beside the event loop where there is one."""
        if not document.stale:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            document.refresh()
            self._moves += 1
            return
        task = self._settling.get(document.path)
        if task is None or task.done():
            self._settling[document.path] = loop.create_task(self._catch_up(document))

    async def _catch_up(self, document: Document) -> None:
        """When typing pauses; of a text that was not read at all, as soon as can be."""
        while document.stale:
            before = document.snapshot
            await asyncio.sleep(_PAUSE_SECONDS)
            if document.snapshot is before or not document.ready:
                await document.settle()
        self._moves += 1

    # --- the disk ---------------------------------------------------------------------------------------------------

    async def scan(self, workspace: Workspace) -> None:
        """Bring the catalogue up to date with the disk. Cancel it to stop it; what is done stays."""
        self._scan = self._scan or asyncio.Lock()
        async with self._scan:
            stop = Event()
            work = asyncio.ensure_future(asyncio.to_thread(self._scan_all, workspace, stop))
            try:
                await asyncio.shield(work)
            finally:
                stop.set()
                if not work.done():
                    await asyncio.wait([work])

    def _scan_all(self, workspace: Workspace, stop: Event) -> None:
        self.scan_now(workspace, stop)
        if not stop.is_set():
            _ = self.history  # so that the first map need not wait for it

    def scan_now(
        self, workspace: Workspace, stop: Event | None = None, tell: Callable[[int, int], None] | None = None
    ) -> None:
        """The same, blocking: for commands, which have nothing else to do. `tell` hears how many files are done."""
        self._disk.scan(workspace, stop or Event(), tell)

    def load(self) -> None:
        """Start from what was known in an earlier session; what is out of date in it is read again."""
        self._disk.load()

    @property
    def catalogue(self) -> Catalogue:
        return self._disk.catalogue

    @property
    def overview(self) -> Overview:
        return self._disk.overview

    def status(self) -> Status:
        return self._disk.status()

    @property
    def progress(self) -> str:
        """How far a scan is. Unlike `status` it looks at no file, and never waits for the scan."""
        return self._disk.progress

    def forget_cache(self) -> None:
        """Throw away what is remembered of earlier sessions."""
        if self._disk.cache is not None:
            self._disk.cache.clear()

    @property
    def cache_file(self) -> str:
        return str(self._disk.cache.file) if self._disk.cache else ""

    @property
    def cache_trouble(self) -> str:
        """Why nothing is remembered; empty if all is well."""
        return self._disk.cache.trouble if self._disk.cache else ""

    # --- questions --------------------------------------------------------------------------------------------------

    def symbols(self, path: str) -> tuple[Symbol, ...]:
        """The definitions in a file, in its order."""
        document = self._documents.get(path)
        return document.symbols if document and document.ready else self.catalogue.symbols(path)

    def shelf(self, path: str) -> Shelf:
        """The same as they are weighed."""
        document = self._documents.get(path)
        return Shelf(shelf.pack(document.symbols)) if document and document.ready else self.catalogue.shelf(path)

    def symbol(self, path: str, place: int, name: int) -> Symbol | None:
        """The definition at a place of the shelf; None if another name (told by its key) stands there by now."""
        document = self._documents.get(path)
        if document and document.ready:
            found = document.symbols[place] if place < len(document.symbols) else None
        else:
            found = self.catalogue.symbol(path, place)
        return found if found and key(found.name) == name else None

    def named(self, path: str, names: Mapping[str, object]) -> tuple[Symbol, ...]:
        """The definitions of some names in a file."""
        document = self._documents.get(path)
        if document and document.ready:
            return tuple(symbol for symbol in document.symbols if symbol.name in names)
        return self.catalogue.named(path, names) if names else ()

    def enclosing(self, path: str, offset: int) -> Symbol | None:
        """The innermost definition around an offset."""
        document = self._documents.get(path)
        symbols = document.around(offset) if document and document.ready else self.symbols(path)
        around = [symbol for symbol in symbols if symbol.start <= offset <= symbol.end]
        return min(around, key=lambda symbol: symbol.end - symbol.start, default=None)

    def definitions(self, name: str) -> tuple[Symbol, ...]:
        """Every definition of a name, by path and line."""
        paths = {entry.path for entry in self.catalogue.definers(key(name))} | set(self._documents)
        return tuple(symbol for path in sorted(paths) for symbol in self.named(path, {name: None}))

    def search(self, query: str, limit: int) -> tuple[Symbol, ...]:
        """Definitions whose name holds `query` in any case, those it begins first. Blocking: it looks everywhere."""
        wanted = query.casefold()
        paths = self._disk.cache.mentioning(query) if self._disk.cache else None
        known = (entry.path for entry in self.catalogue.entries()) if paths is None else paths
        found = (s for path in {*known, *self._documents} for s in self.symbols(path) if wanted in s.name.casefold())
        return tuple(nsmallest(limit, found, key=lambda s: (not s.name.casefold().startswith(wanted), len(s.name), s)))

    def references(self, name: str) -> tuple[str, ...]:
        """The files that use a name, as they are on the disk."""
        return tuple(sorted(entry.path for entry in self.catalogue.users(key(name))))

    def tests_for(self, path: str) -> tuple[str, ...]:
        """The test files that cover a file, the most likely first."""
        return tests_of.tests_for(self.catalogue, path)

    def imported(self, path: str) -> tuple[str, ...]:
        """The files of the workspace that a file imports, as it is on the disk."""
        return self.catalogue.imported(path)

    def importers(self, path: str, among: Iterable[str]) -> tuple[str, ...]:
        """Those of some files that import one, as they are on the disk."""
        return self.catalogue.importers(path, [entry for name in among if (entry := self.catalogue.get(name))])

    @property
    def history(self) -> History:
        """What changed together before the commit of the latest scan. Blocking when first asked for after one."""
        with self._recalling:
            if self._history.head != self._disk.head:
                self._history = history(self.root, self._disk.head, self._disk.cache)
            return self._history

    def together(self, path: str) -> Mapping[str, float]:
        """The files that changed in the same commits as this one, from 0 to 1."""
        return self.history.together(path)

    def committed(self, path: str) -> str | None:
        """The text of a file as of the last commit known; None if it is not in it. Blocking when first asked."""
        return self._committed(self._disk.head, path, self.history.blobs.get(path))

    def base(self, path: str) -> Base | None:
        """The same with what is found in it; None also where that is what the catalogue knows of the file."""
        text = self.committed(path)
        entry = self.catalogue.get(path)
        if text is None or (entry and entry.stamp.digest == workers.digest(text.encode("utf-8", "surrogatepass"))):
            return None
        return self._base_of(path, text)

    def text(self, path: str) -> str:
        """The text of a file as the user sees it; empty if it cannot be read."""
        document = self._documents.get(path)
        if document is not None:
            return document.snapshot.text
        try:
            return Workspace(self.root).read(path).text
        except WorkspaceError:
            return ""


def _committed(root: str, head: str, path: str, blob: str | None) -> str | None:
    """`blob` is the id of the text, if known: mostly that of the file on the disk, and no process need be asked."""
    data = workers.content(root, path) if blob else None
    if blob and data is not None and git.is_blob(blob, data):
        text: str | None = data.decode("utf-8", "surrogateescape")
    else:
        text = git.committed(root, path) if head else None
    return text.replace("\r\n", "\n") if text is not None else None
