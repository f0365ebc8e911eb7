"""Writing an edit to the tree: all of it, or nothing."""

import pytest

from pointsman.errors import WorkspaceError
from pointsman.files.workspace import Workspace
from pointsman.files.write import write
from pointsman.terms import FileChange, FileSet


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbfone\r\n")
    (tmp_path / "a.py").chmod(0o755)
    (tmp_path / "b.py").write_text("two\n")
    (tmp_path / "c.py").write_text("three\n")
    return tmp_path


def contents(root):
    return {p.relative_to(root).as_posix(): (p.read_bytes(), p.stat().st_mode) for p in root.rglob("*") if p.is_file()}


def changes(root):
    read = Workspace(root).read
    return (
        FileChange("a.py", read("a.py"), "ONE\r\n"),
        FileChange("b.py", read("b.py"), "two\n", new_path="sub/dir/b.py"),
        FileChange("c.py", read("c.py"), None),
        FileChange("new/d.py", None, "four\n"),
    )


def test_a_change_of_every_kind_is_written_with_modes_and_marks_kept(tree):
    write(tree, FileSet(changes(tree)))
    found = contents(tree)
    assert {name: data for name, (data, _) in found.items()} == {
        "a.py": b"\xef\xbb\xbfONE\r\n",
        "sub/dir/b.py": b"two\n",
        "new/d.py": b"four\n",
    }
    assert found["a.py"][1] & 0o777 == 0o755


@pytest.mark.parametrize("victim", ["a.py", "b.py", "c.py", "new/d.py", "sub/dir/b.py"])
def test_a_file_that_changed_meanwhile_stops_everything(tree, victim):
    planned = changes(tree)
    (tree / victim).parent.mkdir(parents=True, exist_ok=True)
    (tree / victim).write_text("typed meanwhile\n")
    before = contents(tree)
    with pytest.raises(WorkspaceError):
        write(tree, FileSet(planned))
    assert contents(tree) == before


def test_a_failure_half_way_is_taken_back(tree):
    planned = changes(tree)
    (tree / "new").write_text("a file where a folder is needed")
    before = contents(tree)
    with pytest.raises(WorkspaceError, match="could not be written"):
        write(tree, FileSet(planned))
    assert contents(tree) == before
