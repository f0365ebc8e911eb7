"""The client as an `Editor`: edits go out only onto the text they were made for, and are read back.

Its word that it applied an edit is not believed: Neovim says `applied: true` for an edit it skipped, Zed says it
always. The edit is in when the document had the expected text at some moment after it was sent, whatever a formatter
makes of it later. If the client applied only a part, that part is undone.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types as lsp

from pointsman.lsp.edits import needs_operations, text_edits, workspace_edit
from pointsman.lsp.server import PointsmanServer
from pointsman.patch.rebase import rebase
from pointsman.terms import Applied, Declined, FileChange, FileSet, Stale
from pointsman.text import Edit, Snapshot, Span, apply

READ_BACK = 2.0
"""Seconds an editor has to show an edit it says it applied."""
_TICK = 0.02


class LspEditor:
    """The editor's side of one workspace root."""

    def __init__(self, server: PointsmanServer, root: str) -> None:
        self._server = server
        self._root = root

    async def apply(self, candidate: FileSet, label: str) -> Applied | Stale | Declined:
        """Carry the edit over what was typed meanwhile, send it as one, and see that it arrived."""
        rebased = rebase(candidate, self._log, self._buffer)
        if isinstance(rebased, Stale):
            return rebased
        if needs_operations(rebased) and not self._server.client.resource_operations:
            return Declined("this editor cannot create, rename or delete files")
        if taken := self._taken(rebased):
            return Stale(taken, "the file exists by now")
        server = self._server
        edit = workspace_edit(rebased, self._root, self._buffer, server.encoding, server.client)
        before = {change.path: self._buffer(change.path) for change in rebased.changes}
        answer = await server.ask_client(
            lsp.WORKSPACE_APPLY_EDIT, lsp.ApplyWorkspaceEditParams(edit, label), timeout=None
        )
        missing = await self._read_back(rebased, before)
        if not missing:
            return Applied(tuple(change.path for change in rebased.changes if self._unsaved(change, before)))
        await self._undo([change for change in rebased.changes if change.path not in missing], before)
        reason = getattr(answer, "failure_reason", None) or "the editor did not apply the edit"
        return Declined(f"{reason} ({', '.join(missing)})")

    async def ask(self, question: str, choices: Sequence[str]) -> str | None:
        if not self._server.client.show_message_request:
            return None
        items = [lsp.MessageActionItem(title=choice) for choice in choices]
        params = lsp.ShowMessageRequestParams(lsp.MessageType.Info, question, items)
        answer = await self._server.ask_client(lsp.WINDOW_SHOW_MESSAGE_REQUEST, params, timeout=None)
        title = getattr(answer, "title", None)
        return title if title in choices else None

    def _taken(self, candidate: FileSet) -> str | None:
        """A path to be created that is there already: some editors would empty it."""
        targets = [
            change.new_path or change.path for change in candidate.changes if change.new_path or not change.before
        ]
        return next((path for path in targets if Path(self._root, path).exists() or self._buffer(path)), None)

    # --- reading back ----------------------------------------------------------------------------------------------

    async def _read_back(self, candidate: FileSet, before: dict[str, Snapshot | None]) -> list[str]:
        """The paths that do not show the edit within the time an editor has."""
        waiting = list(candidate.changes)
        for _ in range(int(READ_BACK / _TICK)):
            waiting = [change for change in waiting if not self._arrived(change, before[change.path])]
            if not waiting:
                break
            await asyncio.sleep(_TICK)
        return [change.path for change in waiting]

    def _arrived(self, change: FileChange, before: Snapshot | None) -> bool:
        path = change.new_path or change.path
        if change.after is None:
            return not Path(self._root, path).exists()
        if before is not None and before.version is not None and not change.new_path:
            log = self._log_since(before)
            return _passed_through(before, log, change.after) or _contains(log, change.edits)
        buffer = self._buffer(path)
        return (buffer is not None and buffer.text == change.after) or self._on_disk(path) == change.after

    def _unsaved(self, change: FileChange, before: dict[str, Snapshot | None]) -> bool:
        """A file that was closed, and that the editor now holds changed and not written."""
        path = change.new_path or change.path
        return before[change.path] is None and change.after is not None and self._on_disk(path) != change.after

    async def _undo(self, changes: Sequence[FileChange], before: dict[str, Snapshot | None]) -> None:
        """Put back what the editor applied of an edit it did not apply whole."""
        parts: list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile] = []
        for change in changes:
            buffer, old = self._buffer(change.path), before[change.path]
            if buffer is None or old is None or buffer.text == old.text:
                continue
            whole = (Edit(Span(0, len(buffer.text)), old.text),)
            identifier = lsp.OptionalVersionedTextDocumentIdentifier(buffer.uri, buffer.version)
            parts.append(lsp.TextDocumentEdit(identifier, text_edits(buffer, whole, self._server.encoding)))
        if parts:
            edit = lsp.ApplyWorkspaceEditParams(lsp.WorkspaceEdit(document_changes=parts), "Undo a partial edit")
            await self._server.ask_client(lsp.WORKSPACE_APPLY_EDIT, edit, timeout=None)

    # --- the buffers -----------------------------------------------------------------------------------------------

    def _buffer(self, path: str) -> Snapshot | None:
        return self._server.buffers.under(self._root).get(path)

    def _log(self, path: str, since: int) -> Sequence[Edit] | None:
        buffer = self._buffer(path)
        return self._server.buffers.log(buffer.uri, since) if buffer else None

    def _log_since(self, snapshot: Snapshot) -> Sequence[Edit]:
        return self._server.buffers.log(snapshot.uri, snapshot.version or 0) or ()

    def _on_disk(self, path: str) -> str | None:
        try:
            return Path(self._root, path).read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return None


def _passed_through(before: Snapshot, log: Sequence[Edit], expected: str) -> bool:
    """Whether the document had the expected text at some moment since; the user may type on at once."""
    text = before.text
    for edit in log:
        text = apply(text, [edit])
        if text == expected:
            return True
    return text == expected


def _contains(log: Sequence[Edit], edits: Sequence[Edit]) -> bool:
    """Whether each of our edits was made, between others: the user typed while the editor applied them."""
    made = {(len(edit.span), edit.new) for edit in log}
    return bool(edits) and all((len(edit.span), edit.new) in made for edit in edits)
