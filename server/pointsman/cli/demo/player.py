"""The editor of the demo: it holds documents, does what a user would click, and shows whatever the server sends.

It has no opinion of what the server will do: it applies the edits it is sent, answers what it is asked with the first
choice, and hands each message to the screen in the order they came.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pointsman.cli.demo.reader import Reader
from pointsman.cli.demo.wire import ServerError, Wire
from pointsman.files.paths import from_uri, to_uri
from pointsman.text import Edit, Encoding, Position, Snapshot, Span, apply

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-32", "utf-16"]},
    "workspace": {
        "applyEdit": True,
        "workspaceFolders": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
    },
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "refactor"]}},
            "dataSupport": True,
        },
    },
    "window": {"workDoneProgress": True, "showMessage": {"messageActionItem": {}}},
    "experimental": {"pointsman": {"events": True}},
}


class Player:
    """`documents` are the buffers by URI, `diagnostics` what is shown on each, `events` what was told of the tasks."""

    def __init__(self, root: Path, reader: Reader) -> None:
        self.root = root
        self.documents: dict[str, Snapshot] = {}
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []
        self.refusal = ""
        """The last error message that the server showed."""
        self.on_event: Callable[[dict[str, Any]], None] = lambda _: None
        self._reader = reader
        self._encoding = Encoding.UTF16
        self._wire: Wire | None = None
        self._news = asyncio.Condition()
        self._outbox: list[dict[str, Any]] = []

    @property
    def wire(self) -> Wire:
        if self._wire is None:
            raise ServerError("No server was started.")
        return self._wire

    async def start(self, config: Path, env: Mapping[str, str]) -> None:
        """Start the server as an editor does, and greet it."""
        argv = [sys.executable, "-m", "pointsman.cli.main", "serve", "--config", str(config)]
        self._wire = await Wire.start(argv, self.root, {**os.environ, **env}, self)
        folder = {"uri": to_uri(self.root), "name": self.root.name}
        params = {
            "processId": os.getpid(),
            "clientInfo": {"name": "pointsman demo", "version": version("pointsman")},
            "rootUri": folder["uri"],
            "workspaceFolders": [folder],
            "capabilities": CAPABILITIES,
        }
        result = await self.wire.request("initialize", params)
        self._encoding = Encoding(result["capabilities"].get("positionEncoding", "utf-16"))
        await self.wire.notify("initialized", {})

    async def end(self) -> int:
        """Part in peace; the server's exit code."""
        try:
            await self.wire.request("shutdown", None)
            await self.wire.notify("exit", None)
        except ServerError:
            pass  # it is gone already: its exit code says how
        return await self.wire.close()

    # --- what the server sends -------------------------------------------------------------------------------------

    async def serve(self, method: str, params: Any) -> Any:
        result: Any = None
        if method == "workspace/applyEdit":
            result = await self._apply(params["edit"])
        elif method == "window/showMessageRequest":
            result = next(iter(params.get("actions") or []), None)
        elif method == "workspace/configuration":
            result = [None for _ in params["items"]]
        self._reader.take(method, params, result)
        return result

    async def notified(self, method: str, params: Any) -> None:
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[params["uri"]] = params["diagnostics"]
        elif method == "window/showMessage" and params["type"] == 1:
            self.refusal = params["message"]
        self._reader.take(method, params)
        if method == "pointsman/event":
            self.events.append(params)
            self.on_event(params)
            await self._flush()
        async with self._news:
            self._news.notify_all()

    async def answered(self, method: str, params: Any, result: Any) -> None:
        self._reader.take(method, params, result)

    async def until(self, found: Callable[[], Any], patience: float) -> Any:
        """The first true value of `found`, looked for again at each message."""

        async def wait() -> Any:
            async with self._news:
                while not (value := found()):
                    await self._news.wait()
                return value

        try:
            return await asyncio.wait_for(wait(), patience)
        except TimeoutError as error:
            raise ServerError(f"Nothing came of it within {patience:g} s.") from error

    # --- what a user does ------------------------------------------------------------------------------------------

    async def open(self, path: Path) -> None:
        uri = to_uri(path)
        text = await asyncio.to_thread(path.read_text, "utf-8")
        self._keep(Snapshot(uri, 1, text))
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        await self.wire.notify("textDocument/didOpen", {"textDocument": item})

    def type(self, path: Path, offset: int, words: str) -> None:
        """Type into a document; told to the server with the next message, since nobody waits here."""
        self._edit(to_uri(path), [Edit(Span(offset, offset), words)])

    async def save(self, path: Path) -> None:
        uri = to_uri(path)
        await asyncio.to_thread(path.write_bytes, self.documents[uri].encode())
        await self.wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    async def actions(self, uri: str, diagnostic: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What the light bulb offers at a diagnostic."""
        context = {"diagnostics": [diagnostic], "triggerKind": 1}
        params = {"textDocument": {"uri": uri}, "range": diagnostic["range"], "context": context}
        return await self.wire.request("textDocument/codeAction", params) or []

    async def execute(self, command: str, *arguments: Any) -> Mapping[str, Any]:
        params = {"command": command, "arguments": list(arguments)}
        return await self.wire.request("workspace/executeCommand", params) or {}

    # --- documents -------------------------------------------------------------------------------------------------

    async def _apply(self, edit: Mapping[str, Any]) -> dict[str, bool]:
        """An edit of open documents, all or nothing, if they are what it was made for. That is all the demo needs."""
        parts = edit.get("documentChanges") or []
        for part in parts:
            document = self.documents.get(part.get("textDocument", {}).get("uri", ""))
            if document is None or part["textDocument"].get("version") not in {None, document.version}:
                return {"applied": False}
        for part in parts:
            document = self.documents[part["textDocument"]["uri"]]
            self._edit(document.uri, [self._text_edit(document, item) for item in part["edits"]])
        await self._flush()
        return {"applied": True}

    def _text_edit(self, document: Snapshot, item: Mapping[str, Any]) -> Edit:
        sides = (item["range"]["start"], item["range"]["end"])
        start, end = (document.offset(Position(at["line"], at["character"]), self._encoding) for at in sides)
        return Edit(Span(start, end), item["newText"])

    def _edit(self, uri: str, edits: list[Edit]) -> None:
        old = self.documents[uri]
        new = Snapshot(uri, (old.version or 0) + 1, apply(old.text, edits))
        self._keep(new)
        ordered = sorted(edits, key=lambda edit: edit.span, reverse=True)  # each range is right in the text it meets
        changes = [{"range": self._range(old, edit.span), "text": edit.new} for edit in ordered]
        self._outbox.append({"textDocument": {"uri": uri, "version": new.version}, "contentChanges": changes})

    def _keep(self, document: Snapshot) -> None:
        self.documents[document.uri] = document
        self._reader.document(document)

    async def _flush(self) -> None:
        while self._outbox:
            await self.wire.notify("textDocument/didChange", self._outbox.pop(0))

    def _range(self, document: Snapshot, span: Span) -> dict[str, Any]:
        sides = {"start": span.start, "end": span.end}
        positions = {side: document.position(at, self._encoding) for side, at in sides.items()}
        return {side: {"line": at.line, "character": at.character} for side, at in positions.items()}

    def path(self, uri: str) -> Path:
        return from_uri(uri) or self.root
