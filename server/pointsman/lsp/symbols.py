"""Symbols and definitions from the index, for languages whose own server is missing; off unless `symbols` says so.

Names are compared, not what they stand for: a definition that the file itself has or imports goes before all others.
"""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

from lsprotocol import types as lsp

from pointsman.errors import PointsmanError
from pointsman.files.workspace import Workspace
from pointsman.index.anchor import WORD
from pointsman.index.imports import distance, family
from pointsman.index.symbols import Symbol
from pointsman.lsp.compose import Project
from pointsman.lsp.desk import Desk
from pointsman.text import Encoding, Position, Snapshot, positions

_MOST = 200
_KINDS = {
    "class": lsp.SymbolKind.Class,
    "struct": lsp.SymbolKind.Struct,
    "interface": lsp.SymbolKind.Interface,
    "trait": lsp.SymbolKind.Interface,
    "enum": lsp.SymbolKind.Enum,
    "type": lsp.SymbolKind.Class,
    "module": lsp.SymbolKind.Module,
    "function": lsp.SymbolKind.Function,
    "macro": lsp.SymbolKind.Function,
    "method": lsp.SymbolKind.Method,
    "test": lsp.SymbolKind.Method,
    "field": lsp.SymbolKind.Field,
    "constant": lsp.SymbolKind.Constant,
    "key": lsp.SymbolKind.Key,
}


async def register(desk: Desk) -> None:
    """Tell a client that was not told at `initialize`, and can be told later."""
    registrations = [lsp.Registration(uuid4().hex, method) for method in sorted(desk.client.symbols)]
    if registrations and desk.config.symbols and not desk.server.symbols_announced:
        desk.server.symbols_announced = True
        params = lsp.RegistrationParams(registrations)
        await desk.server.ask_client(lsp.CLIENT_REGISTER_CAPABILITY, params, timeout=5.0)


async def document_symbols(desk: Desk, uri: str) -> list[lsp.DocumentSymbol] | list[lsp.SymbolInformation] | None:
    """The definitions of an open document, in each other as they lie.

    A long one has thousands: they are put into the protocol's words beside the event loop.
    """
    found, snapshot = desk.locate(uri), desk.buffers.get(uri)
    if not desk.config.symbols or found is None or snapshot is None:
        return None
    project, path = found
    symbols = sorted(project.index.symbols(path), key=lambda symbol: (symbol.start, -symbol.end))
    shown = _nested if desk.client.nested_symbols else _listed
    return await asyncio.to_thread(shown, symbols, snapshot, desk.encoding)


def _nested(symbols: Sequence[Symbol], snapshot: Snapshot, encoding: Encoding) -> list[lsp.DocumentSymbol]:
    places = _places(symbols, snapshot, encoding)
    top: list[lsp.DocumentSymbol] = []
    around: list[tuple[int, list[lsp.DocumentSymbol]]] = []
    for symbol in symbols:
        while around and around[-1][0] < symbol.end:
            around.pop()
        inside: list[lsp.DocumentSymbol] = []
        shown = lsp.DocumentSymbol(
            symbol.name,
            _KINDS.get(symbol.kind, lsp.SymbolKind.Variable),
            lsp.Range(places[symbol.start], places[symbol.end]),
            lsp.Range(places[symbol.name_start], places[symbol.name_end]),
            symbol.signature,
            children=inside,
        )
        (around[-1][1] if around else top).append(shown)
        around.append((symbol.end, inside))
    return top


async def workspace_symbols(desk: Desk, query: str) -> list[lsp.SymbolInformation] | None:
    """The definitions whose name holds the query, those that it begins first."""
    if not desk.config.symbols:
        return None
    made: list[lsp.SymbolInformation] = []
    for project in desk.opened:
        found = await asyncio.to_thread(project.index.search, query, _MOST - len(made))
        made += await asyncio.to_thread(_all, desk, project, found)
    return made


async def definition(desk: Desk, params: lsp.DefinitionParams) -> list[lsp.Location] | None:
    """Where the name at a place is defined."""
    uri = params.text_document.uri
    found, snapshot = desk.locate(uri), desk.buffers.get(uri)
    if not desk.config.symbols or found is None or snapshot is None:
        return None
    project, path = found
    place = Position(params.position.line, params.position.character)
    name = _word(snapshot, snapshot.offset(place, desk.encoding))
    symbols = await asyncio.to_thread(_definitions, project, path, name) if name else ()
    return [shown.location for shown in await asyncio.to_thread(_all, desk, project, symbols)]


def _word(snapshot: Snapshot, offset: int) -> str:
    line = snapshot.line_at(offset)
    column = offset - snapshot.starts[line]
    found = (match for match in WORD.finditer(snapshot.line(line)) if match.start() <= column <= match.end())
    return next((match[0] for match in found), "")


def _definitions(project: Project, path: str, name: str) -> Sequence[Symbol]:
    """The nearest kind that there is: of the file itself, of those it imports, of any in its languages."""
    imported = set(project.index.imported(path))
    groups: tuple[list[Symbol], ...] = [], [], []
    for symbol in project.index.definitions(name):
        if family(symbol.path) == family(path):
            groups[0 if symbol.path == path else 1 if symbol.path in imported else 2].append(symbol)
    nearest = next((group for group in groups if group), [])
    return sorted(nearest, key=lambda symbol: (distance(path, symbol.path), symbol.path, symbol.start))[:_MOST]


def _all(desk: Desk, project: Project, symbols: Sequence[Symbol]) -> list[lsp.SymbolInformation]:
    """Blocking: it reads the files."""
    workspace = desk.workspace(project)
    snapshots = {path: _read(workspace, path) for path in dict.fromkeys(symbol.path for symbol in symbols)}
    known = ((symbol, snapshots[symbol.path]) for symbol in symbols)
    return [_listed([symbol], snapshot, desk.encoding)[0] for symbol, snapshot in known if snapshot]


def _read(workspace: Workspace, path: str) -> Snapshot | None:
    try:
        return workspace.read(path)
    except PointsmanError:
        return None


def _listed(symbols: Sequence[Symbol], snapshot: Snapshot, encoding: Encoding) -> list[lsp.SymbolInformation]:
    places = _places(symbols, snapshot, encoding)
    return [
        lsp.SymbolInformation(
            lsp.Location(snapshot.uri, lsp.Range(places[symbol.name_start], places[symbol.name_end])),
            symbol.name,
            _KINDS.get(symbol.kind, lsp.SymbolKind.Variable),
            container_name=symbol.container,
        )
        for symbol in symbols
    ]


def _places(symbols: Sequence[Symbol], snapshot: Snapshot, encoding: Encoding) -> dict[int, lsp.Position]:
    """Of all offsets in symbols, found in one pass; those behind the end, as in a file that changed, are at its end."""
    offsets = sorted({offset for symbol in symbols for offset in symbol[2:6]})
    size = len(snapshot.text)
    found = positions(snapshot.text, (min(offset, size) for offset in offsets), encoding)
    return {offset: lsp.Position(at.line, at.character) for offset, at in zip(offsets, found, strict=True)}
