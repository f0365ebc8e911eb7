"""The documents of an editor, and what it does with a WorkspaceEdit: as a good editor would, or as a real one does.

How the real ones differ was found by running them; `cases/clients/*.json` says it of each, under `behaviour`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pointsman.files.paths import from_uri, to_uri
from pointsman.text import Edit, Encoding, Position, Snapshot, Span, apply

CLIENTS = Path(__file__).parents[1] / "cases/clients"


@dataclass(frozen=True)
class Behaviour:
    """What an editor does where editors differ; the defaults are the protocol's words."""

    stale: str = "refused"
    """An edit of another version: "refused"; "error"; "skipped", as in Neovim: the first document's part is left out
    if it is of an older version (0 is none), the others are applied whatever their versions, and success is claimed."""
    first_change: int = 1
    """The least version a change makes."""
    operations: str = "done"
    """Creating, renaming, deleting: "done"; "skipped", with success claimed; "error"."""
    create_makes_no_file: bool = False
    """A created file is only a buffer until it is saved."""
    unknown: frozenset[str] = frozenset()
    """Requests that are answered with -32601."""
    first_version: int = 0


@dataclass(frozen=True)
class Profile:
    """A recorded client."""

    client: Mapping[str, Any] | None = None
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    behaviour: Behaviour = Behaviour()


def profiles() -> list[str]:
    return sorted(path.stem for path in CLIENTS.glob("*.json"))


def read_profile(name: str) -> Profile:
    recorded = json.loads((CLIENTS / f"{name}.json").read_text())
    behaviour = recorded["behaviour"]
    behaviour["unknown"] = frozenset(behaviour.get("unknown", ()))
    return Profile(recorded["clientInfo"], recorded["capabilities"], Behaviour(**behaviour))


class Declines(Exception):
    """The editor answers a request with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Window:
    """Open documents are `Snapshot`s by URI; every change of one goes out by `notify`."""

    def __init__(self, notify: Callable[[str, Any], None], behaviour: Behaviour | None = None) -> None:
        self.notify = notify
        self.behaviour = behaviour or Behaviour()
        self.encoding = Encoding.UTF16
        self.documents: dict[str, Snapshot] = {}

    # --- what a user does ------------------------------------------------------------------------------------------

    def open(self, path: Path, language: str = "python") -> str:
        uri = to_uri(path)
        data = path.read_bytes() if path.exists() else b""
        bom = data.startswith(b"\xef\xbb\xbf")
        version = self.behaviour.first_version
        self.documents[uri] = Snapshot(uri, version, data.decode("utf-8-sig"), bom)
        item = {"uri": uri, "languageId": language, "version": version, "text": self.documents[uri].text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def text(self, path: Path) -> str:
        return self.documents[to_uri(path)].text

    def type(self, path: Path, at: int, words: str, erase: int = 0) -> None:
        """Insert words at an offset, over as many characters as `erase` says."""
        self.edit(path, [Edit(Span(at, at + erase), words)])

    def edit(self, path: Path, edits: list[Edit]) -> None:
        """Change several places at once, as with several carets."""
        self._edit(to_uri(path), edits)

    def save(self, path: Path) -> None:
        document = self.documents[to_uri(path)]
        path.write_bytes(document.encode())
        self.notify("textDocument/didSave", {"textDocument": {"uri": document.uri}})

    def close(self, path: Path) -> None:
        uri = to_uri(path)
        del self.documents[uri]
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def range(self, document: Snapshot, span: Span) -> dict[str, Any]:
        start, end = (document.position(at, self.encoding) for at in (span.start, span.end))
        return {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        }

    # --- what a server asks for ------------------------------------------------------------------------------------

    def apply(self, edit: Mapping[str, Any]) -> bool:
        """Carry out a WorkspaceEdit, and claim what this editor claims. Raises Declines."""
        parts = edit.get("documentChanges") or [
            {"textDocument": {"uri": uri, "version": None}, "edits": edits}
            for uri, edits in (edit.get("changes") or {}).items()
        ]
        stale = self._stale(parts)
        operations = [part for part in parts if part.get("kind")]
        if stale and self.behaviour.stale == "refused":
            return False
        if stale and self.behaviour.stale == "error":
            raise Declines(-32603, "the edit is for another version")
        if operations and self.behaviour.operations == "error":
            raise Declines(-32603, "wrong type argument")
        left = [*stale, *(operations if self.behaviour.operations == "skipped" else ())]
        for part in parts:
            if part not in left:
                self._apply_part(part)
        return True

    def _stale(self, parts: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        stale = []
        for number, part in enumerate(parts):
            named = part.get("textDocument") or {}
            version, document = named.get("version"), self.documents.get(named.get("uri", ""))
            if document is None or version is None:
                continue
            if self.behaviour.stale == "skipped":
                newer = version > 0 and document.version > version
                stale += [part] if newer and number == 0 else []
            elif version != document.version:
                stale.append(part)
        return stale

    def _apply_part(self, part: Mapping[str, Any]) -> None:
        match part.get("kind"):
            case "create":
                self._create(from_uri(part["uri"]), part.get("options") or {})
            case "delete":
                self._leave(part["uri"])
                from_uri(part["uri"]).unlink()
            case "rename":
                self._rename(part["oldUri"], part["newUri"])
            case _:
                uri = part["textDocument"]["uri"]
                if uri not in self.documents:
                    self.open(from_uri(uri))
                self._edit(uri, [self._text_edit(self.documents[uri], item) for item in part["edits"]])

    def _create(self, path: Path, options: Mapping[str, Any]) -> None:
        """An editor empties a file that is there, unless it is told not to."""
        if path.exists() and options.get("ignoreIfExists") and not options.get("overwrite"):
            return
        if self.behaviour.create_makes_no_file:
            self.open(path)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")

    def _rename(self, old: str, new: str) -> None:
        document = self.documents.get(old)
        self._leave(old)
        from_uri(new).parent.mkdir(parents=True, exist_ok=True)
        from_uri(old).rename(from_uri(new))
        if document:
            if document.encode() != from_uri(new).read_bytes():
                from_uri(new).write_bytes(document.encode())
            self.open(from_uri(new))

    def _leave(self, uri: str) -> None:
        if uri in self.documents:
            self.close(from_uri(uri))

    def _edit(self, uri: str, edits: list[Edit]) -> None:
        old = self.documents[uri]
        version = max(old.version + 1, self.behaviour.first_change)
        new = Snapshot(uri, version, apply(old.text, edits), old.bom)
        self.documents[uri] = new
        changes = [
            {"range": self.range(old, edit.span), "text": edit.new} for edit in sorted(edits, key=lambda e: e.span)
        ]
        changes.reverse()  # from the end, so that each range is right in the text the one before left
        params = {"textDocument": {"uri": uri, "version": new.version}, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    def _text_edit(self, document: Snapshot, item: Mapping[str, Any]) -> Edit:
        start, end = (
            document.offset(Position(item["range"][side]["line"], item["range"][side]["character"]), self.encoding)
            for side in ("start", "end")
        )
        return Edit(Span(start, end), item["newText"])
