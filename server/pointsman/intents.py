"""The table: one row for each thing a user can ask for, and the offers a place in a file gets from it.

To add an action, add a row here, a prompt in `prompts/`, and a case. Making offers is instant and pure: this module
sees a snapshot and what the client sent, and neither a model nor a socket is within its reach.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pointsman.index.symbols import Symbol
from pointsman.terms import Offer, Problem, Slot
from pointsman.text import Snapshot, Span

FIX_KIND = "quickfix"
REWRITE_KIND = "refactor.rewrite.pointsman"
EXTRACT_KIND = "refactor.extract.pointsman"
EXPLAIN_KIND = "pointsman.explain"

MAX_FIXES = 3
"""Fixes in one answer: more is noise, and clients are asked for a list at each move of the caret."""
MAX_TITLE = 80
"""Code points of a title; menus cut longer ones where it suits them."""

Need = Literal["problem", "comment", "code", "selection", "anywhere", "command"]
"""Where a row is offered; "command" is for what is asked for by name and stands in no menu."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A row: what it is called, where it fits, who answers, and what an answer is.

    `reply` "words" means that no patch is accepted from it. `then` names the row that carries out a plan.
    `rewrites` allows a patch to replace most of a file.
    """

    id: str
    title: str
    kind: str
    command: str
    slot: Slot
    needs: Need
    reply: Literal["patch", "words"] = "patch"
    then: str = ""
    rewrites: bool = False


TABLE: tuple[Intent, ...] = (
    Intent("fix", "Fix: {message}", FIX_KIND, "pointsman.fix", Slot.QUICK_EDIT, "problem"),
    Intent("comment", "Do what it says: {note}", REWRITE_KIND, "pointsman.refactor", Slot.REFACTOR, "comment"),
    Intent("rewrite", "Rewrite{what}", REWRITE_KIND, "pointsman.refactor", Slot.REFACTOR, "code", rewrites=True),
    Intent("simplify", "Simplify{what}", REWRITE_KIND, "pointsman.refactor", Slot.QUICK_EDIT, "code"),
    Intent("types", "Add types{to}", REWRITE_KIND, "pointsman.refactor", Slot.QUICK_EDIT, "code"),
    Intent("docstring", "Add a docstring{to}", REWRITE_KIND, "pointsman.refactor", Slot.QUICK_EDIT, "code"),
    Intent("tests", "Write tests{for_}", REWRITE_KIND, "pointsman.refactor", Slot.REFACTOR, "code", rewrites=True),
    Intent("extract", "Extract the selection", EXTRACT_KIND, "pointsman.refactor", Slot.REFACTOR, "selection"),
    Intent(
        "plan", "Plan, then change{what}", REWRITE_KIND, "pointsman.plan", Slot.REASON_PLAN, "code", "words", "rewrite"
    ),
    Intent("explain", "Explain{what}", EXPLAIN_KIND, "pointsman.explain", Slot.DEFAULT, "anywhere", "words"),
    Intent("fix_web", "Look it up and fix: {message}", FIX_KIND, "pointsman.fix", Slot.WEB_SEARCH, "command"),
    Intent("lookup", "Look it up: {subject}", EXPLAIN_KIND, "pointsman.lookup", Slot.WEB_SEARCH, "anywhere", "words"),
)

INTENTS = {intent.id: intent for intent in TABLE}
MENU = Intent("", "Refactor…", REWRITE_KIND, "pointsman.refactor", Slot.REFACTOR, "code")
"""Not a row: the one entry that asks the user which refactoring is meant."""

_NOTE = re.compile(r"(?:#|//|--|;|%|/\*|<!--|\"\"\"|')\s*pointsman:\s*(?P<note>.*?)\s*(?:\*/|-->|\"\"\")?\s*$")


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything an offer can depend on.

    `only` are the kinds the client asked for, `automatic` that no user did. `symbol` is what encloses the place.
    `fixable` tells a problem that the project's own fixers can mend; `can_ask` that this client can show a choice.
    """

    path: str
    snapshot: Snapshot
    span: Span
    problems: tuple[Problem, ...] = ()
    only: tuple[str, ...] = ()
    automatic: bool = False
    symbol: Symbol | None = None
    fixable: Callable[[Problem], bool] = lambda _: False
    can_ask: bool = True

    @property
    def selection(self) -> Span | None:
        """What the user selected. One character is what Helix selects where others have only a caret."""
        return self.span if len(self.span) > 1 else None


def offers(scene: Scene) -> list[Offer]:
    """The offers for a place, in the order they are shown."""
    if scene.automatic:
        return list(_fixes(scene)) if wanted(FIX_KIND, scene.only) else []
    if scene.only:
        rows = [intent for intent in TABLE if wanted(intent.kind, scene.only)]
        return [offer for intent in rows for offer in _fill(intent, scene)]
    return [*_fixes(scene), *(_fill(INTENTS["comment"], scene) or _refactor(scene)), *_fill(INTENTS["explain"], scene)]


def kind_of(offer: Offer) -> str:
    return INTENTS[offer.intent].kind if offer.intent else MENU.kind


def choices(scene: Scene) -> list[Offer]:
    """What stands behind "Refactor…"."""
    rows = [intent for intent in TABLE if intent.kind in {REWRITE_KIND, EXTRACT_KIND}]
    return [offer for intent in rows for offer in _fill(intent, scene)]


def note_at(snapshot: Snapshot, line: int) -> tuple[int, str] | None:
    """The line and the words of a `pointsman:` comment on a line, or on the line above it."""
    for candidate in (line, line - 1):
        if candidate >= 0 and (match := _NOTE.search(snapshot.line(candidate))) and match["note"]:
            return candidate, match["note"]
    return None


def _fill(intent: Intent, scene: Scene) -> list[Offer]:
    """The offers of one row at this place; none if the row does not fit."""
    if intent.needs == "problem":
        return list(_fixes(scene))
    if intent.needs == "comment":
        return list(_comment(intent, scene))
    if intent.needs == "command":
        return []
    span = scene.selection or (scene.symbol.span if scene.symbol else None)
    if intent.needs == "anywhere":
        span = span or scene.snapshot.line_span(scene.snapshot.line_at(scene.span.start))
    elif intent.needs == "selection":
        span = scene.selection
    if span is None:
        return []
    return [_offer(intent, scene, span, problems=scene.problems if intent.reply == "words" else ())]


def _fixes(scene: Scene) -> Iterator[Offer]:
    for problem in scene.problems[:MAX_FIXES]:
        fixers = scene.fixable(problem)
        message = problem.message.partition("\n")[0]
        title = f"Fix with {problem.tool.removeprefix('pointsman:')}: {message}" if fixers else f"Fix: {message}"
        yield Offer(
            intent="fix",
            title=_short(title),
            path=scene.path,
            span=_problem_span(problem, scene),
            version=scene.snapshot.version,
            problems=(problem,),
            model="builtin,fixers" if fixers else "",
        )


def _comment(intent: Intent, scene: Scene) -> Iterator[Offer]:
    found = note_at(scene.snapshot, scene.snapshot.line_at(scene.span.start))
    if found:
        line, note = found
        span = Span(scene.snapshot.line_span(line).start, scene.snapshot.line_span(line + 1).end)
        title = _short(intent.title.format(note=note))
        yield Offer(intent.id, title, scene.path, span, scene.snapshot.version, (), note)


def _refactor(scene: Scene) -> list[Offer]:
    """One entry that leads to all refactorings; where nobody can be asked, the most useful one instead."""
    if not scene.can_ask:
        return _fill(INTENTS["simplify"], scene)
    span = scene.selection or (scene.symbol.span if scene.symbol else None)
    return [Offer("", MENU.title, scene.path, span, scene.snapshot.version)] if span else []


def _offer(intent: Intent, scene: Scene, span: Span, problems: tuple[Problem, ...] = ()) -> Offer:
    name = "the selection" if scene.selection else scene.symbol.name if scene.symbol else ""
    title = intent.title.format(
        what=f" {name}" if name else " this",
        to=f" to {name}" if name else "",
        for_=f" for {name}" if name else "",
        subject=problems[0].message.partition("\n")[0] if problems else name or "this line",
    )
    return Offer(intent.id, _short(title), scene.path, span, scene.snapshot.version, problems)


def _problem_span(problem: Problem, scene: Scene) -> Span:
    """The lines of a problem, as offsets; the place asked about where it has none."""
    if problem.line is None:
        return scene.span
    first = scene.snapshot.line_span(problem.line - 1)
    last = scene.snapshot.line_span((problem.end_line or problem.line) - 1)
    return Span(first.start, max(first.end, last.end))


def wanted(kind: str, only: Iterable[str]) -> bool:
    """Whether a kind is one of those asked for, or below one."""
    return not only or any(kind == wanted or kind.startswith(f"{wanted}.") for wanted in only if wanted)


def _short(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"
