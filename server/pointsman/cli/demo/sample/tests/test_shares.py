import pytest

from splitbill.shares import owed, split, with_tip


def test_the_shares_add_up_to_the_bill():
    shares = split(1000, 3)
    assert sum(shares) == 1000


def test_nobody_pays_two_cents_more_than_another():
    shares = split(1006, 8)
    assert max(shares) - min(shares) <= 1


def test_a_bill_needs_someone_to_pay_it():
    with pytest.raises(ValueError, match="someone"):
        split(1000, 0)


def test_with_tip():
    assert with_tip(1999, 10) == 2199


def test_owed():
    assert owed({"Ada": 500, "Grace": 500}, {"Ada": 700}) == {"Ada": -200, "Grace": 500}
