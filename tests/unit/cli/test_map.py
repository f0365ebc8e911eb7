import json

import pytest
from click.testing import CliRunner

from pointsman.cli.map import map_command
from pointsman.errors import Missing


@pytest.fixture
def root(tmp_path, tmp_path_factory, monkeypatch):
    monkeypatch.setattr("pointsman.cli.map.default_folder", lambda: tmp_path_factory.getbasetemp() / "cache")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/one.py").write_text("class Widget:\n    def turn(self): ...\n", "utf-8")
    (tmp_path / "pack/two.py").write_text("from pack.one import Widget\n\nWidget().turn()\n", "utf-8")
    return tmp_path


def run(*args, stdin=""):
    return CliRunner().invoke(map_command, [str(arg) for arg in args], input=stdin, catch_exceptions=False)


def test_the_map_as_text(root):
    done = run(root, "--focus", "pack/two.py:3", "--budget", 500)
    assert done.exit_code == 0
    assert "pack/one.py\n  class Widget:\n" in done.output


def test_the_map_as_json(root):
    record = json.loads(run(root, "--focus", "pack/two.py", "--json").output)
    assert set(record) == {"map", "tokens", "items"}
    assert {"path": "pack/one.py", "symbol": "Widget.turn"} in record["items"]
    assert {"path": "pack/one.py", "symbol": None} in record["items"]


def test_the_focus_may_be_absolute(root):
    assert "class Widget" in run(root, "--focus", f"{root}/pack/two.py:3").output


def test_a_focus_that_is_not_there_is_told(root):
    with pytest.raises(Missing):
        run(root, "--focus", "pack/three.py:1")


def test_many_requests_of_one_process(root):
    request = {"root": str(root), "focus_path": "pack/two.py", "focus_line": 3, "budget_tokens": 500}
    lines = [json.dumps(request), "not json", "[]", json.dumps({"root": str(root / "none")}), "", json.dumps(request)]
    done = run("--jsonl", stdin="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert len(answers) == 5
    assert answers[0] == answers[4]
    assert answers[0]["tokens"] <= 500
    assert all(answer["error"]["code"] == "bad-request" for answer in answers[1:4])


def test_a_revision_checked_out_in_between_is_seen(root):
    before = run(root, "--focus", "pack/two.py:3").output
    (root / "pack/one.py").write_text("class Widget:\n    def spin(self): ...\n    def turn(self): ...\n", "utf-8")
    assert run(root, "--focus", "pack/two.py:3").output == before
