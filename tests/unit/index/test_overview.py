"""The first tier of the map stands still until something in it changes."""

import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pointsman.files.workspace import Workspace
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
from pointsman.index.symbols import extract
from pointsman.index.tokens import weigh
from support import projects
from support.indexed import scanned

FILES = {
    "app/money.py": "class Money:\n    def rounded(self):\n        return self\n\n\nclass Rate(Money): ...\n",
    "app/main.py": "from app.money import Money, Rate\n\n\ndef main():\n    Money(Rate())\n\n\nmain()\n",
    **{f"app/use_{n}.py": "from app.money import Money, Rate\n\nMoney(Rate())\n" for n in range(3)},
    "tests/test_money.py": "from app.money import Money\n\n\ndef test_money():\n    Money()\n",
    "web/view.ts": "export class View<T> {\n  show(): void { render(this) }\n}\n",
    "lib/coins.py": "class Coin: ...\n",
    "pages/front.py": "from lib.coins import Coin\n\nCoin()\n",
    "pages/back.py": "from app.money import Rate\n\nRate(Coin())\n",
    **{f"web/page_{n}.ts": 'import { View } from "./view"\nnew View<Money>()\n' for n in range(3)},
}
PIECES = ["(", ")", "[", "{", "}", '"', "'", "'''", ":", "class ", "def ", "\n", "x", " ", "Money", "Rate()", "`", "#"]
edits = st.lists(
    st.tuples(
        st.sampled_from(["app/money.py", "app/main.py", "pages/front.py", "tests/test_money.py", "web/view.ts"]),
        st.integers(0, 200),
        st.sampled_from([0, 0, 1, 5, 40]),
        st.sampled_from(PIECES),
    ),
    min_size=1,
    max_size=6,
)


def write(root, texts):
    projects.write(root, texts)
    for number, (path, text) in enumerate(texts.items()):
        os.utime(root / path, (1_700_000_000 + number + len(text), 1_700_000_000))


def scan(root, folder, index=None):
    index = index or Index(root, folder)
    index.scan_now(Workspace(root))
    return index


@settings(max_examples=25, deadline=None)
@given(edits=edits, again=st.booleans())
@example(edits=[("pages/front.py", 5, 40, "(")], again=False)
def test_errors_while_typing_do_not_show(tmp_path_factory, edits, again):
    root, folder = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("cache")
    texts = dict(FILES)
    write(root, texts)
    index = scan(root, folder)
    first = stands = index.overview
    assert any("class Money" in line.text for line in first.lines)
    assert any("class View" in line.text for line in first.lines)
    assert any("class Coin" in line.text for line in first.lines)
    sound = dict(texts)
    for path, place, length, piece in edits:
        at = place % (len(texts[path]) + 1)
        texts[path] = texts[path][:at] + piece + texts[path][at + length :]
        write(root, texts)
        index = scan(root, folder, None if again else index)
        if extract(path, texts[path].encode()).broken:
            assert index.overview == stands
        else:
            sound[path] = texts[path]
            stands = index.overview
        if sound == FILES:
            assert index.overview == first
    write(root, FILES)
    assert scan(root, folder, None if again else index).overview == first


@pytest.mark.parametrize("budget", [300, 1000, 3900])
def test_the_overview_takes_its_share_and_no_more(index, budget):
    assert repo_map(index, "shop/cart.py", 6, budget).text.startswith("Overview\n")
    head = repo_map(index, "shop/cart.py", 6, budget).text.partition("Near the focus")[0]
    assert weigh(head) <= 0.15 * budget


def definitions(tmp_path, texts):
    write(tmp_path, texts)
    index = scanned(tmp_path)
    return [line.text for line in index.overview.lines if line.symbol]


def test_types_and_functions_that_most_of_the_code_imports_are_named(tmp_path):
    uses = {f"app/part_{n}.py": "from app.base.money import Money, exchange\n\nexchange(Money())\n" for n in range(4)}
    found = definitions(
        tmp_path,
        {"app/base/money.py": "class Money: ...\n\n\ndef exchange(money):\n    return money\n", "app/__init__.py": ""}
        | uses,
    )
    assert found == ["app/base/money.py: class Money: ...", "app/base/money.py: def exchange(money):"]


def test_a_name_that_means_something_else_where_it_is_used_is_no_landmark(tmp_path):
    uses = {
        f"app/part_{n}.py": "from elsewhere import Error, report\nfrom app.base.money import Money\n\n"
        "report(Error, Money())\n"
        for n in range(4)
    }
    found = definitions(
        tmp_path,
        {
            "app/base/money.py": "class Money: ...\n",
            "app/web/faults.py": "class Error: ...\n\n\ndef report(error):\n    return error\n",
        }
        | uses,
    )
    assert found == ["app/base/money.py: class Money: ..."]


def test_what_only_a_test_defines_is_no_landmark(tmp_path):
    uses = {f"tests/test_{n}.py": "from tests.support import Fake\n\nFake()\n" for n in range(9)}
    assert definitions(tmp_path, {"tests/support.py": "class Fake: ...\n"} | uses) == []


def test_a_struct_of_c_and_the_functions_of_its_header_are_landmarks(tmp_path):
    uses = {f"use_{n}.c": '#include "buf.h"\nvoid go(void) { struct buf b; buf_add(&b); }\n' for n in range(4)}
    found = definitions(
        tmp_path, {"buf.h": "struct buf { int n; };\nstatic inline void buf_add(struct buf *b) { b->n++; }\n"} | uses
    )
    assert found == ["buf.h: struct buf { int n; };", "buf.h: static inline void buf_add(struct buf *b) { b->n++; }"]


@pytest.mark.parametrize(
    ("paths", "entries"),
    [
        (["bench/run.py", "deep/er/tool.py", "scripts/x/y.py"], ["deep/er/tool.py", "bench/run.py", "scripts/x/y.py"]),
        (["app/__init__.py", "app/part/__init__.py", "app/__main__.py"], ["app/__init__.py", "app/__main__.py"]),
        (["packages/a/index.js", "packages/a/src/index.ts"], ["packages/a/src/index.ts"]),
        (["build.rs", "src/lib.rs"], ["src/lib.rs", "build.rs"]),
        ([".github/workflows/main.yml", "a/server.go", "lib/index.py"], ["lib/index.py"]),
    ],
    ids=["aside", "package", "source", "build script", "names"],
)
def test_entry_points_of_the_product_come_first(tmp_path, paths, entries):
    main = {".py": "def main(): ...\n\n\nmain()\n", ".rs": "fn main() {}\n"}
    write(tmp_path, {path: main.get(path[-3:], "") if "__" not in path else "" for path in paths})
    index = scanned(tmp_path)
    assert [line.text for line in index.overview.lines if line.text.startswith("entry: ")] == [
        f"entry: {path}" for path in entries
    ]
