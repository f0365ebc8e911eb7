"""How a task ends in the editor: its edit applied, or kept as a proposal with what is left to mend on show."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pointsman.journal import Proposal
from pointsman.lsp.compose import Project
from pointsman.lsp.desk import Desk, told_of
from pointsman.lsp.diagnostics import Finding
from pointsman.lsp.editor import LspEditor
from pointsman.patch.render import diff, stat
from pointsman.terms import Applied, Declined, FileSet, Offer, Stale, Unverified, Verified
from pointsman.text import Snapshot

SMALL_FILES = 3
SMALL_LINES = 80
"""A verified edit within these is applied without asking."""


async def edit(
    desk: Desk, end: Verified | Unverified, offer: Offer, project: Project, seen: Mapping[str, Snapshot]
) -> None:
    """`seen` are the buffers that the task saw."""
    task = end.receipt.task
    reason = end.reason if isinstance(end, Unverified) else hold_back(desk.config.apply, end.candidate)
    found = end.candidate, end.report, end.receipt
    proposal = Proposal(task, offer.title, project.root, *found, reason, offer.intent, offer.path)
    if isinstance(end, Verified):
        desk.board.clear_task(offer.carry_on or task)
    else:
        publish(desk, end, project, seen)
    if reason:
        propose(desk, proposal)
    else:
        await apply(desk, proposal)


def hold_back(setting: str, candidate: FileSet) -> str:
    """Why a verified edit waits for the user all the same; empty if it does not."""
    files, lines = stat(candidate)
    if setting != "verified":
        return {"never": "edits are never applied without you", "ask": "you asked to be asked"}[setting]
    if any(change.after is None or change.new_path for change in candidate.changes):
        return "it deletes or renames files"
    if files > SMALL_FILES or lines > SMALL_LINES:
        return f"it changes {lines} lines in {files} file{'s' * (files != 1)}"
    return ""


def propose(desk: Desk, proposal: Proposal) -> None:
    desk.journal.propose(proposal)
    desk.announce(proposal)
    desk.tell(f"{proposal.title}: kept as a proposal ({proposal.reason}). {proposal.receipt.line}{_sources(proposal)}")


def _sources(proposal: Proposal) -> str:
    """The web pages an edit rests on, as words of a message."""
    urls = ", ".join(" ".join(url.split())[:300] for _, url in proposal.receipt.sources)
    return f" Sources: {urls}" if urls else ""


async def apply(desk: Desk, proposal: Proposal) -> bool:
    """Hand an edit to the editor; keep it, and say so, if the editor does not take it."""
    result = await LspEditor(desk.server, proposal.root).apply(proposal.candidate, proposal.title)
    return await applied(desk, proposal, result)


async def applied(desk: Desk, proposal: Proposal, result: Applied | Stale | Declined) -> bool:
    """Say what became of a proposal, and keep it if it was not taken."""
    match result:
        case Applied(unsaved):
            desk.journal.settle(proposal, "applied")
            settle_findings(desk, proposal)
            shown = {"event": "applied", "title": proposal.title, "diff": diff(proposal.candidate)}
            desk.send_event(proposal.task, shown | {"unsaved": list(unsaved)} | told_of(proposal))
            desk.tell(f"{proposal.title}: done. {proposal.receipt.line}{unsaved_note(unsaved)}{_sources(proposal)}")
            return True
        case Stale(path, reason):
            propose(desk, replace(proposal, reason=f"{path} changed meanwhile: {reason}"))
        case Declined(reason):
            propose(desk, replace(proposal, reason=reason))
    return False


def unsaved_note(unsaved: Sequence[str]) -> str:
    return f" Not saved yet: {', '.join(unsaved)}." if unsaved else ""


def publish(desk: Desk, end: Unverified, project: Project, seen: Mapping[str, Snapshot]) -> None:
    """Show the failures of a candidate where they are in the buffers the user sees, which do not have them yet."""
    problems = [desk.before_patch(problem, end.candidate) for problem in end.report.problems]
    found = [Finding(problem, end.receipt.task, project.root, candidate=True) for problem in problems]
    desk.board.show(end.receipt.task, desk.placed(found, seen), desk.read_uri)


def settle_findings(desk: Desk, proposal: Proposal) -> None:
    """The edit is in: what its report still complains of is there now, in the text that was checked."""
    checked = {
        change.new_path or change.path: Snapshot("", None, change.after)
        for change in proposal.candidate.changes
        if change.after is not None
    }
    buffers = desk.buffers.under(proposal.root)
    found = [
        Finding(problem, proposal.task, proposal.root)
        for problem in proposal.report.problems
        if problem.path not in checked
        or problem.path not in buffers
        or buffers[problem.path].text == checked[problem.path].text
    ]
    desk.board.show(proposal.task, desk.placed(found, {}), desk.read_uri)
