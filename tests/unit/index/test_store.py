import asyncio
import os
import signal
import threading

import pytest

from pointsman.files.workspace import Workspace
from pointsman.index import store, workers
from pointsman.index.postings import keys
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
from pointsman.text import Edit, Snapshot, Span
from support.indexed import scanned
from support.projects import write


def test_what_is_defined_where(index):
    assert [symbol.qualified for symbol in index.symbols("shop/cart.py")] == ["Cart", "Cart.total", "Cart.empty"]
    assert [symbol.path for symbol in index.definitions("Money")] == ["shop/money.py"]
    assert index.references("convert_currency") == ("shop/cart.py", "tests/test_money.py")
    assert index.symbols("no/such.py") == ()
    assert index.references("no_such_name") == ()


def test_what_is_around_a_place(index):
    text = index.text("shop/cart.py")
    assert index.enclosing("shop/cart.py", text.index("return None")).qualified == "Cart.empty"
    assert index.enclosing("shop/cart.py", text.index("class") + 2).qualified == "Cart"
    assert index.enclosing("shop/cart.py", 0) is None


def test_which_tests_cover_a_file(index):
    assert index.tests_for("shop/cart.py")[0] == "tests/test_cart.py"
    assert index.tests_for("shop/money.py")[0] == "tests/test_money.py"
    assert index.tests_for("shop/unrelated.py") == ()
    assert index.tests_for("tests/test_cart.py") == ("tests/test_cart.py",)


def test_a_test_of_a_name_that_files_have_everywhere_covers_what_lies_near(tmp_path):
    paths = [f"packages/{name}/{file}" for name in "ab" for file in ("src/index.ts", "__tests__/index.spec.ts")]
    index = scanned(write(tmp_path, dict.fromkeys(paths, "export const x = 1\n")))
    assert index.tests_for("packages/b/src/index.ts") == ("packages/b/__tests__/index.spec.ts",)


def test_imports_lead_to_files(index):
    assert index.catalogue.imported("shop/cart.py") == ("shop/money.py",)
    assert index.catalogue.imported("web/src/view.ts") == ("web/src/render.ts",)


def test_a_buffer_goes_before_the_disk(index, shop):
    text = index.text("shop/unrelated.py")
    index.open("shop/unrelated.py", Snapshot("", 1, text))
    at = text.index("weather")
    edit = Edit(Span(at, at), "fine_")
    index.change("shop/unrelated.py", Snapshot("", 2, text[:at] + "fine_" + text[at:]), [edit])
    assert [symbol.name for symbol in index.symbols("shop/unrelated.py")] == ["fine_weather"]
    assert [symbol.path for symbol in index.definitions("fine_weather")] == ["shop/unrelated.py"]
    assert index.definitions("weather") == ()
    index.close("shop/unrelated.py")
    assert [symbol.name for symbol in index.symbols("shop/unrelated.py")] == ["weather"]


async def test_a_large_buffer_is_parsed_beside_the_loop(index):
    text = "".join(f"def function_{number}(): ...\n" for number in range(5_000))
    index.open("shop/cart.py", Snapshot("", 1, text))
    assert index.symbols("shop/cart.py")[0].name == "Cart"
    edit = Edit(Span(4, 4), "first_")
    index.change("shop/cart.py", Snapshot("", 2, text[:4] + "first_" + text[4:]), [edit])
    await asyncio.wait_for(index._settling["shop/cart.py"], 30)
    assert index.symbols("shop/cart.py")[0].name == "first_function_0"
    assert len(index.symbols("shop/cart.py")) == 5_000
    index.refresh("shop/cart.py")
    await asyncio.wait_for(index._settling["shop/cart.py"], 30)
    assert len(index.symbols("shop/cart.py")) == 5_000


def test_a_second_scan_reads_only_what_changed(index, shop, monkeypatch):
    seen = []
    read = workers.read
    monkeypatch.setattr(workers, "read", lambda root, path: seen.append(path) or read(root, path))
    index.scan_now(Workspace(shop))
    assert seen == []
    (shop / "shop/money.py").write_text("class Coin: ...\n", "utf-8")
    (shop / "shop/unrelated.py").unlink()
    os.utime(shop / "shop/cart.py", ns=(1, 1))
    index.scan_now(Workspace(shop))
    assert seen == ["shop/cart.py", "shop/money.py"]
    assert index.definitions("Money") == ()
    assert [symbol.path for symbol in index.definitions("Coin")] == ["shop/money.py"]
    assert index.symbols("shop/unrelated.py") == ()
    assert index.definitions("weather") == ()


async def test_a_scan_leaves_the_loop_alone(shop):
    for number in range(30):
        (shop / f"shop/more_{number}.py").write_text(f"def function_{number}(): ...\n" * 50, "utf-8")
    index = Index(shop)
    scan = asyncio.create_task(index.scan(Workspace(shop)))
    turns = 0
    while not scan.done() and turns < 100_000:
        turns += 1
        await asyncio.sleep(0.001)
    await scan
    assert turns > 5
    assert index.status().files == 40
    assert not index.status().scanning
    assert index.definitions("function_29")


async def test_a_cancelled_scan_stops_its_workers(shop):
    for number in range(200):
        (shop / f"shop/more_{number}.py").write_text(f"def function_{number}(): ...\n" * 500, "utf-8")
    index = Index(shop)
    scan = asyncio.create_task(index.scan(Workspace(shop)))
    await asyncio.sleep(0.05)
    scan.cancel()
    with pytest.raises(asyncio.CancelledError):
        await scan
    assert not index.status().scanning
    assert not [thread for thread in threading.enumerate() if "pointsman" in thread.name]


def test_a_worker_that_hangs_is_killed_and_the_rest_is_read(shop, monkeypatch):
    hire, hired = workers._hire, []

    def stopping(*args):
        worker = hire(*args)
        hired.append(worker)
        if len(hired) == 1:
            os.kill(worker.process.pid, signal.SIGSTOP)
        monkeypatch.setattr(workers, "SILENCE_SECONDS", 0.1 if len(hired) == 1 else 60.0)
        return worker

    monkeypatch.setattr(workers, "_hire", stopping)
    paths = ["shop/cart.py", "shop/money.py", "shop/unrelated.py"]
    rows = dict(workers.read_all(str(shop), paths, 1, threading.Event()))
    assert [path for path in paths if rows[path].trouble] == ["shop/cart.py"]
    assert rows["shop/money.py"].defined == keys(["Money", "rounded", "convert_currency"])
    assert not hired[0].process.is_alive()


class Typed:
    """A document that is edited at each look at it, for so many looks."""

    stale = True

    def __init__(self, looks, ready):
        self.looks = looks
        self.ready = ready

    @property
    def snapshot(self):
        self.looks -= 1
        return max(0, self.looks)

    async def settle(self):
        self.stale = False


@pytest.mark.parametrize(("ready", "left"), [(True, 0), (False, 18)])
async def test_a_buffer_is_read_anew_when_typing_pauses_and_at_once_if_nothing_is_known_of_it(ready, left, monkeypatch):
    monkeypatch.setattr(store, "_PAUSE_SECONDS", 0)
    typed = Typed(20, ready)
    await Index("nowhere")._catch_up(typed)
    assert not typed.stale
    assert max(0, typed.looks) == left


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no priorities here")
def test_workers_let_the_editor_go_first(shop, monkeypatch):
    really, priorities = workers._collect, []

    def collect(crew):
        for found in really(crew):
            priorities.append(os.getpriority(os.PRIO_PROCESS, crew[0].process.pid))
            yield found

    monkeypatch.setattr(workers, "_collect", collect)
    assert dict(workers.read_all(str(shop), ["shop/cart.py"], 1, threading.Event()))
    lowest = 19
    assert priorities[0] > min(os.getpriority(os.PRIO_PROCESS, 0), lowest - 1)


def test_two_workers_share_at_most_one_language(shop):
    endings = ("py", "rs", "go", "ts", "c", "java")
    paths = [f"src/{number}.{ending}" for number in range(9) for ending in endings]
    one, other = (list(found) for found in zip(*zip(*workers._sources(paths, 2), strict=False), strict=True))
    assert sorted(one + other) == sorted(paths)
    assert len({path[-2:] for path in one} & {path[-2:] for path in other}) <= 1


def test_a_dead_worker_costs_one_file(shop, monkeypatch):
    hire, hired = workers._hire, []

    def dying(root, source):
        worker = hire(root, source)
        hired.append(worker)
        if len(hired) == 1:
            worker.process.kill()
            worker.process.join()
        return worker

    monkeypatch.setattr(workers, "_hire", dying)
    paths = ["shop/cart.py", "shop/money.py", "shop/unrelated.py"]
    rows = dict(workers.read_all(str(shop), paths, 1, threading.Event()))
    assert [path for path in paths if rows[path].trouble] == ["shop/cart.py"]
    assert rows["shop/money.py"].defined == keys(["Money", "rounded", "convert_currency"])
    assert len(hired) == 2


def test_limits_are_told(shop, monkeypatch):
    monkeypatch.setattr("pointsman.index.disk.FILE_LIMIT", 3)
    index = Index(shop)
    index.scan_now(Workspace(shop))
    assert (index.status().files, index.status().left_out) == (3, 7)
    monkeypatch.setattr("pointsman.index.disk.FILE_LIMIT", 2)
    index.scan_now(Workspace(shop))
    assert (index.status().files, index.status().left_out) == (2, 8)


def test_files_that_were_not_even_listed_are_told(shop, monkeypatch):
    monkeypatch.setattr("pointsman.files.workspace.WALK_LIMIT", 3)
    index = Index(shop)
    index.scan_now(Workspace(shop))
    assert index.status().cut
    assert "are left out" in index.status().line


def test_links_out_of_the_workspace_are_not_followed(shop, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.py"
    outside.write_text("def secret(): ...\n", "utf-8")
    (shop / "link.py").symlink_to(outside)
    index = Index(shop)
    index.scan_now(Workspace(shop))
    assert index.definitions("secret") == ()
    assert workers.read(str(shop), "link.py") is None


def test_links_in_a_circle_end(shop):
    (shop / "shop/again").symlink_to(shop, target_is_directory=True)
    (shop / "shop/self.py").symlink_to(shop / "shop/self.py")
    index = Index(shop)
    index.scan_now(Workspace(shop))
    assert [symbol.path for symbol in index.definitions("Money")] == ["shop/money.py"]
    assert index.symbols("shop/self.py") == ()


def test_a_file_that_goes_while_it_is_indexed(shop, monkeypatch):
    read = workers.read

    def going(root, path):
        (shop / "shop/money.py").unlink(missing_ok=True)
        return read(root, path)

    monkeypatch.setattr(workers, "usable", lambda: False)
    monkeypatch.setattr(workers, "read", going)
    index = Index(shop)
    index.scan_now(Workspace(shop))
    assert index.definitions("Money") == ()
    assert index.definitions("Cart")


def test_two_servers_on_one_workspace(shop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    servers = [Index(shop, folder), Index(shop, folder)]
    threads = [threading.Thread(target=server.scan_now, args=(Workspace(shop),)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [server.status().files for server in servers] == [10, 10]
    assert [server.cache_trouble for server in servers] == ["", ""]
    third = Index(shop, folder)
    third.load()
    assert third.status().files == 10


@pytest.mark.parametrize("kept", [True, False])
def test_definitions_are_found_by_a_part_of_their_name(shop, tmp_path_factory, kept):
    (shop / "shop/odd.py").write_text("def per_cent(): ...\n\n\ndef Größe(): ...\n\n\ndef TOTAL(): ...\n", "utf-8")
    index = Index(shop, tmp_path_factory.mktemp("cache") if kept else None)
    index.scan_now(Workspace(shop))
    assert [symbol.name for symbol in index.search("total", 9)] == ["TOTAL", "total", "test_total"]
    assert [symbol.name for symbol in index.search("R_C", 9)] == ["per_cent"]
    assert [symbol.name for symbol in index.search("größ", 9)] == ["Größe"]
    assert index.search("%", 9) == index.search('"', 9) == ()
    assert len(index.search("", 3)) == 3


def test_names_that_differ_in_case_only_are_kept_apart(shop, tmp_path_factory):
    (shop / "shop/Cart.py").write_text("class Trolley:\n    pass\n", "utf-8")
    if (shop / "shop/cart.py").read_text("utf-8").startswith("class Trolley"):
        pytest.skip("here they are one file")
    (shop / "shop/use.py").write_text("from shop.Cart import Trolley\n\nTrolley()\n", "utf-8")
    folder = tmp_path_factory.mktemp("cache")
    for _ in range(2):  # read, then remembered
        index = Index(shop, folder)
        index.scan_now(Workspace(shop))
        assert [symbol.path for symbol in index.definitions("Trolley")] == ["shop/Cart.py"]
        assert [symbol.path for symbol in index.definitions("Cart")] == ["shop/cart.py"]
        assert index.catalogue.imported("shop/use.py") == ("shop/Cart.py",)
        assert index.catalogue.imported("tests/test_cart.py") == ("shop/cart.py",)
        assert {("shop/Cart.py", "Trolley")} <= set(repo_map(index, "shop/use.py", 3, 1000).items)


def test_a_name_that_changes_its_case_only_is_followed(shop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    first = Index(shop, folder)
    first.scan_now(Workspace(shop))
    (shop / "shop/cart.py").rename(shop / "shop/CART.PY")
    for index in (first, Index(shop, folder)):
        index.scan_now(Workspace(shop))
        assert [symbol.path for symbol in index.definitions("Cart")] == ["shop/CART.PY"]
        assert index.status().files == 10


def test_a_file_written_twice_within_a_moment_is_seen(shop, monkeypatch):
    monkeypatch.setattr(workers, "usable", lambda: False)
    monkeypatch.setattr(workers, "_SETTLED_NS", 600_000_000_000)  # a slow machine's moment
    file = shop / "shop/money.py"
    file.write_text("class First: ...\n", "utf-8")
    index = Index(shop)
    index.scan_now(Workspace(shop))
    written = file.stat().st_mtime_ns
    file.write_text("class Other: ...\n", "utf-8")
    os.utime(file, ns=(written, written))
    index.scan_now(Workspace(shop))
    assert index.definitions("First") == ()
    assert [symbol.path for symbol in index.definitions("Other")] == ["shop/money.py"]


def test_a_file_that_is_not_utf_8_is_indexed_like_any_other(shop):
    (shop / "shop/old.py").write_bytes("# größer\n\n\ndef compare(): ...\n".encode("latin-1"))
    index = Index(shop)
    index.scan_now(Workspace(shop))
    assert [symbol.name for symbol in index.symbols("shop/old.py")] == ["compare"]
    assert not index.status().skipped
