"""The checks that a project has, from its files and the programs that there are. `UPDATE=1` writes what is found."""

import json
import os
from pathlib import Path

import pytest

from pointsman.checks import toolchain
from pointsman.checks.plan import plan
from pointsman.files.workspace import Workspace
from support.projects import write

CASES = sorted((Path(__file__).parents[2] / "cases" / "detection").glob("*.json"))


class Settings:
    python = "/nowhere/python"
    timeout = 7.0
    memory = 0
    skip = ()
    commands = ()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path, tmp_path, monkeypatch):
    case = json.loads(path.read_text("utf-8"))
    root = write(tmp_path / "project", case["files"])
    places = [program if "/" in program else f"node_modules/.bin/{program}" for program in case["programs"]]
    write(root, dict.fromkeys(places, "#!/bin/sh\n"))
    for place in places:
        (root / place).chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(toolchain, "login_path", lambda: "")
    monkeypatch.setattr(toolchain.sys, "executable", "/nowhere/python")
    found = plan(Workspace(root), case["paths"], Settings())
    told = [
        {"check": check.name, "command": command.replace(str(root), "."), "why": check.why.replace(str(root), ".")}
        for check, command in zip(found.checks, found.commands, strict=True)
    ]
    told += [{"check": each.tool, "command": None, "why": each.why} for each in found.absent]
    if os.environ.get("UPDATE"):
        path.write_text(json.dumps(case | {"checks": told}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    else:
        assert told == case["checks"]
