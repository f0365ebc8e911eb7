"""What a user attaches: files by name or URI, and folders with everything in them that is text and not ignored."""

import pytest

from pointsman.errors import WorkspaceError
from pointsman.files import wide
from pointsman.files.workspace import Workspace

FILES = {
    "a/one.py": b"1\n",
    "a/two.md": b"two\n",
    "a/deep/three.py": b"3\n",
    "a/picture.png": b"\x89PNG\0",
    "a/uv.lock": b"lock\n",
    "a/ignored.log": b"log\n",
    "ab/four.py": b"4\n",
    ".gitignore": b"*.log\n",
}


@pytest.fixture
def workspace(tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a/one.py"], ["a/one.py"]),
        (["a/"], ["a/deep/three.py", "a/one.py", "a/two.md"]),
        (["./a/deep", "a"], ["a/deep/three.py", "a/one.py", "a/two.md"]),
        (["."], [".gitignore", "a/deep/three.py", "a/one.py", "a/two.md", "ab/four.py"]),
        (["ab/four.py", "a/deep", "ab/four.py"], ["ab/four.py", "a/deep/three.py"]),
        (["a/uv.lock"], ["a/uv.lock"]),
    ],
)
def test_names_and_folders(workspace, names, found):
    assert list(wide.attached(workspace, names)) == found


def test_uris_even_through_a_link(workspace, tmp_path):
    link = tmp_path.with_name(f"{tmp_path.name}-link")
    link.symlink_to(tmp_path)
    for base in (tmp_path, link):
        assert wide.attached(workspace, [(base / "a/one.py").as_uri()]) == ("a/one.py",)
        assert "ab/four.py" in wide.attached(workspace, [base.as_uri()])


@pytest.mark.parametrize(
    "name", ["a/nothing.py", "a/picture.png", "../outside.py", "file:///etc/passwd", ".git/config"]
)
def test_what_cannot_be_attached_is_refused(workspace, name):
    with pytest.raises(WorkspaceError):
        wide.attached(workspace, [name])


def test_a_folder_without_text(workspace, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(WorkspaceError, match="no text files in empty"):
        wide.attached(workspace, ["empty"])


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 2), ("MOST_BYTES", 4)])
def test_there_is_an_end(workspace, monkeypatch, limit, value):
    monkeypatch.setattr(wide, limit, value)
    with pytest.raises(WorkspaceError, match="a holds more than"):
        wide.attached(workspace, ["a"])
