"""The first tier of the map stands still until something in it changes."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.files.workspace import Workspace
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
from pointsman.index.symbols import extract
from pointsman.index.tokens import weigh

FILES = {
    "app/money.py": "class Money:\n    def rounded(self):\n        return self\n\n\nclass Rate(Money): ...\n",
    "app/main.py": "from app.money import Money, Rate\n\n\ndef main():\n    Money(Rate())\n\n\nmain()\n",
    **{f"app/use_{n}.py": "from app.money import Money, Rate\n\nMoney(Rate())\n" for n in range(3)},
    "tests/test_money.py": "from app.money import Money\n\n\ndef test_money():\n    Money()\n",
    "web/view.ts": "export class View<T> {\n  show(): void { render(this) }\n}\n",
    **{f"web/page_{n}.ts": 'import { View } from "./view"\nnew View<Money>()\n' for n in range(3)},
}
PIECES = ["(", ")", "[", "{", "}", '"', "'", "'''", ":", "class ", "def ", "\n", "x", " ", "Money", "Rate()", "`", "#"]
edits = st.lists(
    st.tuples(
        st.sampled_from(["app/money.py", "app/main.py", "tests/test_money.py", "web/view.ts"]),
        st.integers(0, 200),
        st.sampled_from([0, 0, 1, 5, 40]),
        st.sampled_from(PIECES),
    ),
    min_size=1,
    max_size=6,
)


def write(root, texts):
    for number, (path, text) in enumerate(texts.items()):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        os.utime(file, (1_700_000_000 + number + len(text), 1_700_000_000))


def scan(root, folder, index=None):
    index = index or Index(root, folder)
    index.scan_now(Workspace(root))
    return index


@settings(max_examples=25, deadline=None)
@given(edits=edits, again=st.booleans())
def test_errors_while_typing_do_not_show(tmp_path_factory, edits, again):
    root, folder = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("cache")
    texts = dict(FILES)
    write(root, texts)
    index = scan(root, folder)
    first = stands = index.overview
    assert any("class Money" in line.text for line in first.lines)
    assert any("class View" in line.text for line in first.lines)
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
