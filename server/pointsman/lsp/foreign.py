"""What other servers report, where the client does not pass it on with a request for actions.

Neovim fills that request with our own diagnostics only. Its plugin, or any client that likes to, tells of the others'
by the notification `pointsman/diagnostics`: `{uri, version, diagnostics}`, the full set for a document each time. Like
everything from other servers they are untrusted: one that is none is left out, the others count.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from cattrs import Converter
from lsprotocol import types as lsp

from pointsman.lsp import names
from pointsman.lsp.messages import Misfit, read

log = logging.getLogger(__name__)

DOCUMENT_LIMIT = 1_000
"""Diagnostics kept of one document, and documents kept."""


class Foreign:
    """The diagnostics of others, by document."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter
        self._told: dict[str, tuple[int | None, tuple[lsp.Diagnostic, ...]]] = {}

    def take(self, params: Any) -> None:
        """Replace what is known of a document by what a client says now."""
        uri = params.get("uri") if isinstance(params, Mapping) else None
        if not isinstance(uri, str):
            log.warning("%s wants an object with `uri` and `diagnostics`", names.DIAGNOSTICS)
            return
        version, told = params.get("version"), params.get("diagnostics")
        self._told.pop(uri, None)
        if isinstance(told, Sequence) and told and not isinstance(told, str) and len(self._told) < DOCUMENT_LIMIT:
            found = tuple(each for item in told[:DOCUMENT_LIMIT] for each in self._read(item))
            self._told[uri] = (version if isinstance(version, int) else None, found)

    def forget(self, uri: str) -> None:
        self._told.pop(uri, None)

    def on_lines(self, uri: str, version: int | None, asked: lsp.Range) -> list[lsp.Diagnostic]:
        """Those that touch the lines of a range; none when they are of another version of the text."""
        of_version, found = self._told.get(uri, (None, ()))
        if of_version is not None and of_version != version:
            return []
        first, last = asked.start.line, asked.end.line
        return [item for item in found if item.range.start.line <= last and item.range.end.line >= first]

    def _read(self, item: Any) -> list[lsp.Diagnostic]:
        """As strict, and as lenient, as a request for actions is read."""
        context = {"diagnostics": [item]}
        params = {"textDocument": {"uri": ""}, "range": _NOWHERE, "context": context}
        message = {"jsonrpc": "2.0", "id": 0, "method": lsp.TEXT_DOCUMENT_CODE_ACTION, "params": params}
        try:
            return list(read(self._converter, message, lsp.CodeActionRequest).params.context.diagnostics)
        except Misfit:
            return []


_NOWHERE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def merged(sent: Sequence[lsp.Diagnostic], told: Sequence[lsp.Diagnostic]) -> list[lsp.Diagnostic]:
    """What the client sent, then what it told of beside that; each once."""
    known = {_key(item) for item in sent}
    return [*sent, *(item for item in told if _key(item) not in known)]


def _key(item: lsp.Diagnostic) -> tuple[int, int, str, str]:
    return (item.range.start.line, item.range.start.character, str(item.source), str(item.message))
