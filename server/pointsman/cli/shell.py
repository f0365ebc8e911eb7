"""A task in the terminal: the same loop as in an editor, with lines for progress and a diff for an edit.

Standard output holds the result alone (the diff, the words, or with `--json` the events), so that it can be piped; all
else goes to standard error.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import click
from rich.console import Console

from pointsman import route
from pointsman.checks.plan import Plan
from pointsman.cli import asking, events
from pointsman.cli.pieces import BAD, DIM, GOOD, Line, Status
from pointsman.cli.screen import Screen, clean
from pointsman.cli.usage import Wishes
from pointsman.errors import ConfigError, PointsmanError, RouteError, WorkspaceError
from pointsman.files.workspace import Workspace
from pointsman.files.write import write
from pointsman.intents import INTENTS
from pointsman.journal import Entry, Proposal
from pointsman.journal.wire import to_json
from pointsman.lsp.compose import Kit, Project
from pointsman.patch.render import diff
from pointsman.task import run
from pointsman.terms import (
    Asked,
    ConsentNeeded,
    Event,
    Explained,
    Failed,
    FileSet,
    NoFix,
    Offer,
    Planned,
    Unverified,
    Verdict,
    Verified,
)

DONE, NOT_DONE, UNCONFIGURED, NO_CONSENT, UNCHECKED, INTERRUPTED = 0, 1, 2, 3, 4, 130


class NoConsent(PointsmanError):
    """The project's checks may not run."""


def finish(work: Coroutine[Any, Any, int]) -> None:
    """Run it to its end, and leave with its exit code."""
    try:
        code = asyncio.run(work)
    except KeyboardInterrupt:
        click.echo("Cancelled; nothing was changed.", err=True)
        code = INTERRUPTED
    except PointsmanError as error:
        click.echo(clean(error.user_message), err=True)
        code = code_of(error)
    sys.exit(code)


def code_of(error: PointsmanError) -> int:
    if isinstance(error, NoConsent):
        return NO_CONSENT
    return UNCONFIGURED if isinstance(error, ConfigError | RouteError) else NOT_DONE


@dataclass(slots=True)
class Shell:
    """One command's work on one project."""

    kit: Kit
    project: Project
    workspace: Workspace
    wishes: Wishes
    screen: Screen

    @classmethod
    @asynccontextmanager
    async def open(cls, workspace: Workspace, wishes: Wishes) -> AsyncIterator["Shell"]:
        """The project with its index up to date."""
        kit = await asyncio.to_thread(Kit.load, wishes.config, [workspace.root])
        project = kit.project(workspace.root)
        with Screen(Console(stderr=True, highlight=False, emoji=False, markup=False)) as screen:
            try:
                yield cls(kit, project, workspace, wishes, screen)
            finally:
                await kit.close()

    def need_route(self, intent: str) -> None:
        """Raises what would keep the task from a model, before anything is run for it."""
        route.choose(INTENTS[intent].slot, 0, self.kit.loaded, task="", model=self.wishes.model)

    @property
    def only_fixers(self) -> bool:
        """Whether nothing answers but the project's own fixers, since no model is configured."""
        config = self.kit.loaded.config
        return not (config.Providers or self.kit.loaded.broken or config.builtinFixers == "never")

    async def index(self) -> None:
        self.say(Status("reading the project"))
        await self.project.index.scan(self.workspace)

    async def checks(self, paths: list[str]) -> Plan:
        """The checks for some paths, allowed to run. Raises NoConsent."""
        plan = await asyncio.to_thread(self.project.checks.plan, self.workspace, paths)
        if not plan.checks or self.project.checks.trusted(plan):
            return plan
        if not await self._allowed(plan.commands):
            hint = "Allow them with --trust, or once and for all with `pointsman trust`."
            raise NoConsent("This project's checks are not allowed to run.", hint)
        self.project.checks.trust(plan)
        return plan

    async def _allowed(self, commands: tuple[str, ...]) -> bool:
        if self.wishes.trust:
            return True
        self.say(Status(""))
        click.echo("To verify edits, Pointsman runs this project's checks, and so its code, in a shadow:", err=True)
        for command in commands:
            click.echo(f"  {clean(command)}", err=True)
        return asking.can_ask() and await asking.agree("Allow them?")

    def say(self, piece: Line | Status) -> None:
        if not self.wishes.as_json:
            self.screen.show(piece)

    # --- one task --------------------------------------------------------------------------------------------------

    async def carry_out(self, offer: Offer) -> int:
        """Run the task to its end and show what came of it; the exit code."""
        code = await self.attempt(offer)
        return NOT_DONE if code is None else code

    async def attempt(self, offer: Offer) -> int | None:
        """As `carry_out`; None if whoever answers had nothing to say, as the project's own fixers may."""
        code: int | None = NOT_DONE
        tools = self.kit.tools(self.project)
        if self.wishes.plan:
            config = tools.config.config.model_copy(update={"plan": self.wishes.plan})
            tools = replace(tools, config=replace(tools.config, config=config))
        async with aclosing(run(offer, self.workspace, tools, secrets.token_hex(4))) as happening:
            async for event in happening:
                self._show(event)
                match event:
                    case ConsentNeeded():
                        event.answer.set_result(await self._allowed(event.commands))
                    case Asked():
                        event.answer.set_result(await self._answer(event))
                    case Verified() | Unverified():
                        code = self._edit(event, offer)
                    case Explained():
                        code = self._words(event)
                    case Planned():
                        await self._plan(event)
                    case NoFix():
                        code = None
                    case Failed():
                        code = _failed(event)
                    case _:
                        pass
        return code

    def _show(self, event: Event) -> None:
        told = to_json(event)
        if self.wishes.as_json:
            self._print_json(told)
            return
        for piece in events.pieces(told, lambda uri, _: self._text(uri, event)):
            self.screen.show(piece)

    def _text(self, uri: str, event: Event) -> str:
        """The text a candidate is for, by its document."""
        changes = getattr(getattr(event, "candidate", None), "changes", ())
        return next((change.before.text for change in changes if change.before and change.before.uri == uri), "")

    async def _answer(self, asked: Asked) -> str | None:
        """The user's answer to the model's question; None where nobody answers, which ends the task."""
        if not asking.can_ask():
            return None
        self.say(Status(""))
        answer = await asking.ask(f"The model asks: {clean(asked.question.text)}\n>")
        return answer or None

    def _words(self, event: Explained) -> int:
        if not self.wishes.as_json:
            self.say(Status(""))
            click.echo(clean(event.markdown))
            self.say(Line(event.receipt.line, DIM))
        return DONE

    async def _plan(self, planned: Planned) -> None:
        """Show a plan; where it waits, let the user go on with it, or stop. Without a terminal it is the result."""
        ends_here = planned.answer is not None and not asking.can_ask()
        if not self.wishes.as_json:
            self.say(Status(""))
            click.echo(clean(planned.text), err=not ends_here)
        if planned.answer is None:
            return
        if ends_here:
            planned.answer.set_result(None)
            return
        said = await asking.ask("Carry out this plan? y, N, or what to do besides:\n>")
        planned.answer.set_result(_decided(planned.text, said))

    def _edit(self, event: Verified | Unverified, offer: Offer) -> int:
        """The diff, where it may be used; and the files, if that was asked for and every check passed."""
        code = _code(event)
        reason = event.reason if isinstance(event, Unverified) else ""
        trouble = self._write(event.candidate) if code == DONE and self.wishes.apply else ""
        written = code == DONE and self.wishes.apply and not trouble
        code = NOT_DONE if trouble else code
        text = diff(event.candidate)
        self._note(event, offer, reason or trouble, "applied" if written else "proposed")
        if self.wishes.as_json:
            shown: dict[str, Any] = {
                "title": offer.title,
                "reason": trouble or reason,
                "diff": text,
                "receipt": event.receipt.line,
            }
            shown |= {"sources": event.receipt.sources} if event.receipt.sources else {}
            self._print_json({"event": "applied" if written else "proposed", **shown})
            return code
        self.say(Status(""))
        # A patch that fails its checks must not be piped into a tree by mistake.
        click.echo(text, nl=False, err=code == NOT_DONE)
        if written:
            self.say(Line(f"Written: {', '.join(c.new_path or c.path for c in event.candidate.changes)}", GOOD))
        elif self.wishes.apply:
            self.say(Line(trouble or "Nothing was written: --apply writes verified edits only.", BAD))
        for title, url in event.receipt.sources:
            self.say(Line(f"Source: {clean(title)} {clean(url)}" if title else f"Source: {clean(url)}", DIM))
        self.say(Line(event.receipt.line, DIM))
        return code

    def _note(self, event: Verified | Unverified, offer: Offer, reason: str, outcome: str) -> None:
        """Keep what was done, so that it can be listed and undone."""
        found = event.candidate, event.report, event.receipt
        root = self.workspace.root
        proposal = Proposal(event.receipt.task, offer.title, root, *found, reason, offer.intent, offer.path)
        self.kit.journal.note(Entry.of(proposal, outcome))

    def _write(self, candidate: FileSet) -> str:
        """Why the files could not be written; empty if they were."""
        try:
            write(self.workspace.root, candidate)
        except WorkspaceError as error:
            return error.user_message
        return ""

    def _print_json(self, value: Mapping[str, Any]) -> None:
        click.echo(json.dumps(value, ensure_ascii=False))


def _decided(plan: str, said: str) -> str | None:
    """The plan to carry out after what its reader said; None to stop."""
    match said.casefold():
        case "" | "n" | "no":
            return None
        case "y" | "yes":
            return plan
        case _:
            return f"{plan}\n\nBesides: {said}"


def _code(event: Verified | Unverified) -> int:
    if isinstance(event, Verified):
        return DONE
    return NOT_DONE if event.report.verdict is Verdict.FAILED else UNCHECKED


def _failed(event: Failed) -> int:
    return UNCONFIGURED if event.kind in {error.__name__ for error in (ConfigError, RouteError)} else NOT_DONE
