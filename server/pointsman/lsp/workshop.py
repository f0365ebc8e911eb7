"""The server's working half, made after `initialized`: desk, runs and commands, and the settings they follow."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from pointsman.files.paths import from_uri
from pointsman.intents import FIX_KIND, wanted
from pointsman.lsp import findings, symbols
from pointsman.lsp.actions import code_actions
from pointsman.lsp.commands import Commands
from pointsman.lsp.compose import Kit
from pointsman.lsp.desk import Desk
from pointsman.lsp.editor_model import EditorModel
from pointsman.lsp.explain import hover
from pointsman.lsp.redaction import redact
from pointsman.lsp.runs import Runs
from pointsman.lsp.server import PointsmanServer, section
from pointsman.models import warm
from pointsman.text import Edit, Snapshot

log = logging.getLogger(__name__)


async def make(server: PointsmanServer) -> "Workshop":
    """Read the settings, put everything together, and take in what is open already."""
    options = await _options(server)
    model = EditorModel(server)
    kit = await asyncio.to_thread(Kit.load, server.options.config, server.roots, options, model)
    workshop = Workshop(server, kit)
    server.sync.watch(workshop)
    workshop.show_findings()
    for root in server.roots:
        workshop.desk.open_root(root)
    workshop.desk.background(asyncio.to_thread(warm))
    await _follow_settings(server)
    await symbols.register(workshop.desk)
    return workshop


class Workshop:
    """See the module. It watches the documents (`sync.Watcher`)."""

    def __init__(self, server: PointsmanServer, kit: Kit) -> None:
        self._server = server
        self._findings: Mapping[Path, findings.FindingsOf] = {}
        self._reloading = asyncio.Lock()
        self.desk = Desk(server, kit)
        self.runs = Runs(self.desk)
        self.commands = Commands(self.desk, self.runs)

    def code_actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return [*self._config_fixes(params), *code_actions(self.desk, params)]

    def _config_fixes(self, params: lsp.CodeActionParams) -> Iterator[lsp.CodeAction]:
        """Quick fixes in a config file of ours."""
        file = from_uri(params.text_document.uri)
        shown = self._findings.get(file) if file else None
        buffer = self.desk.buffers.get(params.text_document.uri)
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        if shown and buffer and wanted(FIX_KIND, only):
            yield from findings.quick_fixes(shown, buffer, params.range, self._server.encoding, self.desk.client)

    def hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        return hover(self.desk, params)

    async def workspace_symbols(self, query: str) -> list[lsp.SymbolInformation] | None:
        return await symbols.workspace_symbols(self.desk, query)

    async def document_symbols(self, uri: str) -> Sequence[object] | None:
        return await symbols.document_symbols(self.desk, uri)

    async def definition(self, params: lsp.DefinitionParams) -> list[lsp.Location] | None:
        return await symbols.definition(self.desk, params)

    async def close(self) -> None:
        """Cancel everything, and wait until no process of ours is left."""
        await self.runs.drain()
        await self.desk.close()

    # --- documents -------------------------------------------------------------------------------------------------

    def document_opened(self, uri: str) -> None:
        self.desk.document_opened(uri)

    def document_changed(self, uri: str, before: Snapshot, edits: Sequence[Edit]) -> None:
        self.desk.document_changed(uri, before, edits)

    def document_closed(self, uri: str) -> None:
        self.desk.document_closed(uri)
        self._server.foreign.forget(uri)
        if found := self.desk.locate(uri):
            self.runs.document_closed(*found)

    def document_saved(self, uri: str) -> None:
        """A saved config file is read again at once."""
        if from_uri(uri) in self.desk.kit.config_files:
            self.desk.background(self._reload())
        else:
            self.desk.document_saved(uri)
            self.commands.document_saved(uri)

    def files_renamed(self, names: Sequence[tuple[str, str]]) -> None:
        """Old and new address of each file or folder; what is known of them goes along."""
        for old, new in names:
            self.desk.file_renamed(old, new)

    # --- settings --------------------------------------------------------------------------------------------------

    def settings_changed(self) -> None:
        self.desk.background(self._reload())

    async def _reload(self) -> None:
        async with self._reloading:
            options = await _options(self._server)
            await asyncio.to_thread(self.desk.kit.reload, options)
            self.show_findings()
            await symbols.register(self.desk)

    def show_findings(self) -> None:
        """What is wrong with the configuration, as diagnostics in its files; and how much is logged follows it too."""
        config = self.desk.config
        logging.getLogger("pointsman").setLevel(logging.INFO if config.LOG else logging.NOTSET)
        urls = (provider.api_base_url for provider in config.Providers)
        redact((provider.api_key for provider in config.Providers), (config.proxy, *urls))
        before, self._findings = self._findings, findings.by_file(self.desk.kit.loaded.findings, self._server.encoding)
        for file in before.keys() - self._findings.keys():
            self._server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(before[file].snapshot.uri, []))
        for shown in self._findings.values():
            diagnostics = [diagnostic for _, diagnostic in shown.found]
            self._server.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(shown.snapshot.uri, diagnostics)
            )


async def _options(server: PointsmanServer) -> list[Mapping[str, Any]]:
    """The client's settings, weakest first: initializationOptions, then its `pointsman` section.

    What a client pushed counts only where it cannot be asked.
    """
    answer: Any = server.pushed_settings
    if server.client.configuration:
        items = [lsp.ConfigurationItem(section="pointsman")]
        params = lsp.ConfigurationParams(items)
        answers = await server.ask_client(lsp.WORKSPACE_CONFIGURATION, params, timeout=5.0)
        answer = answers[0] if isinstance(answers, list | tuple) and answers else None
    return [options for given in (server.initialization_options, answer) if (options := section(given))]


async def _follow_settings(server: PointsmanServer) -> None:
    if not server.client.dynamic_configuration:
        return
    what = lsp.WORKSPACE_DID_CHANGE_CONFIGURATION
    registration = lsp.Registration("pointsman-settings", what, {"section": "pointsman"})
    params = lsp.RegistrationParams([registration])
    await server.ask_client(lsp.CLIENT_REGISTER_CAPABILITY, params, timeout=5.0)
