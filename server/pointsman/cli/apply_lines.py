"""`pointsman apply --jsonl`: one patch a line, onto texts that come with it; nothing is read from or written to disk.

A line may bring the texts the model saw (`base`) beside those of now (`before`); the patch is then placed on what the
model saw, and carried over to now.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pointsman.cli.json_lines import Unfit, read, texts
from pointsman.errors import Missing
from pointsman.patch import contract
from pointsman.patch.codes import Code
from pointsman.patch.place import place
from pointsman.patch.rebase import rebase
from pointsman.patch.rules import warned
from pointsman.terms import FileChange, FileSet, Question, Reject
from pointsman.text import Encoding, Snapshot, positions

_FORM = 'Send {"id", "before": {path: text}, "patch": reply}, and "base" and "format" where you need them.'
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one line asks for."""

    before: Mapping[str, str]
    base: Mapping[str, str]
    reply: str
    formats: tuple[str, ...]


def answer(line: bytes | str) -> dict[str, Any]:
    """The answer to one line: `after` holds exactly the paths the patch touches, null for what is deleted."""
    name = None
    try:
        data = read(line)
        name = data.get("id")
        result = _result(_asked(data))
    except Unfit as unfit:
        return {"id": name, "error": {"code": Code.INPUT, "message": f"{unfit} {_FORM}"}}
    except Exception as trouble:  # noqa: BLE001 - one line must not end the answers to all others
        message = f"The engine failed on this line ({trouble!r}), so nothing of it is used. Please report it."
        return {"id": name, "error": {"code": Code.INTERNAL, "message": message}}
    if isinstance(result, Reject):
        return {"id": name, "error": error(result)}
    return {"id": name, "after": _after(result), "receipt": receipt(result), "edits": _edits(result)}


def _asked(data: Mapping[str, Any]) -> _Asked:
    patch, form = data.get("patch"), data.get("format") or ""
    if not isinstance(patch, str | dict):
        raise Unfit("`patch` must be the reply as a string, or its JSON object.")
    if not isinstance(form, str) or (form and form not in _FORMATS):
        raise Unfit(f"`format` must be {' or '.join(_FORMATS)}.")
    if "before" not in data:
        raise Unfit("`before` is missing.")
    return _Asked(
        texts(data["before"], "before"),
        texts(data.get("base") or {}, "base"),
        patch if isinstance(patch, str) else json.dumps(patch),
        _FORMATS[form] if form else contract.FORMATS,
    )


def _result(asked: _Asked) -> FileSet | Reject:
    found = contract.read(asked.reply, formats=asked.formats)
    if isinstance(found, Question):
        return Reject(Code.QUESTION, f"The reply is a question: {found.text}")
    if isinstance(found, Reject):
        return found
    seen, buffers = Given({**asked.before, **asked.base}), Given(asked.before)
    placed = place(found, seen, known=seen.texts)
    if isinstance(placed, Reject):
        return placed
    if asked.base:
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
