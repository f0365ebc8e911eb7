"""The demo's model learns only from what it is sent."""

import pytest

from pointsman.cli.demo import script
from pointsman.patch import contract
from pointsman.terms import Patch, Reject

CODE = '''"""Shares."""


def split(cents, people):
    """Doc."""
    return [cents // people] * people


def owed(a):
    return a
'''
SHOWN = (
    f"## Code it tests: {script.FILE} (numbered)\n```text\n"
    + "\n".join(f"{number:>5}|{line}" for number, line in enumerate(CODE.splitlines(), 1))
    + "\n```\n\n## Task\nFix it."
)
SYSTEM, OPENING = ("system", "You answer with patches."), ("user", SHOWN)
NEWS = f"""E tests/test_shares.py:13 assert (131 - 125) <= 1 (in {script.BROKEN_BY_THE_FIRST})
  13|     assert {script.LINE_THAT_FAILS}"""


def said(text):
    return ("assistant", text)


@pytest.fixture
def words():
    return script.reply_to([SYSTEM, OPENING])


@pytest.fixture
def first(words):
    return script.reply_to([SYSTEM, OPENING, said(words), ("user", "That is no patch.")])


def test_its_first_answer_is_no_patch(words):
    assert isinstance(contract.read(words), Reject)


def test_then_a_patch_made_from_the_lines_it_was_shown(first):
    assert isinstance(contract.read(first), Patch)
    assert "-    return [cents // people] * people\n" in first
    assert f"+{script.FIRST[1]}\n" in first
    assert "def owed" in first


def test_the_right_one_once_it_knows_the_test_the_line_and_its_own_patch(words, first):
    told = script.reply_to([SYSTEM, OPENING, said(words), ("user", "no patch"), said(first), ("user", NEWS)])
    assert f"+{script.SECOND[1]}\n" in told
    assert isinstance(contract.read(told), Patch)


@pytest.mark.parametrize(
    "news",
    [
        "The checks do not pass.",
        NEWS.replace(script.BROKEN_BY_THE_FIRST, "a test"),
        NEWS.replace(script.LINE_THAT_FAILS, "an assertion"),
    ],
)
def test_without_the_test_or_its_line_it_repeats_itself(words, first, news):
    assert script.reply_to([SYSTEM, OPENING, said(words), ("user", "?"), said(first), ("user", news)]) == first


def test_without_its_own_patch_it_repeats_itself(words, first):
    assert script.reply_to([SYSTEM, OPENING, said(words), ("user", NEWS)]) == first
    assert script.reply_to([SYSTEM, OPENING, said(words), said("--- a/x\n"), ("user", NEWS)]) == first


def test_another_fault_makes_another_patch(words):
    other = ("user", SHOWN.replace("[cents // people] * people", "[cents] * people"))
    assert "-    return [cents] * people\n" in script.reply_to([SYSTEM, other, said(words), ("user", "?")])


def test_code_it_was_not_shown_it_does_not_know():
    assert isinstance(contract.read(script.reply_to([SYSTEM, ("user", "Fix it.")])), Reject)
