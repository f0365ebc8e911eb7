"""Words for the user, by the best means the client has.

A plugin of ours takes them as a notification; other clients show a file of the user's cache; and every client can
hover over the place that was asked about. A custom URI scheme is never used: Neovim opens an empty buffer for one.
"""

import hashlib
from pathlib import Path

import platformdirs
from lsprotocol import types as lsp

from pointsman.files.paths import to_uri
from pointsman.files.workspace import Workspace
from pointsman.lsp.desk import Answer, Desk
from pointsman.terms import Offer

KEPT = 20
"""Files of explanations kept in the cache."""


async def show_words(desk: Desk, offer: Offer, workspace: Workspace, title: str, markdown: str) -> None:
    snapshot = workspace.read(offer.path)
    lines = snapshot.line_at(offer.span.start), snapshot.line_at(offer.span.end)
    desk.answers[snapshot.uri] = Answer(snapshot.version, *lines, markdown)
    if desk.client.explain:
        desk.server.notify("pointsman/explain", {"title": title, "markdown": markdown, "uri": snapshot.uri})
    elif desk.client.show_document:
        path = _write(title, markdown)
        params = lsp.ShowDocumentParams(to_uri(path), external=False, take_focus=False)
        await desk.server.ask_client(lsp.WINDOW_SHOW_DOCUMENT, params, timeout=10.0)
    else:
        desk.tell(f"{title}: done. Hover over line {lines[0] + 1} to read it.")


def hover(desk: Desk, params: lsp.HoverParams) -> lsp.Hover | None:
    answer = desk.answers.get(params.text_document.uri)
    snapshot = desk.buffers.get(params.text_document.uri)
    if answer is None or snapshot is None or snapshot.version != answer.version:
        return None
    if not answer.first <= params.position.line <= answer.last:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, answer.markdown))


def _write(title: str, markdown: str) -> Path:
    folder = platformdirs.user_cache_path("pointsman") / "explain"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.md"), key=lambda path: path.stat().st_mtime)[: -KEPT + 1]:
        old.unlink(missing_ok=True)
    path = folder / f"{hashlib.blake2b(markdown.encode(), digest_size=6).hexdigest()}.md"
    path.write_text(f"# {title}\n\n{markdown}\n", "utf-8")
    return path
