"""The table: which offers a place gets, and that each leads somewhere."""

import pytest

from pointsman.index.symbols import Symbol
from pointsman.intents import INTENTS, MAX_TITLE, TABLE, Scene, choices, kind_of, note_at, offers
from pointsman.terms import Problem, Slot
from pointsman.text import Snapshot, Span

CODE = "import os\n\n\ndef area(r):\n    return 3 * r  # pointsman: use math.pi\n"
PROBLEMS = tuple(Problem("pyright", f"problem {n}\nmore", "a.py", line=n, source_line="x") for n in range(1, 6))


@pytest.fixture
def scene():
    snapshot = Snapshot("file:///w/a.py", 0, CODE)

    def make(start=0, end=0, **more):
        return Scene("a.py", snapshot, Span(start, end), **more)

    return make


def symbol():
    start = CODE.index("def")
    return Symbol(
        name="area", kind="function", start=start, end=len(CODE) - 1, name_start=start + 4, name_end=start + 8,
        line=4, signature="def area(r):", container="", doc="", role="", path="a.py",
    )  # fmt: skip


def titles(found):
    return [offer.title for offer in found]


def test_automatic_requests_get_fixes_only(scene):
    assert {offer.intent for offer in offers(scene(0, 20, problems=PROBLEMS, automatic=True))} == {"fix"}
    assert offers(scene(0, 20, automatic=True)) == []


def test_without_only_there_are_at_most_three_fixes_one_refactor_and_one_explain(scene):
    found = offers(scene(0, 20, problems=PROBLEMS))
    assert [offer.intent for offer in found] == ["fix", "fix", "fix", "", "explain"]
    assert kind_of(found[3]) == "refactor.rewrite.pointsman"


def test_one_character_selected_is_a_caret(scene):
    assert [offer.intent for offer in offers(scene(0, 1))] == ["explain"]
    assert [offer.intent for offer in offers(scene(0, 2))] == ["", "explain"]


def test_a_caret_inside_a_function_means_the_function(scene):
    found = offers(scene(40, 40, symbol=symbol(), only=("refactor",)))
    assert "Add types to area" in titles(found)
    assert {offer.span for offer in found if offer.intent == "simplify"} == {symbol().span}
    assert "extract" not in {offer.intent for offer in found}


def test_where_nobody_can_be_asked_the_menu_is_one_action(scene):
    assert [offer.intent for offer in offers(scene(0, 9, can_ask=False))] == ["simplify", "explain"]


def test_a_comment_offers_to_do_what_it_says_on_it_and_below_it(scene):
    at = CODE.index("return")
    for place in (at, len(CODE)):
        first = offers(scene(place, place))[0]
        assert (first.intent, first.instruction) == ("comment", "use math.pi")
        assert first.title == "Do what it says: use math.pi"


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("# pointsman: do it", "do it"), ("  // pointsman:   do it  ", "do it"),
        ("/* pointsman: do it */", "do it"),
        ("<!-- pointsman: do it -->", "do it"), ("-- pointsman: do it", "do it"),
        ("x = 1  # pointsman: do it", "do it"),
        ("; pointsman: do it", "do it"), ("pointsman: do it", None), ("# pointsman:", None),
        ("# pointsmanship: x", None),
    ],
)  # fmt: skip
def test_comments_of_many_languages_are_read(line, note):
    found = note_at(Snapshot("", 0, line), 0)
    assert (found and found[1]) == note


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        ("quickfix", {"quickfix"}),
        ("refactor", {"refactor.rewrite.pointsman", "refactor.extract.pointsman"}),
        ("refactor.extract", {"refactor.extract.pointsman"}),
        ("pointsman", {"pointsman.explain"}),
        ("source", set()),
        ("source.fixAll", set()),
        ("refactor.rewrite.point", set()),
    ],
)
def test_only_is_honoured(scene, only, kinds):
    found = offers(scene(0, 20, problems=PROBLEMS, only=(only,)))
    assert {kind_of(offer) for offer in found} == kinds


def test_a_problem_the_projects_fixers_can_mend_is_offered_to_them(scene):
    found = offers(scene(0, 0, problems=PROBLEMS[:2], fixable=lambda problem: problem.line == 1))
    assert [offer.model for offer in found[:2]] == ["builtin,fixers", ""]
    assert titles(found)[:2] == ["Fix with pyright: problem 1", "Fix: problem 2"]


def test_titles_are_single_short_lines(scene):
    problem = Problem("x", "very\tlong " * 40, "a.py", line=1)
    title = offers(scene(0, 0, problems=(problem,)))[0].title
    assert len(title) <= MAX_TITLE
    assert "\n" not in title
    assert "\t" not in title


def test_every_slot_of_the_router_is_reached_from_the_table():
    reached = {intent.slot for intent in TABLE}
    assert reached | {Slot.LONG_CONTEXT} == set(Slot)  # longContext is taken by size: see test_route


def test_every_row_has_its_prompt_and_leads_to_rows_that_exist():
    from pointsman.config.prompts import shipped

    for intent in TABLE:
        assert shipped(intent.id).template.strip()
        assert not intent.then or INTENTS[intent.then].reply == "patch"


def test_the_menu_offers_every_refactoring_that_fits(scene):
    every = {intent.id for intent in TABLE if intent.kind.startswith("refactor")}
    at = CODE.index("return")
    assert {offer.intent for offer in choices(scene(at, at + 6))} == every
