"""Files that say nothing: each is told with its reason, and costs nothing but itself."""

import os
import subprocess
import sys

import pytest

from pointsman.files.workspace import Workspace
from pointsman.index import languages, syntax, workers
from pointsman.index.parsing import SIZE_LIMIT
from pointsman.index.rows import Stamp
from pointsman.index.symbols import Facts
from pointsman.text import Snapshot
from support.indexed import scanned


def test_what_is_not_indexed_is_told(shop):
    (shop / "huge.py").write_text("x = 1\n" * 500_000, "utf-8")
    (shop / "minified.js").write_text("a(1);" * 40_000, "utf-8")
    (shop / "wide.cs").write_text("class Wide { }\n", "utf-16")
    (shop / "picture.py").write_bytes(b"\x89PNG\0\0")
    index = scanned(shop)
    skipped = dict(index.status().skipped)
    assert "larger" in skipped["huge.py"]
    assert "minified" in skipped["minified.js"]
    assert "UTF-16" in skipped["wide.cs"]
    assert "binary" in skipped["picture.py"]
    assert "4 skipped" in index.status().line


def test_a_file_that_ended_its_worker_is_left_alone_until_it_changes(shop, monkeypatch):
    hire, asked = workers._hire, []

    def dying(root, source):
        worker = hire(root, source)
        worker.process.kill()
        worker.process.join()
        monkeypatch.setattr(workers, "_hire", hire)
        return worker

    monkeypatch.setattr(workers, "usable", lambda: True)
    monkeypatch.setattr(workers, "_hire", dying)
    index = scanned(shop)
    ((path, why),) = index.status().skipped
    assert "ended the process" in why

    read = workers.read
    monkeypatch.setattr(workers, "read", lambda root, path: asked.append(path) or read(root, path))
    index.scan_now(Workspace(shop))
    assert asked == []
    os.utime(shop / path, ns=(5, 5))
    index.scan_now(Workspace(shop))
    assert asked == [path]
    assert not index.status().skipped


def test_it_is_tried_again_in_the_next_session(shop, tmp_path_factory, monkeypatch):
    def hanging(_root, paths, *_):
        for path in paths:
            status = (shop / path).stat()
            yield path, workers.row(path, Stamp(status.st_size, status.st_mtime_ns), Facts(trouble="took too long"))

    folder = tmp_path_factory.mktemp("cache")
    with monkeypatch.context() as patch:
        patch.setattr(workers, "usable", lambda: True)
        patch.setattr(workers, "read_all", hanging)
        assert len(scanned(shop, folder).status().skipped) == 10
    second = scanned(shop, folder)
    assert not second.status().skipped
    assert second.definitions("Cart")


def test_a_file_that_may_not_be_read_changes_nothing_else(shop, monkeypatch):
    content = workers._content

    def refusing(root, path):
        if path == "shop/money.py":
            raise PermissionError(path)
        return content(root, path)

    monkeypatch.setattr(workers, "usable", lambda: False)
    monkeypatch.setattr(workers, "_content", refusing)
    index = scanned(shop)
    assert index.status().skipped == (("shop/money.py", "may not be read"),)
    assert index.definitions("Cart")
    state = index.state
    index.scan_now(Workspace(shop))
    assert index.state == state
    monkeypatch.setattr(workers, "_content", content)
    index.scan_now(Workspace(shop))
    assert index.definitions("Money")


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_file_that_became_something_else_is_forgotten(index, shop, tmp_path_factory, kind):
    outside = tmp_path_factory.mktemp("outside") / "secret.py"
    outside.write_text("def secret(): ...\n", "utf-8")
    file = shop / "shop/cart.py"
    file.unlink()
    match kind:
        case "link":
            file.symlink_to(outside)
        case "pipe":
            os.mkfifo(file)
        case _:
            file.mkdir()
    index.scan_now(Workspace(shop))
    assert index.definitions("Cart") == index.definitions("secret") == ()
    assert workers.read(str(shop), "shop/cart.py") is None


def test_nothing_outside_is_read_whatever_the_list_of_files_says(shop, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.py").write_text("def secret(): ...\n", "utf-8")
    (shop / "linked").symlink_to(outside)
    (shop / ".git").mkdir()
    (shop / ".git/secret.py").write_text("def secret(): ...\n", "utf-8")
    for path in ("linked/secret.py", f"../{outside.name}/secret.py", str(outside / "secret.py"), ".git/secret.py"):
        assert workers.read(str(shop), path) is None


def test_of_a_huge_file_no_more_is_read_than_tells_that_it_is_too_large(shop):
    with (shop / "huge.py").open("wb") as file:
        file.truncate(50 << 20)
    assert len(workers.content(str(shop), "huge.py")) <= SIZE_LIMIT + 1


def test_a_file_whose_name_is_not_utf_8_costs_only_itself(shop, tmp_path_factory):
    (shop / "shop/\udcff.py").write_text("def odd(): ...\n", "utf-8")
    folder = tmp_path_factory.mktemp("cache")
    for _ in range(2):
        index = scanned(shop, folder)
        assert index.status().skipped == (("shop/\udcff.py", "its name is not UTF-8"),)
        assert index.definitions("Cart")
        assert not index.cache_trouble
    assert workers.read(str(shop), "shop/\udcff.py") is None


def test_a_pipe_that_comes_into_the_place_of_a_file_holds_nobody_up(shop):
    os.mkfifo(shop / "shop/pipe.py")
    assert workers.read(str(shop), "shop/pipe.py") is None


def test_a_language_whose_grammar_does_not_load_costs_that_language_alone(shop, monkeypatch):
    really = languages.import_module

    def importing(name):
        if name == "tree_sitter_lua":
            raise ImportError("no such symbol")
        return really(name)

    def forget():
        languages.grammar.cache_clear()
        languages.trouble.cache_clear()

    monkeypatch.setattr(workers, "usable", lambda: False)
    monkeypatch.setattr(languages, "import_module", importing)
    forget()
    try:
        (shop / "game.lua").write_text("function play() end\n", "utf-8")
        index = scanned(shop)
        assert index.status().skipped == (("game.lua", "the grammar of lua does not load: no such symbol"),)
        assert index.definitions("Cart")
        index.open("game.lua", Snapshot("", 1, "function play() end\n"))
        assert index.symbols("game.lua") == ()
        assert syntax.errors("game.lua", "function ((") == ()
    finally:
        forget()


ONE_LANGUAGE = """
import sys
from pointsman.index.symbols import extract
assert extract("a.py", b"def f(): ...").symbols
print(*sorted(name for name in sys.modules if name.startswith("tree_sitter_") and "." not in name))
"""


def test_a_grammar_is_loaded_when_a_file_needs_it():
    done = subprocess.run([sys.executable, "-c", ONE_LANGUAGE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["tree_sitter_python"]
