"""The server: what is said at `initialize`, where requests go, and how it ends.

Only what is light is imported here: the answer to `initialize` waits for this module. Everything else (`desk`, and
with it the configuration, the index, the checks and the loop) is imported and made after `initialized`, in the
background; until then the lists of actions are empty.
"""

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import uuid4

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from pointsman.errors import EditorError, PointsmanError
from pointsman.files.buffers import Buffers
from pointsman.files.paths import from_uri
from pointsman.lsp.client import Client, choose_encoding, read_client
from pointsman.lsp.foreign import Foreign
from pointsman.lsp.messages import converter
from pointsman.lsp.names import COMMANDS, DIAGNOSTICS, KINDS, MODEL_DELTA
from pointsman.lsp.protocol import HardenedProtocol
from pointsman.lsp.sync import Sync
from pointsman.lsp.transport import GRACE, Sink, end_soon, outlived, pump, stop_on_signals
from pointsman.text import Encoding

if TYPE_CHECKING:
    from pointsman.lsp.workshop import Workshop

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """From the command line. `config` is a config file to use instead of the user's."""

    config: Path | None = None


class PointsmanServer(LanguageServer):
    """See the module. `workshop` is there once the background work is done."""

    protocol: HardenedProtocol

    def __init__(self, options: Options | None = None) -> None:
        super().__init__("pointsman", version("pointsman"), protocol_cls=HardenedProtocol, converter_factory=converter)
        self.options = options or Options()
        self.buffers = Buffers()
        self.sync = Sync(self.buffers)
        self.foreign = Foreign(converter())
        self.client = Client()
        self.encoding = Encoding.UTF16
        self.roots: list[str] = []
        self.initialization_options: Any = None
        self.pushed_settings: Any = None
        self.symbols_announced = False
        self.cancellers: dict[str, Callable[[], object]] = {}
        self.model_streams: dict[str, asyncio.Queue[Mapping[str, Any]]] = {}
        """Pieces of the answers that the editor's own models give, by stream."""
        self.workshop: Workshop | None = None
        self.exit_code = 1
        self._making = 0
        self._preparing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._stopped: asyncio.Event | None = None
        self._parent = os.getppid()
        _register(self)
        _register_symbols(self)
        _register_told(self)

    # --- its life --------------------------------------------------------------------------------------------------

    def serve(self, source: BinaryIO, sink: BinaryIO) -> int:
        """Serve one client to its end; the process's exit code: 0 after `shutdown` and `exit`, or the input's end."""
        try:
            return asyncio.run(self._serve(source, Sink(sink)))
        except KeyboardInterrupt:
            return 130

    async def _serve(self, source: BinaryIO, sink: Sink) -> int:
        self._stopped = asyncio.Event()
        self.exit_code = 0
        stop_on_signals(self.stop)
        self.protocol.set_writer(sink)
        await pump(source, self.protocol, self._stopped)
        end_soon(self.exit_code)
        await self.close()
        await self.protocol.settle(GRACE)
        sink.close()
        return self.exit_code

    def greet(self, params: lsp.InitializeParams) -> None:
        """Take in what `initialize` says; called before it is answered."""
        self.client = read_client(params)
        self.encoding = self.sync.encoding = choose_encoding(params.capabilities)
        self.initialization_options = params.initialization_options
        self.symbols_announced = (section(params.initialization_options) or {}).get("symbols") is True
        folders = [folder.uri for folder in params.workspace_folders or ()]
        if not folders and params.root_uri:
            folders = [params.root_uri]
        self.roots = [str(path) for uri in folders if (path := from_uri(uri))]
        if not self.roots and params.root_path:
            self.roots = [str(Path(params.root_path))]

    def prepare(self) -> None:
        """Begin the background work."""
        if self._preparing is None:
            self._preparing = asyncio.create_task(self._prepare())
            self._watching = asyncio.create_task(self._watch_client())

    async def _watch_client(self) -> None:
        if self.process_id is not None:
            await outlived(self.process_id, self._parent)
            log.warning("the client is gone")
            self.stop(0)

    async def _prepare(self) -> None:
        """Import in a thread what takes long to import, then make the workshop on the loop."""
        try:
            with self.making_what_stays():
                make = await asyncio.to_thread(_import_workshop)
                self.workshop = await make(self)
        except PointsmanError as error:
            self._say_error(error.user_message)
        except Exception:
            log.exception("Pointsman could not be set up")
            self._say_error("Pointsman could not start its work; the log has the details.")

    @contextmanager
    def making_what_stays(self) -> Iterator[None]:
        """While the workshop and the first indexes are made, the collector rests.

        It would stop everything for a tenth of a second, again and again, to look through all of it; and once it is
        there, it stays for good and is not looked through any more.
        """
        self._making += 1
        gc.disable()
        try:
            yield
        finally:
            self._making -= 1
            if not self._making:
                gc.freeze()
                gc.enable()

    def _say_error(self, message: str) -> None:
        self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, message))

    async def close(self) -> None:
        """Stop all work. Safe to call twice."""
        for task in (self._preparing, self._watching):
            if task:
                task.cancel()
        workshop, self.workshop = self.workshop, None
        if workshop:
            await workshop.close()

    def stop(self, code: int) -> None:
        self.exit_code = code
        if self._stopped:
            self._stopped.set()

    # --- requests --------------------------------------------------------------------------------------------------

    def execute(self, command: str, arguments: Sequence[Any] | None) -> dict[str, Any]:
        if self.workshop is None:
            message = "Pointsman is still starting. Try again in a moment."
            if command in COMMANDS:  # answers are often dropped
                self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, message))
            return {"error": message}
        return self.workshop.commands.execute(command, arguments)

    async def ask_client(self, method: str, params: Any, timeout: float | None) -> Any:  # noqa: ASYNC109
        """The client's answer; None if it refuses, does not know the request, or takes longer than `timeout`."""
        asked = uuid4().hex
        try:
            async with asyncio.timeout(timeout):  # Python 3.11's wait_for loses a cancellation beside an answer
                return await self.protocol.send_request_async(method, params, asked)
        except (JsonRpcException, TimeoutError) as error:
            log.warning("%s: %s", method, error or "no answer in time")
            return None
        finally:
            self.protocol.forget(asked)

    async def ask_or_raise(self, method: str, params: Any) -> Any:
        """The client's answer, however long it takes. Raises EditorError; cancelled here, it is cancelled there."""
        asked = uuid4().hex
        try:
            return await self.protocol.send_request_async(method, params, asked)
        except JsonRpcException as error:
            raise EditorError(error.message, error.data) from None
        except asyncio.CancelledError:
            self.protocol.notify(lsp.CANCEL_REQUEST, lsp.CancelParams(asked))
            raise
        finally:
            self.protocol.forget(asked)

    def notify(self, method: str, params: Any) -> None:
        self.protocol.notify(method, params)

    def progress_notify(self, token: str, value: Any) -> None:
        self.protocol.notify(lsp.PROGRESS, lsp.ProgressParams(token, self.protocol._converter.unstructure(value)))  # noqa: SLF001 - pygls has no other way

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log it. pygls would show a message box for each."""
        log.error("%s: %s", source, error)

    # --- folders ---------------------------------------------------------------------------------------------------

    def folders_changed(self, event: lsp.WorkspaceFoldersChangeEvent) -> None:
        gone = {str(path) for folder in event.removed if (path := from_uri(folder.uri))}
        added = [str(path) for folder in event.added if (path := from_uri(folder.uri))]
        self.roots = list(dict.fromkeys([*(root for root in self.roots if root not in gone), *added]))
        if self.workshop:
            self.workshop.desk.roots_changed()

    def root_of(self, file: Path) -> str | None:
        """The innermost root that holds a file."""
        holding = [root for root in self.roots if file.is_relative_to(root)]
        return max(holding, key=len, default=None)


def _import_workshop() -> Any:
    from pointsman.lsp.workshop import make

    return make


_EVERY_FILE = lsp.FileOperationFilter(lsp.FileOperationPattern("**/*"), scheme="file")


def _register(server: PointsmanServer) -> None:
    """The features beside those of the protocol itself; each leads into the workshop, when there is one."""

    @server.feature(lsp.INITIALIZED)
    def initialized(_: lsp.InitializedParams) -> None:
        server.prepare()

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=list(KINDS)))
    def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return server.workshop.code_actions(params) if server.workshop else []

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return server.workshop.hover(params) if server.workshop else None

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: lsp.DidSaveTextDocumentParams) -> None:
        server.sync.saved(params)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: lsp.DidChangeConfigurationParams) -> None:
        server.pushed_settings = params.settings
        if server.workshop:
            server.workshop.settings_changed()


def _register_symbols(server: PointsmanServer) -> None:
    """What the index answers, if the setting says so; it is announced only then."""

    @server.feature(lsp.WORKSPACE_SYMBOL)
    async def workspace_symbol(params: lsp.WorkspaceSymbolParams) -> list[lsp.SymbolInformation] | None:
        return await server.workshop.workspace_symbols(params.query) if server.workshop else None

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbol(params: lsp.DocumentSymbolParams) -> Sequence[object] | None:
        return await server.workshop.document_symbols(params.text_document.uri) if server.workshop else None

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: lsp.DefinitionParams) -> list[lsp.Location] | None:
        return await server.workshop.definition(params) if server.workshop else None


def section(given: Any) -> Mapping[str, Any] | None:
    """Settings come bare, or below "pointsman", or not at all."""
    if not isinstance(given, Mapping):
        return None
    inner = given.get("pointsman")
    return inner if isinstance(inner, Mapping) else given


def _register_told(server: PointsmanServer) -> None:
    """What clients tell of themselves, and are not answered."""

    @server.feature(DIAGNOSTICS)
    def diagnostics_of_others(params: Any) -> None:
        server.foreign.take(params)

    @server.feature(lsp.WORKSPACE_DID_RENAME_FILES, lsp.FileOperationRegistrationOptions([_EVERY_FILE]))
    def did_rename_files(params: lsp.RenameFilesParams) -> None:
        if server.workshop:
            server.workshop.files_renamed([(file.old_uri, file.new_uri) for file in params.files])

    @server.feature(MODEL_DELTA)
    def model_delta(params: Any) -> None:
        piece = params if isinstance(params, dict) else {}
        if pieces := server.model_streams.get(str(piece.get("stream"))):
            pieces.put_nowait(piece)
