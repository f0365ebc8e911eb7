"""`pointsman.runChecks`: the project's checks on the buffers as they are, with no model, and their findings on show."""

import asyncio

from pointsman.lsp import asking
from pointsman.lsp.compose import Project
from pointsman.lsp.desk import Desk
from pointsman.lsp.diagnostics import Finding
from pointsman.lsp.progress import Progressing
from pointsman.terms import ConsentNeeded, Verdict


async def run_checks(desk: Desk, project: Project, *, asked: bool = True) -> None:
    """Where nobody `asked`, as on save, it neither asks for consent nor speaks of what it found."""
    workspace = desk.workspace(project)
    plan = await asyncio.to_thread(project.checks.plan, workspace, list(workspace.buffers))
    if not asked and not (plan.checks and project.checks.trusted(plan)):
        return
    if not plan.checks:
        desk.tell(f"{plan.why_none}.")
        return
    if not project.checks.trusted(plan):
        need = ConsentNeeded(plan.root, plan.commands, asyncio.get_running_loop().create_future())
        asking.consent(desk, need, project.root)
        if not await need.answer:
            return
        project.checks.trust(plan)
    work = asyncio.current_task()
    async with Progressing(desk.server, "checks", cancel=lambda: work and work.cancel()) as progress:
        progress.say(", ".join(check.name for check in plan.checks))
        report = await project.checks.verify(plan, workspace, None)
    found = [problem for result in report.results for problem in (*result.problems, *result.known)]
    placed = desk.placed([Finding(problem, root=project.root) for problem in found], workspace.buffers)
    desk.board.replace(project.root, placed, desk.read_uri)
    lines = [
        f"{result.check}: {'did not run: ' * (result.verdict is Verdict.DID_NOT_RUN)}{result.summary}"
        for result in report.results
    ]
    desk.send_event("", {"event": "checks-run", "verdict": report.verdict.value, "summary": lines})
    if asked:
        desk.tell("; ".join(lines))
