import gc
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.files.workspace import Workspace
from pointsman.index import offers
from pointsman.index.repomap import FOCUS, HEAD, ranking, repo_map
from pointsman.index.standing import Standing
from pointsman.index.tokens import estimate, weigh
from support.indexed import scanned


def test_what_the_place_uses_comes_with_its_definition_line(index):
    made = repo_map(index, "shop/cart.py", 6, 400)
    assert ("shop/money.py", "convert_currency") in made.items
    assert "def convert_currency(money):" in made.text
    assert ("tests/test_cart.py", None) in made.items
    focus = made.text.partition("Near the focus")[2]
    assert "shop/cart.py" not in focus


@pytest.mark.parametrize("budget", [1, 5, 20, 40, 80, 150, 300, 1000, 5000])
def test_the_budget_is_kept(index, budget):
    for focus in (None, "shop/cart.py", "no/such.py"):
        made = repo_map(index, focus, 3, budget)
        assert made.tokens <= budget
        assert made.tokens == estimate(made.text)


def test_room_that_is_left_goes_to_what_lies_around(index):
    small = repo_map(index, "shop/cart.py", 6, 60)
    large = repo_map(index, "shop/cart.py", 6, 400)
    assert ("shop/money.py", "Money.rounded") not in small.items
    assert ("shop/money.py", "Money.rounded") in large.items


def test_a_definition_is_worth_no_less_because_many_use_it(tmp_path):
    (tmp_path / "tools.py").write_text("def common(): ...\ndef seldom(): ...\n")
    for number in range(20):
        (tmp_path / f"user{number}.py").write_text("import tools\n\ntools.common()\n")
    (tmp_path / "place.py").write_text("import tools\n\ntools.common(tools.seldom())\n")
    index = scanned(tmp_path)
    (found,) = (found for found in ranking(index, "place.py", 3) if found.path == "tools.py")
    assert found.symbols["common"] == found.symbols["seldom"] > 0


def test_what_the_place_names_is_found_behind_hundreds_of_files_around(tmp_path):
    for number in range(200):
        (tmp_path / f"near{number}.py").write_text(f"def near{number}(): ...\n")
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "away.py").write_text("def distant(): ...\n")
    uses = "".join(f"near{number}()\n" for number in range(200))
    (tmp_path / "place.py").write_text(f"{uses}\ndistant()\n")
    index = scanned(tmp_path)
    assert ("far/away.py", "distant") in repo_map(index, "place.py", 1, 20_000).items


def test_no_line_stands_below_its_file_twice(tmp_path):
    methods = "".join(f"class Part{number}:\n    def fields(self) -> int: ...\n\n" for number in range(3))
    (tmp_path / "parts.py").write_text(methods)
    (tmp_path / "place.py").write_text("import parts\n\nparts.Part1().fields()\n")
    index = scanned(tmp_path)
    for budget in range(40, 140, 10):
        assert repo_map(index, "place.py", 3, budget).text.count("def fields") <= 1


@pytest.mark.parametrize("budget", range(1, 60))
def test_a_heading_never_stands_alone(index, budget):
    lines = repo_map(index, "shop/cart.py", 6, budget).text.splitlines()
    heads = [number for number, line in enumerate(lines) if line in {HEAD, FOCUS}]
    assert not {number + 1 for number in heads}.intersection({*heads, len(lines)})


def test_a_listed_symbol_has_its_definition_line_in_the_text(index):
    made = repo_map(index, "shop/cart.py", 6, 2000)
    for path, name in made.items:
        if name:
            symbol = next(symbol for symbol in index.symbols(path) if symbol.qualified == name)
            line = index.text(path).split("\n")[symbol.line - 1].strip()
            assert line in made.text


def test_the_overview_does_not_depend_on_the_place(index):
    one = repo_map(index, "shop/cart.py", 6, 1000).text.partition("Near the focus")[0]
    other = repo_map(index, "web/src/view.ts", 3, 1000).text.partition("Near the focus")[0]
    assert one
    assert one == other


def test_a_workspace_without_code_has_an_empty_map(tmp_path):
    index = scanned(tmp_path)
    assert repo_map(index, None, None, 1000).text == ""
    assert repo_map(index, "a.py", 1, 1000).items == ()


PRINT = """
import sys
from pointsman.files.workspace import Workspace
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
index = Index(sys.argv[1])
index.scan_now(Workspace(sys.argv[1]))
sys.stdout.write(repo_map(index, "shop/cart.py", 6, 1000).text)
"""


def test_the_same_bytes_in_any_process(index, shop):
    expected = repo_map(index, "shop/cart.py", 6, 1000).text
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PRINT, str(shop)], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        assert done.stdout.decode() == expected


@given(st.text(), st.text())
def test_weights_add_up(one, other):
    assert weigh(one + "\n") + weigh(other) == pytest.approx(weigh(one + "\n" + other))


def test_known_texts_are_not_underestimated():
    # Counted once with public vocabularies; the larger of two figures.
    assert estimate("def convert_currency(money: Money) -> Money:\n") >= 11
    assert estimate("  public static getDefaultInstance(): HTTPServerRequest {\n") >= 11
    assert estimate("0123456789" * 10) >= 34
    assert estimate("日本語のテキスト") >= 8
    names = "failpoint/failpoint failpoint/gofail traffic/etcd traffic/kubernetes report/report failpoint/trigger"
    assert estimate("".join(f"tests/robustness/{name}.go\n" for name in names.split())) >= 70
    names = "polys/series/ring polys/agca polys/domains/ring solvers/ode ntheory/generate physics/optics/waves"
    paths = "".join(f"sympy/{name}.py\n" for name in [*names.split(), "core/expr", "polys/polyutils"])
    shown = "  def multiply(self, other: PolyElement) -> PolyElement:\n  class PolyRing(DefaultPrinting, IPolys):\n"
    assert estimate(paths + shown + "  def from_expr(self, expr):\n") >= 110
    assert estimate("") == 0


def test_a_file_replaced_while_a_map_is_made_shows_no_line_of_another_name(index, shop):
    listed = index.shelf("shop/money.py")
    (shop / "shop/money.py").write_text("def other(): ...\n" * 9, "utf-8")
    index.scan_now(Workspace(shop))
    assert all(
        index.symbol("shop/money.py", place, name) is None for place, (name, _, _) in enumerate(listed.definitions)
    )


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_afterwards_as_it_was(index, collecting):
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        repo_map(index, "shop/cart.py", 6, 1000)
        assert gc.isenabled() == collecting
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("at_once", [1, 32])
@pytest.mark.parametrize("peers", [1, 20])
def test_offers_come_the_best_first_and_each_once(index, monkeypatch, at_once, peers):
    monkeypatch.setattr(offers, "_AT_ONCE", at_once)
    monkeypatch.setattr(offers, "PEERS", peers)
    ranked = ranking(index, "shop/cart.py", 6)
    found = list(offers.offers(index, ranked, Standing(index.catalogue, "shop/cart.py", None)))
    assert found == sorted(found, key=lambda offer: offer[:2])
    assert len({offer[1:] for offer in found}) == len(found) > len(ranked)
