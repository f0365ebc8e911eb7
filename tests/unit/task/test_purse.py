"""A call that would cost more than the user allows is not made; what was spent is on the receipt and in the ledger."""

import json
from dataclasses import replace
from datetime import date

import pytest

from pointsman.config.model import Budget
from pointsman.errors import OverBudget
from pointsman.journal.spending import Spending
from pointsman.task.purse import Purse, cost_of, dollars
from pointsman.terms import FREE, Message, Price, Usage
from support.dialogue import lease

DEAR = Price(1_000.0, 2_000.0)
HELD = lease("https://llm.example/v1/chat/completions", price=DEAR)
SAID = (Message("user", "x" * 35),)
"""Ten tokens: $0.01, and $2 for an answer of usual length."""
ESTIMATE = 2.01


@pytest.mark.parametrize(
    ("price", "usage", "cost"),
    [
        (Price(3, 15), Usage(1_000_000, 100_000), 4.5),
        (Price(3, 15, cached=0.3), Usage(1_000_000, 0, 900_000), 0.57),
        (Price(3, 15, 0.3, 3.75), Usage(1_000_000, 0, 500_000, 400_000), 0.3 + 0.15 + 1.5),
        (Price(3, 15), Usage(1_000_000, 0, 500_000), 3.0),
        (Price(1, 2, above=200_000, long=Price(2, 3)), Usage(200_000, 0), 0.2),
        (Price(1, 2, above=200_000, long=Price(2, 3)), Usage(300_000, 100_000), 0.9),
        (Price(3, 15), Usage(), 0.0),
        (FREE, Usage(10**9, 10**9), 0.0),
    ],
)
def test_price_of_usage(price, usage, cost):
    assert price.of(usage) == pytest.approx(cost)


def test_the_providers_own_bill_comes_first():
    assert cost_of(HELD, Usage(10, 10, cost=0.5), SAID, "") == (0.5, True)
    assert cost_of(HELD, Usage(10, 10), SAID, "") == (pytest.approx(0.03), False)
    assert cost_of(HELD, Usage(), SAID, "y" * 7) == (pytest.approx(0.014), False)
    assert cost_of(replace(HELD, price=None), Usage(10, 10), SAID, "") == (None, False)
    assert cost_of(replace(HELD, price=FREE), Usage(), SAID, "") == (0.0, True)


async def test_a_task_stops_before_the_call_that_is_too_much():
    purse = Purse(Budget(perTask=3.0))
    assert await purse.take("t.1", HELD, SAID) == pytest.approx(ESTIMATE)
    purse.give("t.1", HELD, 1.5, exact=False)
    with pytest.raises(OverBudget, match=r"perTask is \$3.00; this task has cost \$1.50"):
        await purse.take("t.2", HELD, SAID)
    assert purse.spending.today() == 1.5


async def test_the_day_is_that_of_all_servers(tmp_path):
    one, two = (Purse(Budget(perDay=5.0), Spending(tmp_path)) for _ in range(2))
    await one.take("a.1", HELD, SAID)
    one.give("a.1", HELD, 3.5, exact=False)
    with pytest.raises(OverBudget, match=r"perDay is \$5.00; \$3.50 are spent today"):
        await two.take("b.1", HELD, SAID)
    assert Spending(tmp_path).today() == 3.5


async def test_calls_under_way_count_by_their_estimates(tmp_path):
    one, two = (Purse(Budget(perDay=3.0), Spending(tmp_path)) for _ in range(2))
    await one.take("a.1", HELD, SAID)  # and dies in the middle of it
    with pytest.raises(OverBudget):
        await two.take("b.1", HELD, SAID)


async def test_local_models_are_free_and_unknown_prices_are_said():
    purse = Purse(Budget(perTask=0.01, perDay=0.01))
    local, unknown = replace(HELD, price=FREE), replace(HELD, price=None)
    assert await purse.take("t.1", local, SAID) == 0
    purse.give("t.1", local, 0.0, exact=True)
    assert (purse.shown, purse.uncounted(local)) == ("$0", "")
    assert await purse.take("t.2", unknown, SAID) == 0
    assert "price of acme,vendor/coder-1 is not known" in purse.uncounted(unknown)
    assert not Purse().uncounted(unknown)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "$0"), (12.345, "$12.35"), (0.0213, "$0.021"), (0.002, "$0.002"), (0.00004, "$0.00004"), (1, "$1.00")],
)
def test_amounts_are_for_people(amount, text):
    assert dollars(amount) == text


class TestLedger:
    def test_one_line_a_note_and_the_last_one_counts(self, tmp_path):
        spending = Spending(tmp_path, lambda: date(2026, 1, 2))
        spending.note("a", "p,m", 1.0)
        spending.note("a", "p,m", 0.25)
        rows = [json.loads(line) for line in (tmp_path / "2026-01-02.jsonl").read_text().splitlines()]
        assert rows == [{"call": "a", "model": "p,m", "usd": 1.0}, {"call": "a", "model": "p,m", "usd": 0.25}]
        assert Spending(tmp_path, lambda: date(2026, 1, 2)).today() == 0.25
        assert Spending(tmp_path, lambda: date(2026, 1, 3)).today() == 0

    def test_broken_lines_say_nothing(self, tmp_path):
        (tmp_path / "2026-01-02.jsonl").write_bytes(b'{"call": "a", "usd": 1}\n{"call"\n\xff\n[]\n{"call":"b"}\n')
        assert Spending(tmp_path, lambda: date(2026, 1, 2)).today() == 1

    def test_a_folder_that_cannot_be_written_keeps_the_account_in_memory(self, tmp_path, caplog):
        (tmp_path / "file").write_text("")
        spending = Spending(tmp_path / "file")
        spending.note("a", "p,m", 1.0)
        assert spending.today() == 1
        assert "cannot be written" in caplog.text
