"""What was prepared is used while all it was made from is the same, and never after."""

import asyncio
import os
import subprocess
from dataclasses import replace

import pytest

from pointsman import context as contexts
from pointsman.files.paths import to_uri
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index
from pointsman.task.ahead import Ahead
from pointsman.terms import Offer, Problem, Severity
from pointsman.text import Edit, Snapshot, Span

PRICE = "def price(net):\n    return net * 2\n"
TEST = "from price import price\n\n\ndef test_price():\n    assert price(1) == 3\n"
OTHER = "from price import price\n\nprint(price(3))\n"


class Desk:
    """A project on disk with one open file, its index, and what is prepared."""

    def __init__(self, root):
        self.root = root
        self.index = Index(root)
        self.ahead = Ahead(self.index)
        self.text, self.version = PRICE, 1
        for name, text in {"price.py": PRICE, "test_price.py": TEST, "other.py": OTHER}.items():
            (root / name).write_text(text)
        for line in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -q -m one"):
            self.git(line)
        self.index.scan_now(self.workspace)
        self.index.open("price.py", self.snapshot)

    def git(self, line):
        subprocess.run(["git", *line.split()], cwd=self.root, check=True)

    @property
    def snapshot(self):
        return Snapshot(to_uri(self.root / "price.py"), self.version, self.text)

    @property
    def workspace(self):
        return Workspace(self.root, {"price.py": self.snapshot})

    def type(self, text):
        edit = Edit(Span(len(self.text), len(self.text)), text)
        self.text, self.version = self.text + text, self.version + 1
        self.index.change("price.py", self.snapshot, [edit])


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


EXPLAIN = Offer("explain", "Explain", "price.py", Span(0, 10))
WRONG = Problem("ruff", "it is wrong", path="price.py", line=2, severity=Severity.ERROR)
FIX = Offer("fix", "Fix", "price.py", Span(20, 20), problems=(WRONG,))


@pytest.mark.parametrize("offer", [EXPLAIN, FIX], ids=["explain", "fix"])
async def test_it_is_what_would_be_gathered(desk, offer):
    await desk.ahead.prepare([offer], desk.workspace)
    prepared = desk.ahead.ready(replace(offer, title="another title", instruction="briefly"), desk.workspace)
    assert prepared == replace(
        contexts.gather(offer, desk.workspace, desk.index),
        offer=replace(offer, title="another title", instruction="briefly"),
    )


async def test_what_was_seen_is_of_the_workspace_that_asks(desk):
    await desk.ahead.prepare([EXPLAIN], desk.workspace)
    desk.version = 7  # the same text under another version, as after an edit and its undoing
    assert desk.ahead.ready(EXPLAIN, desk.workspace).seen["price.py"].version == 7


def typed(desk):
    desk.type("# more\n")


def typed_elsewhere(desk):
    desk.index.open("other.py", Snapshot("", 1, "def price(): ...\n"))


def saved(desk):
    (desk.root / "price.py").write_text(PRICE + "# saved\n")


def saved_quietly(desk):
    """As large as before, and with its time set back."""
    file = desk.root / "price.py"
    before = file.stat()
    file.write_text(PRICE.replace("net", "NET"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def committed(desk):
    (desk.root / "price.py").write_text(PRICE + "# committed\n")
    desk.git("-c user.name=a -c user.email=a@b commit -q -a -m two")


def test_changed(desk):
    (desk.root / "test_price.py").write_text(TEST.replace("3", "4"))


def use_changed(desk):
    (desk.root / "other.py").write_text(OTHER + "price(4)\n")


def indexed(desk):
    (desk.root / "new.py").write_text("import price\n")
    desk.index.scan_now(desk.workspace)


def test_gone(desk):
    (desk.root / "test_price.py").unlink()


test_changed.__test__ = test_gone.__test__ = False
CHANGES = [
    typed, typed_elsewhere, saved, saved_quietly, committed, test_changed, test_gone, use_changed, indexed,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
async def test_a_stale_preparation_is_never_used(desk, change):
    await desk.ahead.prepare([EXPLAIN], desk.workspace)
    assert desk.ahead.ready(EXPLAIN, desk.workspace)
    change(desk)
    assert desk.ahead.ready(EXPLAIN, desk.workspace) is None
    anew = await desk.ahead.gather(EXPLAIN, desk.workspace)
    assert anew == contexts.gather(EXPLAIN, desk.workspace, desk.index)


async def test_a_change_while_it_is_gathered_makes_it_stale(desk, monkeypatch):
    gather = contexts.gather

    def slow(*given):
        made = gather(*given)
        saved(desk)
        return made

    monkeypatch.setattr(contexts, "gather", slow)
    await desk.ahead.prepare([EXPLAIN], desk.workspace)
    assert desk.ahead.ready(EXPLAIN, desk.workspace) is None


async def test_who_asks_while_it_is_gathered_waits_for_it(desk, monkeypatch):
    gather, calls = contexts.gather, []
    monkeypatch.setattr(contexts, "gather", lambda *given: calls.append(1) or gather(*given))
    preparing = asyncio.create_task(desk.ahead.prepare([EXPLAIN], desk.workspace))
    await asyncio.sleep(0)
    await asyncio.gather(*(desk.ahead.gather(EXPLAIN, desk.workspace) for _ in range(3)), preparing)
    assert len(calls) == 1


async def test_giving_up_does_not_end_it_for_others(desk):
    preparing = asyncio.create_task(desk.ahead.prepare([EXPLAIN], desk.workspace))
    await asyncio.sleep(0)
    preparing.cancel()
    assert await desk.ahead.gather(EXPLAIN, desk.workspace) == contexts.gather(EXPLAIN, desk.workspace, desk.index)


async def test_little_is_kept(desk):
    for start in range(40):
        await desk.ahead.prepare([replace(EXPLAIN, span=Span(start, start))], desk.workspace)
    held = [desk.ahead.ready(replace(EXPLAIN, span=Span(start, start)), desk.workspace) for start in range(40)]
    assert [bool(context) for context in held] == [False] * 24 + [True] * 16
