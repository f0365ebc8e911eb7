"""`workspace/executeCommand`: every command reads one JSON object, is acknowledged at once, and works on its own.

The object comes from our own menu entries, but as well from plugins, key bindings and scripts; it is checked like
anything from outside. An answer is always an object; what is wrong is said in `error`, and to the user.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pointsman.errors import PointsmanError
from pointsman.files.workspace import refuse_odd
from pointsman.intents import Scene, choices
from pointsman.journal import Proposal
from pointsman.lsp import names, plans, proposals
from pointsman.lsp.asking import settle
from pointsman.lsp.checking import run_checks
from pointsman.lsp.compose import Project
from pointsman.lsp.desk import Desk
from pointsman.lsp.editor import LspEditor
from pointsman.lsp.offers import DEFAULTS, Arguments, read_arguments, span_of, to_offer
from pointsman.lsp.runs import Runs
from pointsman.terms import Offer
from pointsman.text import Snapshot, Span, carry

Answer = dict[str, Any]
CHOICE = "Which refactoring is it to be? An edit is tried before it reaches your text."
"""Not short: Helix cuts the rows of a choice to the width of its question."""


class Commands:
    """See the module."""

    def __init__(self, desk: Desk, runs: Runs) -> None:
        self._desk = desk
        self._runs = runs
        self._checking: dict[str, asyncio.Task[Any]] = {}
        self._handlers: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
            names.CANCEL: self._cancel,
            names.APPLY: self._apply,
            names.DISCARD: self._discard,
            names.CONTINUE: self._carry_on,
            names.SHOW_DIFF: self._show_diff,
            names.REVERT: self._revert,
            names.ANSWER: self._answer,
            names.CARRY_OUT: self._carry_out,
            names.ALLOW_CHECKS: self._allow_checks,
            names.RUN_CHECKS: self._run_checks,
        }

    def execute(self, command: str, arguments: Sequence[Any] | None) -> Answer:
        """The acknowledgement of a command."""
        first = arguments[0] if arguments and isinstance(arguments[0], Mapping) else {}
        try:
            if command in DEFAULTS:
                return self._start(command, arguments)
            if command in self._handlers:
                return self._handlers[command](first)
        except PointsmanError as error:
            self._desk.warn(error.user_message)
            return {"error": error.user_message}
        return {"error": f"There is no command {command!r}. There are: {', '.join(names.COMMANDS)}."}

    def _start(self, command: str, arguments: Sequence[Any] | None) -> Answer:
        """Begin a task; for `pointsman.refactor` without an intent or words, ask first which refactoring is meant."""
        read = read_arguments(command, arguments)
        found, snapshot = self._desk.locate(read.uri), self._desk.buffers.get(read.uri)
        if found is None:
            raise _no_file(read.uri)
        if snapshot is None:
            raise PointsmanError(f"{read.uri} is not open.", "Open it, and try again.")
        project, path = found
        refuse_odd(path, snapshot.text)
        span = self._now(read, snapshot)
        if command == names.REFACTOR and not read.intent and not read.instruction:
            symbol = project.index.enclosing(path, span.start)
            if symbol and span == symbol.span:  # nothing was selected: the entry stood for what is around the caret
                span = Span(span.start, span.start)
            self._desk.background(self._menu(Scene(path, snapshot, span, symbol=symbol)))
            return {"run": ""}
        offer = to_offer(command, read, path, snapshot, span)
        return {"run": self._runs.start(offer, project, self._desk.workspace(project))}

    async def _menu(self, scene: Scene) -> None:
        """What stands behind "Refactor…"."""
        rows = choices(scene)
        project = self._desk.locate(scene.snapshot.uri)
        titles = [offer.title for offer in rows]
        if project:
            self._desk.prepare(project[0], rows)
        picked = await LspEditor(self._desk.server, "").ask(CHOICE, titles)
        if picked and project:
            self._runs.start(rows[titles.index(picked)], project[0], self._desk.workspace(project[0]))

    def _now(self, read: Arguments, snapshot: Snapshot) -> Span:
        """Where the place asked about is now: the user may have typed between the menu and the pick."""
        if read.span is None or read.version is None:
            return span_of(read, snapshot, self._desk.encoding)
        log = self._desk.buffers.log(snapshot.uri, read.version)
        moved = carry(Span(*read.span), log) if log is not None else None
        if moved is None:
            raise PointsmanError("The text changed since this was offered.", "Ask for the actions again.")
        return moved

    def _cancel(self, given: Mapping[str, Any]) -> Answer:
        run = str(given.get("run", ""))
        stopped = self._runs.cancel(run)
        if not run:
            stopped += [root for root in list(self._checking) if self._stop_checking(root)]
        if not stopped:
            self._desk.tell("There is nothing to cancel.")
        return {"cancelled": stopped}

    def _stop_checking(self, root: str) -> bool:
        """End the checks of a root that `pointsman.runChecks` started; whether there were any."""
        work = self._checking.pop(root, None)
        return work is not None and work.cancel()

    def _apply(self, given: Mapping[str, Any]) -> Answer:
        proposal = self._proposal(given)
        self._desk.background(proposals.accept(self._desk, proposal))
        return {"task": proposal.task}

    def _show_diff(self, given: Mapping[str, Any]) -> Answer:
        proposal = self._proposal(given)
        self._desk.background(proposals.show_diff(self._desk, proposal))
        return {"task": proposal.task}

    def _revert(self, given: Mapping[str, Any]) -> Answer:
        entry = proposals.applied(self._desk, str(given.get("task", "")))
        self._desk.background(proposals.revert(self._desk, entry))
        return {"task": entry.task}

    def _proposal(self, given: Mapping[str, Any]) -> Proposal:
        proposal = self._desk.journal.proposal(str(given.get("task", "")))
        if proposal is None:
            raise PointsmanError("This proposal is not there any more.", "Ask for the fix again.")
        return proposal

    def _discard(self, given: Mapping[str, Any]) -> Answer:
        proposal = self._proposal(given)
        self._desk.journal.settle(proposal, "discarded")
        self._desk.board.clear_task(proposal.task)
        return {"task": proposal.task}

    def _carry_on(self, given: Mapping[str, Any]) -> Answer:
        """Go on with a task's own model from the failures it left."""
        task = str(given.get("task", ""))
        dialogue = self._desk.journal.dialogues.get(task)
        proposal = self._desk.journal.proposals.get(task)
        if dialogue is None:
            raise PointsmanError("This task cannot go on: what was said is not kept any more.", "Ask anew.")
        project = self._desk.project_at(dialogue.context.root)
        workspace = self._desk.workspace(project)
        problems = proposal.report.problems if proposal else dialogue.offer.problems
        offer = _refocus(dialogue.offer, workspace.read(dialogue.offer.path))
        instruction = str(given.get("instruction", ""))[:20_000]
        follow_up = replace(offer, problems=problems, carry_on=task, instruction=instruction)
        return {"run": self._runs.start(follow_up, project, workspace)}

    def _answer(self, given: Mapping[str, Any]) -> Answer:
        waiting = self._desk.waiting.questions.get(str(given.get("task", "")))
        if waiting is None:
            raise PointsmanError("No model waits for an answer here.")
        text = given.get("answer")
        settle(waiting[1], str(text)[:20_000] if text else None)
        return {"task": given.get("task")}

    def _carry_out(self, given: Mapping[str, Any]) -> Answer:
        """Go on with a plan, as `plan` has it or as it stands in its document."""
        task, text = str(given.get("task", "")), given.get("plan")
        plans.carry_out(self._desk, task, text if isinstance(text, str) else None)
        return {"task": task}

    def _allow_checks(self, given: Mapping[str, Any]) -> Answer:
        root = str(given.get("root", ""))
        waiting = [answer for where, answer in self._desk.waiting.consent.items() if root in {"", where}]
        for answer in waiting:
            settle(answer, value=True)
        if not waiting:
            raise PointsmanError("No check waits for consent.", "Consent is asked for when an edit is to be verified.")
        return {"allowed": len(waiting)}

    def _run_checks(self, given: Mapping[str, Any]) -> Answer:
        found = self._desk.locate(str(given.get("uri", "")))
        projects = [found[0]] if found else list(self._desk.projects())
        if not projects:
            raise PointsmanError("There is no project open to check.")
        for project in projects:
            self._check(project)
        return {"projects": [project.root for project in projects]}

    def document_saved(self, uri: str) -> None:
        """Run the checks where the user wants them on save; those of an earlier save say nothing any more."""
        found = self._desk.locate(uri)
        if found and self._desk.config.checks.onSave:
            self._check(found[0], asked=False)

    def _check(self, project: Project, *, asked: bool = True) -> None:
        self._stop_checking(project.root)
        self._checking[project.root] = self._desk.background(run_checks(self._desk, project, asked=asked))


def _no_file(uri: str) -> PointsmanError:
    """Why a document cannot be worked on."""
    if uri.startswith("vscode-notebook-cell:"):
        return PointsmanError(
            "A notebook cell is no file of its own.", "Move the code into a module, and try it there."
        )
    return PointsmanError(f"{uri} is not a file.", "Save it in a folder first.")


def _refocus(offer: Offer, snapshot: Snapshot) -> Offer:
    end = len(snapshot.text)
    return replace(offer, span=Span(min(offer.span.start, end), min(offer.span.end, end)), version=snapshot.version)
