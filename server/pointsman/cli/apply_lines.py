"""`pointsman apply --jsonl`: one patch a line, onto texts that come with it; nothing is read from or written to disk.

A line may bring the texts the model saw (`base`) beside those of now (`before`); the patch is then placed on what the
model saw, and carried over to now.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from pointsman.errors import Missing
from pointsman.patch import contract
from pointsman.patch.codes import Code
from pointsman.patch.place import place
from pointsman.patch.rebase import rebase
from pointsman.patch.rules import warned
from pointsman.terms import FileChange, FileSet, Question, Reject
from pointsman.text import Encoding, Snapshot, positions

_FORMATS = {"applypatch": ("applypatch-json", "applypatch-text"), "diff": ("diff",)}


class Given:
    """Files that came as text."""

    root = "/"

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.dirty: Mapping[str, Snapshot] = {}

    def read(self, path: str) -> Snapshot:
        if path not in self.texts:
            raise Missing(f"There is no file {path}.")
        return Snapshot(f"file:///{path}", None, self.texts[path])

    def exists(self, path: str) -> bool:
        return path in self.texts

    def now(self, path: str) -> Snapshot | None:
        return self.read(path) if path in self.texts else None


def respond(lines: Iterable[bytes], out: TextIO) -> None:
    """Answer each line as it comes."""
    for line in lines:
        if line.strip():
            out.write(json.dumps(answer(line)) + "\n")
            out.flush()


def answer(line: bytes | str) -> dict[str, Any]:
    """The answer to one line: `after` holds exactly the paths the patch touches, null for what is deleted."""
    name = None
    try:
        asked = json.loads(line)
        name = asked.get("id")
        before, base = _texts(asked["before"]), _texts(asked.get("base") or {})
        reply = asked["patch"] if isinstance(asked["patch"], str) else json.dumps(asked["patch"])
        formats = _FORMATS[asked["format"]] if asked.get("format") else contract.FORMATS
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as trouble:
        return {"id": name, "error": {"code": Code.INPUT, "message": f"The line does not fit: {trouble!r}"}}
    result = _result(reply, before, base, formats)
    if isinstance(result, Reject):
        return {"id": name, "error": error(result)}
    return {"id": name, "after": _after(result), "receipt": receipt(result), "edits": _edits(result)}


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError("`before` and `base` are objects of texts by path")
    return value


def _result(reply: str, before: Mapping[str, str], base: Mapping[str, str], formats: Iterable[str]) -> FileSet | Reject:
    read = contract.read(reply, formats=tuple(formats))
    if isinstance(read, Question):
        return Reject(Code.QUESTION, f"The reply is a question: {read.text}")
    if isinstance(read, Reject):
        return read
    seen, buffers = Given({**before, **base}), Given(before)
    placed = place(read, seen, known=seen.texts)
    if isinstance(placed, Reject):
        return placed
    if base:
        placed = _carried(placed, buffers)
    return placed if isinstance(placed, Reject) else warned(placed)


def _carried(placed: FileSet, buffers: Given) -> FileSet | Reject:
    gone = next((c.path for c in placed.changes if c.before is not None and not buffers.exists(c.path)), None)
    if gone is not None:
        return Reject(Code.CONFLICT, f"{gone} was deleted since the model saw it.")
    moved = rebase(placed, lambda _path, _version: None, buffers.now)
    if isinstance(moved, FileSet):
        return moved
    return Reject(Code.CONFLICT, f"{moved.path} changed since the model saw it: {moved.reason}.")


def _after(result: FileSet) -> dict[str, str | None]:
    after: dict[str, str | None] = {}
    for change in result.changes:
        after[change.path] = None if change.new_path else change.after
        if change.new_path:
            after[change.new_path] = change.after
    return after


def _edits(result: FileSet) -> dict[str, list[dict[str, Any]]]:
    """LSP text edits in UTF-16, for the files that are changed in place."""
    return {change.path: list(_text_edits(change)) for change in result.changes if change.edits}


def _text_edits(change: FileChange) -> Iterable[dict[str, Any]]:
    before = change.before
    if before is None:
        return
    offsets = (at for edit in change.edits for at in (edit.span.start, edit.span.end))
    found = iter(positions(before.text, offsets, Encoding.UTF16))
    for edit, start, end in zip(change.edits, found, found, strict=True):
        yield {
            "range": {
                "start": {"line": start.line, "character": start.character},
                "end": {"line": end.line, "character": end.character},
            },
            "newText": edit.new,
        }


def error(reject: Reject) -> dict[str, str]:
    return {"code": reject.code, "message": reject.message}


def receipt(result: FileSet) -> list[dict[str, Any]]:
    """How each hunk was matched, and what a person should know of it."""
    placed = [{"path": p.path, "hunk": p.hunk, "line": p.line, "how": p.how} for p in result.receipt]
    return [*placed, *({"warning": warning} for warning in result.warnings)]
