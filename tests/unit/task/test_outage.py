"""An outage is looked at when a task starts, and the answer is a visible fallback or an error; never inside a task."""

import json

import pytest

from pointsman import route
from pointsman.config.load import load
from pointsman.errors import RouteError
from pointsman.terms import Slot


@pytest.fixture
def loaded(tmp_path):
    provider = {"name": "p", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "models": ["a", "b"]}
    data = {"Providers": [provider], "Router": {"default": "p,a"}, "fallback": {"default": ["p,b"]}}
    (tmp_path / "config.json").write_text(json.dumps(data))
    return load(tmp_path / "config.json")


def test_the_fallback_answers_and_says_so(loaded):
    down = {"a": "three failures in a minute"}
    lease = route.choose(Slot.DEFAULT, 0, loaded, task="t", outage=lambda lease: down.get(lease.model, ""))
    assert lease.model == "b"
    assert "three failures" in lease.why


def test_without_a_way_round_it_is_an_error(loaded):
    with pytest.raises(RouteError, match="out of order"):
        route.choose(Slot.DEFAULT, 0, loaded, task="t", outage=lambda _: "down")


def test_a_model_that_was_asked_for_is_never_replaced(loaded):
    with pytest.raises(RouteError, match="p,a"):
        route.choose(Slot.DEFAULT, 0, loaded, task="t", model="p,a", outage=lambda lease: "x" * (lease.model == "a"))
