"""A small editor that speaks raw JSON-RPC to the real server, and keeps every message for the test to read.

It holds its documents as editors do (see `window`): by default as the protocol says, and with `profile="nvim-0.12"`
with the capabilities of that editor and with what it makes of an edit. `quirks` are for editors that nobody has yet:

    mute       answers nothing          lies      says it applied an edit, and did not
    slow       answers half a second late
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

from pointsman.files.paths import to_uri
from pointsman.text import Encoding, Span
from support.spec import Spec
from support.window import Declines, Profile, Window, read_profile

FULL = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
    },
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}}}},
    "window": {"workDoneProgress": True, "showMessage": {"messageActionItem": {}}, "showDocument": {"support": True}},
}
PATIENCE = 60.0
"""Seconds until a wait is given up; never a measure of anything."""


class RpcError(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error.get("message"))
        self.code = error.get("code")


class Editor(Window):
    """One window of an editor, and the server it started."""

    def __init__(
        self, process: asyncio.subprocess.Process, choose: Callable[[str, list[str]], str | None], spec: Spec
    ) -> None:
        super().__init__(self.tell)
        self.process = process
        self.spec = spec
        self.choose = choose
        self.hello: dict[str, Any] = {}
        self.quirks: set[str] = set()
        self.messages: list[dict[str, Any]] = []
        self.settings: Any = None
        self.on_apply: Callable[[], None] = lambda: None
        self.on_model: Callable[[Any, dict[str, Any]], None] | None = None
        """Answers `pointsman/model/stream` itself, given the id and the parameters."""
        self._next = 0
        self._waiting: dict[Any, asyncio.Future[Any]] = {}
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    # --- the wire --------------------------------------------------------------------------------------------------

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    async def request(self, method: str, params: Any) -> Any:
        self._next += 1
        future = asyncio.get_running_loop().create_future()
        self._waiting[self._next] = future
        self.spec.asked(self._next, method)
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
            self.spec.told(message)
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
        elif message["method"] == "pointsman/model/stream" and self.on_model:
            self.on_model(message["id"], message["params"])
        elif "id" in message and "mute" not in self.quirks:
            reply = {"id": message["id"], **self._reply(message["method"], message.get("params"))}
            if "slow" in self.quirks:
                asyncio.get_running_loop().call_later(0.5, self.send, reply)
            else:
                self.send(reply)

    def _reply(self, method: str, params: Any) -> dict[str, Any]:
        if method in self.behaviour.unknown:
            return {"error": {"code": -32601, "message": f"unknown: {method}"}}
        try:
            return {"result": self._serve(method, params)}
        except Declines as no:
            return {"error": {"code": no.code, "message": str(no)}}

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

    # --- actions ---------------------------------------------------------------------------------------------------

    async def actions(self, path: Path, start: int, end: int | None = None, **context: Any) -> list[dict[str, Any]]:
        document = self.documents[to_uri(path)]
        params = {
            "textDocument": {"uri": document.uri},
            "range": self.range(document, Span(start, start if end is None else end)),
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
    profile: str = "",
    config: Path | None = None,
    capabilities: dict[str, Any] | None = None,
    encoding: str = "",
    environment: dict[str, str] | None = None,
    options: Any = None,
    choose: Callable[[str, list[str]], str | None] = allow,
    initialize: dict[str, Any] | None = None,
    settings: Any = None,
    quirks: Iterable[str] = (),
    early: Iterable[tuple[str, Any]] = (),
    ours: Iterable[str] = ("events",),
    server: Iterable[str] = ("-m", "pointsman.cli.main"),
) -> AsyncIterator[Editor]:
    """An editor attached to a server of its own, ended properly, whose standard output held nothing but messages."""
    played = read_profile(profile) if profile else Profile()
    caps = {**(capabilities or played.capabilities or FULL), "experimental": {"pointsman": dict.fromkeys(ours, True)}}
    if encoding:
        caps["general"] = {"positionEncodings": [encoding]}
    argv = [sys.executable, *server, "serve", *(["--config", str(config)] if config else [])]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, env=environment, limit=1 << 26)
    editor = Editor(process, choose, Spec(caps if profile else {}))
    editor.behaviour = played.behaviour
    editor.settings = settings
    editor.quirks |= set(quirks)
    folders = [{"uri": to_uri(root), "name": root.name}] if root else None
    hello = {"processId": os.getpid(), "rootUri": to_uri(root) if root else None, "workspaceFolders": folders}
    hello |= {"clientInfo": played.client} if played.client else {}
    try:
        params = {**hello, "capabilities": caps, "initializationOptions": options, **(initialize or {})}
        editor.hello = await editor.request("initialize", params)
        editor.encoding = Encoding(editor.hello["capabilities"]["positionEncoding"])
        editor.notify("initialized", {})
        for method, said in early:
            editor.notify(method, said)
        yield editor
        if process.returncode is None:
            await editor.request("shutdown", None)
            editor.notify("exit", None)
            assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
        if profile:
            assert editor.spec.broken == [], "the server said what this client cannot take"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await editor._reader
        process._transport.close()
