"""Problem matchers of VS Code, as they are pasted, on what they are for. `UPDATE=1` writes what is read."""

import dataclasses
import json
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from pointsman.checks.parse import by_matchers
from pointsman.checks.pasted import NAMED, matchers
from pointsman.checks.plan import plan
from pointsman.checks.tool import Output
from pointsman.config.matchers import NAMES
from pointsman.config.model import CheckCommand, CheckSettings
from pointsman.files.workspace import Workspace
from pointsman.terms import Command, Run, Verdict
from support.projects import write

CASES = sorted((Path(__file__).parents[2] / "cases" / "matchers").glob("*.json"))
FIELDS = ("path", "line", "column", "end_line", "end_column", "severity", "code", "message")


def settings(**fields):
    return CheckCommand.model_validate({"name": "mine", "command": ["mine"], **fields})


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path):
    case = json.loads(path.read_text("utf-8"))
    rows = matchers(settings(problemMatcher=case["problemMatcher"]).problemMatcher)
    run = Run(Command(("mine",), "/project"), 1, case["output"], "", 0.0)
    outcome = by_matchers("mine", rows, Output(run, "/project", case["files"].get))
    assert outcome.verdict is Verdict.FAILED
    every = (dataclasses.asdict(problem) for problem in outcome.problems)
    found = [{name: each[name] for name in FIELDS if each[name]} for each in every]
    if os.environ.get("UPDATE"):
        path.write_text(json.dumps(case | {"problems": found}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    else:
        assert found == case["problems"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("$nope", "there is no problem matcher $nope"),
        (["$gcc", "$nope"], "there is no problem matcher $nope"),
        ({"base": "$nope"}, "there is no problem matcher $nope"),
        ({"owner": "x"}, "a `pattern` or a `base`"),
        ({"pattern": {"regexp": "("}}, "no regular expression"),
        ({"pattern": {"regexp": "(a)", "file": 2}}, "has 1 groups, and number 2 is asked for"),
    ],
)
def test_what_is_wrong_with_a_matcher_is_told(told, why):
    with pytest.raises(ValidationError) as caught:
        settings(problemMatcher=told)
    assert why in str(caught.value)


def test_every_name_has_rows():
    assert set(NAMED) == NAMES


def test_a_failed_run_in_which_nothing_matches_is_not_clean():
    rows = matchers(settings(problemMatcher="$gcc").problemMatcher)
    run = Run(Command(("mine",), "/project"), 1, "it broke\n", "", 0.0)
    assert by_matchers("mine", rows, Output(run, "/project", {}.get)).verdict is Verdict.DID_NOT_RUN


def test_own_checks_are_made_where_they_are_for_and_take_the_place_of_others(tmp_path):
    root = write(tmp_path, {"ruff.toml": "", "buf.yaml": "", "a.py": ""})
    own = [
        {"name": "proto", "command": ["buf", "lint"], "where": ["buf.yaml"], "stage": "lint", "files": [".proto"]},
        {"name": "elsewhere", "command": ["x"], "where": ["x.yaml"]},
        {"name": "always", "command": ["sh", "-c", "true"], "stage": "build"},
    ]
    found = plan(Workspace(root), ["a.py"], CheckSettings.model_validate({"commands": own}))
    assert [check.name for check in found.checks] == ["ruff", "proto", "always"]
    assert found.commands[1] == "buf lint <changed files>"
    assert found.checks[1].why == "there is buf.yaml, and your configuration names it"
    mine = [{"name": "my ruff", "command": ["ruff", "check", "."], "tool": "ruff", "stage": "lint"}]
    found = plan(Workspace(root), ["a.py"], CheckSettings.model_validate({"commands": mine}))
    assert [check.name for check in found.checks] == ["my ruff"]
    found = plan(Workspace(root), ["a.py"], CheckSettings.model_validate({"skip": ["ruff"]}))
    assert found.checks == ()
