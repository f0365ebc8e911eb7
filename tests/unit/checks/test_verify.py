"""A candidate is tried with and without: what counts, what is known, what is fixed, and what is not known."""

import asyncio
import json
import sys
from dataclasses import replace

import pytest

from pointsman.checks.shadow.choose import Shadow
from pointsman.checks.verify import Checks
from pointsman.errors import CheckError
from pointsman.files.workspace import Workspace
from pointsman.terms import Run, Severity, Verdict
from pointsman.text import Snapshot
from support.projects import CALC, candidate, fingerprint, write

GOOD = CALC["calc.py"].replace("a - b", "a + b")


class Settings:
    enabled = True
    python = sys.executable
    timeout = 60.0
    memory = 0
    skip = ()
    commands = ()


class Scripted:
    """A shadow whose runs are written by the test: from the layer and the command to a Run."""

    def __init__(self, answer):
        self.answer = answer
        self.runs = []

    def kind_at(self, root):
        return "scripted"

    def reason_at(self, root):
        return ""

    async def run(self, root, layer, command):
        self.runs.append((dict(layer), command))
        await asyncio.sleep(0)
        return self.answer(layer, command)


def pytest_run(command, states, *, exit_code=None):
    """A run of our plugin with the given state of each test."""
    events = [{"event": "start"}]
    for test, state in states.items():
        events.append({"event": "test", "test": test, "when": "call", "outcome": state, "file": "tests/test_calc.py"})
        if state == "failed":
            events[-1]["error"] = {"type": "AssertionError", "message": "assert 0", "frames": []}
    code = (1 if "failed" in states.values() else 0) if exit_code is None else exit_code
    lines = "".join(f"{json.dumps(event)}\n" for event in [*events, {"event": "end", "exit": code}])
    return Run(command, code, "", "", 0.1, artefacts={"pytest.jsonl": lines})


def clean(command):
    return Run(command, 0, "[]", "", 0.1)


@pytest.fixture
def root(tmp_path):
    return write(tmp_path / "project", CALC)


def checks_of(tmp_path, shadow, **options):
    return Checks(options.pop("settings", Settings()), state=tmp_path / "state", shadow=shadow, **options)


async def verified(tmp_path, root, answer, changes, **options):
    shadow = Scripted(answer)
    checks = checks_of(tmp_path, shadow, **options)
    workspace = Workspace(root)
    plan = checks.plan(workspace, ["calc.py"])
    checks.trust(plan)
    report = await checks.verify(plan, workspace, candidate(workspace, changes))
    return report, shadow


def by_layer(before, after, *, code=None):
    def answer(layer, command):
        if "pytest" not in command.argv:
            return clean(command)
        return pytest_run(command, after if layer else before, exit_code=code if layer else None)

    return answer


async def test_a_fix_is_told_as_fixed(tmp_path, root):
    answer = by_layer({"t.py::a": "failed", "t.py::b": "failed"}, {"t.py::a": "passed", "t.py::b": "failed"})
    report, _ = await verified(tmp_path, root, answer, {"calc.py": GOOD})
    result = report.results[-1]
    assert report.verdict is Verdict.PASSED
    assert [problem.test for problem in result.fixed] == ["t.py::a"]
    assert [problem.test for problem in result.known] == ["t.py::b"]
    assert result.problems == ()


async def test_what_broke_counts(tmp_path, root):
    answer = by_layer({"t.py::a": "passed"}, {"t.py::a": "failed"})
    report, _ = await verified(tmp_path, root, answer, {"calc.py": GOOD})
    assert report.verdict is Verdict.FAILED
    assert [problem.test for problem in report.problems] == ["t.py::a"]


async def test_a_deleted_test_is_not_a_fixed_one(tmp_path, root):
    answer = by_layer({"t.py::a": "failed", "t.py::b": "passed"}, {"t.py::b": "passed"})
    report, _ = await verified(tmp_path, root, answer, {"tests/test_calc.py": "x"})
    assert report.verdict is Verdict.FAILED
    assert report.results[-1].fixed == ()
    assert any("t.py::a" in note for note in report.notes)


async def test_no_tests_left_is_not_a_pass(tmp_path, root):
    answer = by_layer({"t.py::a": "passed"}, {}, code=5)
    report, _ = await verified(tmp_path, root, answer, {"tests/test_calc.py": None})
    assert report.verdict is Verdict.FAILED


async def test_first_tests_of_a_project_count(tmp_path, root):
    def answer(layer, command):
        if "pytest" not in command.argv:
            return clean(command)
        return pytest_run(command, {"t.py::a": "passed"}) if layer else pytest_run(command, {}, exit_code=5)

    report, _ = await verified(tmp_path, root, answer, {"tests/test_new.py": "x"})
    assert report.verdict is Verdict.PASSED


async def test_no_tests_before_and_after_did_not_run(tmp_path, root):
    report, _ = await verified(tmp_path, root, by_layer({}, {}, code=5), {"calc.py": GOOD})
    assert report.verdict is Verdict.DID_NOT_RUN


async def test_a_baseline_that_did_not_run_makes_a_failure_unknown(tmp_path, root):
    def answer(layer, command):
        if "pytest" not in command.argv:
            return clean(command)
        if layer:
            return pytest_run(command, {"t.py::a": "failed"})
        return Run(command, None, "", "", 0.1, "timed out after 1 s")

    report, _ = await verified(tmp_path, root, answer, {"calc.py": GOOD})
    assert report.verdict is Verdict.DID_NOT_RUN
    assert "unknown" in report.results[-1].summary
    assert report.problems == ()


async def test_a_check_the_candidate_stops_is_its_fault(tmp_path, root):
    def answer(layer, command):
        if "pytest" in command.argv:
            return pytest_run(command, {"t.py::a": "passed"})
        return Run(command, 2, "", "ruff failed\n  Cause: Failed to parse x.toml\n", 0.1) if layer else clean(command)

    report, _ = await verified(tmp_path, root, answer, {"pyproject.toml": "[tool.ruff]\n", "calc.py": GOOD})
    assert report.verdict is Verdict.FAILED
    assert "Failed to parse" in report.problems[0].message
    assert "the patch edits what decides the checks: pyproject.toml" in report.notes


async def test_a_tool_that_is_missing_is_nobodys_fault(tmp_path, root):
    def answer(layer, command):
        return Run(command, None, "", "", 0.0, "ruff is not installed")

    report, _ = await verified(tmp_path, root, answer, {"calc.py": GOOD})
    assert report.verdict is Verdict.DID_NOT_RUN


async def test_tests_wait_for_files_that_parse(tmp_path, root):
    bad = [
        {"code": None, "message": "Expected x", "filename": str(root / "calc.py"), "location": {"row": 1, "column": 1}}
    ]

    def answer(layer, command):
        return Run(command, 1, json.dumps(bad), "", 0.1) if layer else clean(command)

    report, shadow = await verified(tmp_path, root, answer, {"calc.py": "def ("})
    assert report.verdict is Verdict.FAILED
    assert report.results[-1].verdict is Verdict.DID_NOT_RUN
    assert not any("pytest" in command.argv for _, command in shadow.runs)


async def test_a_check_of_files_looks_at_those_of_the_candidate(tmp_path, root):
    report, shadow = await verified(tmp_path, root, by_layer({"a": "passed"}, {"a": "passed"}), {"new.py": "x = 1\n"})
    ruffs = [command.argv[-2:] for layer, command in shadow.runs if "pytest" not in command.argv and layer]
    assert ruffs == [("./calc.py", "./new.py")]
    assert report.verdict is Verdict.PASSED


async def test_a_baseline_is_made_once_for_one_snapshot(tmp_path, root):
    shadow = Scripted(by_layer({"t.py::a": "passed"}, {"t.py::a": "passed"}))
    checks = checks_of(tmp_path, shadow)
    workspace = Workspace(root)
    plan = checks.plan(workspace, ["calc.py"])
    checks.trust(plan)
    early = asyncio.create_task(checks.verify(plan, workspace, None))
    for text in (GOOD, GOOD + "\n", GOOD + "\n\n"):
        await checks.verify(plan, workspace, candidate(workspace, {"calc.py": text}))
    await early
    assert sum(1 for layer, command in shadow.runs if not layer and "pytest" in command.argv) == 1
    (root / "other.py").write_text("x = 1\n")
    await checks.verify(plan, workspace, candidate(workspace, {"calc.py": GOOD}))
    assert sum(1 for layer, command in shadow.runs if not layer and "pytest" in command.argv) == 2


async def test_unsaved_buffers_are_in_both_runs(tmp_path, root):
    shadow = Scripted(by_layer({"t.py::a": "passed"}, {"t.py::a": "passed"}))
    checks = checks_of(tmp_path, shadow)
    buffer = Snapshot((root / "notes.py").as_uri(), 3, "unsaved = 1\r\n", bom=True)
    workspace = Workspace(root, {"notes.py": buffer})
    plan = checks.plan(workspace, ["calc.py"])
    checks.trust(plan)
    await checks.verify(plan, workspace, candidate(workspace, {"calc.py": GOOD}))
    assert shadow.runs
    assert all(layer["notes.py"] == b"\xef\xbb\xbfunsaved = 1\r\n" for layer, _ in shadow.runs)
    assert {layer.get("calc.py") for layer, _ in shadow.runs} == {None, GOOD.encode()}


async def test_nothing_runs_without_consent(tmp_path, root):
    shadow = Scripted(by_layer({}, {}))
    checks = checks_of(tmp_path, shadow)
    workspace = Workspace(root)
    with pytest.raises(CheckError, match="not allowed"):
        await checks.verify(checks.plan(workspace, ["calc.py"]), workspace, None)
    assert shadow.runs == []


async def test_checks_can_be_switched_off(tmp_path, root):
    checks, settings = checks_of(tmp_path, Scripted(by_layer({}, {}))), Settings()
    settings.enabled = False
    checks.settings = settings
    workspace = Workspace(root)
    plan = checks.plan(workspace, ["calc.py"])
    assert (plan.checks, plan.commands, plan.off) == ((), (), True)
    assert (await checks.verify(plan, workspace, None)).verdict is Verdict.DID_NOT_RUN
    checks.settings = Settings()
    assert checks.plan(workspace, ["calc.py"]).checks


async def test_cancelling_waits_for_the_end_of_all_runs(tmp_path, root):
    begun, ended = [], []

    class Slow(Scripted):
        async def run(self, root, layer, command):
            begun.append(command)
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.01)
                ended.append(command)

    checks = checks_of(tmp_path, Slow(None))
    workspace = Workspace(root)
    plan = checks.plan(workspace, ["calc.py"])
    checks.trust(plan)
    task = asyncio.create_task(checks.verify(plan, workspace, candidate(workspace, {"calc.py": GOOD})))
    for _ in range(500):
        if len(begun) == 2:
            break
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(begun) == len(ended) == 2


@pytest.mark.parametrize("kind", ["auto", "copy"])
async def test_real_tools_on_a_real_project(tmp_path, root, kind):
    checks = checks_of(tmp_path, Shadow(tmp_path / "cache", kind))
    workspace = Workspace(root)
    plan = checks.plan(workspace, ["calc.py"])
    checks.trust(plan)
    before = fingerprint(root)
    bad = GOOD.replace("a * b", "a * c")
    linted = await checks.verify(plan, workspace, candidate(workspace, {"calc.py": bad}))
    assert [(p.code, p.path, p.line, p.test) for p in linted.problems] == [("F821", "calc.py", 6, None)]
    assert [(r.check, r.verdict) for r in linted.results][1:] == [("pytest", Verdict.DID_NOT_RUN)]
    wrong = GOOD.replace("a * b", "a + b")
    failed = await checks.verify(plan, workspace, candidate(workspace, {"calc.py": wrong}))
    assert [(p.code, p.path, p.line, p.test) for p in failed.problems] == [
        ("AssertionError", "tests/test_calc.py", 9, "tests/test_calc.py::test_mul"),
    ]
    passed = await checks.verify(plan, workspace, candidate(workspace, {"calc.py": GOOD}))
    assert passed.verdict is Verdict.PASSED
    tests = passed.results[-1]
    assert [problem.test for problem in tests.fixed] == ["tests/test_calc.py::test_add"]
    assert [problem.test for problem in tests.known] == ["tests/test_calc.py::test_old"]
    assert fingerprint(root) == before


async def test_a_candidate_that_eats_memory_is_stopped_and_blamed(tmp_path, root):
    class Small(Settings):
        memory = 250

    checks = checks_of(tmp_path, Shadow(tmp_path / "cache"), settings=Small())
    workspace = Workspace(root)
    plan = checks.plan(workspace, ["calc.py"])
    checks.trust(plan)
    hungry = GOOD.replace("return a * b", "import time; eaten = b'x' * (1 << 29); time.sleep(60); return eaten")
    report = await checks.verify(plan, workspace, candidate(workspace, {"calc.py": hungry}))
    assert report.results[-1].verdict is Verdict.FAILED
    [problem] = report.problems
    assert problem.message == "used more than 250 MB of memory while this test ran"
    assert problem.test == "tests/test_calc.py::test_mul"


def by_run(*runs):
    """The runs of pytest with the candidate, one after the other, then without it; the last of each stays."""
    with_it, without = (list(states) for states in runs)

    def answer(layer, command):
        if "pytest" not in command.argv:
            return clean(command)
        left = with_it if layer else without
        return pytest_run(command, left.pop(0) if len(left) > 1 else left[0])

    return answer


PASSES, FAILS = {"t.py::a": "passed", "t.py::b": "passed"}, {"t.py::a": "failed", "t.py::b": "passed"}


@pytest.mark.parametrize(
    ("with_it", "without", "verdict"),
    [
        ([FAILS, PASSES], [PASSES], Verdict.PASSED),
        ([FAILS, FAILS], [PASSES, FAILS], Verdict.PASSED),
        ([FAILS, FAILS], [PASSES, PASSES], Verdict.FAILED),
        ([FAILS, {"t.py::b": "passed"}], [PASSES], Verdict.FAILED),
    ],
    ids=["passes when repeated", "fails now and then without it too", "always", "not there when repeated"],
)
async def test_a_test_that_fails_by_chance_is_not_blamed(tmp_path, root, with_it, without, verdict):
    report, _ = await verified(tmp_path, root, by_run(with_it, without), {"calc.py": GOOD})
    result = report.results[-1]
    assert report.verdict is verdict
    by_chance = ["t.py::a"] if verdict is Verdict.PASSED else []
    assert [problem.test for problem in result.flaky] == by_chance
    assert all(problem.severity is Severity.INFO for problem in result.flaky)
    assert any("by chance" in note and "t.py::a" in note for note in report.notes) == bool(by_chance)
    assert [problem.test for problem in report.problems] == ([] if by_chance else ["t.py::a"])


async def test_another_run_that_says_nothing_clears_nobody(tmp_path, root):
    runs = iter([pytest_run, lambda command, _: Run(command, None, "", "", 0.1, "timed out after 1 s")])

    def answer(layer, command):
        if "pytest" not in command.argv:
            return clean(command)
        return next(runs)(command, FAILS) if layer else pytest_run(command, PASSES)

    report, _ = await verified(tmp_path, root, answer, {"calc.py": GOOD})
    assert [problem.test for problem in report.problems] == ["t.py::a"]


class Index:
    def tests_for(self, path):
        return {"calc.py": ("tests/test_calc.py", "tests/test_deleted.py")}.get(path, ())


def narrowed(command):
    return command.argv[-1].endswith(".py")


def slow(command, states):
    """A run of the full set that took so long that a part of it is worth running first."""
    return replace(pytest_run(command, states), seconds=60.0)


@pytest.mark.parametrize("fails", [True, False])
async def test_the_nearest_tests_come_first_and_end_it_where_they_fail(tmp_path, root, fails):
    near = {"t.py::a": "failed" if fails else "passed"}

    def answer(layer, command):
        if "pytest" not in command.argv:
            return clean(command)
        if narrowed(command):
            return pytest_run(command, near if layer else PASSES)
        return slow(command, PASSES)

    report, shadow = await verified(tmp_path, root, answer, {"calc.py": GOOD}, index=Index())
    tried = [command.argv[-1:] for layer, command in shadow.runs if layer and "pytest" in command.argv]
    assert tried[0] == ("./tests/test_calc.py",)
    assert all(map(narrowed, (c for layer, c in shadow.runs if layer and "pytest" in c.argv))) == fails
    assert report.verdict is (Verdict.FAILED if fails else Verdict.PASSED)
    assert ("full set was not run" in report.results[-1].summary) == fails
    assert report.results[-1].fixed == ()


async def test_what_failed_before_does_not_end_it(tmp_path, root):
    answer = by_layer(FAILS, FAILS)
    report, shadow = await verified(tmp_path, root, answer, {"calc.py": GOOD}, index=Index())
    assert report.verdict is Verdict.PASSED
    assert not narrowed(shadow.runs[-1][1])


@pytest.mark.parametrize(("severity", "waits"), [("error", True), ("warning", False)])
async def test_an_error_of_an_earlier_stage_ends_the_rest(tmp_path, root, severity, waits):
    bad = [{"code": "F821", "message": "Undefined name", "filename": str(root / "calc.py"), "severity": severity,
            "location": {"row": 1, "column": 1}}]  # fmt: skip

    def answer(layer, command):
        if "pytest" in command.argv:
            return pytest_run(command, PASSES)
        return Run(command, 1, json.dumps(bad), "", 0.1) if layer else clean(command)

    report, shadow = await verified(tmp_path, root, answer, {"calc.py": GOOD})
    assert report.verdict is Verdict.FAILED
    assert any("pytest" in command.argv for _, command in shadow.runs) is not waits
    assert ("waits until ruff holds" in report.results[-1].summary) is waits


async def test_over_several_machines_the_first_failure_ends_the_rest(tmp_path, root):
    """All stages start at once, and the tests are cancelled when the linter has found an error."""
    cancelled = []
    bad = [{"code": "F821", "message": "Undefined name", "filename": str(root / "calc.py"),
            "location": {"row": 1, "column": 1}}]  # fmt: skip

    class Machines(Scripted):
        async def run(self, root, layer, command):
            if "pytest" in command.argv and layer:
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    cancelled.append(command)
                    raise
            return await super().run(root, layer, command)

    def answer(layer, command):
        if "pytest" in command.argv:
            return pytest_run(command, PASSES)
        return Run(command, 1, json.dumps(bad), "", 0.1) if layer else clean(command)

    checks = checks_of(tmp_path, Machines(answer))
    checks.spread([Host()])
    workspace = Workspace(root)
    plan = checks.plan(workspace, ["calc.py"])
    checks.trust(plan)
    report = await checks.verify(plan, workspace, candidate(workspace, {"calc.py": GOOD}))
    assert [(r.check, r.verdict) for r in report.results] == [
        ("ruff", Verdict.FAILED),
        ("pytest", Verdict.DID_NOT_RUN),
    ]
    assert "waits until ruff holds" in report.results[1].summary
    assert cancelled


class Host:
    """One that is never reached: what it loses runs here."""

    name, ssh, command, slots, python = "nowhere", "", ["false"], 1, "python3"
