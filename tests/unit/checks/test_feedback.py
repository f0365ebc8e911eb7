"""What a model is told: new failures only, in a stable order, within the budget."""

import random

from hypothesis import given
from hypothesis import strategies as st

from pointsman.checks.feedback import feedback
from pointsman.terms import CheckResult, FileChange, FileSet, Place, Problem, Report, Severity, Verdict

PATCH = FileSet((FileChange("calc.py", None, "x"),))
NEW = Problem(
    "pytest",
    "ValueError: not enough values to unpack (expected 2, got 1)",
    "calc.py",
    9,
    code="ValueError",
    test="tests/test_calc.py::TestParse::test_bad",
    related=(Place("tests/test_calc.py", 25),),
    source_line='left, right = text.split("+")',
)
COMPARED = Problem(
    "pytest",
    "AssertionError: assert [1, 2] == [1, 3]",
    "tests/test_calc.py",
    4,
    code="AssertionError",
    test="tests/test_calc.py::test_list",
    source_line="assert calc.pair() == [1, 3]",
    detail="E       assert [1, 2] == [1, 3]\nE         At index 1 diff: 2 != 3\nE         Use -v to get more diff",
)
KNOWN = Problem("pytest", "AssertionError: known", "old.py", 3, test="tests/test_old.py::test_old", source_line="old()")


def report(*problems, known=(), notes=()):
    verdict = Verdict.FAILED if problems else Verdict.PASSED
    return Report((CheckResult("pytest", "pytest", verdict, problems, known),), notes=notes)


def test_the_whole_of_it():
    assert feedback(report(COMPARED, NEW, known=(KNOWN,)), PATCH) == (
        "Your patch to calc.py applies, but the checks do not pass with it.\n\n"
        "pytest: 2 new, 1 known before, not shown\n"
        "E calc.py:9 ValueError: not enough values to unpack (expected 2, got 1)"
        " (in tests/test_calc.py::TestParse::test_bad)\n"
        '  9|     left, right = text.split("+")\n'
        "  via tests/test_calc.py:25\n"
        "E tests/test_calc.py:4 AssertionError: assert [1, 2] == [1, 3] (in tests/test_calc.py::test_list)\n"
        "  4|     assert calc.pair() == [1, 3]\n"
        "  At index 1 diff: 2 != 3\n"
        "  Use -v to get more diff\n\n"
        "Send one complete patch against the original files, not against your last patch."
    )


def test_what_was_there_before_is_counted_and_never_shown():
    text = feedback(report(NEW, known=(KNOWN,)), PATCH)
    assert "1 known before" in text
    assert "old" not in text.replace("known before", "")


def test_the_model_sees_its_progress():
    other = Problem("ruff", "Undefined name `x`", "calc.py", 2, code="F821", source_line="x")
    text = feedback(report(NEW, other), PATCH, report(NEW, COMPARED))
    assert "Since your last patch: 1 fixed, 1 still there, 1 new." in text


def test_the_same_finding_in_many_places_is_one():
    many = [Problem("ruff", "Undefined name `x`", f"m{n}.py", n, code="F821", source_line="x") for n in range(1, 31)]
    text = feedback(report(*many), PATCH)
    assert text.count("Undefined name") == 1
    assert "the same at" in text


def test_a_patch_that_edits_the_checks_is_told():
    note = "the patch edits what decides the checks: conftest.py"
    assert note in feedback(report(NEW, notes=(note,)), PATCH)


@given(st.lists(st.integers(1, 400), max_size=60), st.integers(600, 6000), st.randoms())
def test_the_budget_and_the_order_hold(lengths, budget, shuffle: random.Random):
    problems = [
        Problem(
            "ruff",
            f"{n} " + "m" * length,
            f"f{n % 7}.py",
            n + 1,
            severity=list(Severity)[n % 3],
            source_line="s" * length,
        )
        for n, length in enumerate(lengths)
    ]
    text = feedback(report(*problems), PATCH, budget=budget)
    assert len(text) <= budget
    mixed = problems[:]
    shuffle.shuffle(mixed)
    assert feedback(report(*mixed), PATCH, budget=budget) == text
