import pytest

from pointsman.cli import findings
from pointsman.cli.usage import target
from pointsman.index.store import Index
from pointsman.terms import CheckResult, Place, Problem, Report, Verdict

SOURCE = """def total(prices):
    return sum(prices) * 2


def shout(text):
    return text.upper()
"""
TESTS = """from price import total


def test_total():
    assert total([1]) == 1


def test_other():
    assert 1 == 2
"""
LINT = Problem("ruff", "too short", "price.py", 2, code="X1")
INSIDE = Problem("pytest", "boom", "price.py", 6, test="test_price.py::test_shout")
FRAME = Problem("pytest", "deep", "other.py", 1, test="t", related=(Place("price.py", 2),))
COMPARED = Problem("pytest", "assert 2 == 1", "test_price.py", 5, test="test_price.py::test_total")
OTHER = Problem("pytest", "assert 1 == 2", "test_price.py", 9, test="test_price.py::test_other")


@pytest.fixture
def about(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "price.py").write_text(SOURCE)
    (tmp_path / "test_price.py").write_text(TESTS)
    monkeypatch.chdir(tmp_path)

    def ask(place, *problems):
        index = Index(tmp_path)
        found = target(place)
        index.scan_now(found.workspace)
        return findings.about(found, Report((CheckResult("c", "t", Verdict.FAILED, tuple(problems)),)), index)

    return ask


def test_those_on_the_line_come_first(about):
    assert about("price.py:2", FRAME, LINT, INSIDE) == (LINT, FRAME)


def test_those_with_a_frame_in_the_function_around_it(about):
    assert about("price.py:1", LINT, FRAME, INSIDE) == (LINT, FRAME)
    assert about("price.py:5", LINT, FRAME, INSIDE) == (INSIDE,)


def test_without_any_the_failed_tests_that_name_the_function(about):
    assert about("price.py:2", COMPARED, OTHER) == (COMPARED,)
    assert about("price.py:2", COMPARED, OTHER, LINT) == (LINT,)


def test_none_elsewhere(about):
    assert about("price.py:4", LINT, INSIDE, COMPARED, OTHER) == ()
    assert about("price.py:6", COMPARED, OTHER) == ()


def test_no_more_than_a_model_can_read(about):
    many = [Problem("pytest", str(number), "price.py", 2, test=str(number)) for number in range(50)]
    assert len(about("price.py:2", *many)) == findings.LIMIT
