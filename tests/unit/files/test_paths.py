"""The gate for paths from outside."""

import os

import pytest

from pointsman.errors import Unsafe
from pointsman.files.paths import from_uri, safe, to_uri

REFUSED = [
    "", "/etc/passwd", "~/x", "~root/x", "../x", "a/../../x", "a/./b", "a//b", "a/", "./a", "c:/x", "C:\\x", "a\\b",
    "file:///x", "http://x/y", "a\nb", "a\0b", ".git/config", "a/.GIT/hooks/x", ".git", ".git /x", ".Git.", "..",
    "\udcff.py",
]  # fmt: skip


@pytest.mark.parametrize("path", REFUSED)
def test_paths_that_could_leave_the_workspace_are_refused(tmp_path, path):
    with pytest.raises(Unsafe, match="refused"):
        safe(tmp_path, path)


@pytest.mark.parametrize("path", ["a.py", "a b/é.py", ".github/x.yml", ".gitignore", "a..b/c", "...", "x/.gitx"])
def test_ordinary_paths_pass(tmp_path, path):
    assert safe(tmp_path, path) == tmp_path / path


def test_links_out_of_the_workspace_and_devices_are_refused(tmp_path):
    root = tmp_path / "w"
    (root / ".git").mkdir(parents=True)
    (root / "in").mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "inner").symlink_to(root / "in")
    (root / "hidden").symlink_to(root / ".git")
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "pipe")
    assert safe(root, "inner/x.py")
    for path in ("out/x.py", "out", "hidden/config", "pipe", "loop/x"):
        with pytest.raises(Unsafe):
            safe(root, path)


@pytest.mark.parametrize("path", ["/w/a b/é.py", "/w/#x?.py", "/w/100%.py"])
def test_uris_go_both_ways(path):
    assert str(from_uri(to_uri(path))) == path


def test_two_spellings_of_a_drive_are_one_file():
    assert from_uri("file:///c%3A/X.py") == from_uri("file:///C:/X.py")


@pytest.mark.parametrize("uri", ["untitled:1", "http://x/y", "file://host/x", "nonsense"])
def test_other_uris_are_no_files(uri):
    assert from_uri(uri) is None
