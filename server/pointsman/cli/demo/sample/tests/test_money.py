import pytest

from splitbill.money import parse, show


@pytest.mark.parametrize(("text", "cents"), [("12.50", 1250), ("12", 1200), (" 3.9 ", 390)])
def test_parse(text, cents):
    assert parse(text) == cents


@pytest.mark.parametrize("text", ["", "-1", "1.", "1.234", "1,50", "ten"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="not an amount"):
        parse(text)


def test_show():
    assert show(1205) == "12.05"
