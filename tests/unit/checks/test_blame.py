"""Only what a candidate broke is its fault."""

from hypothesis import given
from hypothesis import strategies as st

from pointsman.checks.blame import blame, edited_config, fold, lost_tests
from pointsman.checks.tool import Outcome
from pointsman.terms import FileChange, FileSet, Problem, Verdict

PROBLEMS = st.builds(
    Problem,
    tool=st.sampled_from(["ruff", "mypy"]),
    message=st.sampled_from(["a is bad", "b is bad at 0x7f", "took 3 s"]),
    path=st.sampled_from(["a.py", "b.py", None]),
    line=st.integers(1, 9),
    code=st.sampled_from(["F401", None]),
    test=st.sampled_from([None, "t.py::x"]),
    source_line=st.sampled_from(["x = 1", ""]),
)


@given(st.lists(PROBLEMS))
def test_nothing_is_new_where_nothing_changed(problems):
    shares = blame(problems, problems)
    assert (shares.new, shares.fixed) == ((), ())
    assert shares.known == tuple(problems)


@given(st.lists(PROBLEMS), st.lists(PROBLEMS))
def test_each_problem_is_in_one_share(before, after):
    shares = blame(before, after)
    assert len(shares.new) + len(shares.known) == len(after)
    assert len(shares.fixed) + len(shares.known) == len(before)


def ruff(line, text="import os", path="a.py"):
    return Problem("ruff", "`os` imported but unused", path, line, code="F401", source_line=text)


def test_lines_inserted_above_make_nothing_new():
    before = [ruff(1), ruff(20, "import os as o")]
    after = [ruff(10), ruff(29, "import os as o"), ruff(40, "import os as new")]
    shares = blame(before, after)
    assert [problem.line for problem in shares.new] == [40]


def test_equal_problems_are_counted():
    assert len(blame([ruff(1)], [ruff(1), ruff(5)]).new) == 1
    assert len(blame([ruff(1), ruff(5)], [ruff(1)]).fixed) == 1


def test_a_test_is_the_same_whatever_it_says():
    one = Problem("pytest", "assert 1 == 2 at 0x7f01", "t.py", 3, test="t.py::x")
    other = Problem("pytest", "KeyError: 'x'", "a.py", 9, test="t.py::x")
    assert blame([one], [other]).known == (other,)


def test_what_differs_from_run_to_run_is_folded():
    assert fold("<f at 0x7f0a> took 1.25 s in /tmp/pytest-1/x.py") == fold(
        "<f at 0x7f0b> took 3 s in /tmp/pytest-2/x.py"
    )
    assert fold("a is 1") != fold("a is 2")


def test_a_moved_files_problems_are_known():
    moved = FileSet((FileChange("a.py", None, "", new_path="b.py"),))
    assert blame([ruff(1)], [ruff(1, path="b.py")], moved).new == ()


def outcome(tests, problems=(), *, complete=True):
    return Outcome(Verdict.PASSED, tuple(problems), tests=tests, complete=complete)


def test_tests_that_are_gone_or_skipped_are_lost():
    before = outcome({"t.py::a": "passed", "t.py::b": "failed", "t.py::c": "skipped", "t.py::d": "passed"})
    after = outcome({"t.py::b": "skipped", "t.py::d": "passed"})
    lost = lost_tests("pytest", before, after)
    assert {(problem.test, problem.code) for problem in lost} == {
        ("t.py::a", "test-gone"),
        ("t.py::b", "test-skipped"),
    }


def test_nothing_is_lost_where_a_run_was_cut_short_or_a_module_broke():
    before = outcome({"t.py::a": "passed", "u.py::b": "passed"})
    broken = Problem("pytest", "SyntaxError: x", "t.py", 1)
    assert lost_tests("pytest", before, outcome({"u.py::b": "passed"}, complete=False)) == ()
    assert lost_tests("pytest", before, outcome({"u.py::b": "passed"}, [broken])) == ()


def test_edits_of_what_decides_the_checks_are_seen():
    patch = FileSet((FileChange("tests/conftest.py", None, "x"), FileChange("pyproject.toml", None, "x")))
    assert edited_config(patch, ["pyproject.toml"]) == ("pyproject.toml", "tests/conftest.py")
    assert edited_config(FileSet((FileChange("a.py", None, "x"),)), ["pyproject.toml"]) == ()
