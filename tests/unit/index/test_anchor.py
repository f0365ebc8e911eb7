"""The map stands still while the user types, and moves with commits."""

from itertools import takewhile

import pytest

from pointsman.files import git
from pointsman.files.workspace import Workspace
from pointsman.index.anchor import around, base, carried, fresh
from pointsman.index.repomap import ranking, repo_map
from pointsman.index.store import Index
from pointsman.text import Snapshot


@pytest.fixture
def repository(shop, git_here):
    helpers = "".join(f"def helper_{number}(value):\n    return value\n\n\n" for number in range(60))
    (shop / "shop/helpers.py").write_text(helpers, "utf-8")
    (shop / "shop/late.py").write_text("def late_arrival(value):\n    return value\n", "utf-8")
    git_here(shop)
    return shop


def seen(root, line=6, budget=500):
    index = Index(root)
    index.scan_now(Workspace(root))
    return repo_map(index, "shop/cart.py", line, budget).text


def same(one, other):
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


EDITS = {
    "a comment": ("    def empty", "    # a note\n    def empty"),
    "a call": ("        return None", "        late_arrival(Money())\n        return None"),
    "a definition": ("class Cart:", "def fresh_thing(value):\n    return value\n\n\nclass Cart:"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_focus_changes_the_end_only(repository, edit):
    before = seen(repository)
    file = repository / "shop/cart.py"
    text = file.read_text("utf-8")
    changed = text.replace(*EDITS[edit])
    assert changed != text
    file.write_text(changed, "utf-8")
    after = seen(repository)
    assert same(before, after) >= 0.85 * len(before)


def test_a_name_that_is_new_since_the_commit_is_told(repository):
    assert "late_arrival" not in seen(repository, budget=250)
    file = repository / "shop/cart.py"
    text = file.read_text("utf-8").replace("return None", "return late_arrival(None)")
    file.write_text(text, "utf-8")
    shown = seen(repository, budget=250)
    assert "shop/late.py\n  def late_arrival(value):\n" in shown


def test_a_buffer_counts_as_well(repository):
    index = Index(repository)
    index.scan_now(Workspace(repository))
    before = repo_map(index, "shop/cart.py", 6, 250).text
    text = index.text("shop/cart.py").replace("return None", "return late_arrival(None)")
    index.open("shop/cart.py", Snapshot("", 1, text))
    after = repo_map(index, "shop/cart.py", 6, 250).text
    assert "def late_arrival" in after
    assert same(before, after) >= 0.85 * len(before)


@pytest.mark.parametrize(
    "text", ["x = 1\n", "def rounded(): ...\n\n\nclass Money: ...\n\n\nrounded(Cart, test_total)\n", ""]
)
def test_what_a_saved_edit_uses_or_defines_moves_nothing(repository, text):
    index = Index(repository)
    index.scan_now(Workspace(repository))
    before = ranking(index, "shop/cart.py", None)
    (repository / "shop/cart.py").write_text(text, "utf-8")
    index.scan_now(Workspace(repository))
    assert before[0].path == "shop/money.py"
    assert ranking(index, "shop/cart.py", None) == before


def test_a_file_that_is_as_it_was_committed_costs_no_process(repository, monkeypatch):
    index = Index(repository)
    index.scan_now(Workspace(repository))
    expected = seen(repository)
    assert index.history.blobs
    monkeypatch.setattr(git, "committed", None)  # not to be called
    assert repo_map(index, "shop/cart.py", 6, 500).text == expected


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_what_was_committed_is_found_whatever_is_on_the_disk_by_now(shop, git_here, form):
    texts = {
        "shop/money.py": "x = 'as it was'\n",  # and is
        "shop/cart.py": "x = 'before'\n",
        "web/src/view.ts": "let lines = 1\r\nlet more = 2\r\n",
    }
    for path, text in texts.items():
        (shop / path).write_bytes(text.encode())
    git_here(shop, f"--object-format={form}")
    (shop / "shop/cart.py").write_bytes(b"x = 'after'\n")
    (shop / "shop/new.py").write_bytes(b"x = 1\n")
    index = Index(shop)
    index.scan_now(Workspace(shop))
    assert {path: index.committed(path) for path in texts} == {
        path: text.replace("\r\n", "\n") for path, text in texts.items()
    }
    assert index.committed("shop/new.py") is None
    below = Index(shop / "shop")
    below.scan_now(Workspace(shop / "shop"))
    assert {"cart.py", "money.py"} < {*below.history.blobs}
    assert below.committed("cart.py") == "x = 'before'\n"


def test_moving_the_focus_keeps_the_first_tier(repository):
    one = seen(repository, line=2)
    other = seen(repository, line=9)
    tier = one.partition("Near the focus")[0]
    assert tier
    assert other.startswith(tier)


@pytest.mark.parametrize(
    ("line", "old", "new", "expected"),
    [
        (2, "a\nb\nc", "a\nb\nc", 2),
        (1, "a\nb\nc", "a\nx\nb\nc", 1),
        (4, "a\nb\nc", "a\nx\nb\nc", 3),
        (2, "a\nb\nc", "a\nx\nb\nc", 1),
        (1, "a\nb\nc", "x\ny\na\nb\nc", 1),
        (9, "a\nb", "a\nb", 9),
        (1, "a\nb\nc", "", 1),
    ],
)
def test_lines_are_carried_back(line, old, new, expected):
    assert carried(line, old, new) == expected


def test_the_place_is_the_definition_around_it():
    made = base("a.py", "x = 1\n\n\ndef f():\n    a\n    b\n\n\ndef g():\n" + "    c\n" * 90)
    assert around(5, made.text, made.symbols) == (4, 6)
    assert around(1, made.text, made.symbols)[0] == 1
    assert around(50, made.text, made.symbols) == (50, 50)


def test_names_that_are_new():
    assert fresh("one two", "two three") == {"three"}
    assert fresh("one", "one") == frozenset()
