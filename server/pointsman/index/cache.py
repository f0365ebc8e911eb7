"""What the index knew when it last looked, kept in the user's cache folder: SQLite and JSON, nothing that runs.

What a start needs lies apart from what is fetched file by file later. A cache can always be thrown away. Whatever goes
wrong with it (a corrupt file, a full disk, a network share without locks) ends its use for this session and is never an
error of the user's.
"""

import contextlib
import hashlib
import json
import re
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from pointsman.index import rows
from pointsman.index.languages import LANGUAGES, query_text
from pointsman.index.rows import Known, Rest, Row, Stamp

T = TypeVar("T")
_BUSY_SECONDS = 2.0
_TABLES = """
create table if not exists file (
    path text primary key, size integer, mtime_ns integer, digest blob, number integer, names integer, entry integer,
    state integer, trouble text, shelf blob
) without rowid;
create table if not exists facts (
    path text primary key, digest blob, defined blob, used blob, notable blob, imports text, symbols blob, stood blob
);
create table if not exists postings (part integer, run blob);
create table if not exists kept (name text primary key, value text);
"""
_FACTS = """
select file.path, size, mtime_ns, facts.digest, defined, used, notable, imports, symbols, entry, state, stood, trouble,
    shelf
from file join facts using (path)
"""
_ERRORS = (sqlite3.Error, OSError, ValueError, TypeError, AttributeError)


def default_folder() -> Path:
    """Where the caches of all workspaces are."""
    import platformdirs

    return platformdirs.user_cache_path("pointsman") / "index"


@cache
def fingerprint() -> str:
    """Changes with everything that decides what is found in a file: our form, the queries, the grammars."""
    parts = [str(rows.VERSION), *_wheels()]
    for language in LANGUAGES:
        parts += [repr(language), query_text(language)]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _wheels() -> list[str]:
    """tree-sitter and the grammars with their versions, by the names of their folders: quicker than by asking each."""
    spec = find_spec("tree_sitter")
    places = [Path(place).parent for place in (spec.submodule_search_locations if spec else None) or ()]
    named = sorted(found.name for place in places for found in place.glob("tree_sitter*.dist-info"))
    return named or [_version(language.module or f"tree_sitter_{language.name}") for language in LANGUAGES]


def _version(module: str) -> str:
    try:
        return version(module.replace("_", "-"))
    except PackageNotFoundError:
        return ""


class Cache:
    """The rows of one workspace. For any thread; other processes may use the same file."""

    def __init__(self, root: str, folder: Path) -> None:
        name = hashlib.blake2b(root.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        self.file = folder / f"{name}.sqlite3"
        self.trouble = ""
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._edition = -1

    # --- reading ----------------------------------------------------------------------------------------------------

    def load(self) -> Rest:
        """What a version that finds the same knew."""
        return self._ask(self._load, Rest())

    def _load(self, connection: sqlite3.Connection) -> Rest:
        connection.execute("begin")
        self._edition = _edition(connection)
        known = [
            Known(path, Stamp(size, mtime_ns, digest), *others)
            for path, size, mtime_ns, digest, *others in connection.execute(
                "select path, size, mtime_ns, digest, number, names, entry, state, trouble, shelf from file "
                "where number >= 0"
            )
        ]
        loose = [_row(record) for record in connection.execute(_FACTS + "where number < 0 order by path")]
        runs: tuple[list[bytes], ...] = [], []
        for part, run in connection.execute("select part, run from postings order by rowid"):
            runs[part].append(run)
        numbered = self._kept(connection, "numbered")
        lines = self._kept(connection, "overview")
        connection.execute("rollback")
        files, size = numbered or (0, 0)
        if len(known) > files or sum(len(run) for part in runs for run in part) != size:
            raise ValueError("its parts do not go together")
        return Rest(known, runs, len(known) < files, loose, lines)

    def fetch(self, path: str) -> Row | None:
        """The facts of one file; None if they are not here."""
        return self._ask(lambda connection: self._fetch(connection, path), None)

    def _fetch(self, connection: sqlite3.Connection, path: str) -> Row | None:
        found = connection.execute(_FACTS + "where file.path = ?", (path,)).fetchone()
        return _row(found) if found else None

    def mentioning(self, text: str) -> list[str] | None:
        """The files whose symbols have a text somewhere in them, in any case; None if that cannot be told."""
        pattern = "%" + re.sub(r"([%_\\])", r"\\\1", json.dumps(text, ensure_ascii=False)[1:-1]) + "%"
        if not text.isascii():  # only ASCII is compared without case
            return None
        query = r"select path from facts where cast(symbols as text) like ? escape '\'"
        return self._ask(lambda connection: [path for (path,) in connection.execute(query, (pattern,))], None)

    def recall(self, name: str) -> Any:
        """A value that was kept by its name; None if there is none."""
        return self._ask(lambda connection: self._kept(connection, name), None)

    def _kept(self, connection: sqlite3.Connection, name: str) -> Any:
        found = connection.execute("select value from kept where name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else None

    # --- writing ----------------------------------------------------------------------------------------------------

    def save(self, kept: Iterable[Row], gone: Iterable[str] = ()) -> bool:
        """Keep these rows, and forget those files, in one go. Tells whether it worked."""
        return self._ask(lambda connection: self._save(connection, kept, gone), otherwise=False)

    def _save(self, connection: sqlite3.Connection, kept: Iterable[Row], gone: Iterable[str]) -> bool:
        with _transaction(connection):
            _refuse_others(connection)
            self._advance(connection)
            for table in ("file", "facts"):
                connection.executemany(f"delete from {table} where path = ?", [(path,) for path in gone])  # noqa: S608
            kept = tuple(kept)
            connection.executemany("replace into file values (?,?,?,?,-1,?,?,?,?,?)", map(_known, kept))
            connection.executemany("replace into facts values (?,?,?,?,?,?,?,?)", map(_facts, kept))
            connection.execute("delete from kept where name = 'overview'")
        return True

    def settle(
        self, numbers: Mapping[str, int] | None, runs: Sequence[Sequence[bytes]], lines: Sequence[Sequence[Any]]
    ) -> None:
        """Keep what spares the next start its work: the postings and the files' numbers in them, if any, the overview.

        Not where another process has saved rows that we do not know: the two would not go together.
        """
        self._ask(lambda connection: self._settle(connection, numbers, runs, lines), None)

    def _settle(
        self,
        connection: sqlite3.Connection,
        numbers: Mapping[str, int] | None,
        runs: Sequence[Sequence[bytes]],
        lines: Sequence[Sequence[Any]],
    ) -> None:
        with _transaction(connection):
            _refuse_others(connection)
            if _edition(connection) != self._edition:
                return
            _keep(connection, "overview", lines)
            if numbers is not None:
                connection.execute("delete from postings")
                parts = [(part, run) for part, several in enumerate(runs) for run in several]
                connection.executemany("insert into postings values (?,?)", parts)
                connection.executemany(
                    "update file set number = ? where path = ?", [(number, path) for path, number in numbers.items()]
                )
                _keep(connection, "numbered", (len(numbers), sum(len(run) for _, run in parts)))

    def keep(self, name: str, value: object) -> None:
        """Keep a value that can be JSON by a name."""
        self._ask(lambda connection: _keep(connection, name, value), None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._delete()
            self.trouble = ""

    # --- the file ---------------------------------------------------------------------------------------------------

    def _ask(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        with self._lock:
            if self.trouble:
                return otherwise
            try:
                self._connection = self._connection or self._connect()
                return work(self._connection)
            except _ERRORS as error:
                self.give_up(error)
                return otherwise

    def _advance(self, connection: sqlite3.Connection) -> None:
        """Count a change of the rows; ours follow on what we know only if nobody else made one."""
        edition = _edition(connection)
        connection.execute(f"pragma user_version = {(edition + 1) % (1 << 31)}")
        self._edition = edition + 1 if edition == self._edition else -1

    def _connect(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self.file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            with contextlib.suppress(sqlite3.OperationalError):  # another is just doing it
                connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute("create table if not exists made_by (fingerprint text)")
            if not _ours(connection):
                _make_anew(connection)
        except BaseException:
            connection.close()
            raise
        weakref.finalize(self, connection.close)
        return connection

    def give_up(self, error: Exception) -> None:
        """Go on without; a file that is no database is removed, so that the next session has one again."""
        self.trouble = f"the index cache is not used: {error}"
        passing = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR
        if not passing and not isinstance(error, OSError):
            self._delete()
        self._close()

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _delete(self) -> None:
        self._close()
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self.file.with_name(self.file.name + ending).unlink(missing_ok=True)


def _ours(connection: sqlite3.Connection) -> bool:
    return connection.execute("select fingerprint from made_by").fetchall() == [(fingerprint(),)]


def _refuse_others(connection: sqlite3.Connection) -> None:
    """Another version, as after an update, may have made it its own since we opened it: our rows are none of its."""
    if not _ours(connection):
        raise BlockingIOError("another version of Pointsman uses it")


def _make_anew(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        for table in ("file", "facts", "postings", "kept", "made_by"):
            connection.execute(f"drop table if exists {table}")
        connection.execute("create table made_by (fingerprint text)")
        connection.execute("insert into made_by values (?)", (fingerprint(),))
        for statement in _TABLES.split(";"):
            connection.execute(statement)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _edition(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def _keep(connection: sqlite3.Connection, name: str, value: object) -> None:
    connection.execute("replace into kept values (?,?)", (name, json.dumps(value)))


def _known(row: Row) -> tuple[object, ...]:
    return row.path, *row.stamp, row.names, row.entry, row.state, row.trouble, row.shelf


def _facts(row: Row) -> tuple[object, ...]:
    imports = json.dumps(row.imports)
    return row.path, row.stamp.digest, row.defined, row.used, row.notable, imports, row.symbols, row.stood


def _row(record: Sequence[Any]) -> Row:
    path, size, mtime_ns, digest, defined, used, notable, imports, symbols, entry, state, stood, trouble, shelf = record
    if not all(isinstance(value, bytes) for value in (digest, defined, used, notable, symbols, stood, shelf)):
        raise ValueError("a row that nobody wrote")
    return Row(
        path,
        Stamp(size, mtime_ns, digest),
        defined,
        used,
        notable,
        tuple(json.loads(imports)),
        symbols,
        bool(entry),
        state,
        stood,
        trouble,
        shelf,
    )
