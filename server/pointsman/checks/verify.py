"""Try a candidate: run the checks with it and without it, and blame it only for what it broke.

What is cheap comes first, and a stage that fails ends the rest: linters, types, build, tests, and of the tests those
nearest to the patch before all.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import platformdirs

from pointsman.checks import layers, related, verdict
from pointsman.checks.executors.local import Local
from pointsman.checks.executors.pool import Pool
from pointsman.checks.executors.remote import Host, reached
from pointsman.checks.plan import Own, Plan, Settings
from pointsman.checks.plan import plan as make_plan
from pointsman.checks.related import Covering
from pointsman.checks.shadow.choose import Shadow, shared
from pointsman.checks.shadow.world import Layer
from pointsman.checks.stamp import stamp
from pointsman.checks.tool import Check, Outcome
from pointsman.checks.tools.ruff import SYNTAX
from pointsman.checks.trials import Trials
from pointsman.checks.trust import Trust
from pointsman.checks.verdict import Tried
from pointsman.errors import CheckError
from pointsman.terms import CheckResult, Files, FileSet, Problem, Report, Severity, Verdict

QUICK = 3.0
"""Seconds of a full set of tests for which it is not worth while to run a part of it first."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The settings where there are none."""

    enabled: bool = True
    python: str = ""
    timeout: float = 120.0
    memory: int = 0
    skip: Sequence[str] = ()
    commands: Sequence[Own] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    """What is tried, and `mark`, which stands for the plan and the files on the disk."""

    plan: Plan
    files: Files
    candidate: FileSet | None
    mark: tuple[str, ...]


class Checks:
    """The checks of one workspace. `opened` false means that there are none; `index` knows which tests are near."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        opened: bool = True,
        state: Path | None = None,
        shadow: Shadow | None = None,
        editor_python: str = "",
        index: Covering | None = None,
    ) -> None:
        self.settings: Settings = settings or Defaults()
        self.opened = opened
        self.editor_python = editor_python
        self.consent = Trust(state or platformdirs.user_state_path("pointsman"))
        self.shadow = shadow or shared()
        self._index = index
        self._undisputed: bool | None = None
        self._trials = Trials(Pool([Local(self.shadow)]))

    def spread(self, hosts: Sequence[Host]) -> None:
        """Use these machines beside this one, from the next check on."""
        self._trials.pool = Pool([Local(self.shadow), *map(reached, hosts)])

    def plan(self, files: Files, paths: Sequence[str]) -> Plan:
        """What would run, and why. Blocking; starts nothing of the project."""
        made = make_plan(files, paths, self.settings, self.editor_python)
        if not (self.opened and self.settings.enabled):
            made = Plan(made.root, (), "", (), made.paths, made.python, off=self.opened)
        self._undisputed = not made.checks or self.trusted(made)
        return made

    def trusted(self, plan: Plan) -> bool:
        return self.consent.trusted(plan)

    def known(self, root: str) -> bool:
        """Whether nobody will most likely have to be asked: by the last plan, else by what was allowed before."""
        return self.consent.known(root) if self._undisputed is None else self._undisputed

    def foresee(self, files: Files, path: str) -> None:
        """Make a plan to know that, unless there was one. Blocking."""
        if self._undisputed is None:
            self.plan(files, [path])

    def trust(self, plan: Plan) -> None:
        self.consent.trust(plan)

    async def verify(
        self,
        plan: Plan,
        files: Files,
        candidate: FileSet | None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Report:
        """The report on a candidate; without one, on the workspace as it is, where every problem counts.

        The user must have consented to the plan: raises CheckError otherwise.
        """
        if plan.checks and not self.trusted(plan):
            raise CheckError("The project's checks are not allowed to run.", "Allow them first: `pointsman trust`.")
        before = await asyncio.to_thread(stamp, plan.root)
        case = _Case(plan, files, candidate, (plan.fingerprint, before))
        results: list[CheckResult] = []
        together = candidate is not None and self._trials.pool.spread
        for _, checks in groupby(plan.checks, key=lambda check: together or check.stage):
            stage = list(checks)
            if why := _hindered(results, candidate):
                results += [CheckResult(c.name, c.tool, Verdict.DID_NOT_RUN, summary=why) for c in stage]
                continue
            for check in stage:
                tell(check.name)
            results += await self._stage(stage, case)
        notes = verdict.notes(candidate, [path for check in plan.checks for path in check.config], results)
        if await asyncio.to_thread(stamp, plan.root) != before:
            notes = (*notes, "files changed on disk while the checks ran; the result may mix both states")
        kind = self.shadow.kind_at(plan.root)
        if kind == "copy":
            notes = (*notes, f"checked in a copy: {self.shadow.reason_at(plan.root)}")
        return Report(tuple(results), kind if results else "", notes)

    async def _stage(self, checks: Sequence[Check], case: _Case) -> list[CheckResult]:
        """The checks of one stage, side by side. Over several machines that is all of them, until one fails."""
        running = {asyncio.create_task(self._check(check, case)): check for check in checks}
        pending = set(running)
        try:
            while pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                why = _hindered([r for task in done if (r := task.result())], case.candidate)
                if why and self._trials.pool.spread:
                    break
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)  # no process of ours outlives the answer
        ended = [
            CheckResult(check.name, check.tool, Verdict.DID_NOT_RUN, summary=why) if task in pending else task.result()
            for task, check in running.items()
        ]
        return [result for result in ended if result]

    async def _check(self, check: Check, case: _Case) -> CheckResult | None:
        """One check; None where nothing it looks at was changed."""
        targets = _targets(check, case.plan, case.candidate)
        if check.suffixes and not targets and (case.candidate is not None or case.plan.paths):
            return None
        baseline = asyncio.create_task(self._baseline(check, case))
        try:
            if case.candidate is None:
                return verdict.alone(check, await baseline)
            layer = layers.over(case.files, case.candidate)
            if not _quick(baseline) and (early := await self._nearest(check, case, layer, baseline)):
                return early
            tried = await self._trials.once(check, case.files, layer, targets)
            result = verdict.compared(check, case.candidate, await baseline, tried)
            return await self._without_chance(check, case, layer, result)
        finally:
            baseline.cancel()
            await asyncio.gather(baseline, return_exceptions=True)

    async def _nearest(
        self, check: Check, case: _Case, layer: Layer, baseline: "asyncio.Task[Tried]"
    ) -> CheckResult | None:
        """The result of the tests nearest to the patch, if they fail already; the others need not run then."""
        assert case.candidate is not None  # noqa: S101 - without a candidate nothing is near
        exists = layers.Texts(case.files, layer)
        paths = layers.changed(case.candidate, ())
        near = await asyncio.to_thread(
            related.near, paths, check.folder, self._index, lambda path: exists(path) is not None
        )
        argv = check.narrow(near) if check.narrow else ()
        if not argv:
            return None
        few = replace(check, argv=argv)
        tried = await self._trials.once(few, case.files, layer)
        if tried.outcome.verdict is not Verdict.FAILED or not any(p.test for p in tried.outcome.problems):
            return None
        part = replace(tried, outcome=replace(tried.outcome, complete=False))
        result = replace(verdict.compared(few, case.candidate, await baseline, part), fixed=())
        result = await self._without_chance(few, case, layer, result)
        if result.verdict is not Verdict.FAILED:
            return None
        return replace(result, summary=f"{result.summary}; the tests nearest to the patch, the full set was not run")

    async def _without_chance(self, check: Check, case: _Case, layer: Layer, result: CheckResult) -> CheckResult:
        """A test that fails once and then does not, or fails without the candidate too, is nobody's fault.

        The same command is repeated, not the failed tests alone: one that fails only after another is no chance.
        """
        failed = verdict.suspects(result) if result.verdict is Verdict.FAILED else ()
        if not failed:
            return result
        again = await self._trials.once(check, case.files, layer)
        left = verdict.steady(failed, again.outcome)
        flaky = [problem for problem in failed if problem not in left]
        if left:
            before = await self._trials.baseline(check, case.files, (), case.mark, turn=2)
            flaky += verdict.at_random(left, before.outcome)
        return verdict.cleared(result, flaky)

    async def _baseline(self, check: Check, case: _Case) -> Tried:
        targets = tuple(path for path in _before(check, case.plan, case.candidate) if case.files.exists(path))
        if check.suffixes and not targets and (case.candidate is not None or case.plan.paths):
            return Tried(Outcome(Verdict.PASSED, summary="the files are new"))
        return await self._trials.baseline(check, case.files, targets, case.mark)


def _hindered(results: Sequence[CheckResult], candidate: FileSet | None) -> str:
    """Why the next stage waits: files that do not parse; for a candidate, any error of an earlier stage."""
    if any(problem.code == SYNTAX for result in results for problem in result.problems):
        return "waits until the files parse"
    failed = [r.check for r in results if r.verdict is Verdict.FAILED and any(map(_serious, r.problems))]
    return f"waits until {' and '.join(failed)} hold{'s' * (len(failed) == 1)}" if candidate and failed else ""


def _serious(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR


def _quick(baseline: "asyncio.Task[Tried]") -> bool:
    known = baseline.done() and not baseline.cancelled() and baseline.exception() is None
    return known and baseline.result().seconds < QUICK


def _targets(check: Check, plan: Plan, candidate: FileSet | None) -> tuple[str, ...]:
    gone = {change.path for change in candidate.changes if change.after is None or change.new_path} if candidate else ()
    return tuple(path for path in _own(check, layers.changed(candidate, plan.paths)) if path not in gone)


def _before(check: Check, plan: Plan, candidate: FileSet | None) -> tuple[str, ...]:
    touched = [change.path for change in candidate.changes if change.before is not None] if candidate else []
    return _own(check, tuple(dict.fromkeys((*plan.paths, *touched))))


def _own(check: Check, paths: Sequence[str]) -> tuple[str, ...]:
    """Of the changed files those that a check of changed files reads; none for a check of everything."""
    start = f"{check.folder}/" if check.folder else ""
    apart = tuple(f"{folder}/" for folder in check.apart)
    inside = (path for path in paths if path.startswith(start) and not path.startswith(apart))
    return tuple(path for path in inside if path.endswith(check.suffixes))
