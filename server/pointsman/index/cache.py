"""What the index knew when it last looked, kept in the user's cache folder: SQLite and JSON, nothing that runs.

A cache can always be thrown away. Whatever goes wrong with it (a corrupt file, a full disk, a network share without
locks) ends its use for this session and is never an error of the user's.
"""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pointsman.index import rows
from pointsman.index.languages import LANGUAGES, query_text
from pointsman.index.rows import Row, Stamp

_BUSY_SECONDS = 2.0
_TABLE = """
create table if not exists file (
    path text primary key, size integer, mtime_ns integer, digest blob, defined text, used text, imports text,
    symbols blob, lines integer, trouble text
) without rowid
"""


def default_folder() -> Path:
    """Where the caches of all workspaces are."""
    import platformdirs

    return platformdirs.user_cache_path("pointsman") / "index"


@cache
def fingerprint() -> str:
    """Changes with everything that decides what is found in a file: our form, the queries, the grammars."""
    parts = [str(rows.VERSION), _version("tree-sitter")]
    for language in LANGUAGES:
        wheel = (language.module or f"tree_sitter_{language.name}").replace("_", "-")
        parts += [repr(language), query_text(language), _version(wheel)]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


class Cache:
    """The rows of one workspace. Used by one thread at a time; other processes may use the same file."""

    def __init__(self, root: str, folder: Path) -> None:
        name = hashlib.blake2b(root.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        self.file = folder / f"{name}.sqlite3"
        self.trouble = ""

    def load(self) -> Iterator[Row]:
        """Every row that was kept by a version that finds the same."""
        try:
            with contextlib.closing(self._connect()) as connection:
                for record in connection.execute("select * from file order by path"):
                    yield _row(record)
        except (sqlite3.Error, OSError, ValueError, TypeError, AttributeError) as error:
            self._give_up(error)

    def save(self, kept: Iterable[Row], gone: Iterable[str] = ()) -> None:
        """Keep these rows, and forget those files, in one go."""
        if self.trouble:
            return
        try:
            with contextlib.closing(self._connect()) as connection, connection:
                connection.executemany("delete from file where path = ?", [(path,) for path in gone])
                connection.executemany("replace into file values (?,?,?,?,?,?,?,?,?,?)", map(_record, kept))
        except (sqlite3.Error, OSError, ValueError) as error:
            self._give_up(error)

    def clear(self) -> None:
        self._delete()
        self.trouble = ""

    def _connect(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self.file, timeout=_BUSY_SECONDS)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute("create table if not exists made_by (fingerprint text)")
            found = connection.execute("select fingerprint from made_by").fetchall()
            if found != [(fingerprint(),)]:
                with connection:
                    connection.execute("drop table if exists file")
                    connection.execute("delete from made_by")
                    connection.execute("insert into made_by values (?)", (fingerprint(),))
            connection.execute(_TABLE)
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_up(self, error: Exception) -> None:
        """Go on without; a file that is no database is removed, so that the next session has one again."""
        self.trouble = f"the index cache is not used: {error}"
        if not isinstance(error, sqlite3.OperationalError | OSError):
            self._delete()

    def _delete(self) -> None:
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self.file.with_name(self.file.name + ending).unlink(missing_ok=True)


def _record(row: Row) -> tuple[object, ...]:
    return (
        row.path,
        row.stamp.size,
        row.stamp.mtime_ns,
        row.stamp.digest,
        json.dumps(row.defined),
        json.dumps(row.used),
        json.dumps(row.imports),
        row.symbols,
        row.lines,
        row.trouble,
    )


def _row(record: tuple[object, ...]) -> Row:
    path, size, mtime_ns, digest, defined, used, imports, symbols, lines, trouble = record
    names = {str(name): int(count) for name, count in json.loads(str(used)).items()}
    return Row(
        str(path),
        Stamp(int(str(size)), int(str(mtime_ns)), bytes(digest) if isinstance(digest, bytes) else b""),
        tuple(map(str, json.loads(str(defined)))),
        names,
        tuple(map(str, json.loads(str(imports)))),
        symbols if isinstance(symbols, bytes) else b"",
        int(str(lines)),
        str(trouble),
    )
