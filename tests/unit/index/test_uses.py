"""The uses of a definition: those that surely mean it before those that only say the same word."""

from pointsman.index.uses import FILES, looked_through, uses
from support.indexed import scanned
from support.projects import write

TEXTS = {
    "shop/money.py": "def total(parts):\n    return sum(parts)\n\n\nprint(total([]))\n",
    "api/report.py": "def report():\n    total = 0\n    return total\n",
    "web/cart.py": "from shop.money import total\n\nprint(total([1]))\n",
    "web/test_cart.py": "from shop.money import total\n\n\ndef test_total():\n    assert total([2]) == 2\n",
}


def indexed(root, texts):
    index = scanned(write(root, texts))
    return index, index.definitions("total")[0]


def places(index, symbol, limit=20):
    return [(use.path, use.line) for use in uses(index, symbol, limit)]


def test_what_imports_it_comes_first_code_before_tests_and_the_same_word_elsewhere_last(tmp_path):
    index, symbol = indexed(tmp_path, TEXTS)
    assert places(index, symbol) == [
        ("web/cart.py", 1),
        ("web/cart.py", 3),
        ("shop/money.py", 5),
        ("web/test_cart.py", 1),
        ("web/test_cart.py", 5),
        ("api/report.py", 2),
        ("api/report.py", 3),
    ]


def test_a_use_among_very_many_of_the_same_word_is_found(tmp_path):
    others = {f"a{number}/part.py": "print(total)\n" for number in range(3 * FILES)}
    index, symbol = indexed(tmp_path, others | {path: TEXTS[path] for path in ("shop/money.py", "web/cart.py")})
    assert places(index, symbol, 3) == [("web/cart.py", 1), ("web/cart.py", 3), ("shop/money.py", 5)]
    assert len(looked_through(index, symbol)) == FILES
    assert not any(use.sure for use in uses(index, symbol, 30)[3:])
