"""The client as an `Editor`: edits go out only onto the text they were made for, and are read back.

Its word that it applied an edit is not believed: Neovim says `applied: true` for an edit it skipped, Zed says it
always. The edit is in when the document had the expected text at some moment after it was sent, whatever a formatter
makes of it later. If the client applied only a part, that part is undone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lsprotocol import types as lsp

from pointsman.files.paths import to_uri
from pointsman.journal.undo import undoing
from pointsman.lsp.arrival import arrived, misplaced
from pointsman.lsp.edits import confirmed, needs_operations, workspace_edit
from pointsman.lsp.server import PointsmanServer
from pointsman.patch.rebase import rebase
from pointsman.terms import Applied, Declined, FileChange, FileSet, Stale
from pointsman.text import Edit, Snapshot

READ_BACK = 2.0
"""Seconds an editor has to show an edit it says it applied."""
_TICK = 0.02


class LspEditor:
    """The editor's side of one workspace root."""

    def __init__(self, server: PointsmanServer, root: str, *, preview: bool = False) -> None:
        """With `preview`, the client shows an edit and asks before it does anything."""
        self._server = server
        self._root = root
        self._preview = preview

    async def apply(self, candidate: FileSet, label: str) -> Applied | Stale | Declined:
        """Carry the edit over what was typed meanwhile, send it, and see that all of it arrived, or take it back."""
        rebased = rebase(candidate, self._log, self._buffer)
        if isinstance(rebased, Stale):
            return rebased
        if needs_operations(rebased) and not self._server.client.resource_operations:
            return Declined("this editor cannot create, rename or delete files")
        if taken := self._taken(rebased):
            return Stale(taken, "the file exists by now")
        if locked := self._locked(rebased):
            return Declined(f"{locked} is read-only")
        sent: list[FileChange] = []
        unsaved: list[str] = []
        for part in self._parts(rebased):
            fresh = rebase(part, self._log, self._buffer)
            trouble = fresh if isinstance(fresh, Stale) else await self._send(fresh, label, sent, unsaved)
            if trouble:
                return await self._take_back(sent, trouble)
        return Applied(tuple(unsaved))

    def _parts(self, candidate: FileSet) -> Sequence[FileSet]:
        """One, so that it is one step to undo; one for each file where only the first file's version is looked at.

        What cannot be taken back comes last.
        """
        if not self._server.client.first_version_only:
            return (candidate,)
        ordered = sorted(candidate.changes, key=lambda change: needs_operations(FileSet((change,))))
        return tuple(replace(candidate, changes=(change,)) for change in ordered)

    async def _send(
        self, part: FileSet, label: str, sent: list[FileChange], unsaved: list[str]
    ) -> Stale | Declined | None:
        """Send a part. What it changed is added to `sent`, what is not written to `unsaved`. The trouble, if any."""
        server = self._server
        edit = workspace_edit(part, self._root, self._buffer, server.encoding, server.client)
        if self._preview:
            edit = confirmed(edit, label)
        before = {change.path: self._buffer(change.path) for change in part.changes}
        params = lsp.ApplyWorkspaceEditParams(edit, label)
        answer = await server.ask_client(lsp.WORKSPACE_APPLY_EDIT, params, timeout=None)
        missing = await self._read_back(part, before)
        sent += [change for change in part.changes if change.path not in missing]
        sent += [
            wrong for change in part.changes if change.path in missing and (wrong := self._misplaced(change, before))
        ]
        unsaved += [change.path for change in part.changes if self._unsaved(change, before)]
        reason = getattr(answer, "failure_reason", None) or "the editor did not apply the edit"
        return Declined(f"{', '.join(missing)}: {reason}") if missing else None

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

    def _locked(self, candidate: FileSet) -> str | None:
        """A path that nobody may write: an editor would take the edit, and could not save it."""
        places = [(change.path, Path(self._root, change.path)) for change in candidate.changes if change.before]
        return next((path for path, place in places if place.exists() and not place.stat().st_mode & 0o222), None)

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
            now = self._buffer(change.path)
            return now is not None and arrived(change, before, self._log_since(before), now)
        buffer = self._buffer(path)
        return (buffer is not None and buffer.text == change.after) or self._on_disk(path) == change.after

    def _misplaced(self, change: FileChange, before: dict[str, Snapshot | None]) -> FileChange | None:
        snapshot = before[change.path]
        if snapshot is None:
            return None
        return misplaced(change, snapshot, self._log_since(snapshot), self._server.encoding)

    def _unsaved(self, change: FileChange, before: dict[str, Snapshot | None]) -> bool:
        """A file that was closed, and that the editor now holds changed and not written."""
        path = change.new_path or change.path
        return before[change.path] is None and change.after is not None and self._on_disk(path) != change.after

    async def _take_back(self, changes: Sequence[FileChange], trouble: Stale | Declined) -> Stale | Declined:
        """Take the parts that arrived out again, without what was typed since; name those where that cannot be done."""
        undone = [undo for change in changes if (undo := self._undo(change))]
        created = [change.path for change in changes if change.before is None]
        kept = {change.path for change in changes} - {change.path for change in undone} - set(created)
        server = self._server
        edit = workspace_edit(FileSet(tuple(undone)), self._root, self._buffer, server.encoding, server.client)
        options = lsp.DeleteFileOptions(ignore_if_not_exists=True)
        deletions = [lsp.DeleteFile(to_uri(Path(self._root, path)), options=options) for path in created]
        if deletions:
            edit.document_changes = [*(edit.document_changes or ()), *deletions]
        if undone or deletions:
            params = lsp.ApplyWorkspaceEditParams(edit, "Undo a partial edit")
            await server.ask_client(lsp.WORKSPACE_APPLY_EDIT, params, timeout=None)
        if kept:
            return Declined(f"{trouble.reason}; of this edit a part is in, for you to undo: {', '.join(sorted(kept))}")
        return trouble

    def _undo(self, change: FileChange) -> FileChange | None:
        buffer = self._buffer(change.path)
        return undoing(change, buffer) if buffer and not change.new_path else None

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
