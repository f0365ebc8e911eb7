"""`run`: one intent from its offer to its outcome.

It yields events and nothing else; an editor turns them into progress and edits, a shell into lines, a test into a
list. It is cancelled by cancelling the asyncio task that iterates it. The workspace it is given is frozen: context,
patch base, shadow and baseline all refer to that. Its limits hold whatever the model does.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pointsman import context as contexts
from pointsman import route
from pointsman.checks.feedback import feedback
from pointsman.checks.plan import Check, Plan
from pointsman.checks.verify import Checks
from pointsman.config.load import Loaded
from pointsman.errors import BadReply, OverBudget, PointsmanError
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index
from pointsman.intents import INTENTS, Intent
from pointsman.journal import Dialogue, Journal
from pointsman.journal.spending import Spending
from pointsman.patch import contract, forms
from pointsman.patch.place import place
from pointsman.patch.rules import broken_rule
from pointsman.profiles.tokens import Tokens
from pointsman.task import judge
from pointsman.task.ahead import Ahead
from pointsman.task.conversation import Bill, Conversation
from pointsman.task.purse import Purse
from pointsman.task.sources import listed
from pointsman.terms import (
    Asked,
    Checked,
    Checking,
    ConsentNeeded,
    Context,
    Event,
    Explained,
    Failed,
    FileSet,
    Lease,
    Message,
    Model,
    NoFix,
    Offer,
    Patch,
    Planned,
    Question,
    Reject,
    Rejected,
    Report,
    Routed,
    Started,
    Unverified,
    Verdict,
    Verified,
)

PLAN_LIMIT = 6_000
"""Code points of a plan that are handed on."""
HEAD_START = 0.05
"""Seconds that the first request gets before the project's checks are looked for: the user waits for the one, and the
model thinks while the other is done."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one task: format reprompts in a row, candidates tried, questions asked, and requests in all."""

    rejects: int = 2
    candidates: int = 3
    questions: int = 1
    requests: int = 6


@dataclass(frozen=True, slots=True)
class Tools:
    """What a task works with. `models` is by wire; whoever composes the program fills it."""

    config: Loaded
    models: Mapping[str, Model]
    index: Index
    checks: Checks
    journal: Journal
    limits: Limits = field(default_factory=Limits)
    spending: Spending = field(default_factory=Spending)
    tokens: Tokens = field(default_factory=Tokens)
    outage: Callable[[Lease], str] = lambda _: ""
    """Why a model is known not to answer just now; asked when a lease is made, and never after."""
    ahead: Ahead | None = None
    """Contexts that were gathered before they were asked for."""


async def run(offer: Offer, workspace: Workspace, tools: Tools, task: str) -> AsyncGenerator[Event, None]:
    """The events of one task; the last one is its outcome."""
    purse = Purse(tools.config.config.budget, tools.spending)
    work = _Task(offer, workspace, tools, Bill(task, purse=purse, tokens=tools.tokens))
    intent = INTENTS[offer.intent]
    yield Started(task, offer.title, "patch" if intent.then else intent.reply)
    try:
        async for event in work.events():
            yield event
    except PointsmanError as error:
        yield Failed(type(error).__name__, error.user_message, work.talk.receipt() if work.talk else None)
    finally:
        work.close()


@dataclass
class _Task:
    """The state of one run. `talk` is the conversation on the lease now in use."""

    offer: Offer
    workspace: Workspace
    tools: Tools
    bill: Bill
    talk: Conversation | None = None
    plan: Plan | None = None
    planning: "asyncio.Task[Plan] | None" = None
    baseline: "asyncio.Task[Report] | None" = None
    connecting: "asyncio.Task[None] | None" = None
    best: tuple[FileSet, Report] | None = None
    stuck: bool = False
    """The same failures came twice."""
    stopped: str = ""
    """Why no more was asked, where the budget ended it."""

    async def events(self) -> AsyncIterator[Event]:
        intent = INTENTS[self.offer.intent]
        earlier = self.tools.journal.dialogues.get(self.offer.carry_on)
        talk = self._resume(intent, earlier) if earlier else self._open(intent, await self._context(intent))
        if intent.reply == "words" and not earlier:
            async for event in self._words(intent, talk):
                yield event
            if not intent.then:
                return
            planned = self._plan(talk.reply)
            yield planned
            text = await planned.answer if planned.answer else planned.text
            if text is None:
                yield Failed("Stopped", "You stopped after the plan. Nothing was changed.", talk.receipt())
                return
            intent = INTENTS[intent.then]
            talk = self._open(intent, talk.context, plan=text)
        async for event in self._patch(intent, talk):
            yield event

    def close(self) -> None:
        for work in (self.planning, self.baseline, self.connecting):
            if work:
                work.cancel()

    def _connect(self, intent: Intent) -> None:
        """Open the connection that is likely to be used, while the context is put together."""
        with contextlib.suppress(PointsmanError):  # whatever is wrong is said when the lease is made
            lease = self._choose(intent, size=0)
            self.connecting = asyncio.create_task(self.tools.models[lease.wire].connect(lease))

    async def _context(self, intent: Intent) -> Context:
        """What was prepared, else gathered now, while the connection is opened."""
        ahead = self.tools.ahead or Ahead(self.tools.index)
        if (context := ahead.ready(self.offer, self.workspace)) is None:
            self._connect(intent)
            context = await ahead.gather(self.offer, self.workspace)
        return context

    def _choose(self, intent: Intent, size: int, outage: Callable[[Lease], str] = lambda _: "") -> Lease:
        loaded, offer = self.tools.config, self.offer
        asked = {"task": self.bill.task, "model": offer.model}
        lease = route.choose(intent.slot, size, loaded, **asked, outage=outage, bytes_of=self.bill.tokens.bytes_of)
        return route.in_session(lease, self.workspace.root)

    def _open(self, intent: Intent, context: Context, plan: str = "") -> Conversation:
        """A new conversation on a new lease."""
        lease = self._choose(intent, context.size, self.tools.outage)
        form = forms.form(lease.form, context.seen)
        said = contract.forms(forms.told(form)) if intent.reply == "patch" else ""
        opening = contexts.messages(context, intent, said, plan)
        return self._talk(intent, lease, context, opening)

    def _resume(self, intent: Intent, earlier: Dialogue) -> Conversation:
        """An earlier conversation, on its own lease, with what has come up since."""
        context, lease = replace(earlier.context, offer=self.offer), earlier.lease
        if isinstance(lease, route.Claim):  # from before a restart
            task, bytes_of = self.bill.task, self.bill.tokens.bytes_of
            lease = route.redeem(lease, self.tools.config, context.root, task=task, bytes_of=bytes_of)
            seen = {path: self.workspace.read(path) for path in context.seen if self.workspace.exists(path)}
            context = replace(context, seen=seen)
        news = contexts.news(self.offer, self.workspace)
        messages = (*earlier.messages, Message("user", news))
        return self._talk(intent, lease, context, messages)

    def _talk(self, intent: Intent, lease: Lease, context: Context, messages: tuple[Message, ...]) -> Conversation:
        """A conversation, held to the form of a patch if one is wanted and the model can be held to it."""
        form = forms.form(lease.form, context.seen) if intent.reply == "patch" else None
        model = self.tools.models[lease.wire]
        self.talk = Conversation(lease, context, self.workspace, model, self.bill, messages, form)
        return self.talk

    async def _words(self, intent: Intent, talk: Conversation) -> AsyncIterator[Event]:
        yield _routed(talk)
        async for event in talk.turn():
            yield event
        self._remember(talk)
        if not intent.then and not talk.reply.strip():
            raise BadReply(f"{talk.lease.name} ended its answer without a word.", "Try again, or name another model.")
        if not intent.then:
            words = listed(talk.reply, talk.sources) if talk.lease.search else talk.reply
            yield Explained(self.offer.title, words, talk.receipt())

    def _plan(self, reply: str) -> Planned:
        """A plan within its bounds, which waits for its reader where the user's settings say so. Raises BadReply."""
        text = reply.strip()
        if not text:
            raise BadReply("The plan is empty.", "Nothing was changed.")
        if len(text) > PLAN_LIMIT:
            text = f"{text[:PLAN_LIMIT]}\n[cut]"
        waits = self.tools.config.config.plan == "show"
        return Planned(text, waits, asyncio.get_running_loop().create_future() if waits else None)

    async def _patch(self, intent: Intent, talk: Conversation) -> AsyncIterator[Event]:
        yield _routed(talk)
        paths = list(dict.fromkeys((self.offer.path, *talk.context.offer.files)))
        known = self.tools.checks.known(self.workspace.root)
        self.planning = asyncio.create_task(self._plan_checks(paths, HEAD_START if known else 0.0))
        if not known:  # the first time, the user is asked before anything is sent
            async for event in self._consent():
                yield event
        try:
            async for event in self._turns(intent, talk):
                yield event
        except OverBudget as error:
            if self.best is None:
                raise
            self.stopped = f"the budget is spent: {error.message}"
            yield self._outcome(talk)

    async def _plan_checks(self, paths: Sequence[str], pause: float) -> Plan:
        """What would run; with consent, what failed before is learned while the model thinks."""
        await asyncio.sleep(pause)
        plan = await asyncio.to_thread(self.tools.checks.plan, self.workspace, paths)
        if not plan.checks or self.tools.checks.trusted(plan):
            self._begin(plan)
        return plan

    def _begin(self, plan: Plan) -> None:
        self.plan = plan
        if plan.checks:
            self.baseline = asyncio.create_task(self.tools.checks.verify(plan, self.workspace, None))

    async def _consent(self) -> AsyncIterator[Event]:
        """Once in a task: wait for the plan of the checks, and ask whether it may run if that is not known."""
        if self.planning is None:
            return
        plan, self.planning = await self.planning, None
        if self.plan is None:
            need = ConsentNeeded(plan.root, plan.commands, asyncio.get_running_loop().create_future())
            yield need
            if await need.answer:
                self.tools.checks.trust(plan)
                self._begin(plan)

    async def _turn(self, talk: Conversation) -> AsyncIterator[Event]:
        """Ask; after the first time, what the checks wait for."""
        async for event in talk.turn():
            yield event
        self._remember(talk)
        async for event in self._consent():
            yield event

    async def _turns(self, intent: Intent, talk: Conversation) -> AsyncIterator[Event]:
        """Ask, read, try; until a candidate holds or a limit is reached."""
        limits, bill = self.tools.limits, self.bill
        rejects = candidates = questions = 0
        previous: Report | None = None
        while bill.turns < limits.requests:
            async for event in self._turn(talk):
                yield event
            if talk.finish == "nofix":
                yield NoFix(talk.reply)
                return
            match self._read(intent, talk, may_ask=questions < limits.questions):
                case Question() as question:
                    questions += 1
                    asked = Asked(question, asyncio.get_running_loop().create_future())
                    yield asked
                    answer = await asked.answer
                    if answer is None:
                        yield Failed("Question", f"The model asks: {question.text}", talk.receipt())
                        return
                    talk.say(f"The answer to your question: {answer}\n\nNow send the patch.")
                case Reject() as reject:
                    rejects += 1
                    again = rejects <= limits.rejects and bill.turns < limits.requests
                    yield Rejected(bill.turns, reject, again)
                    if not again:
                        break
                    talk.say(reject.message)
                case FileSet() as candidate:
                    rejects, candidates = 0, candidates + 1
                    yield Checking(bill.turns, candidate, tuple(check.name for check in self._checks))
                    report = await self._try(candidate)
                    left = candidates < limits.candidates and bill.turns < limits.requests
                    failed = report.verdict is Verdict.FAILED
                    self.stuck = failed and judge.unchanged(previous, report)
                    again = left and failed and not self.stuck
                    yield Checked(bill.turns, report, again)
                    if not again:
                        break
                    talk.say(feedback(report, candidate, previous))
                    previous = report
        self._remember(talk)
        yield self._outcome(talk)

    @property
    def _checks(self) -> tuple[Check, ...]:
        return self.plan.checks if self.plan else ()

    def _read(self, intent: Intent, talk: Conversation, *, may_ask: bool) -> FileSet | Question | Reject:
        """The reply as edits of the snapshots the model saw, or why it is none."""
        answer = contract.read(talk.reply, told=forms.told(talk.form))
        if isinstance(answer, Question) and not may_ask:
            return Reject("second_question", "One question was answered already. Send the patch now.")
        if not isinstance(answer, Patch):
            return answer
        placed = place(answer, self.workspace)
        if isinstance(placed, Reject):
            return placed
        return broken_rule(placed, whole_file=intent.rewrites) or judge.note_left(self.offer, placed) or placed

    async def _try(self, candidate: FileSet) -> Report:
        """Syntax first, since it costs no process; then the project's checks, if there are any and they may run."""
        report = await asyncio.to_thread(judge.broken_syntax, candidate)
        if report is None and self.plan and self._checks:
            report = await self.tools.checks.verify(self.plan, self.workspace, candidate)
            report = judge.owed(report, self.offer.problems)
        report = report or Report(())
        if self.best is None or judge.rank(report) <= judge.rank(self.best[1]):
            self.best = (candidate, report)
        return report

    def _outcome(self, talk: Conversation) -> Event:
        """The end of a task that tried to edit."""
        if self.best is None:
            message = f"{talk.lease.name} sent no patch that applies in {self.bill.turns} turns. Nothing was changed."
            return Failed("Contract", message, talk.receipt())
        candidate, report = self.best
        receipt = talk.receipt(judge.summary(report))
        if report.verdict is Verdict.PASSED:
            return Verified(candidate, report, receipt)
        return Unverified(candidate, report, receipt, self._reason(report))

    def _reason(self, report: Report) -> str:
        """Why no check vouches for the candidate."""
        if report.verdict is Verdict.FAILED:
            if self.stopped:
                return f"checks still fail, and {self.stopped}"
            return "checks still fail" + (", and two patches in a row failed the same way" if self.stuck else "")
        if self.plan is None:
            return "checks were not allowed to run"
        if not self._checks:
            return self.plan.why_none
        missing = [result for result in report.results if result.verdict is Verdict.DID_NOT_RUN]
        return "; ".join(f"{result.check} did not run: {result.summary}" for result in missing)

    def _remember(self, talk: Conversation) -> None:
        self.tools.journal.remember(Dialogue(self.bill.task, self.offer, talk.context, talk.lease, talk.messages))


def _routed(talk: Conversation) -> Routed:
    lease = talk.lease
    return Routed(lease.slot, lease.provider, lease.model, lease.why)
