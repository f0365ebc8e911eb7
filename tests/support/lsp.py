"""A small editor that speaks raw JSON-RPC to the real server, and keeps every message for the test to read.

It holds its documents as editors do: it applies WorkspaceEdits whole or not at all, checks versions, counts columns in
the negotiated encoding, and sends the change back. `quirks` make it behave like editors that lie.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from pointsman.files.paths import from_uri, to_uri
from pointsman.text import Edit, Encoding, Position, Snapshot, Span, apply

FULL = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
    },
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}}}},
    "window": {"workDoneProgress": True, "showMessage": {"messageActionItem": {}}, "showDocument": {"support": True}},
    "experimental": {"pointsman": {"events": True}},
}
PATIENCE = 60.0
"""Seconds until a wait is given up; never a measure of anything."""


class RpcError(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error.get("message"))
        self.code = error.get("code")


class Editor:
    """One window. Documents are `Snapshot`s by URI."""

    def __init__(
        self, process: asyncio.subprocess.Process, encoding: str, choose: Callable[[str, list[str]], str | None]
    ):
        self.process = process
        self.encoding = Encoding(encoding)
        self.choose = choose
        self.quirks: set[str] = set()
        self.documents: dict[str, Snapshot] = {}
        self.messages: list[dict[str, Any]] = []
        self.settings: Any = None
        self.on_apply: Callable[[], None] = lambda: None
        self._next = 0
        self._waiting: dict[Any, asyncio.Future[Any]] = {}
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    # --- the wire --------------------------------------------------------------------------------------------------

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    async def request(self, method: str, params: Any) -> Any:
        self._next += 1
        future = asyncio.get_running_loop().create_future()
        self._waiting[self._next] = future
        self.send({"id": self._next, "method": method, "params": params})
        return await asyncio.wait_for(future, PATIENCE)

    async def _read(self) -> None:
        reader = self.process.stdout
        while True:
            length = 0
            while (line := await reader.readline()).strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if not line:
                break
            message = json.loads(await reader.readexactly(length))
            self.messages.append(message)
            await self._take(message)
            async with self._changed:
                self._changed.notify_all()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the server has ended"))

    async def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            future = self._waiting.pop(message.get("id"), None)
            if future and not future.done():
                if "error" in message:
                    future.set_exception(RpcError(message["error"]))
                else:
                    future.set_result(message.get("result"))
        elif "id" in message and "mute" not in self.quirks:
            self.send({"id": message["id"], "result": self._serve(message["method"], message.get("params"))})

    def _serve(self, method: str, params: Any) -> Any:
        if method == "workspace/applyEdit":
            self.on_apply()
            return {"applied": True} if "lies" in self.quirks else {"applied": self.apply(params["edit"])}
        if method == "window/showMessageRequest":
            actions = [action["title"] for action in params.get("actions") or []]
            picked = self.choose(params["message"], actions)
            return {"title": picked} if picked else None
        if method == "workspace/configuration":
            return [self.settings for _ in params["items"]]
        return {"success": True} if method == "window/showDocument" else None

    # --- waiting ---------------------------------------------------------------------------------------------------

    async def until(self, found: Callable[[], Any]) -> Any:
        """The first true value of `found`, asked again at each message."""

        async def wait() -> Any:
            async with self._changed:
                while not (value := found()):
                    await self._changed.wait()
                return value

        try:
            return await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            tail = "\n".join(json.dumps(message)[:300] for message in self.messages[-15:])
            raise AssertionError(f"nothing came of it; the last messages were:\n{tail}") from None

    def all(self, method: str) -> list[Any]:
        return [m.get("params") for m in self.messages if m.get("method") == method]

    def events(self, name: str = "") -> list[dict[str, Any]]:
        return [event for event in self.all("pointsman/event") if name in {"", event["event"]}]

    async def event(self, *names: str) -> dict[str, Any]:
        """The first event of one of these names."""
        return await self.until(lambda: next((e for e in self.events() if e["event"] in names), None))

    def diagnostics(self, path: Path) -> list[dict[str, Any]]:
        """What is shown on a document now."""
        uri = to_uri(path)
        shown = [p["diagnostics"] for p in self.all("textDocument/publishDiagnostics") if p["uri"] == uri]
        return shown[-1] if shown else []

    # --- documents -------------------------------------------------------------------------------------------------

    def open(self, path: Path, language: str = "python") -> str:
        uri = to_uri(path)
        text = path.read_bytes().decode("utf-8-sig")
        self.documents[uri] = Snapshot(uri, 0, text)
        item = {"uri": uri, "languageId": language, "version": 0, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def text(self, path: Path) -> str:
        return self.documents[to_uri(path)].text

    def type(self, path: Path, at: int, words: str) -> None:
        """Insert words at an offset."""
        self._edit(to_uri(path), [Edit(Span(at, at), words)])

    def save(self, path: Path) -> None:
        document = self.documents[to_uri(path)]
        path.write_bytes(document.encode())
        self.notify("textDocument/didSave", {"textDocument": {"uri": document.uri}})

    def close(self, path: Path) -> None:
        uri = to_uri(path)
        del self.documents[uri]
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _edit(self, uri: str, edits: list[Edit]) -> None:
        old = self.documents[uri]
        new = Snapshot(uri, old.version + 1, apply(old.text, edits))
        self.documents[uri] = new
        changes = [
            {"range": self._range(old, edit.span), "text": edit.new} for edit in sorted(edits, key=lambda e: e.span)
        ]
        changes.reverse()  # from the end, so that each range is right in the text the one before left
        params = {"textDocument": {"uri": uri, "version": new.version}, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    def _range(self, document: Snapshot, span: Span) -> dict[str, Any]:
        start, end = (document.position(at, self.encoding) for at in (span.start, span.end))
        return {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        }

    def apply(self, edit: dict[str, Any]) -> bool:
        """A WorkspaceEdit, all or nothing; edits of a stale version are refused."""
        parts = edit.get("documentChanges") or [
            {"textDocument": {"uri": uri, "version": None}, "edits": edits}
            for uri, edits in (edit.get("changes") or {}).items()
        ]
        for part in parts:
            uri = part.get("textDocument", {}).get("uri")
            version = part.get("textDocument", {}).get("version")
            if uri in self.documents and version is not None and version != self.documents[uri].version:
                return False
        for part in parts:
            self._apply_part(part)
        return True

    def _apply_part(self, part: dict[str, Any]) -> None:
        kind = part.get("kind")
        if kind == "create":
            path = from_uri(part["uri"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        elif kind == "delete":
            from_uri(part["uri"]).unlink()
        elif kind == "rename":
            from_uri(part["oldUri"]).rename(from_uri(part["newUri"]))
        else:
            uri = part["textDocument"]["uri"]
            if uri not in self.documents:
                self.open(from_uri(uri))
            self._edit(uri, [self._text_edit(self.documents[uri], item) for item in part["edits"]])

    def _text_edit(self, document: Snapshot, item: dict[str, Any]) -> Edit:
        start, end = (
            document.offset(Position(item["range"][side]["line"], item["range"][side]["character"]), self.encoding)
            for side in ("start", "end")
        )
        return Edit(Span(start, end), item["newText"])

    # --- actions ---------------------------------------------------------------------------------------------------

    async def actions(self, path: Path, start: int, end: int | None = None, **context: Any) -> list[dict[str, Any]]:
        document = self.documents[to_uri(path)]
        params = {
            "textDocument": {"uri": document.uri},
            "range": self._range(document, Span(start, start if end is None else end)),
            "context": {"diagnostics": [], "triggerKind": 1, **context},
        }
        return await self.request("textDocument/codeAction", params)

    async def ready(self, path: Path) -> None:
        """Until the server offers anything."""
        for _ in range(600):
            if await self.actions(path, 0, 2):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the server never became ready")

    async def pick(self, action: dict[str, Any]) -> Any:
        command = action["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        return await self.request("workspace/executeCommand", params)


def allow(_: str, choices: list[str]) -> str | None:
    """Say yes to whatever is asked."""
    return choices[0] if choices else None


@contextlib.asynccontextmanager
async def session(  # noqa: PLR0913 - one for each thing an editor may be
    root: Path | None,
    *,
    config: Path | None = None,
    capabilities: dict[str, Any] | None = None,
    encoding: str = "utf-16",
    environment: dict[str, str] | None = None,
    options: Any = None,
    choose: Callable[[str, list[str]], str | None] = allow,
    initialize: dict[str, Any] | None = None,
) -> AsyncIterator[Editor]:
    """An editor attached to a server of its own, ended properly, whose standard output held nothing but messages."""
    caps = {**(capabilities or FULL)}
    caps["general"] = {"positionEncodings": [encoding]}
    argv = [sys.executable, "-m", "pointsman.cli.main", "serve", *(["--config", str(config)] if config else [])]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, env=environment, limit=1 << 26)
    editor = Editor(process, encoding, choose)
    folders = [{"uri": to_uri(root), "name": root.name}] if root else None
    hello = {"processId": None, "rootUri": to_uri(root) if root else None, "workspaceFolders": folders}
    try:
        params = {**hello, "capabilities": caps, "initializationOptions": options, **(initialize or {})}
        editor.hello = await editor.request("initialize", params)
        editor.notify("initialized", {})
        yield editor
        if process.returncode is None:
            await editor.request("shutdown", None)
            editor.notify("exit", None)
            assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await editor._reader
        process._transport.close()
