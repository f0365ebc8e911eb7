"""A plan that waits for its reader: shown as a document to edit, and carried out as it then stands.

A plugin that declares `experimental.pointsman.plan` shows it itself, from the `planned` event. For every other client
it is a Markdown file in the user's cache. What is carried out is the buffer, saved or not.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from lsprotocol import types as lsp

from pointsman.errors import PointsmanError
from pointsman.files.paths import from_uri, to_uri
from pointsman.lsp.asking import STOP, beside, settle
from pointsman.lsp.desk import Desk, WaitingPlan
from pointsman.lsp.editor import LspEditor
from pointsman.terms import Planned

CARRY_ON = "Carry out the plan"
LIMIT = 20_000
"""Code points of a plan as its reader left it."""
_KEPT = 20
_NOTE = "<!-- Edit this plan as you like. The code action “Carry out the plan” goes on with what stands below. -->"


@dataclass(frozen=True, slots=True)
class Place:
    """Whose plan it is."""

    task: str
    title: str
    root: str


async def show(desk: Desk, planned: Planned, place: Place) -> None:
    """Show a plan and let its reader decide; the task waits meanwhile, and nothing is decided by a clock."""
    if planned.answer is None:
        return
    file = None if desk.client.plan else await asyncio.to_thread(_write, place, planned.text)
    desk.waiting.plans[place.task] = WaitingPlan(place.title, place.root, planned.text, file, planned.answer)
    planned.answer.add_done_callback(lambda _: desk.waiting.plans.pop(place.task, None))
    if file is None:
        return
    answer = planned.answer

    async def ask() -> None:
        if desk.client.show_document:
            params = lsp.ShowDocumentParams(to_uri(file), external=False, take_focus=True)
            await desk.server.ask_client(lsp.WINDOW_SHOW_DOCUMENT, params, timeout=10.0)
        if not desk.client.show_message_request:
            desk.tell(f"The plan is in {file}; edit it there. The code action “{CARRY_ON}” goes on.")
            return
        text = f"The plan for “{place.title}” is ready. Edit it if you like, then go on."
        if picked := await LspEditor(desk.server, "").ask(text, [CARRY_ON, STOP]):
            settle(answer, _text(desk, place.task) if picked == CARRY_ON else None)

    beside(ask(), answer)


def carry_out(desk: Desk, task: str, text: str | None = None) -> None:
    """Go on with a plan: with `text`, or as it stands in its document. Raises PointsmanError."""
    waiting = desk.waiting.plans.get(task)
    if waiting is None:
        raise PointsmanError("No plan waits to be carried out here.")
    given = text if text is not None else _text(desk, task)
    if not given.strip():
        raise PointsmanError("The plan is empty.", "Write what is to be done, or stop by `pointsman.cancel`.")
    settle(waiting.answer, given.strip()[:LIMIT])


def _text(desk: Desk, task: str) -> str:
    """A plan as its reader has it: the open buffer, else the file, else what the model wrote."""
    waiting = desk.waiting.plans[task]
    if waiting.file is None:
        return waiting.text
    buffer = next((buffer for buffer in desk.buffers if from_uri(buffer.uri) == waiting.file), None)
    try:
        whole = buffer.text if buffer else waiting.file.read_text("utf-8", "replace")
    except OSError:
        return waiting.text
    _, note, below = whole.partition(_NOTE)
    return below if note else whole


def _write(place: Place, text: str) -> Path:
    folder = platformdirs.user_cache_path("pointsman") / "plans"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in sorted(folder.glob("*.md"), key=lambda path: path.stat().st_mtime)[: -_KEPT + 1]:
        old.unlink(missing_ok=True)
    file = folder / f"plan-{place.task}.md"
    file.write_text(f"# {place.title}\n\n{_NOTE}\n\n{text.strip()}\n", "utf-8")
    return file
