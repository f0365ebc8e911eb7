"""Worker processes that read and parse files, and can be killed.

Parsing holds the interpreter's lock, so threads would stall the editor; and a hostile file can keep a query busy for
ages without any way to stop it, so whatever works on such a file must be expendable. A worker is handed one file after
another and answers each; when it falls silent it is killed and the file is noted as trouble.
"""

import contextlib
import hashlib
import multiprocessing
import os
import signal
import stat
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event

from pointsman.files.paths import refusal
from pointsman.index import languages
from pointsman.index.parsing import SIZE_LIMIT
from pointsman.index.rows import Row, Stamp, row
from pointsman.index.symbols import Facts, extract

SILENCE_SECONDS = 10.0
"""How long one file may take before its worker is killed."""
_SETTLED_NS = 20_000_000
_AHEAD = 8
"""Files a worker has in hand, so that it need not wait for the next."""
_TICK_SECONDS = 0.2
_NICE = 5
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDERS = 2_000
_looked: dict[tuple[str, str], float] = {}
"""Folders, and when they were found to be no links."""


def read(root: str, path: str) -> Row | None:
    """The row of a file as it is on the disk; None if it cannot be read."""
    try:
        status, data = _content(root, path)
    except PermissionError:
        return row(path, Stamp(-1, 0), Facts(trouble="may not be read"))
    except OSError:
        return None
    # A file written this moment may be written again without its time changing: look at it again next time.
    settled = abs(time.time_ns() - status.st_mtime_ns) > _SETTLED_NS
    return row(path, Stamp(status.st_size, status.st_mtime_ns if settled else -1, digest(data)), extract(path, data))


def content(root: str, path: str) -> bytes | None:
    """What a file holds, or the begin of it where it is too large to be indexed; None if it cannot be read."""
    try:
        return _content(root, path)[1]
    except OSError:
        return None


def digest(data: bytes) -> bytes:
    """What tells one content from another."""
    return hashlib.blake2b(data, digest_size=16).digest()


def _content(root: str, path: str) -> tuple[os.stat_result, bytes]:
    """A regular file below the root, no link anywhere on the way to it: what `paths.safe` sees to, but quicker."""
    folder, _, _ = path.rpartition("/")
    if refusal(path) or not _straight(root, folder):
        raise FileNotFoundError(path)
    handle = os.open(f"{root}/{path}", _FLAGS)
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise FileNotFoundError(path)
        return status, file.read(min(status.st_size, SIZE_LIMIT) + 1)


def _straight(root: str, folder: str) -> bool:
    """Whether no part of the way to a folder is a link; asked again after a second, since files come by folders."""
    if time.monotonic() - _looked.get((root, folder), -1.0) > 1.0:
        real = os.path.realpath(f"{root}/{folder}")
        if os.path.normcase(real) != os.path.normcase(os.path.normpath(f"{os.path.realpath(root)}/{folder}")):
            return False
        if len(_looked) > _FOLDERS:
            _looked.clear()
        _looked[root, folder] = time.monotonic()
    return True


def _serve(connection: Connection, root: str) -> None:
    """A worker's life. It leaves the terminal's and the editor's streams alone, and lets others go first."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
    with contextlib.suppress(EOFError, OSError):
        while (path := connection.recv()) is not None:
            try:
                answer = read(root, path)
            except Exception as error:  # noqa: BLE001 - one file must not end the worker; it becomes its trouble
                answer = row(path, Stamp(-1, 0), Facts(trouble=f"{type(error).__name__} while indexing"))
            connection.send((path, answer))


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    source: Iterator[str]
    pending: list[str] = field(default_factory=list)
    heard: float = field(default_factory=time.monotonic)

    @property
    def lost(self) -> bool:
        return not self.process.is_alive() or time.monotonic() - self.heard > SILENCE_SECONDS


def read_all(root: str, paths: Iterable[str], workers: int, stop: Event) -> Iterator[tuple[str, Row | None]]:
    """Read many files by so many processes, in no certain order. Blocking; ends early when `stop` is set."""
    crew = [_hire(root, source) for source in _sources(paths, workers)]
    try:
        for worker in crew:
            _hand(worker, _AHEAD)
        while not stop.is_set() and any(worker.pending for worker in crew):
            yield from _collect(crew)
            for position, worker in enumerate(crew):
                if worker.pending and worker.lost:
                    yield from _bury(worker, root)
                    crew[position] = _hire(root, chain(worker.pending, worker.source))
                    _hand(crew[position], _AHEAD)
    finally:
        for worker in crew:
            _dismiss(worker)


def _sources(paths: Iterable[str], workers: int) -> list[Iterator[str]]:
    """The files for each worker: all of them take from what is left, every other one from the other end.

    By language, since a worker that meets one makes its grammar ready first, and that takes as long as many files do.
    """
    left = deque(sorted(paths, key=_language))

    def taken(take: Callable[[], str]) -> Iterator[str]:
        while left:
            yield take()

    return [taken(left.pop if position % 2 else left.popleft) for position in range(workers)]


def _language(path: str) -> str:
    language = languages.of(path)
    return language.name if language else ""


def _hire(root: str, source: Iterator[str]) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, root), daemon=True, name="pointsman-index")
    process.start()
    theirs.close()
    return _Worker(process, ours, source)


def _hand(worker: _Worker, count: int) -> None:
    for path in islice(worker.source, count):
        worker.pending.append(path)
        with contextlib.suppress(OSError):
            worker.connection.send(path)


def _collect(crew: list[_Worker]) -> Iterator[tuple[str, Row | None]]:
    ready = wait([worker.connection for worker in crew if worker.pending], timeout=_TICK_SECONDS)
    for worker in crew:
        if worker.connection not in ready:
            continue
        worker.heard = time.monotonic()
        with contextlib.suppress(EOFError, OSError):
            path, answer = worker.connection.recv()
            worker.pending.remove(path)
            _hand(worker, 1)
            yield path, answer


def _bury(worker: _Worker, root: str) -> Iterator[tuple[str, Row | None]]:
    """The file a dead or silent worker had in hand is trouble until it changes; the others go to its successor."""
    path = worker.pending.pop(0)
    _dismiss(worker)
    stamp = Stamp(-1, 0)
    with contextlib.suppress(OSError):
        status = os.lstat(f"{root}/{path}")
        stamp = Stamp(status.st_size, status.st_mtime_ns)
    yield path, row(path, stamp, Facts(trouble="indexing took too long, or ended the process"))


def _dismiss(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join(timeout=5)
    worker.connection.close()


def usable() -> bool:
    """Whether worker processes can be started from here: not from a program read from standard input."""
    main = sys.modules.get("__main__")
    return getattr(main, "__spec__", None) is not None or Path(getattr(main, "__file__", "") or "").is_file()
