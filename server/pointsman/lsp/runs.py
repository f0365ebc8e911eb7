"""Tasks as the editor sees them: acknowledged at once, shown while they work, cancelled from anywhere.

A command returns a run id before anything happens, since some editors block, or give up, while a command runs. All
else goes out by progress, messages, diagnostics and edits. Clients that declare `experimental.pointsman.events` are
also sent every event as `pointsman/event`, in the form `--json` prints.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace

from pointsman.errors import ConfigError, RouteError
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index
from pointsman.intents import INTENTS
from pointsman.journal import Entry
from pointsman.journal.wire import to_json
from pointsman.lsp import asking, ending, plans
from pointsman.lsp.compose import Project
from pointsman.lsp.desk import Desk
from pointsman.lsp.explain import show_words
from pointsman.lsp.grounding import facts, grounded
from pointsman.lsp.progress import Progressing, Telling, line_of
from pointsman.task import run
from pointsman.terms import (
    Asked,
    ConsentNeeded,
    Event,
    Explained,
    Failed,
    NoFix,
    Offer,
    Outcome,
    Planned,
    Receipt,
    Unverified,
    Verified,
    Wrote,
)

log = logging.getLogger(__name__)

UNROUTED = {ConfigError.__name__, RouteError.__name__}
"""Kinds of failure that mean that no model was asked at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    id: str
    offer: Offer
    project: Project
    workspace: Workspace


class Runs:
    """The tasks under way."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._works: dict[Run, asyncio.Task[None]] = {}
        self._answered: set[Run] = set()
        """Those whose words are about to be shown."""

    def start(self, offer: Offer, project: Project, workspace: Workspace) -> str:
        """Begin a task; an older one of the same kind for the same place gives way to it, unless it has its answer."""
        for older in self._works.keys() - self._answered:
            same = (older.offer.path, older.offer.intent, older.project.root) == (
                offer.path,
                offer.intent,
                project.root,
            )
            if same and older.offer.span.overlaps(offer.span):
                self.cancel(older.id)
        fresh = Run(secrets.token_hex(4), offer, project, workspace)
        self._works[fresh] = asyncio.create_task(self._work(fresh))
        self._desk.working[fresh.id] = (project.root, offer)
        self._desk.kit.unfinished.begin(fresh.id, project.root, offer.title)
        self._works[fresh].add_done_callback(lambda _: self._ended(fresh))
        return fresh.id

    def _ended(self, ended: Run) -> None:
        self._works.pop(ended, None)
        self._answered.discard(ended)
        self._desk.working.pop(ended.id, None)
        self._desk.kit.unfinished.end(ended.id)

    def cancel(self, run_id: str = "") -> list[str]:
        """Stop a run, or all of them; the ids of those stopped."""
        stopped = [older for older in self._works if run_id in {"", older.id}]
        for older in stopped:
            self._works[older].cancel()
        return [older.id for older in stopped]

    def document_closed(self, project: Project, path: str) -> None:
        for older in list(self._works):
            if older.project is project and older.offer.path == path:
                self.cancel(older.id)

    async def drain(self) -> None:
        """Cancel everything and wait for it to end."""
        works = list(self._works.values())
        self.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    async def _work(self, this: Run) -> None:
        desk, telling = self._desk, Telling()
        try:
            async with Progressing(desk.server, this.offer.title, cancel=lambda: self.cancel(this.id)) as progress:
                if INTENTS[this.offer.intent].reply == "words":
                    await desk.indexed(this.project)
                async for event in run(this.offer, this.workspace, desk.tools(this.project), this.id):
                    shown = to_json(event)
                    if line := line_of(event):
                        log.info("%s %s: %s", this.id, this.offer.title, line)
                        shown["line"] = line
                    if isinstance(event, Outcome):
                        # the edit came with `checking`, and what becomes of it is told as a diff
                        shown.pop("candidate", None)
                        # in dollars, by the ledger that all servers of this user share
                        shown["today"] = await asyncio.to_thread(desk.kit.spending.today)
                    desk.send_event(this.id, shown)
                    progress.say(telling.take(event), minor=isinstance(event, Wrote))
                    if isinstance(event, Outcome):
                        progress.end()
                        desk.kit.unfinished.end(this.id)
                    await self._take(event, this)
        except asyncio.CancelledError:
            desk.send_event(this.id, {"event": "cancelled"})
            self._note(this, "cancelled")
            desk.tell(f"Cancelled: {this.offer.title}")
            raise
        except Exception:
            # The last line of defence: a fault of ours ends one run, with a line in the log, and nothing else.
            log.exception("run %s failed", this.id)
            message = "Pointsman met an internal error; the log has the details."
            desk.send_event(this.id, {"event": "failed", "kind": "Internal", "message": message})
            desk.warn(message)

    def _note(self, this: Run, outcome: str, reason: str = "", receipt: Receipt | None = None) -> None:
        entry = Entry.ended(this.id, this.offer, this.project.root, outcome, receipt=receipt, reason=reason)
        self._desk.journal.note(entry)

    async def _show_facts(self, this: Run, reason: str) -> None:
        """No model is there to explain it; what the index knows is shown all the same."""
        found = await asyncio.to_thread(facts, this.offer, *_where(this))
        words = f"No model explained this: {reason}\n\n{found or 'The index knows nothing of this place yet.'}"
        await show_words(self._desk, this.offer, this.workspace, this.offer.title, words)

    async def _take(self, event: Event, this: Run) -> None:
        """What an event means to the user; those that only inform are shown by the progress alone."""
        desk = self._desk
        match event:
            case ConsentNeeded():
                asking.consent(desk, event, this.project.root)
            case Asked():
                asking.question(desk, event, this.id)
            case Verified() | Unverified():
                await ending.edit(desk, event, this.offer, this.project, this.workspace.buffers)
            case Explained():
                self._answered.add(this)
                self._note(this, "explained", receipt=event.receipt)
                words = await asyncio.to_thread(grounded, event.markdown, this.offer, *_where(this))
                words = f"{words}\n\n---\n{event.receipt.line}"
                await show_words(desk, this.offer, this.workspace, event.title, words)
            case Planned(waits=True):
                await plans.show(desk, event, plans.Place(this.id, this.offer.title, this.project.root))
            case Planned():
                await show_words(desk, this.offer, this.workspace, f"Plan: {this.offer.title}", event.text)
            case NoFix():
                offer = replace(this.offer, model="")
                desk.waiting.unfixed[this.id] = (offer, this.workspace.read(offer.path))
                desk.tell(f"{event.reason} The code action “Ask the model” goes on from here.")
            case Failed():
                self._note(this, "failed", event.message, event.receipt)
                desk.warn(event.message)
                if event.kind in UNROUTED and this.offer.intent == "explain":
                    await self._show_facts(this, event.message)
            case _:
                pass


def _where(this: Run) -> tuple[Index, str]:
    return this.project.index, this.project.root
