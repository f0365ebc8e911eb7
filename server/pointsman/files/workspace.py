"""One frozen view of a workspace: the open buffers over the disk, read byte-exactly.

A task makes one when it starts and uses nothing else, so that context, patch base, shadow and baseline agree even
while the user goes on typing and saving. A file read once is remembered: the second read cannot differ.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pathspec

from pointsman.errors import Missing, NotText
from pointsman.files import git
from pointsman.files.paths import safe, to_uri
from pointsman.text import Snapshot

READ_LIMIT = 32 << 20
"""Bytes; larger files are no source code."""
WALK_LIMIT = 200_000
"""Files listed by a walk where git does not help."""
_NEVER = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".mypy_cache"})
_BOM = b"\xef\xbb\xbf"


class Workspace:
    """See the module. `root` is an absolute real path; `buffers` are the open documents below it, by path.

    `cut` tells that `paths` did not list all: too many files, and no git that would do it.
    """

    def __init__(self, root: str | Path, buffers: Mapping[str, Snapshot] | None = None) -> None:
        self.root = str(Path(root).resolve())
        self.buffers: Mapping[str, Snapshot] = dict(buffers or {})
        self.cut = False
        self._read: dict[str, Snapshot] = {}
        self._dirty: dict[str, Snapshot] | None = None

    def read(self, path: str) -> Snapshot:
        """The text of a path. Raises Missing, NotText or Unsafe."""
        if path in self.buffers:
            return self.buffers[path]
        if path not in self._read:
            place = safe(self.root, path)
            text, bom = _text(place, path)
            self._read[path] = Snapshot(to_uri(place), None, text, bom)
        return self._read[path]

    def exists(self, path: str) -> bool:
        return path in self.buffers or path in self._read or safe(self.root, path).exists()

    @property
    def dirty(self) -> Mapping[str, Snapshot]:
        """The buffers that differ from the disk when they are first asked for."""
        if self._dirty is None:
            self._dirty = {path: snapshot for path, snapshot in self.buffers.items() if self._differs(path, snapshot)}
        return self._dirty

    def paths(self) -> tuple[str, ...]:
        """Every file that is not ignored, sorted, buffers included. Blocking: git, or a walk."""
        listed = git.files(self.root)
        if listed is None:
            listed = tuple(islice(_walk(Path(self.root)), WALK_LIMIT + 1))
            self.cut = len(listed) > WALK_LIMIT
            listed = listed[:WALK_LIMIT]
        return tuple(sorted({*listed, *self.buffers}))

    def _differs(self, path: str, snapshot: Snapshot) -> bool:
        try:
            return safe(self.root, path).read_bytes() != snapshot.encode()
        except OSError:
            return True


def refuse_odd(path: str, text: str) -> None:
    """Raise NotText for what an editor can show, and what is no source file all the same."""
    if len(text) > READ_LIMIT:
        raise _too_large(path)
    if "\0" in text:
        raise _binary(path)


def _too_large(path: str) -> NotText:
    return NotText(f"{path} is larger than {READ_LIMIT >> 20} MB.", "Pointsman edits source files only.")


def _binary(path: str) -> NotText:
    return NotText(f"{path} is a binary file.", "Pointsman edits text only.")


def _text(place: Path, path: str) -> tuple[str, bool]:
    try:
        if place.stat().st_size > READ_LIMIT:
            raise _too_large(path)
        data = place.read_bytes()
    except FileNotFoundError as error:
        raise Missing(f"There is no file {path} in the workspace.") from error
    except OSError as error:
        raise Missing(f"{path} cannot be read: {error.strerror}.") from error
    if b"\0" in data:
        raise _binary(path)
    try:
        return data.removeprefix(_BOM).decode(), data.startswith(_BOM)
    except UnicodeDecodeError as error:
        raise NotText(f"{path} is not UTF-8 (byte {error.start}).", "Convert it to UTF-8 first.") from error


def _walk(root: Path) -> Iterator[str]:
    """Files below a root that is no git repository, by its .gitignore files, without following links."""
    pending: list[tuple[Path, tuple[tuple[Path, pathspec.GitIgnoreSpec], ...]]] = [(root, ())]
    while pending:
        folder, specs = pending.pop()
        try:
            entries = sorted(folder.iterdir())
            ignore = folder / ".gitignore"
            if ignore in entries:
                lines = ignore.read_text("utf-8", "replace").splitlines()
                specs = (*specs, (folder, pathspec.GitIgnoreSpec.from_lines(lines)))
        except OSError:
            continue
        for entry in entries:
            if entry.is_symlink() or entry.name in _NEVER or _ignored(entry, specs):
                continue
            if entry.is_dir():
                pending.append((entry, specs))
            elif entry.is_file():
                yield entry.relative_to(root).as_posix()


def _ignored(entry: Path, specs: tuple[tuple[Path, pathspec.GitIgnoreSpec], ...]) -> bool:
    """Whether the innermost .gitignore that says anything excludes the entry."""
    slash = "/" if entry.is_dir() else ""
    for folder, spec in reversed(specs):
        include = spec.check_file(entry.relative_to(folder).as_posix() + slash).include
        if include is not None:
            return include
    return False
