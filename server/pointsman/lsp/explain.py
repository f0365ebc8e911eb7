"""Words for the user, by the best means the client has.

A plugin of ours takes them as a notification; other clients show a file of the user's cache; and every client can
hover over the place that was asked about. A custom URI scheme is never used: Neovim opens an empty buffer for one.
"""

import hashlib
import re
from pathlib import Path

import platformdirs
from lsprotocol import types as lsp

from pointsman.files.paths import to_uri
from pointsman.files.workspace import Workspace
from pointsman.journal import Proposal
from pointsman.lsp.desk import Answer, Desk
from pointsman.lsp.names import SHOW
from pointsman.patch.render import diff
from pointsman.terms import FileChange, FileSet, Offer, Stale

KEPT = 20
"""Files of explanations kept in the cache."""


async def show_words(desk: Desk, offer: Offer, workspace: Workspace, title: str, markdown: str) -> None:
    snapshot = workspace.read(offer.path)
    lines = snapshot.line_at(offer.span.start), snapshot.line_at(offer.span.end)
    desk.answers[snapshot.uri] = Answer(snapshot.version, *lines, markdown)
    if desk.client.explain:
        desk.server.notify(SHOW, {"title": title, "markdown": markdown, "uri": snapshot.uri})
    elif desk.client.show_document:
        await _open(desk, _write(title, f"# {title}\n\n{markdown}\n", ".md"))
    else:
        desk.tell(f"{title}: done. Hover over line {lines[0] + 1} to read it.")


async def show_diff(desk: Desk, proposal: Proposal, moved: FileSet | Stale) -> None:
    """A proposal to read, as it is for the buffers by now. Plugins get it in each form, to show it as they like."""
    note = f"{moved.path} changed meanwhile: {moved.reason}\n" if isinstance(moved, Stale) else ""
    text = note + diff(proposal.candidate if isinstance(moved, Stale) else moved)
    title, markdown = f"Diff: {proposal.title}", f"```diff\n{text}```\n"
    touched = [change.path for change in proposal.candidate.changes]
    buffers = desk.buffers.under(proposal.root)
    for snapshot in (buffers[path] for path in touched if path in buffers):
        desk.answers[snapshot.uri] = Answer(snapshot.version, 0, snapshot.line_count, markdown)
    if desk.client.explain:
        uri = to_uri(Path(proposal.root, touched[0]))
        files = None if isinstance(moved, Stale) else [_sides(change, proposal.root) for change in moved.changes]
        shown = {"title": title, "markdown": markdown, "uri": uri, "task": proposal.task, "diff": text, "files": files}
        desk.server.notify(SHOW, shown)
    elif desk.client.show_document:
        await _open(desk, _write(title, text, ".diff"))
    else:
        desk.tell(f"{title}: hover over any line of {touched[0]} to read it.")


def _sides(change: FileChange, root: str) -> dict[str, str | None]:
    """A file before and after, for an editor that can compare two documents."""
    old, new = (to_uri(Path(root, path)) for path in (change.path, change.new_path or change.path))
    gone = change.after is None
    return {"before": old if change.before else None, "after": None if gone else new, "text": change.after}


def hover(desk: Desk, params: lsp.HoverParams) -> lsp.Hover | None:
    answer = desk.answers.get(params.text_document.uri)
    snapshot = desk.buffers.get(params.text_document.uri)
    if answer is None or snapshot is None or snapshot.version != answer.version:
        return None
    if not answer.first <= params.position.line <= answer.last:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, answer.markdown))


async def _open(desk: Desk, path: Path) -> None:
    params = lsp.ShowDocumentParams(to_uri(path), external=False, take_focus=False)
    await desk.server.ask_client(lsp.WINDOW_SHOW_DOCUMENT, params, timeout=10.0)


def _write(title: str, text: str, ending: str) -> Path:
    """A file to read in the user's cache, for the user alone; the oldest ones go. Its name is what an editor shows."""
    folder = platformdirs.user_cache_path("pointsman") / "explain"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.*"), key=lambda path: path.stat().st_mtime)[: -KEPT + 1]:
        old.unlink(missing_ok=True)
    name = re.sub(r"[^\w.-]+", "-", title)[:40].strip("-.")
    path = folder / f"{name}-{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=4).hexdigest()}{ending}"
    path.write_text(text, "utf-8", errors="replace", newline="")
    return path
