"""A FileSet as a WorkspaceEdit: versioned, minimal, in the client's units and the document's own line ends.

`documentChanges` is used wherever the client handles it; the plain `changes` form carries no versions and no file
operations, so it is the last resort. A CreateFile always says `ignoreIfExists`: without it Neovim and Helix empty
a file that exists.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from lsprotocol import types as lsp

from pointsman.files.paths import to_uri
from pointsman.lsp.client import Client
from pointsman.terms import FileChange, FileSet
from pointsman.text import Edit, Encoding, Snapshot

type_of_change = lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile
Current = Callable[[str], Snapshot | None]
"""The open buffer of a workspace path, if there is one."""


def confirmed(edit: lsp.WorkspaceEdit, label: str) -> lsp.WorkspaceEdit:
    """The same edit, of which every part is shown to the user before anything is done."""
    name = "pointsman"
    changes: list[type_of_change] = []
    for part in edit.document_changes or ():
        if isinstance(part, lsp.TextDocumentEdit):
            edits = [lsp.AnnotatedTextEdit(name, each.range, _new_text(each)) for each in part.edits]
            changes.append(lsp.TextDocumentEdit(part.text_document, edits))
        else:
            part.annotation_id = name
            changes.append(part)
    annotation = lsp.ChangeAnnotation(label, needs_confirmation=True, description="Pointsman")
    return lsp.WorkspaceEdit(document_changes=changes, change_annotations={name: annotation})


def _new_text(edit: lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit) -> str:
    return "" if isinstance(edit, lsp.SnippetTextEdit) else edit.new_text


def workspace_edit(
    candidate: FileSet, root: str, current: Current, encoding: Encoding, client: Client
) -> lsp.WorkspaceEdit:
    """The edit of one task, in one piece: all of its files or none."""
    if not client.document_changes and not needs_operations(candidate):
        return lsp.WorkspaceEdit(
            changes={
                _uri(change.path, root, current): [
                    lsp.TextEdit(lsp_range(change.before, edit.span.start, edit.span.end, encoding), edit.new)
                    for edit in change.edits
                ]
                for change in candidate.changes
                if change.before
            }
        )
    changes = [part for change in candidate.changes for part in _changes(change, root, current, encoding, client)]
    return lsp.WorkspaceEdit(document_changes=changes)


def needs_operations(candidate: FileSet) -> bool:
    """Whether files are created, renamed or deleted."""
    return any(change.before is None or change.after is None or change.new_path for change in candidate.changes)


def text_edits(
    before: Snapshot, edits: tuple[Edit, ...], encoding: Encoding
) -> list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit]:
    return [lsp.TextEdit(lsp_range(before, edit.span.start, edit.span.end, encoding), edit.new) for edit in edits]


def document_edit(
    buffer: Snapshot,
    edits: list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit],
    client: Client,
) -> lsp.WorkspaceEdit:
    """Edits of one open document."""
    if client.document_changes:
        return lsp.WorkspaceEdit(document_changes=[_document_edit(buffer.uri, _version(buffer, client), edits)])
    return lsp.WorkspaceEdit(changes={buffer.uri: [edit for edit in edits if isinstance(edit, lsp.TextEdit)]})


def lsp_range(snapshot: Snapshot, start: int, end: int, encoding: Encoding) -> lsp.Range:
    first, last = snapshot.position(start, encoding), snapshot.position(end, encoding)
    return lsp.Range(lsp.Position(first.line, first.character), lsp.Position(last.line, last.character))


def _changes(
    change: FileChange, root: str, current: Current, encoding: Encoding, client: Client
) -> Iterator[type_of_change]:
    uri = _uri(change.path, root, current)
    if change.before is None:
        yield lsp.CreateFile(uri, options=lsp.CreateFileOptions(overwrite=False, ignore_if_exists=True))
        start = lsp.Position(0, 0)
        yield _document_edit(uri, None, [lsp.TextEdit(lsp.Range(start, start), change.after or "")])
        return
    if change.after is None:
        yield lsp.DeleteFile(uri, options=lsp.DeleteFileOptions(recursive=False, ignore_if_not_exists=False))
        return
    if change.edits:
        version = _version(current(change.path), client)
        yield _document_edit(uri, version, text_edits(change.before, change.edits, encoding))
    if change.new_path:
        options = lsp.RenameFileOptions(overwrite=False, ignore_if_exists=False)
        yield lsp.RenameFile(uri, to_uri(Path(root, change.new_path)), options=options)


def _version(buffer: Snapshot | None, client: Client) -> int | None:
    """None for a closed file. Where 0 means none, 1 protects as well: Neovim numbers the first change 3 or more."""
    if buffer is None or buffer.version is None:
        return None
    return max(buffer.version, 1) if client.zero_is_no_version else buffer.version


def _document_edit(
    uri: str, version: int | None, edits: list[lsp.TextEdit | lsp.AnnotatedTextEdit | lsp.SnippetTextEdit]
) -> lsp.TextDocumentEdit:
    return lsp.TextDocumentEdit(lsp.OptionalVersionedTextDocumentIdentifier(uri, version), edits)


def _uri(path: str, root: str, current: Current) -> str:
    """An open document keeps the spelling its client gave it."""
    buffer = current(path)
    return buffer.uri if buffer else to_uri(Path(root, path))
