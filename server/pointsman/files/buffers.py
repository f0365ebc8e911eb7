"""The open documents, as the editor tells them: the newest snapshot of each, and the edits that led there.

This is the only state that follows the user's typing. It lives on the event loop and is never read by a task, which
gets its own frozen `Workspace`; a task comes back here only to carry its edit over what was typed meanwhile.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pointsman.files.halves import whole_characters
from pointsman.files.paths import from_uri, relative
from pointsman.text import Edit, Encoding, Position, Snapshot, Span

Change = tuple[tuple[Position, Position] | None, str]
"""A range and its new text, as LSP sends it; without a range the text is the whole new document."""

LOG_LIMIT = 2_000
"""Edits kept for each document: far more than anyone types while a task runs."""


@dataclass(slots=True)
class _Document:
    snapshot: Snapshot
    log: deque[tuple[int, Edit]] = field(default_factory=lambda: deque(maxlen=LOG_LIMIT))
    since: int = 0
    """The oldest version the log leads on from."""


class Buffers:
    """Open documents by URI."""

    def __init__(self) -> None:
        self._documents: dict[str, _Document] = {}

    def open(self, uri: str, version: int, text: str) -> Snapshot:
        """Start, or start again, to follow a document.

        Nearly all editors strip a byte order mark, and the disk tells of it. One that does not counts it in its
        positions, so there it is a character of the text like any other.
        """
        snapshot = Snapshot(uri, version, text, not text.startswith("\ufeff") and _has_bom(uri))
        self._documents[uri] = _Document(snapshot, since=version)
        return snapshot

    def change(self, uri: str, version: int, changes: Sequence[Change], encoding: Encoding) -> Sequence[Edit] | None:
        """Apply an editor's changes, each to the text the one before left, and return them as edits of that text.

        None if the document is not open.
        """
        document = self._documents.get(uri)
        if document is None:
            return None
        edits = []
        for where, text in changes:
            old = document.snapshot
            edit = _edit(old, where, text, encoding)
            document.snapshot = old.edited(edit, version)
            if document.log.maxlen == len(document.log):
                document.since = document.log[0][0]
            document.log.append((version, edit))
            edits.append(edit)
        if not changes:
            document.snapshot = Snapshot(uri, version, document.snapshot.text, document.snapshot.bom)
        return edits

    def close(self, uri: str) -> None:
        self._documents.pop(uri, None)

    def get(self, uri: str) -> Snapshot | None:
        document = self._documents.get(uri)
        return document.snapshot if document else None

    def __iter__(self) -> Iterator[Snapshot]:
        return iter([document.snapshot for document in self._documents.values()])

    def log(self, uri: str, since: int) -> tuple[Edit, ...] | None:
        """The edits made after version `since`; None if the document was closed, or opened anew, meanwhile."""
        document = self._documents.get(uri)
        if (
            document is None
            or document.snapshot.version is None
            or not document.since <= since <= document.snapshot.version
        ):
            return None
        return tuple(edit for version, edit in document.log if version > since)

    def under(self, root: str | Path) -> Mapping[str, Snapshot]:
        """The open documents below a root, by workspace path."""
        found = {}
        for document in self._documents.values():
            path = from_uri(document.snapshot.uri)
            inside = relative(root, path) if path else None
            if inside is not None:
                found[inside] = document.snapshot
        return found


def _edit(snapshot: Snapshot, where: tuple[Position, Position] | None, text: str, encoding: Encoding) -> Edit:
    if where is None:
        return Edit(Span(0, len(snapshot.text)), text)
    start, end = sorted(where, key=lambda position: (position.line, position.character))
    span = Span(snapshot.offset(start, encoding), snapshot.offset(end, encoding))
    if encoding is Encoding.UTF16:
        return whole_characters(snapshot, (start, end), Edit(span, text))
    return Edit(span, text)


def _has_bom(uri: str) -> bool:
    path = from_uri(uri)
    if path is None:
        return False
    try:
        with path.open("rb") as file:
            return file.read(3) == b"\xef\xbb\xbf"
    except OSError:
        return False
