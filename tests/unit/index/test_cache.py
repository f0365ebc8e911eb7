import contextlib
import os
import sqlite3
import subprocess
import sys
import threading

import pytest

from pointsman.files import git
from pointsman.files.workspace import Workspace
from pointsman.index import cache, disk, workers
from pointsman.index.cache import Cache
from pointsman.index.postings import Postings
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
from support.indexed import scanned


@pytest.fixture
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def read(monkeypatch):
    seen = []
    really = workers.read
    monkeypatch.setattr(workers, "usable", lambda: False)
    monkeypatch.setattr(workers, "read", lambda root, path: seen.append(path) or really(root, path))
    monkeypatch.setattr(workers, "_SETTLED_NS", -1)
    return seen


def test_a_second_session_reads_only_what_changed(shop, folder, read):
    first = scanned(shop, folder)
    assert len(read) == 10
    read.clear()
    (shop / "shop/cart.py").write_text("class Basket: ...\n", "utf-8")
    (shop / "shop/unrelated.py").unlink()
    second = scanned(shop, folder)
    assert read == ["shop/cart.py"]
    assert second.symbols("shop/money.py") == first.symbols("shop/money.py")
    assert [symbol.name for symbol in second.symbols("shop/cart.py")] == ["Basket"]
    assert second.symbols("shop/unrelated.py") == ()


def test_the_map_from_the_cache_is_the_same_bytes(shop, folder):
    first = repo_map(scanned(shop, folder), "shop/cart.py", 6, 1000)
    assert repo_map(scanned(shop, folder), "shop/cart.py", 6, 1000) == first


def test_a_file_that_is_no_database_is_replaced(shop, folder, read):
    scanned(shop, folder)
    file = next(folder.glob("*.sqlite3"))
    for spare in folder.glob("*-wal"):
        spare.unlink()
    file.write_bytes(b"no database" * 1000)
    assert scanned(shop, folder).definitions("Cart")
    read.clear()
    scanned(shop, folder)
    scanned(shop, folder)
    assert len(read) <= 10


def test_rows_of_another_version_are_not_used(shop, folder, read, monkeypatch):
    scanned(shop, folder)
    monkeypatch.setattr(cache, "fingerprint", lambda: "another")
    read.clear()
    scanned(shop, folder)
    assert len(read) == 10


def test_a_server_of_another_version_meanwhile_gets_no_rows_of_ours(shop, folder, monkeypatch):
    ours, theirs = Index(shop, folder), Index(shop, folder)
    ours.scan_now(Workspace(shop))
    with monkeypatch.context() as patch:
        patch.setattr(cache, "fingerprint", lambda: "another")
        theirs.scan_now(Workspace(shop))
    (shop / "shop/cart.py").write_text("class Basket: ...\n", "utf-8")
    ours.scan_now(Workspace(shop))
    assert "another version" in ours.cache_trouble
    assert ours.definitions("Basket")
    assert ours.definitions("Money")
    with monkeypatch.context() as patch:
        patch.setattr(cache, "fingerprint", lambda: "another")
        remembered = Index(shop, folder)
        remembered.load()
        assert [symbol.name for symbol in remembered.symbols("shop/cart.py")] == ["Cart", "total", "empty"]
        assert not remembered.cache_trouble


def test_a_cache_that_another_version_made_its_own_is_not_settled(shop, folder, monkeypatch):
    ours, theirs = Cache(str(shop), folder), Cache(str(shop), folder)
    ours.load()
    with monkeypatch.context() as patch:
        patch.setattr(cache, "fingerprint", lambda: "another")
        theirs.load()
    ours.settle({}, ((), ()), [("line", "a.py", None)])
    assert "another version" in ours.trouble
    assert theirs.recall("overview") is None


def test_what_another_server_found_meanwhile_is_not_taken_for_ours(shop, folder):
    ours = scanned(shop, folder)
    file = shop / "shop/cart.py"
    text, looks = file.read_text("utf-8"), file.stat()
    file.write_text("class Basket:\n    pass\n", "utf-8")
    Cache(str(shop), folder).save([workers.read(str(shop), "shop/cart.py")])
    file.write_text(text, "utf-8")
    os.utime(file, ns=(looks.st_mtime_ns, looks.st_mtime_ns))
    for number in range(9):
        (shop / f"shop/new_{number}.py").write_text("x = 1\n", "utf-8")
    ours.scan_now(Workspace(shop))
    remembered = Index(shop, folder)
    remembered.load()
    assert [symbol.path for symbol in remembered.definitions("Basket")] == ["shop/cart.py"]
    remembered.scan_now(Workspace(shop))
    assert [symbol.path for symbol in remembered.definitions("Cart")] == ["shop/cart.py"]
    assert remembered.definitions("Basket") == ()


def test_one_who_opens_it_while_another_makes_it_does_not_do_without(shop, folder):
    with contextlib.closing(sqlite3.connect(folder / Cache(str(shop), folder).file.name)) as other:
        other.execute("create table some (thing)")
        other.execute("begin immediate")
        waiting = Cache(str(shop), folder)
        thread = threading.Thread(target=waiting.load)
        thread.start()
        thread.join(0.3)
        other.rollback()
        thread.join(20)
    assert not waiting.trouble


@pytest.mark.parametrize(
    "damage",
    [
        "update facts set imports = '[1, 2'",
        "update facts set symbols = 'x'",
        "update file set number = 'x'",
        "update file set mtime_ns = 'x', digest = 7",
        "update postings set run = x'00'",
        "delete from postings",
        "delete from kept",
        "update kept set value = '{'",
        "delete from facts",
        "drop table kept",
    ],
)
def test_rows_that_make_no_sense_do_no_harm(shop, folder, damage):
    whole = scanned(shop, folder)
    with sqlite3.connect(next(folder.glob("*.sqlite3"))) as connection:
        connection.execute(damage)
    connection.close()
    for _ in range(3):
        (shop / "shop/unrelated.py").write_text(f"x = {_}\n", "utf-8")
        index = scanned(shop, folder)
        assert index.references("convert_currency") == whole.references("convert_currency")
        assert isinstance(index.symbols("shop/cart.py"), tuple)
        assert repo_map(index, "shop/cart.py", 6, 1000).items
    assert not index.cache_trouble
    assert index.symbols("shop/cart.py") == whole.symbols("shop/cart.py")


def test_a_folder_that_cannot_be_written_is_no_error(shop, tmp_path_factory):
    place = tmp_path_factory.mktemp("no") / "folder"
    place.write_text("a file", "utf-8")
    index = scanned(shop, place)
    assert index.definitions("Cart")
    assert "not used" in index.cache_trouble


WRITE = """
import sys
from pathlib import Path
from pointsman.index import workers
from pointsman.index.cache import Cache
from pointsman.index.postings import Postings
root, folder = sys.argv[1:]
rows = [workers.read(root, path) for path in ("shop/cart.py", "shop/money.py")]
kept = Cache(root, Path(folder))
for number in range(100_000):
    kept.save(rows)
    print(number, kept.trouble, flush=True)
"""


def test_a_writer_killed_in_the_middle_does_no_harm(shop, folder):
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITE, shop, folder], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout.readline().strip() == "0"
            other = Cache(str(shop), folder)
            other.save([workers.read(str(shop), "shop/unrelated.py")])
            writer.kill()
        assert {row.path for row in other.load().loose} == {"shop/cart.py", "shop/money.py", "shop/unrelated.py"}
        assert not other.trouble


def test_a_start_without_news_reads_nothing_sorts_nothing_and_asks_git_for_no_history(
    shop, folder, git_here, monkeypatch
):
    git_here(shop)
    first = scanned(shop, folder)
    assert first.history.commits
    expected = repo_map(first, "shop/cart.py", 6, 1000)

    def never(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr(git, "history", never)
    monkeypatch.setattr(workers, "read", never)
    monkeypatch.setattr(disk, "overview", never)
    monkeypatch.setattr(Postings, "add", never)
    second = scanned(shop, folder)
    assert second.overview == first.overview
    assert repo_map(second, "shop/cart.py", 6, 1000) == expected


def test_what_files_say_does_not_stay_in_memory(shop, folder):
    index = scanned(shop, folder)
    assert not index.catalogue._held
    assert index.symbols("shop/cart.py")
    index.forget_cache()
    assert [symbol.name for symbol in index.symbols("shop/money.py")] == ["Money", "rounded", "convert_currency"]


def test_files_that_changed_since_the_postings_were_kept(shop, folder):
    scanned(shop, folder)
    for number in range(4):
        (shop / "shop/money.py").write_text(f"class Coin{number}:\n    pass\n", "utf-8")
        (shop / f"shop/new_{number}.py").write_text("from shop.money import Money\nMoney()\n", "utf-8")
        (shop / f"shop/new_{number - 2}.py").unlink(missing_ok=True)
        warm, cold = scanned(shop, folder), Index(shop)
        cold.scan_now(Workspace(shop))
        for name in ("Money", "Cart", "convert_currency", *(f"Coin{old}" for old in range(4))):
            assert warm.references(name) == cold.references(name)
            assert warm.definitions(name) == cold.definitions(name)
            assert warm.catalogue.use_count(name) == len(cold.references(name))
        assert repo_map(warm, "shop/cart.py", 6, 1000) == repo_map(cold, "shop/cart.py", 6, 1000)
