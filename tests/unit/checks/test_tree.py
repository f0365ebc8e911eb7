"""A copy that is kept: equal to the project at each refresh, and never a way back into it."""

import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.checks.shadow.tree import refresh
from support.projects import write

FILES = {"a.txt": "a\n", "deep/b.txt": "b\n", "build/out.o": "built\n"}


@pytest.fixture
def trees(tmp_path):
    source, target = write(tmp_path / "source", FILES), tmp_path / "target"
    for place in source.rglob("*.*"):
        os.utime(place, (1_000_000_000, 1_000_000_000))
    return source, target, lambda: refresh(source, target, tmp_path / "manifest.json")


def content(root):
    return {str(place.relative_to(root)): place.read_text() for place in root.rglob("*") if place.is_file()}


def test_the_first_copy_keeps_times_so_that_what_is_built_stays_current(trees):
    _source, target, again = trees
    again()
    assert content(target) == FILES
    assert (target / "build/out.o").stat().st_mtime == 1_000_000_000


def test_no_file_is_shared(trees):
    source, target, again = trees
    again()
    for place in source.rglob("*.*"):
        assert place.stat().st_ino != (target / place.relative_to(source)).stat().st_ino


def test_what_a_check_wrote_is_undone_and_is_newer_than_what_it_wrote(trees):
    _source, target, again = trees
    again()
    started = time.time() - 2
    (target / "a.txt").write_text("candidate\n")
    (target / "new.txt").write_text("left over\n")
    (target / "deep/b.txt").unlink()
    again()
    assert content(target) == FILES
    assert (target / "a.txt").stat().st_mtime >= started
    assert (target / "build/out.o").stat().st_mtime == 1_000_000_000


def test_what_the_user_did_arrives(trees):
    source, target, again = trees
    again()
    (source / "a.txt").write_text("A\n")
    (source / "deep/b.txt").unlink()
    (source / "deep").rmdir()
    (source / "deep").write_text("a file now\n")
    (source / "build/out.o").chmod(0o755)
    again()
    assert content(target) == {"a.txt": "A\n", "deep": "a file now\n", "build/out.o": "built\n"}
    assert (target / "build/out.o").stat().st_mode & 0o777 == 0o755


def test_a_half_done_refresh_is_not_taken_for_one(trees, tmp_path):
    _source, target, again = trees
    again()
    (target / "a.txt").write_text("x\n")
    (tmp_path / "manifest.json").write_text("{broken")
    again()
    assert content(target) == FILES


def test_links_stay_inside(trees, tmp_path):
    source, target, again = trees
    outside = write(tmp_path / "outside", {"x": "x"})
    (source / "relative").symlink_to("deep/b.txt")
    (source / "absolute").symlink_to(source / "deep")
    (source / "away").symlink_to(outside)
    (source / "dangling").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    again()
    assert (target / "relative").readlink().as_posix() == "deep/b.txt"
    assert (target / "absolute").readlink() == target / "deep"
    assert (target / "away").readlink() == outside
    assert (target / "dangling").is_symlink()
    assert not (target / "pipe").exists()
    again()
    (source / "away").unlink()
    again()
    assert not (target / "away").exists()
    assert (outside / "x").exists()


NAMES = st.sampled_from(["a", "b", "c/a", "c/b", "c/d/e", "f"])
STEPS = st.lists(st.tuples(st.booleans(), NAMES, st.text("xy", max_size=3)), max_size=12)


@given(STEPS)
@settings(max_examples=30, deadline=None)
def test_any_changes_on_both_sides_end_equal(tmp_path_factory, steps):
    base = tmp_path_factory.mktemp("trees")
    source, target = base / "source", base / "target"
    source.mkdir()
    refresh(source, target, base / "manifest.json")
    for ours, name, text in steps:
        place = (source if ours else target) / name
        if place.exists() and not text:
            place.unlink() if place.is_file() else None
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        if ours:
            refresh(source, target, base / "manifest.json")
    refresh(source, target, base / "manifest.json")
    assert content(target) == content(source)
