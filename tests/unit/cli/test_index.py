import json

import pytest
from click.testing import CliRunner

from pointsman.cli.index import index_command
from pointsman.index import workers


@pytest.fixture
def root(tmp_path, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr("pointsman.cli.index.default_folder", lambda: folder)
    monkeypatch.setattr(workers, "usable", lambda: False)
    monkeypatch.setattr(workers, "_SETTLED_NS", -1)
    (tmp_path / "one.py").write_text("class Widget:\n    def turn(self): ...\n", "utf-8")
    (tmp_path / "small.min.js").write_text("a(1);" * 40_000, "utf-8")
    return tmp_path


@pytest.fixture
def read(monkeypatch):
    seen = []
    really = workers.read
    monkeypatch.setattr(workers, "read", lambda root, path: seen.append(path) or really(root, path))
    return seen


def run(*args):
    return CliRunner().invoke(index_command, [str(arg) for arg in args], catch_exceptions=False)


def test_the_status_reads_nothing(root, read):
    assert "nothing is indexed yet" in run(root, "--status").output
    assert read == []
    run(root)
    read.clear()
    assert "2 files, 2 names, 1 skipped" in run(root, "--status").output
    assert read == []


def test_a_rebuild_reads_everything(root, read):
    run(root)
    read.clear()
    run(root)
    assert read == []
    run(root, "--rebuild")
    assert read == ["one.py", "small.min.js"]


def test_what_is_skipped_is_named(root):
    assert "  small.min.js: lines too long: minified or data" in run(root).output
    record = json.loads(run(root, "--json").output)
    assert (record["files"], record["names"], record["trouble"]) == (2, 2, "")
    assert record["skipped"] == [{"path": "small.min.js", "why": "lines too long: minified or data"}]


def test_a_terminal_sees_the_count(root, monkeypatch):
    monkeypatch.setattr("pointsman.cli.indexing._STEP", 1)
    shown = []
    monkeypatch.setattr("pointsman.cli.indexing.Screen.show", lambda _, piece: shown.append(piece.text))
    run(root)
    assert shown == ["Indexing: 1 of 2 files", "Indexing: 2 of 2 files"]


def test_contradictions_are_refused(root):
    done = CliRunner().invoke(index_command, [str(root), "--status", "--rebuild"])
    assert done.exit_code == 64


def test_a_folder_without_code_is_told(tmp_path, root):
    (tmp_path / "empty").mkdir()
    assert "nothing is indexed yet" in run(tmp_path / "empty", "--status").stdout
    assert "no file here is of a language that is known" in run(tmp_path / "empty").stdout
