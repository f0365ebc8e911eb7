"""Try a candidate: run the checks with it and without it, and blame it only for what it broke."""

import asyncio
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pointsman.checks import layers
from pointsman.checks.blame import blame, edited_config, lost_tests
from pointsman.checks.parse import read
from pointsman.checks.plan import Plan, Settings
from pointsman.checks.plan import plan as make_plan
from pointsman.checks.shadow.choose import Shadow, shared
from pointsman.checks.shadow.world import Layer
from pointsman.checks.sharing import Sharing
from pointsman.checks.stamp import stamp
from pointsman.checks.tool import Check, Outcome, Output
from pointsman.checks.tools.ruff import SYNTAX
from pointsman.checks.trust import Trust
from pointsman.errors import CheckError
from pointsman.terms import CheckResult, Command, Files, FileSet, Problem, Report, Run, Verdict

KEPT = 64
"""Outcomes of baselines remembered: a few snapshots of a few checks."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The settings where there are none."""

    python: str = ""
    timeout: float = 120.0


@dataclass(frozen=True, slots=True)
class _Tried:
    outcome: Outcome
    seconds: float = 0.0


class Checks:
    """The checks of one workspace. `enabled` false means that there are none."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        enabled: bool = True,
        state: Path | None = None,
        shadow: Shadow | None = None,
        editor_python: str = "",
    ) -> None:
        self.settings: Settings = settings or Defaults()
        self.enabled = enabled
        self.editor_python = editor_python
        self.consent = Trust(state or platformdirs.user_state_path("pointsman"))
        self.shadow = shadow or shared()
        self._baselines: Sharing[_Tried] = Sharing(KEPT)
        self._slots = asyncio.Semaphore(os.cpu_count() or 1)

    def plan(self, files: Files, paths: Sequence[str]) -> Plan:
        """What would run, and why. Blocking; starts nothing of the project."""
        made = make_plan(files, paths, self.settings, self.editor_python)
        return made if self.enabled else Plan(made.root, (), "", (), made.paths, made.python)

    def trusted(self, plan: Plan) -> bool:
        return self.consent.trusted(plan)

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
        results: list[CheckResult] = []
        for check in plan.checks:
            tell(check.name)
            if any(problem.code == SYNTAX for result in results for problem in result.problems):
                summary = "waits until the files parse"
                results.append(CheckResult(check.name, check.tool, Verdict.DID_NOT_RUN, summary=summary))
            elif result := await self._check(check, plan, files, candidate, before):
                results.append(result)
        notes = _notes(plan, candidate, results)
        if await asyncio.to_thread(stamp, plan.root) != before:
            notes = (*notes, "files changed on disk while the checks ran; the result may mix both states")
        kind = self.shadow.kind_at(plan.root)
        if kind == "copy":
            notes = (*notes, f"checked in a copy: {self.shadow.reason_at(plan.root)}")
        return Report(tuple(results), kind if results else "", notes)

    async def _check(
        self, check: Check, plan: Plan, files: Files, candidate: FileSet | None, mark: str
    ) -> CheckResult | None:
        """One check; None where nothing it looks at was changed."""
        targets = _targets(check, plan, candidate)
        if check.suffixes and not targets and (candidate is not None or plan.paths):
            return None
        baseline = asyncio.create_task(self._baseline(check, plan, files, candidate, mark))
        try:
            if candidate is None:
                return _alone(check, await baseline)
            tried = await self._try(check, files, layers.over(files, candidate), targets)
            return _result(check, candidate, await baseline, tried)
        finally:
            baseline.cancel()
            await asyncio.gather(baseline, return_exceptions=True)  # no process of ours outlives the answer

    async def _baseline(self, check: Check, plan: Plan, files: Files, candidate: FileSet | None, mark: str) -> _Tried:
        """The check without the candidate. The same snapshot is tried once, whoever asks, and however many do."""
        layer = layers.buffers(files)
        targets = tuple(path for path in _before(check, plan, candidate) if files.exists(path))
        if check.suffixes and not targets and (candidate is not None or plan.paths):
            return _Tried(Outcome(Verdict.PASSED, summary="the files are new"))
        parts = [plan.fingerprint, check.name, mark, *targets]
        parts += [f"{path}\0{hashlib.sha256(data or b'').hexdigest()}" for path, data in sorted(layer.items())]
        return await self._baselines.get("\n".join(parts), lambda: self._try(check, files, layer, targets))

    async def _try(self, check: Check, files: Files, layer: Layer, targets: Sequence[str]) -> _Tried:
        folder = str(Path(files.root, check.folder)) if check.folder else files.root
        start = f"{check.folder}/" if check.folder else ""
        # A path that begins with a dash would be read as an option.
        names = [f"./{path.removeprefix(start)}" for path in targets]
        command = Command((*check.argv, *names), folder, check.env, check.timeout)
        async with self._slots:
            run = await self.shadow.run(files.root, layer, command)
        outcome = await asyncio.to_thread(_read, check, run, files, layer)
        return _Tried(outcome, run.seconds)


def _read(check: Check, run: Run, files: Files, layer: Layer) -> Outcome:
    return read(check.tool, Output(run, files.root, layers.Texts(files, layer)), check.format)


def _targets(check: Check, plan: Plan, candidate: FileSet | None) -> tuple[str, ...]:
    gone = {change.path for change in candidate.changes if change.after is None or change.new_path} if candidate else ()
    return tuple(path for path in _own(check, layers.changed(candidate, plan.paths)) if path not in gone)


def _before(check: Check, plan: Plan, candidate: FileSet | None) -> tuple[str, ...]:
    touched = [change.path for change in candidate.changes if change.before is not None] if candidate else []
    return _own(check, tuple(dict.fromkeys((*plan.paths, *touched))))


def _own(check: Check, paths: Sequence[str]) -> tuple[str, ...]:
    """Of the changed files those that a check of changed files reads; none for a check of everything."""
    start = f"{check.folder}/" if check.folder else ""
    return tuple(path for path in paths if path.endswith(check.suffixes) and path.startswith(start))


def _alone(check: Check, tried: _Tried) -> CheckResult:
    outcome = tried.outcome
    return CheckResult(
        check.name, check.tool, outcome.verdict, outcome.problems, summary=outcome.summary, seconds=tried.seconds
    )


def _result(check: Check, candidate: FileSet, baseline: _Tried, tried: _Tried) -> CheckResult:
    before, after = baseline.outcome, tried.outcome
    comparable = before.verdict is not Verdict.DID_NOT_RUN or before.nothing
    seconds = baseline.seconds + tried.seconds
    if after.verdict is Verdict.PASSED and not comparable:
        return CheckResult(check.name, check.tool, Verdict.PASSED, summary=after.summary, seconds=seconds)
    if not comparable:
        why = f"unknown: it did not run without the change either ({before.summary})"
        return CheckResult(check.name, check.tool, Verdict.DID_NOT_RUN, summary=why, seconds=seconds)
    if after.verdict is Verdict.DID_NOT_RUN and not (before.nothing and after.nothing):
        return _stopped(check, before, after, seconds)
    shares = blame(before.problems, after.problems, candidate)
    lost = lost_tests(before, after, candidate)
    gone = {problem.test for problem in lost}
    new = (*shares.new, *lost)
    fixed = tuple(problem for problem in shares.fixed if not problem.test or problem.test not in gone)
    verdict = Verdict.FAILED if new else Verdict.PASSED
    if after.verdict is Verdict.DID_NOT_RUN:
        verdict = Verdict.DID_NOT_RUN
    summary = _summary(after, new, shares.known, fixed)
    return CheckResult(check.name, check.tool, verdict, new, shares.known, fixed, summary, seconds)


def _stopped(check: Check, before: Outcome, after: Outcome, seconds: float) -> CheckResult:
    """The check ran without the candidate and does not run with it.

    That is the candidate's doing if the tool itself complains, or there is nothing left to check; a tool that could
    not be started at all, or was too slow, says nothing.
    """
    if after.nothing:
        problems: tuple[Problem, ...] = (
            Problem(check.tool, f"{after.summary}, and there were before: {before.summary}", code="test-gone"),
        )
    else:
        problems = after.problems
    verdict = Verdict.FAILED if problems else Verdict.DID_NOT_RUN
    return CheckResult(check.name, check.tool, verdict, problems, summary=after.summary, seconds=seconds)


def _summary(after: Outcome, new: Sequence[Problem], known: Sequence[Problem], fixed: Sequence[Problem]) -> str:
    counts = ((len(new), "new"), (len(known), "known before"), (len(fixed), "fixed"))
    changes = ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{after.summary} ({changes})" if changes else after.summary


def _notes(plan: Plan, candidate: FileSet | None, results: Sequence[CheckResult]) -> tuple[str, ...]:
    if candidate is None:
        return ()
    notes = []
    if edited := edited_config(candidate, [path for check in plan.checks for path in check.config]):
        notes.append(f"the patch edits what decides the checks: {', '.join(edited)}")
    for code, what in (("test-gone", "are gone"), ("test-skipped", "are skipped now")):
        tests = [problem.test or problem.message for result in results for problem in result.problems
                 if problem.code == code]  # fmt: skip
        if tests:
            more = f" and {len(tests) - 3} more" if len(tests) > 3 else ""  # noqa: PLR2004
            notes.append(f"tests that ran before {what}: {', '.join(tests[:3])}{more}")
    return tuple(notes)
