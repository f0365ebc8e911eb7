"""Everything the server works with once it is up: the configuration, the projects, and what waits for the user.

Made in the background after `initialized`; before that, the server has nothing to offer. What a task needs is put
together by `compose`, so that the shell and the editor run the very same program.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from pointsman.config.model import Config
from pointsman.files.buffers import Buffers
from pointsman.files.paths import from_uri, relative, to_uri
from pointsman.files.workspace import Workspace
from pointsman.journal import Journal, Proposal
from pointsman.lsp.client import Client
from pointsman.lsp.compose import Kit, Project
from pointsman.lsp.diagnostics import Board, Finding, carried
from pointsman.lsp.indexing import scan
from pointsman.lsp.problems import OURS
from pointsman.lsp.server import PointsmanServer
from pointsman.patch.render import diff
from pointsman.task import Tools
from pointsman.terms import FileSet, Offer, Problem
from pointsman.text import Edit, Encoding, Position, Snapshot, origin

log = logging.getLogger(__name__)

ANSWERS = ("Yes", "No", "You decide")
"""What a model's question can be answered with where the client can only show a choice."""


SCAN = 20.0
"""Seconds that an explanation waits for a project's first reading."""


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that its reader has not decided on; `file` is its document, unless a plugin shows it."""

    title: str
    root: str
    text: str
    file: Path | None
    answer: "asyncio.Future[str | None]"


@dataclass(slots=True)
class Waiting:
    """What only the user can decide, by root or task."""

    consent: dict[str, "asyncio.Future[bool]"] = field(default_factory=dict)
    questions: dict[str, tuple[str, "asyncio.Future[str | None]"]] = field(default_factory=dict)
    plans: dict[str, WaitingPlan] = field(default_factory=dict)
    unfixed: dict[str, tuple[Offer, Snapshot]] = field(default_factory=dict)
    """Offers for a model where the project's own fixers had nothing to say, by task."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Words about a place, kept for `textDocument/hover` while the document stays as it was."""

    version: int | None
    first: int
    last: int
    markdown: str


class Desk:
    """See the module."""

    def __init__(self, server: PointsmanServer, kit: Kit) -> None:
        self.server = server
        self.kit = kit
        self.waiting = Waiting()
        self.working: dict[str, tuple[str, Offer]] = {}
        """The tasks under way by their runs: the root and the offer of each."""
        self.answers: dict[str, Answer] = {}
        publish, related = server.text_document_publish_diagnostics, server.client.related_information
        self.board = Board(server.buffers, server.encoding, publish, related=related)
        self._projects: dict[str, Project] = {}
        self._opened: set[str] = set()
        self._scans: dict[str, asyncio.Task[Any]] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._preparing: asyncio.Task[Any] | None = None

    @property
    def buffers(self) -> Buffers:
        return self.server.buffers

    @property
    def client(self) -> Client:
        return self.server.client

    @property
    def encoding(self) -> Encoding:
        return self.server.encoding

    @property
    def journal(self) -> Journal:
        return self.kit.journal

    @property
    def config(self) -> Config:
        return self.kit.loaded.config

    def tools(self, project: Project) -> Tools:
        return self.kit.tools(project)

    def background(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Let something run beside; it is kept alive, cancelled at the end, and what it raises is logged."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("background work failed", exc_info=error)

    def prepare(self, project: Project, offers: Sequence[Offer], pause: float = 0.0) -> None:
        """Gather ahead what tasks on these offers would need, after a pause in which nothing else is asked."""
        if self._preparing:
            self._preparing.cancel()
        self._preparing = self.background(self._prepare(project, offers, pause))

    async def _prepare(self, project: Project, offers: Sequence[Offer], pause: float) -> None:
        await asyncio.sleep(pause)
        workspace = self.workspace(project)
        await project.ahead.prepare(offers, workspace)
        if offers:
            await asyncio.to_thread(project.checks.foresee, workspace, offers[0].path)

    async def close(self) -> None:
        """End everything that runs beside."""
        works = list(self._background)
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        await self.kit.close()

    # --- where things are ------------------------------------------------------------------------------------------

    def locate(self, uri: str) -> tuple[Project, str] | None:
        """The project a document belongs to, and its path there; None for what is no file.

        A file outside of every root is a project of its own folder, without checks: nobody opened that folder.
        """
        file = from_uri(uri)
        if file is None:
            return None
        root = self.server.root_of(file)
        project = self._project(root or str(file.parent), opened=root is not None)
        path = relative(project.root, file)
        return (project, path) if path else None

    def workspace(self, project: Project) -> Workspace:
        """The frozen view a task gets."""
        return Workspace(project.root, self.buffers.under(project.root))

    def _project(self, root: str, *, opened: bool) -> Project:
        if root not in self._projects:
            project = self._projects[root] = self.kit.project(root, opened=opened)
            if opened:
                self._opened.add(root)
                self._announce_kept(root)
                self.background(self._tell_of_lost(root))
                self._scans[root] = self.background(scan(self.server, project.index, self.workspace(project)))
        return self._projects[root]

    async def indexed(self, project: Project) -> None:
        """Wait for the first reading of a project, within reason: what is asked right after the start needs it too."""
        scanning = self._scans.get(project.root)
        if scanning and not scanning.done():
            await asyncio.wait({scanning}, timeout=SCAN)

    @property
    def opened(self) -> list[Project]:
        """The projects of the workspace folders."""
        return [self._projects[root] for root in sorted(self._opened)]

    def open_root(self, root: str) -> None:
        """Begin to know a workspace folder."""
        self._project(root, opened=True)

    def roots_changed(self) -> None:
        """Forget the projects of folders that were closed, and open the new ones."""
        roots = set(self.server.roots)
        for root in [root for root in self._opened if root not in roots]:
            self._opened.discard(root)
            self._projects.pop(root, None)
            self.board.forget(root)
        for root in roots:
            self.open_root(root)

    def project_of(self, root: str) -> Project:
        """The project of a root, in any spelling."""
        return self.project_at(str(Path(root).resolve()))

    def project_at(self, root: str) -> Project:
        """The project whose workspaces have this root, with links resolved."""
        return next((p for p in self._projects.values() if str(Path(p.root).resolve()) == root), None) or self._project(
            root, opened=True
        )

    def projects(self) -> Sequence[Project]:
        return tuple(self._projects.values())

    # --- documents -------------------------------------------------------------------------------------------------

    def document_opened(self, uri: str) -> None:
        found, snapshot = self.locate(uri), self.buffers.get(uri)
        if found and snapshot:
            found[0].index.open(found[1], snapshot)

    def document_changed(self, uri: str, before: Snapshot, edits: Sequence[Edit]) -> None:
        found, snapshot = self.locate(uri), self.buffers.get(uri)
        self.board.moved(uri, before, edits)
        if found and snapshot:
            found[0].index.change(found[1], snapshot, edits)

    def document_saved(self, uri: str) -> None:
        if found := self.locate(uri):
            found[0].index.refresh(found[1])
            if found[0].root in self._opened:
                self.background(scan(self.server, found[0].index, self.workspace(found[0])))

    def file_renamed(self, old: str, new: str) -> None:
        """What was found in a file, or in those of a folder, and what is proposed for it, goes where it went."""
        self.board.renamed(old, new)
        before, after = self.locate(old), self.locate(new)
        if before and after and before[0] is after[0]:
            self.journal.renamed(before[0].root, before[1], after[1])
        for project in {found[0].root: found[0] for found in (before, after) if found}.values():
            if project.root in self._opened:
                self.background(project.index.scan(self.workspace(project)))

    def document_closed(self, uri: str) -> None:
        found = self.locate(uri)
        self.answers.pop(uri, None)
        if found:
            found[0].index.close(found[1])

    # --- problems --------------------------------------------------------------------------------------------------

    def fixable(self, problem: Problem) -> bool:
        """Whether the project's own fixers are offered for a problem, instead of a model."""
        ours = bool(self.board.shows(problem)) or problem.tool.startswith(OURS)
        return self.kit.fixers_offered(problem, ours=ours)

    def where(self, finding: Finding, seen: Mapping[str, Snapshot]) -> tuple[str, Finding] | None:
        """The document of a finding about the texts of a task or run, and the finding as it lies there by now.

        None if its line was edited since, or if it is about no file.
        """
        path = finding.problem.path
        if path is None:
            return None
        buffer, before = self.buffers.under(finding.root).get(path), seen.get(path)
        if buffer is None or before is None or before.version is None or before.text == buffer.text:
            return (buffer.uri if buffer else to_uri(Path(finding.root, path))), finding
        log = self.buffers.log(buffer.uri, before.version)
        found = carried([finding], before, log) if log is not None else []
        return (buffer.uri, found[0]) if found else None

    def placed(self, findings: Iterable[Finding], seen: Mapping[str, Snapshot]) -> Mapping[str, Sequence[Finding]]:
        """Findings by document, as they lie there by now."""
        by_uri: dict[str, list[Finding]] = {}
        for finding in findings:
            if where := self.where(finding, seen):
                by_uri.setdefault(where[0], []).append(where[1])
        return by_uri

    def before_patch(self, problem: Problem, candidate: FileSet) -> Problem:
        """A finding about a candidate, as it lies in the text the candidate was made for."""
        change = next((c for c in candidate.changes if problem.path in {c.path, c.new_path}), None)
        if change is None or change.before is None or change.after is None or not change.edits:
            return replace(problem, path=change.path) if change else problem
        after = Snapshot("", None, change.after)
        offset = after.offset(Position((problem.line or 1) - 1, 0), Encoding.UTF32)
        line = change.before.line_at(origin(offset, change.edits)) + 1
        return replace(problem, path=change.path, line=line, column=None, end_line=None, end_column=None)

    def read_uri(self, uri: str) -> Snapshot:
        """The text of a document that may not be open; empty if it cannot be read."""
        found = self.locate(uri)
        try:
            return self.workspace(found[0]).read(found[1]) if found else Snapshot(uri, None, "")
        except Exception:  # noqa: BLE001 - a finding in an unreadable file is still shown, at its first line
            return Snapshot(uri, None, "")

    def announce(self, proposal: Proposal) -> None:
        """Tell a plugin of an edit that waits for its user."""
        shown = {"event": "proposed", "title": proposal.title, "reason": proposal.reason}
        self.send_event(proposal.task, shown | {"diff": diff(proposal.candidate)} | told_of(proposal))

    def _announce_kept(self, root: str) -> None:
        """Those of an earlier session wait still."""
        for proposal in list(self.journal.proposals.values()):
            if proposal.root == root:
                self.announce(proposal)

    async def _tell_of_lost(self, root: str) -> None:
        """What an earlier server was doing when it died: most editors say only that it did, some not even that."""
        for title in await asyncio.to_thread(self.kit.unfinished.left, root):
            self.warn(f"Pointsman's server ended in the middle of: {title}. Nothing was changed; ask again.")

    # --- words to the client ---------------------------------------------------------------------------------------

    def tell(self, message: str) -> None:
        self.server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, message))

    def warn(self, message: str) -> None:
        self.server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, message))

    def send_event(self, task: str, event: dict[str, Any]) -> None:
        if self.client.events:
            self.server.notify("pointsman/event", {"task": task, **event})


def told_of(proposal: Proposal) -> dict[str, Any]:
    """What an event tells of a receipt."""
    receipt = proposal.receipt
    return {"receipt": receipt.line} | ({"sources": receipt.sources} if receipt.sources else {})
