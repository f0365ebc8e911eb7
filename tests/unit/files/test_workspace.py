"""The frozen view: buffers over disk, read once, byte-exactly."""

import subprocess

import pytest

from pointsman.errors import Missing, NotText
from pointsman.files.paths import to_uri
from pointsman.files.workspace import READ_LIMIT, Workspace
from pointsman.text import Snapshot


def test_a_buffer_hides_the_file_and_shows_as_dirty(tmp_path):
    (tmp_path / "a.py").write_bytes(b"disk\r\n")
    (tmp_path / "b.py").write_bytes(b"same\n")
    buffers = {
        "a.py": Snapshot(to_uri(tmp_path / "a.py"), 0, "typed\r\n"),
        "b.py": Snapshot(to_uri(tmp_path / "b.py"), 1, "same\n"),
        "new.py": Snapshot(to_uri(tmp_path / "new.py"), 1, ""),
    }
    workspace = Workspace(tmp_path, buffers)
    assert workspace.read("a.py").text == "typed\r\n"
    assert set(workspace.dirty) == {"a.py", "new.py"}
    assert workspace.exists("new.py")
    assert not workspace.exists("none.py")


def test_a_file_read_once_never_changes_for_the_task(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"\xef\xbb\xbfone\x0c\r\ntwo\r")
    workspace = Workspace(tmp_path)
    first = workspace.read("a.py")
    file.unlink()
    assert workspace.read("a.py") is first
    assert (first.text, first.bom, first.version) == ("one\x0c\r\ntwo\r", True, None)
    assert first.encode() == b"\xef\xbb\xbfone\x0c\r\ntwo\r"


@pytest.mark.parametrize(("data", "error"), [(b"a\0b", "binary"), (b"caf\xe9", "not UTF-8")])
def test_what_is_not_text_is_refused_by_name(tmp_path, data, error):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(NotText, match=error):
        Workspace(tmp_path).read("x")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Missing, match=r"nowhere\.py"):
        Workspace(tmp_path).read("nowhere.py")


@pytest.fixture(params=["git", "walk"])
def tree(tmp_path, request):
    for name in ("a.py", "pkg/b.py", "pkg/skip.log", "pkg/keep.log", "node_modules/x.js", "out/y.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text("")
    (tmp_path / ".gitignore").write_text("*.log\nnode_modules/\n/out\n")
    (tmp_path / "pkg/.gitignore").write_text("!keep.log\n")
    if request.param == "git":
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def test_ignored_files_are_not_listed_with_or_without_git(tree):
    buffers = {"unsaved.py": Snapshot(to_uri(tree / "unsaved.py"), 0, "")}
    listed = Workspace(tree, buffers).paths()
    assert listed == (".gitignore", "a.py", "pkg/.gitignore", "pkg/b.py", "pkg/keep.log", "unsaved.py")


def test_a_walk_follows_no_link_and_reads_any_ignore_file(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/a.py").touch()
    (tmp_path / "pkg/loop").symlink_to(tmp_path)
    (tmp_path / "link.py").symlink_to("pkg/a.py")
    (tmp_path / ".gitignore").write_bytes(b"\xff\xfe\n*.log\n")
    (tmp_path / "x.log").touch()
    assert Workspace(tmp_path).paths() == (".gitignore", "pkg/a.py")


def test_a_walk_that_finds_too_much_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("pointsman.files.workspace.WALK_LIMIT", 3)
    for number in range(3):
        (tmp_path / f"{number}.py").touch()
    workspace = Workspace(tmp_path)
    assert (len(workspace.paths()), workspace.cut) == (3, False)
    (tmp_path / "3.py").touch()
    assert (len(workspace.paths()), workspace.cut) == (3, True)


def test_a_huge_file_is_not_read(tmp_path):
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(READ_LIMIT + 1)
    with pytest.raises(NotText, match="larger than"):
        Workspace(tmp_path).read("huge.py")
