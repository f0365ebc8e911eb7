"""A failing test is shown with the code it tests: a failed comparison has no frame there."""

import pytest

from pointsman import context
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index
from pointsman.terms import Offer
from pointsman.text import Span

TESTS = """from shop.price import total


def test_total():
    assert total([1]) == 1


def test_nothing():
    assert True
"""
SOURCE = """def vat(price):
    return price * 2


def total(prices):
    return sum(vat(price) for price in prices)


def unrelated():
    return 0
"""


@pytest.fixture
def sections(tmp_path):
    def gather(source, path="tests/test_price.py", at="assert total"):
        for name, text in {"shop/__init__.py": "", "shop/price.py": source, "tests/test_price.py": TESTS}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        workspace = Workspace(tmp_path)
        index = Index(tmp_path)
        index.scan_now(workspace)
        start = workspace.read(path).text.index(at)
        made = context.gather(Offer("fix", "Fix", path, Span(start, start)), workspace, index)
        return dict(made.sections), made.seen

    return gather


TITLE = "Code it tests: shop/price.py (numbered)"


def test_a_short_file_is_shown_whole(sections):
    shown, seen = sections(SOURCE)
    assert "    1|def vat(price):" in shown[TITLE]
    assert "   10|    return 0" in shown[TITLE]
    assert seen["shop/price.py"].text == SOURCE


def test_of_a_long_one_what_the_test_names_and_what_that_names(sections):
    shown, _ = sections(SOURCE + "\n# filler" * context.TESTED_LINES)
    assert "    2|    return price * 2" in shown[TITLE]
    assert "    6|    return sum(vat(price) for price in prices)" in shown[TITLE]
    assert "unrelated" not in shown[TITLE]


def test_of_a_long_one_that_the_test_does_not_name_nothing(sections):
    shown, _ = sections(SOURCE + "\n# filler" * context.TESTED_LINES, at="assert True")
    assert TITLE not in shown


def test_a_definition_over_the_limit_is_left_out_and_the_others_stay(sections):
    long = "def total(prices):\n" + "    prices = vat(prices)\n" * (context.TESTED_LINES + 10) + "    return prices\n"
    shown, _ = sections(SOURCE.partition("def total")[0] + long)
    assert "def vat" in shown[TITLE]
    assert "def total" not in shown[TITLE]


def test_code_is_not_shown_twice(sections):
    shown, _ = sections(SOURCE, path="shop/price.py", at="return sum")
    assert TITLE not in shown
