import pytest

from pointsman.profiles import price_of
from pointsman.profiles.prices import table
from pointsman.terms import FREE, Price

REMOTE = "https://api.example/v1/chat/completions"


@pytest.mark.parametrize("name", ["claude-haiku-4-5", "claude-haiku-4-5-20251001", "anthropic/claude-haiku-4.5"])
def test_a_model_has_one_price_under_all_its_names(name):
    assert price_of(name, REMOTE) == Price(1.0, 5.0, 0.1, 1.25)


def test_a_name_that_is_only_alike_has_no_price():
    assert price_of("gpt-5.4-mini", REMOTE) != price_of("gpt-5.4", REMOTE)
    assert price_of("gpt-5.4-unheard-of", REMOTE) is None


def test_this_machine_and_free_variants_cost_nothing():
    assert price_of("gpt-5.4", "http://127.0.0.1:8080/v1/chat/completions") == FREE
    assert price_of("qwen/qwen3-coder:free", REMOTE) == FREE


def test_the_user_knows_better():
    own = {"Claude-Haiku-4-5": Price(9, 9), "*": Price(1, 1)}
    assert price_of("claude-haiku-4-5", REMOTE, own) == Price(9, 9)
    assert price_of("other", REMOTE, own) == Price(1, 1)
    assert price_of("other", "http://localhost/", own) == Price(1, 1)


def test_prices_are_in_dollars_for_a_million_tokens():
    for name, price in table().items():
        assert 0 <= price.input <= 200, name
        assert price.output <= 1_000, name
        assert price.cached is None or price.cached <= price.input, name
        assert price.long is None or (price.above and price.long.input >= price.input), name
