"""What a token of a model weighs is learned from what providers count, and an estimate is never under it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.profiles.tokens import ENOUGH, GUESS, KEPT, MODELS, SIZE, Tokens

MODEL = "acme,coder-1"


def learned(*ratios, file=None):
    tokens = Tokens(file)
    for ratio in ratios:
        tokens.learn(MODEL, 70_000, int(70_000 / ratio))
    return tokens


def test_without_any_count_it_is_the_guess():
    assert Tokens().bytes_of(MODEL) == GUESS


@given(st.lists(st.floats(1.1, 6.5), min_size=1, max_size=KEPT))
def test_an_estimate_is_never_under_what_was_counted(ratios):
    assert learned(*ratios).bytes_of(MODEL) <= min(ratios) + 0.01


@given(st.lists(st.floats(1.1, 6.5), min_size=1, max_size=ENOUGH - 1))
def test_a_few_counts_make_no_estimate_lower(ratios):
    assert learned(*ratios).bytes_of(MODEL) <= GUESS


def test_it_comes_near_the_truth():
    assert 4.0 < learned(4.4, 4.5, 4.6).bytes_of(MODEL) < 4.4
    assert 1.8 < learned(2.0).bytes_of(MODEL) < 2.0


def test_what_was_long_ago_is_forgotten():
    tokens = learned(2.0, *[4.5] * KEPT)
    assert tokens.bytes_of(MODEL) > 4


@pytest.mark.parametrize(
    ("size", "counted"),
    [(SIZE - 1, 1_000), (70_000, None), (70_000, 0), (70_000, 1_000), (70_000, 100_000), (70_000, 10**12)],
    ids=["small", "uncounted", "nothing", "the prompt was cut", "more tokens than bytes", "nonsense"],
)
def test_what_says_nothing_is_not_learned(size, counted):
    tokens = Tokens()
    for _ in range(ENOUGH):
        tokens.learn(MODEL, size, counted)
    assert tokens.bytes_of(MODEL) == GUESS


def test_each_model_has_its_own_and_is_found_in_any_spelling():
    tokens = learned(2.0)
    assert tokens.bytes_of("Acme, Coder-1") < 2
    assert tokens.bytes_of("acme,coder-2") == GUESS


def test_it_is_remembered_and_two_servers_learn_together(tmp_path):
    file = tmp_path / "state" / "tokens.json"
    one, other = learned(4.4, file=file), Tokens(file)
    other.bytes_of(MODEL)
    for _ in range(ENOUGH - 1):
        other.learn(MODEL, 70_000, 16_000)
    one.learn("acme,other", 70_000, 30_000)
    assert Tokens(file).bytes_of(MODEL) > 4
    assert Tokens(file).bytes_of("acme,other") < 3


def test_the_file_is_bounded(tmp_path):
    file = tmp_path / "tokens.json"
    tokens = Tokens(file)
    for number in range(MODELS + 10):
        for _ in range(2):
            tokens.learn(f"acme,{number}", 70_000, 30_000)
    assert len(json.loads(file.read_text())["bytes"]) == MODELS
    assert Tokens(file).bytes_of("acme,0") == GUESS
    assert Tokens(file).bytes_of(f"acme,{MODELS + 9}") < 3


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "\ufeff{}", '{"bytes": []}', '{"bytes": {"acme,coder-1": 3}}', "[" * 100_000,
        '{"bytes": {"acme,coder-1": ["2", null, true, NaN, Infinity, -1, 0, 1e9, {}]}}', "\0" * 1_000,
    ],
)  # fmt: skip
def test_a_damaged_file_is_as_good_as_none(tmp_path, text):
    file = tmp_path / "tokens.json"
    file.write_text(text)
    tokens = Tokens(file)
    assert tokens.bytes_of(MODEL) == GUESS
    tokens.learn(MODEL, 70_000, 35_000)
    assert Tokens(file).bytes_of(MODEL) < 2


def test_a_folder_in_its_place_is_no_trouble(tmp_path):
    tokens = Tokens(tmp_path)
    tokens.learn(MODEL, 70_000, 35_000)
    assert tokens.bytes_of(MODEL) < 2
