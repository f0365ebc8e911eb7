"""Documents in: every notification is applied in order, as it arrives, and costs no more than the change.

pygls' own documents are not used: they cut lines at form feeds and U+2028, which editors do not, and go wrong there.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from lsprotocol import types as lsp

from pointsman.files.buffers import Buffers, Change
from pointsman.text import Edit, Encoding, Position, Snapshot

log = logging.getLogger(__name__)


class Watcher(Protocol):
    """Who wants to know of documents; told after the buffers have changed."""

    def document_opened(self, uri: str) -> None: ...

    def document_changed(self, uri: str, before: Snapshot, edits: Sequence[Edit]) -> None: ...

    def document_closed(self, uri: str) -> None: ...

    def document_saved(self, uri: str) -> None: ...


class Sync:
    def __init__(self, buffers: Buffers) -> None:
        self._buffers = buffers
        self._watcher: Watcher | None = None
        self.encoding = Encoding.UTF16

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` from now on, and of what is open already."""
        self._watcher = watcher
        for snapshot in self._buffers:
            watcher.document_opened(snapshot.uri)

    def opened(self, params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        self._buffers.open(document.uri, document.version, document.text)
        if self._watcher:
            self._watcher.document_opened(document.uri)

    def changed(self, params: lsp.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        before = self._buffers.get(uri)
        edits = self._buffers.change(uri, version, [_change(item) for item in params.content_changes], self.encoding)
        if before is None or edits is None:
            log.warning("a change of %s, which is not open, was ignored", uri)
        elif self._watcher:
            self._watcher.document_changed(uri, before, edits)

    def lost(self, params: Any) -> None:
        """A change came that cannot be read. Its document is as good as closed: its text is unknown from now on."""
        named = params.get("textDocument") if isinstance(params, Mapping) else None
        uri = named.get("uri") if isinstance(named, Mapping) else None
        if isinstance(uri, str) and self._buffers.get(uri):
            log.error("a change of %s cannot be read; close and open it again", uri)
            self._close(uri)

    def closed(self, params: lsp.DidCloseTextDocumentParams) -> None:
        self._close(params.text_document.uri)

    def _close(self, uri: str) -> None:
        if self._watcher and self._buffers.get(uri):
            self._watcher.document_closed(uri)
        self._buffers.close(uri)

    def saved(self, params: lsp.DidSaveTextDocumentParams) -> None:
        if self._watcher:
            self._watcher.document_saved(params.text_document.uri)


def _change(item: lsp.TextDocumentContentChangeEvent) -> Change:
    if isinstance(item, lsp.TextDocumentContentChangePartial):
        start, end = item.range.start, item.range.end
        return (Position(start.line, start.character), Position(end.line, end.character)), item.text
    return None, item.text
