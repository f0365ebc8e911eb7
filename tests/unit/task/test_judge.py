"""What a candidate is worth to a task."""

import pytest

from pointsman.task.judge import broken_syntax, note_left, owed, rank, summary, unchanged
from pointsman.terms import CheckResult, FileChange, FileSet, Offer, Problem, Report, Verdict
from pointsman.text import Snapshot, Span

OLD = Problem("ruff", "`os` imported but unused", "a.py", 3, code="F401", source_line="import os")
TEST = Problem("pytest", "assert 1 == 2", "t.py", 9, test="t.py::test_x")


def report(verdict, problems=(), known=(), tool="ruff"):
    return Report((CheckResult(tool, tool, verdict, problems, known, summary="said"),))


@pytest.mark.parametrize(
    ("asked", "known", "verdict"),
    [
        (OLD, OLD, Verdict.FAILED),
        (Problem("Ruff", "other words", "a.py", 7, code="F401", source_line="  import os "), OLD, Verdict.FAILED),
        (Problem("ruff", "x", "a.py", 3, code="F811", source_line="import os"), OLD, Verdict.PASSED),
        (Problem("ruff", "x", "b.py", 3, code="F401", source_line="import os"), OLD, Verdict.PASSED),
        (TEST, TEST, Verdict.FAILED),
        (Problem("pytest", "x", "t.py", 9, test="t.py::test_y"), TEST, Verdict.PASSED),
    ],
)
def test_the_problem_a_task_was_to_mend_counts_as_long_as_it_is_there(asked, known, verdict):
    found = owed(report(Verdict.PASSED, known=(known,)), (asked,))
    assert found.verdict is verdict
    assert found.problems == ((known,) if verdict is Verdict.FAILED else ())


def test_a_check_that_did_not_run_owes_nothing():
    assert owed(report(Verdict.DID_NOT_RUN, known=(OLD,)), (OLD,)).verdict is Verdict.DID_NOT_RUN


def test_fewer_failures_are_better_and_none_best():
    ranked = [report(Verdict.PASSED), report(Verdict.DID_NOT_RUN), report(Verdict.FAILED, (OLD,))]
    assert [rank(r) for r in ranked] == sorted(rank(r) for r in ranked)
    assert rank(report(Verdict.FAILED, (OLD,))) < rank(report(Verdict.FAILED, (OLD, TEST)))


def test_the_same_failures_are_the_same_wherever_they_moved():
    moved = Problem("ruff", "`os` imported but unused", "a.py", 30, code="F401")
    assert unchanged(report(Verdict.FAILED, (OLD,)), report(Verdict.FAILED, (moved,)))
    assert not unchanged(report(Verdict.FAILED, (OLD,)), report(Verdict.FAILED, (OLD, TEST)))
    assert not unchanged(None, report(Verdict.FAILED, (OLD,)))


def test_addresses_and_times_do_not_make_failures_differ():
    one, other = (
        Problem("pytest", f"assert <A at 0x7f{n}> is None after 0.{n} s", "a.py", 3, test="t.py::x") for n in (1, 2)
    )
    assert unchanged(report(Verdict.FAILED, (one,)), report(Verdict.FAILED, (other,)))
    another = Problem("pytest", "KeyError: 'x'", "a.py", 3, test="t.py::x")
    assert not unchanged(report(Verdict.FAILED, (one,)), report(Verdict.FAILED, (another,)))


def test_syntax_is_judged_by_what_the_patch_made_worse():
    bad, good = Snapshot("", None, "def f(:\n"), Snapshot("", None, "def f():\n    pass\n")
    assert broken_syntax(FileSet((FileChange("a.py", good, "def f(:\n"),))).verdict is Verdict.FAILED
    assert broken_syntax(FileSet((FileChange("a.py", bad, "def f(:\n# more\n"),))) is None
    assert broken_syntax(FileSet((FileChange("a.py", good, None),))) is None
    assert broken_syntax(FileSet((FileChange("new.py", None, "x = (\n"),))).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("path", "after", "code"),
    [
        ("a.py", "x = 1\n", None),
        ("a.py", "# pointsman: use one\nx = 1\n", "note_left"),
        ("a.py", "# pointsman: something else\nx = 1\n", None),
        ("b.py", "x = 1\n", "note_left"),
    ],
)
def test_the_comment_that_asked_goes_with_its_edit(path, after, code):
    offer = Offer("comment", "", "a.py", Span(0, 0), instruction="use one")
    before = Snapshot("", None, "# pointsman: use one\nx = 2\n")
    found = note_left(offer, FileSet((FileChange(path, before, after),)))
    assert (found and found.code) == code


def test_other_intents_may_keep_their_comments():
    change = FileChange("a.py", None, "# pointsman: x\n")
    assert note_left(Offer("fix", "", "a.py", Span(0, 0)), FileSet((change,))) is None


WORDS = [
    ("ruff", Verdict.PASSED, "no findings", "ruff clean"),
    ("pytest", Verdict.PASSED, "14 passed, 1 skipped", "14 tests pass"),
    ("pytest", Verdict.PASSED, "1 passed", "1 test passes"),
    ("pytest", Verdict.FAILED, "1 failed, 13 passed", "pytest: 1 failed, 13 passed"),
    ("mypy", Verdict.DID_NOT_RUN, "not installed", "mypy did not run"),
]


@pytest.mark.parametrize(("check", "verdict", "said", "words"), WORDS)
def test_the_checks_in_a_few_words(check, verdict, said, words):
    assert summary(Report((CheckResult(check, check, verdict, summary=said),))) == words


def test_the_words_of_several_checks_are_one_list():
    results = tuple(CheckResult(check, check, verdict, summary=said) for check, verdict, said, _ in WORDS[:2])
    assert summary(Report(results)) == "ruff clean, 14 tests pass"
