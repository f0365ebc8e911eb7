"""`pointsman check --parse --jsonl`: a run a line, an answer a line."""

import io
import json

import pytest
from click.testing import CliRunner

from pointsman.cli.check import check_command
from pointsman.cli.check_lines import answer
from pointsman.cli.json_lines import respond

RUN = {
    "id": 7,
    "tool": "tsc",
    "format": "text",
    "stdout": "src/a.ts(1,5): error TS2322: no\r\n",
    "stderr": "",
    "exit_code": 2,
    "root": "/project",
    "files": {"src/a.ts": "/*😀*/ let a = 1"},
}


def test_a_run_is_answered_with_all_fields():
    assert answer(json.dumps(RUN)) == {
        "id": 7,
        "outcome": "failed",
        "problems": [
            {
                "path": "src/a.ts",
                "line": 1,
                "column": 4,
                "end_line": None,
                "end_column": None,
                "severity": "error",
                "code": "TS2322",
                "message": "no",
                "test": None,
                "related": [],
            }
        ],
    }


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"stdout": "", "exit_code": 0}, "passed"),
        ({"stdout": "", "exit_code": 127, "stderr": "sh: tsc: command not found"}, "did_not_run"),
        ({"exit_code": None}, "did_not_run"),
        ({"stdout": "src/a.ts(1,"}, "did_not_run"),
    ],
)
def test_what_did_not_run_is_never_clean(changes, outcome):
    assert answer(json.dumps(RUN | changes))["outcome"] == outcome


def test_relative_paths_are_those_of_the_directory_of_the_run():
    run = RUN | {"cwd": "src", "stdout": "a.ts(1,1): error TS1: no\n"}
    assert answer(json.dumps(run))["problems"][0]["path"] == "src/a.ts"


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"argv": 1}', '{"exit_code": "1"}', '{"files": [1]}', '{"stdout": 1}', "[" * 9999]
)
def test_a_line_that_does_not_fit_is_told(line):
    assert "error" in answer(line)


def test_each_line_has_its_answer():
    out = io.StringIO()
    respond([json.dumps(RUN).encode(), b"\n", b"x\n", json.dumps(RUN | {"id": 8}).encode()], out, answer)
    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == [7, None, 8]


def test_the_checks_of_a_project_are_listed_and_not_run(tmp_path, monkeypatch):
    (tmp_path / "ruff.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POINTSMAN_CONFIG", str(tmp_path / "none.json"))
    (tmp_path / "none.json").write_text("{}")
    done = CliRunner().invoke(check_command, ["--list", "--json"])
    assert done.exit_code == 0, done.output
    assert [(each["check"], "ruff.toml" in each["why"]) for each in json.loads(done.stdout)] == [("ruff", True)]


def test_the_two_options_go_together():
    assert CliRunner().invoke(check_command, ["--parse"]).exit_code != 0
    done = CliRunner().invoke(check_command, ["--parse", "--jsonl"], input=json.dumps(RUN) + "\n")
    assert json.loads(done.output)["outcome"] == "failed"
