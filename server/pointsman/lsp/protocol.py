"""pygls, hardened: every request is answered once, whatever is in it, and nothing of a message is lost or logged.

pygls 2.1 was found to leave a request unanswered when its parameters do not fit, to take nested data for messages,
to leak a future for each notification, to fail a shutdown with work in flight, to show a pop-up for every fault, and to
keep its own corrupted copy of the documents. Each method here says which of these it mends; each has its test in
`tests/unit/lsp/test_protocol.py`.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    lsp_method,
)

from pointsman.lsp.messages import Misfit, read
from pointsman.lsp.names import COMMANDS

if TYPE_CHECKING:
    from pointsman.lsp.server import PointsmanServer

log = logging.getLogger(__name__)

GIVEN_UP = 100
"""Requests remembered whose replies may still come."""


class HardenedProtocol(LanguageServerProtocol):
    """See the module."""

    _server: "PointsmanServer"
    _ready = False

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._given_up: deque[int | str | None] = deque(maxlen=GIVEN_UP)
        """Requests of ours that nobody waits for any more: what was cancelled, or took too long."""

    # --- messages in -----------------------------------------------------------------------------------------------

    def receive(self, body: bytes) -> None:
        """One message. It never raises: what goes wrong with a message is that message's answer."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            log.warning("a message is not JSON")
            self._send_error(None, lsp.ErrorCodes.ParseError, "the message is not JSON")
            return
        if not isinstance(raw, dict) or raw.get("jsonrpc") != self.VERSION:
            self._refuse(_id(raw), lsp.ErrorCodes.InvalidRequest, "this is not JSON-RPC 2.0")
        elif "method" not in raw:
            self._deliver(raw)
        elif not isinstance(raw["method"], str) or raw.get("id", 0) != _id(raw, 0):
            self._send_error(_id(raw), lsp.ErrorCodes.InvalidRequest, "the method or the id is none")
        elif self._in_time(raw):
            self._deliver(raw)

    def _in_time(self, raw: dict[str, Any]) -> bool:
        """Whether a message may come now: nothing before `initialize`, nothing but `exit` after `shutdown`."""
        method, asked = raw["method"], raw.get("id")
        if method == lsp.EXIT:
            return True
        if self._shutdown:
            self._refuse(asked, lsp.ErrorCodes.InvalidRequest, f"{method}: the server is shutting down")
            return False
        if method == lsp.INITIALIZE and self._ready:
            self._refuse(asked, lsp.ErrorCodes.InvalidRequest, "initialize was sent before")
            return False
        if method != lsp.INITIALIZE and not self._ready:
            self._refuse(asked, lsp.ErrorCodes.ServerNotInitialized, f"{method}: send initialize first")
            return False
        return True

    def _deliver(self, raw: dict[str, Any]) -> None:
        try:
            self.handle_message(self.structure_message(raw))
        except Misfit as misfit:
            self._misfit(raw, misfit)
        except Exception:
            log.exception("a message could not be handled")
            self._refuse(_id(raw) if "method" in raw else None, lsp.ErrorCodes.InternalError, "this went wrong here")

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message as a whole: pygls would take any nested data with a "jsonrpc" in it for one."""
        if "method" in data:
            unknown = JsonRPCRequestMessage if "id" in data else JsonRPCNotification
            kind = self.get_message_type(data["method"]) or unknown
        elif "error" in data:
            kind = lsp.ResponseErrorMessage
        else:
            kind = self._result_types.get(_id(data, -1)) or JsonRPCResponseMessage  # type: ignore[arg-type]
        return read(self._converter, data, kind)

    def _misfit(self, raw: dict[str, Any], misfit: Misfit) -> None:
        """Say so to whoever waits. A change that cannot be read leaves a document that nobody knows."""
        if "method" not in raw:
            self._handle_response(_id(raw), None, _unreadable())
            return
        self._refuse(_id(raw), lsp.ErrorCodes.InvalidParams, f"{raw['method']}: {misfit}")
        if raw["method"] == lsp.TEXT_DOCUMENT_DID_CHANGE:
            self._server.sync.lost(raw.get("params"))

    def _refuse(self, msg_id: Any, code: lsp.ErrorCodes, message: str) -> None:
        """Answer a request that cannot be served; a notification is only logged."""
        log.warning("refused: %s", message[:200])
        if msg_id is not None:
            self._send_error(msg_id, code, message)

    def _send_error(self, msg_id: Any, code: lsp.ErrorCodes, message: str) -> None:
        self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": {"code": code.value, "message": message}})

    def _handle_response(self, msg_id: Any, result: Any = None, error: lsp.ResponseError | None = None) -> None:
        """Take a reply; one to a request that was given up is no fault."""
        self._result_types.pop(msg_id, None)
        if msg_id in self._given_up:
            self._given_up.remove(msg_id)
            return
        future = self._request_futures.get(msg_id)
        if not isinstance(future, Future):  # no request of ours has this id, though one of the client's may
            log.warning("a reply to nothing that was asked was ignored")
            return
        if future.done():
            self._request_futures.pop(msg_id, None)
            return
        super()._handle_response(msg_id, result, error)

    def forget(self, msg_id: str) -> None:
        """Wait no longer for the reply to a request of ours; one that comes late is ignored."""
        if self._request_futures.pop(msg_id, None) is not None:
            self._given_up.append(msg_id)
        self._result_types.pop(msg_id, None)

    def _execute_handler(self, msg_id: Any, handler: Any, callback: Any, args: Any = None, kwargs: Any = None) -> None:
        """Run a handler, and forget its future when it is done."""

        def done(future: "Future[Any]") -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    async def settle(self, seconds: float) -> None:
        """Wait until what was asked before the end is answered: clients send `exit` right behind `shutdown`."""
        futures: list[Any] = list(self._request_futures.values())
        asked = [future for future in futures if isinstance(future, asyncio.Task)]
        if asked:
            await asyncio.wait(asked, timeout=seconds)

    # --- the built-in features that pygls gets wrong ------------------------------------------------------------------

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        self._server.greet(params)
        result: lsp.InitializeResult = yield from super().lsp_initialize(params)
        capabilities = result.capabilities
        capabilities.position_encoding = lsp.PositionEncodingKind(self._server.encoding.value)
        capabilities.execute_command_provider = lsp.ExecuteCommandOptions(commands=list(COMMANDS))
        if not self._server.symbols_announced:
            capabilities.workspace_symbol_provider = None
            capabilities.document_symbol_provider = None
            capabilities.definition_provider = None
        self._ready = True
        return result

    @lsp_method(lsp.SHUTDOWN)
    def lsp_shutdown(self, *_: Any) -> Generator[Any, Any, None]:
        """Stop all work, then answer; nothing in flight can make it fail."""
        self._shutdown = True
        yield self._server.close, (), {}

    @lsp_method(lsp.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override]
        self._server.stop(0 if self._shutdown else 1)

    @lsp_method(lsp.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(self, params: lsp.ExecuteCommandParams) -> Any:
        """All commands go to one place; pygls would match their arguments to Python signatures."""
        return self._server.execute(params.command, params.arguments)

    @lsp_method(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(self, params: lsp.WorkDoneProgressCancelParams) -> None:
        if cancel := self._server.cancellers.get(str(params.token)):
            cancel()

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> None:
        self._server.sync.opened(params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> None:
        self._server.sync.changed(params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> None:
        self._server.sync.closed(params)

    @lsp_method(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def lsp_workspace__did_change_workspace_folders(self, params: lsp.DidChangeWorkspaceFoldersParams) -> None:
        self._server.folders_changed(params.event)


def _unreadable() -> lsp.ResponseError:
    return lsp.ResponseError(lsp.ErrorCodes.InvalidRequest.value, "the client's reply could not be read")


def _id(raw: Any, none: int | None = None) -> int | str | None:
    """The id of a message; `none` if it has no proper one."""
    found = raw.get("id") if isinstance(raw, dict) else None
    return found if isinstance(found, int | str) and not isinstance(found, bool) else none
