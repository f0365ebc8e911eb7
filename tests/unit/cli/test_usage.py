import sys

import click
import pytest
from click.testing import CliRunner

from pointsman.cli.fix import fix_command
from pointsman.cli.main import main
from pointsman.cli.refactor import refactor_command
from pointsman.cli.usage import root_of, target


@pytest.fixture
def file(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "shop").mkdir()
    path = tmp_path / "shop/price.py"
    path.write_text("one\n  two\nthree\n")
    monkeypatch.chdir(tmp_path)
    return path


def test_a_line(file):
    found = target("shop/price.py:2")
    assert (found.path, found.first, found.last, found.name) == ("shop/price.py", 2, 2, "shop/price.py:2")
    assert found.snapshot.text[found.span.start : found.span.end] == "  two"
    assert found.workspace.root == str(file.parents[1].resolve())


def test_lines_by_an_absolute_path(file):
    found = target(f"{file}:1-2")
    assert found.path == "shop/price.py"
    assert found.snapshot.text[found.span.start : found.span.end] == "one\n  two"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shop/price.py", "PATH:LINE"),
        (":3", "PATH:LINE"),
        ("shop/price.py:x", "PATH:LINE"),
        ("shop/price.py:1-x", "PATH:LINE"),
        ("shop/price.py:-1", "PATH:LINE"),
        ("nowhere.py:1", "no file"),
        ("shop:1", "no file"),
        ("shop/price.py:0", "1 to 4"),
        ("shop/price.py:5", "1 to 4"),
        ("shop/price.py:3-2", "1 to 4"),
    ],
)
def test_what_names_no_lines_is_refused(file, text, said):
    with pytest.raises(click.UsageError, match=said):
        target(text)


def test_a_binary_file_is_refused(file):
    file.write_bytes(b"a\0b")
    with pytest.raises(click.UsageError, match="binary"):
        target("shop/price.py:1")


def test_the_root_is_the_nearest_project(tmp_path):
    inner = tmp_path / "outer/inner"
    inner.mkdir(parents=True)
    (tmp_path / "outer/.git").mkdir()
    assert root_of(inner / "a.py") == tmp_path / "outer"
    (inner / "package.json").touch()
    assert root_of(inner / "a.py") == inner
    assert root_of(inner) == inner


@pytest.mark.parametrize(
    ("command", "args"),
    [
        (fix_command, []),
        (fix_command, ["a.py"]),
        (fix_command, ["a.py:1", "--nonsense"]),
        (refactor_command, ["shop/price.py:1"]),
        (refactor_command, ["shop/price.py:1", "-m", " "]),
    ],
)
def test_a_call_that_cannot_be_understood_ends_with_64(file, command, args):
    assert CliRunner().invoke(command, args).exit_code == 64


def test_windows_is_told_the_way_out(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    done = CliRunner().invoke(main, ["log"])
    assert (done.exit_code, "WSL" in done.output) == (1, True)
