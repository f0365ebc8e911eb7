"""Which Python is the project's, and that finding it starts nothing."""

import base64
import hashlib
import sys
from pathlib import Path

import pytest

from pointsman.checks import toolchain
from pointsman.checks.toolchain import Toolchain
from support.projects import write


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """Nothing of this machine's environment, and a home of its own."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "XDG_CACHE_HOME", "XDG_DATA_HOME", "SHELL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    toolchain.login_path.cache_clear()
    yield
    toolchain.login_path.cache_clear()


def program(path: Path) -> str:
    """An executable that would tell if it were started."""
    write(path.parent, {path.name: f"#!/bin/sh\ntouch {path}.started\n"})
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def root(tmp_path):
    return write(tmp_path / "work", {"pyproject.toml": "[project]\nname = 'My-App'\n", "sub/a.py": ""})


def found(root, folder=None, **options):
    python = Toolchain(str(root), str(folder or root), **options).python
    return python.path if python else None


def test_the_order(root, tmp_path, monkeypatch):
    """Each that is added is before those added earlier."""
    assert found(root) == sys.executable
    on_path = program(tmp_path / "path/python3")
    assert found(root) == on_path
    activated = program(tmp_path / "active/bin/python")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert found(root) == activated
    hatch = program(tmp_path / "home/.local/share/hatch/env/virtual/My-App/x1/My-App/bin/python")
    assert found(root) == hatch
    digest = base64.urlsafe_b64encode(hashlib.sha256(str(root.resolve()).encode()).digest()).decode()[:8]
    poetry = program(tmp_path / f"home/.cache/pypoetry/virtualenvs/my-app-{digest}-py3.11/bin/python")
    assert found(root) == poetry
    pdm = program(tmp_path / "pdm/bin/python")
    (root / ".pdm-python").write_text(pdm)
    assert found(root) == pdm
    uv = program(tmp_path / "uv/bin/python")
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", str(tmp_path / "uv"))
    assert found(root) == uv
    above = program(root / "venv/bin/python")
    assert found(root, root / "sub") == above
    nearest = program(root / "sub/.venv/bin/python")
    assert found(root, root / "sub") == nearest
    editor = program(tmp_path / "editor/python")
    assert found(root, editor=editor) == editor
    setting = program(tmp_path / "set/bin/python")
    assert found(root, editor=editor, setting=setting) == setting
    assert found(root, editor=editor, setting=str(tmp_path / "set")) == setting
    assert not list(tmp_path.rglob("*.started"))


def test_environments_above_the_workspace_are_not_the_projects(root, tmp_path):
    program(tmp_path / ".venv/bin/python")
    assert found(root) == sys.executable


def test_a_relative_search_path_finds_nothing_of_the_repository(root, monkeypatch):
    program(root / "python3")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", ".::bin")
    assert found(root) == sys.executable


def test_programs(root, tmp_path):
    chain = Toolchain(str(root), str(root))
    assert chain.program("eslint") is None
    on_path = program(tmp_path / "path/eslint")
    assert chain.program("eslint").path == on_path
    local = program(root / "node_modules/.bin/eslint")
    assert chain.program("eslint").path == local
    assert "node_modules" in chain.program("eslint").why


def test_where_nobody_chose_a_python_with_the_tool_is_better(root, tmp_path):
    without = program(tmp_path / "path/python3")
    chain = Toolchain(str(root), str(root))
    assert chain.python.path == without
    assert chain.python_with("pytest").path == sys.executable
    chosen = program(root / ".venv/bin/python")
    assert Toolchain(str(root), str(root)).python_with("pytest").path == chosen


def test_a_login_shell_is_asked_once(root, tmp_path, monkeypatch):
    tool = program(tmp_path / "login/tool")
    asked = tmp_path / "asked"
    shell = write(tmp_path, {"shell": f'#!/bin/sh\necho x >> {asked}\nPATH={tmp_path}/login\neval "$2"\n'}) / "shell"
    shell.chmod(0o755)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("SHELL", str(shell))
    chain = Toolchain(str(root), str(root))
    assert [chain.program("tool").path, chain.program("tool").path] == [tool, tool]
    assert asked.read_text() == "x\n"
