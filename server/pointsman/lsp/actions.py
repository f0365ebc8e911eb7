"""`textDocument/codeAction`: the offers for a place, as menu entries.

Answered from memory in milliseconds: no file is read, nothing is awaited, and no model is within reach (see
`intents`). Every entry carries a command and is never resolved: Helix blocks its whole window while it resolves.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from pointsman.intents import FIX_KIND, INTENTS, REWRITE_KIND, Scene, kind_of, offers, wanted
from pointsman.journal import Proposal
from pointsman.lsp.compose import Project
from pointsman.lsp.desk import ANSWERS, Desk
from pointsman.lsp.foreign import merged
from pointsman.lsp.names import (
    ALLOW_CHECKS,
    ANSWER,
    APPLY,
    CANCEL,
    CARRY_OUT,
    CONTINUE,
    DISCARD,
    FIX,
    REFACTOR,
    SHOW_DIFF,
)
from pointsman.lsp.offers import as_asked, to_arguments
from pointsman.lsp.problems import OURS, to_problem
from pointsman.lsp.proposals import must_write
from pointsman.terms import Offer, Problem
from pointsman.text import Position, Snapshot, Span

PROPOSAL_LIMIT = 2
PROBLEM_LIMIT = 10
PREPARED = 4
"""Offers of a menu whose context is gathered while it is read."""
BREATH = 0.03
"""Seconds that the answer itself, and a command sent right behind it, go before that."""
REST = 0.3
"""Seconds a caret must rest before anything is gathered for it, where the editor asked by itself."""


def code_actions(desk: Desk, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    snapshot = desk.buffers.get(params.text_document.uri)
    found = desk.locate(params.text_document.uri)
    if snapshot is None or found is None:
        return []
    project, path = found
    scene = _scene(desk, params, snapshot, project, path)
    own = (
        []
        if scene.automatic
        else [action for action in _own(desk, project, path) if wanted(str(action.kind), scene.only)]
    )
    offered = tuple(offers(scene))
    desk.prepare(project, [as_asked(offer) for offer in offered][:PREPARED], REST if scene.automatic else BREATH)
    return [*own, *(_action(desk, offer, snapshot, params.context.diagnostics) for offer in offered)]


def _scene(desk: Desk, params: lsp.CodeActionParams, snapshot: Snapshot, project: Project, path: str) -> Scene:
    start, end = (
        snapshot.offset(Position(max(0, at.line), max(0, at.character)), desk.encoding)
        for at in (params.range.start, params.range.end)
    )
    span = Span(start, max(start, end))
    return Scene(
        path=path,
        snapshot=snapshot,
        span=span,
        problems=_problems(desk, params, snapshot, path, span),
        only=tuple(str(getattr(kind, "value", kind)) for kind in params.context.only or ()),
        automatic=params.context.trigger_kind is lsp.CodeActionTriggerKind.Automatic,
        symbol=project.index.enclosing(path, span.start),
        fixable=desk.fixable,
        can_ask=desk.client.show_message_request,
    )


def _problems(
    desk: Desk, params: lsp.CodeActionParams, snapshot: Snapshot, path: str, span: Span
) -> tuple[Problem, ...]:
    """What the client passed on, and our own findings on these lines: not every client sends what it shows."""
    uri = params.text_document.uri
    own = dict.fromkeys(desk.board.on_lines(uri, snapshot, span))
    told = desk.server.foreign.on_lines(uri, snapshot.version, params.range)
    foreign = [
        to_problem(diagnostic, path, snapshot, desk.encoding)
        for diagnostic in merged(params.context.diagnostics, told)[:PROBLEM_LIMIT]
        if not str(diagnostic.source or "").startswith(OURS)
    ]
    return (*own, *foreign)


def _action(desk: Desk, offer: Offer, snapshot: Snapshot, diagnostics: Sequence[lsp.Diagnostic]) -> lsp.CodeAction:
    command = INTENTS[offer.intent].command if offer.intent else REFACTOR
    task = desk.board.task_of(offer.problems[0]) if offer.problems and not offer.model else ""
    arguments = to_arguments(offer, snapshot, desk.encoding) | ({"carryOn": task} if task else {})
    title = f"{offer.title} (continue with the same model)" if task else offer.title
    return lsp.CodeAction(
        title=title,
        kind=kind_of(offer),
        command=lsp.Command(title=offer.title, command=command, arguments=[arguments]),
        diagnostics=_attached(offer, diagnostics) if offer.intent == "fix" else None,
        tags=[lsp.CodeActionTag.LlmGenerated] if desk.client.llm_tag and not offer.model else None,
    )


def _attached(offer: Offer, diagnostics: Sequence[lsp.Diagnostic]) -> list[lsp.Diagnostic] | None:
    """The client's own diagnostic, exactly as received: editors group and sort by it."""
    message = offer.problems[0].message
    same = [item for item in diagnostics if str(item.message).startswith(message) or message in str(item.message)]
    return same[:1] or None


def _own(desk: Desk, project: Project, path: str) -> Iterator[lsp.CodeAction]:
    """What waits for the user here: consent, the model's question, proposals, and a way to stop what is at work."""
    if project.root in desk.waiting.consent:
        yield _plain("Allow checks here", FIX_KIND, ALLOW_CHECKS, {"root": project.root})
    yield from _plans(desk, project, path)
    for task, (question, _) in desk.waiting.questions.items():
        for answer in ANSWERS:
            title = f"Answer “{answer}” to: {question}"
            yield _plain(title, REWRITE_KIND, ANSWER, {"task": task, "answer": answer})
    here = [
        proposal
        for proposal in reversed(desk.journal.proposals.values())
        if proposal.root == project.root and path in _places(proposal)
    ]
    for proposal in here[:PROPOSAL_LIMIT]:
        yield from _decisions(desk, proposal)
    yield from _ask_a_model(desk, path)
    for run, (root, offer) in desk.working.items():
        if (root, offer.path) == (project.root, path):  # most editors have no other key for it
            yield _plain(f"Cancel: {offer.title}", REWRITE_KIND, CANCEL, {"run": run})


def _places(proposal: Proposal) -> set[str]:
    """Where a proposal is offered: in each file it touches, and where it was asked for."""
    return {proposal.path, *(name for change in proposal.candidate.changes for name in (change.path, change.new_path))}


def _decisions(desk: Desk, proposal: Proposal) -> Iterator[lsp.CodeAction]:
    """What can become of a proposal."""
    which = {"task": proposal.task}
    take = "Write files" if must_write(desk, proposal.candidate) else "Apply"
    yield _plain(f"{take}: {proposal.title} ({proposal.reason})", REWRITE_KIND, APPLY, which)
    yield _plain(f"Show diff: {proposal.title}", REWRITE_KIND, SHOW_DIFF, which)
    if proposal.task in desk.journal.dialogues:
        yield _plain(f"Continue with the same model: {proposal.title}", REWRITE_KIND, CONTINUE, which)
    yield _plain(f"Discard: {proposal.title}", REWRITE_KIND, DISCARD, which)


def _plans(desk: Desk, project: Project, path: str) -> Iterator[lsp.CodeAction]:
    """What may become of a plan: in its own document, and anywhere in its project."""
    for task, plan in desk.waiting.plans.items():
        own = plan.file is not None and Path(project.root, path) == plan.file
        if own or project.root == plan.root:
            yield _plain(f"Carry out the plan: {plan.title}", REWRITE_KIND, CARRY_OUT, {"task": task})
        if own:
            yield _plain(f"Cancel: {plan.title}", REWRITE_KIND, CANCEL, {"run": task})


def _ask_a_model(desk: Desk, path: str) -> Iterator[lsp.CodeAction]:
    """After the project's own fixers had nothing to say."""
    for offer, snapshot in desk.waiting.unfixed.values():
        if offer.path == path:
            arguments = to_arguments(offer, snapshot, desk.encoding)
            yield _plain(f"Ask the model: {offer.problems[0].message}", FIX_KIND, FIX, arguments)


def _plain(title: str, kind: str, command: str, arguments: Mapping[str, Any]) -> lsp.CodeAction:
    title = " ".join(title.split())
    return lsp.CodeAction(
        title=title, kind=kind, command=lsp.Command(title=title, command=command, arguments=[arguments])
    )
