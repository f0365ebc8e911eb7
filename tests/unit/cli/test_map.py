import itertools
import json
import os

import click
import pytest
from click.testing import CliRunner

from pointsman.cli.main import LazyGroup, main
from pointsman.cli.map import map_command
from pointsman.cli.usage import USAGE
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
    done = run(root, "--focus", "pack/three.py:1")
    assert done.exit_code == USAGE
    assert "There is no file pack/three.py" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("focus", "told"),
    [
        ("pack", "is a folder"),
        ("pipe.py", "is no regular file"),
        ("broken.py", "is no regular file"),
        ("out.py", "leads out of"),
        ("/etc/passwd", "leads out of"),
        ("../../none.py", "There is no file ../../none.py"),
        ("", "There is no file without a name"),
        ("x" * 5_000, "There is no file x"),
        ("\ud800.py", "There is no file"),
        ("\udcff.py", "has a name that is not UTF-8"),
        ("pack/two.py:0", "'0' is no line of pack/two.py"),
        ("pack/two.py:-1", "'-1' is no line of pack/two.py"),
        ("pack/two.py:last", "'last' is no line of pack/two.py"),
        ("pack/none.py:3", "There is no file pack/none.py in"),
    ],
)
def test_a_focus_that_cannot_be_one_is_told(root, focus, told):
    os.mkfifo(root / "pipe.py")
    (root / "broken.py").symlink_to("nowhere")
    (root / "\udcff.py").touch()
    (root / "out.py").symlink_to("/etc/passwd")
    done = run(root, "--focus", focus)
    assert done.exit_code == USAGE
    assert told in done.stderr
    assert str(root) in done.stderr or "is no line" in told
    assert not done.stdout


def test_the_focus_may_be_named_in_a_roundabout_way(root):
    (root / "link").symlink_to("pack")
    straight = run(root, "--focus", "pack/two.py:3").stdout
    assert run(root, "--focus", "link/../pack/./two.py:3").stdout == straight
    assert run(root, "--focus", "link/two.py:3").stdout == straight


@pytest.mark.parametrize("budget", ["0", "-5", "NaN", "9" * 30, ""])
def test_a_budget_that_cannot_be_one_is_told(root, budget):
    done = run(root, "--budget", budget)
    assert done.exit_code == USAGE
    assert "--budget" in done.stderr


def test_a_folder_without_code_is_told(root):
    (root / "empty").mkdir()
    done = run(root / "empty")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "Nothing to show: 0 files, 0 names\n"


def test_a_number_of_any_length_may_be_a_line(root):
    done = run(root, "--focus", "pack/two.py:" + "9" * 5_000)
    assert done.exit_code == 0
    assert "pack/two.py has 4 lines" in done.stderr


def test_a_line_behind_the_end_is_told_and_means_the_end(root):
    done = run(root, "--focus", "pack/two.py:300")
    assert done.stderr == "pack/two.py has 4 lines, not 300: the map is for its end.\n"
    assert done.stdout == run(root, "--focus", "pack/two.py:4").stdout


def test_what_any_command_finds_wrong_is_told_in_a_line(monkeypatch):
    @click.command()
    def wrong():
        raise Missing("There is no such thing.", "Make one.")

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: wrong)
    done = CliRunner().invoke(main, ["map"], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (1, "Error: There is no such thing. Make one.\n")


def test_many_requests_of_one_process(root):
    request = {"root": str(root), "focus_path": "pack/two.py", "focus_line": 3, "budget_tokens": 500}
    lines = [json.dumps(request), "not json", "[]", json.dumps({"root": str(root / "none")}), "", json.dumps(request)]
    done = run("--jsonl", stdin="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert len(answers) == 5
    assert answers[0] == answers[4]
    assert answers[0]["tokens"] <= 500
    assert all(answer["error"]["code"] == "bad-request" for answer in answers[1:4])


NOT_ANSWERED = [
    "null", "5", "{}", "[" * 100_000, "\xff", '{"root": 5}', '{"root": "/no/such/folder"}', '{"root": "a\\u0000"}',
    '{"root": ROOT, "focus_path": ["a"]}', '{"root": ROOT, "focus_path": "../../etc/passwd"}',
    '{"root": ROOT, "focus_path": "a\\u0000"}', '{"root": ROOT, "focus_line": "x"}',
    '{"root": ROOT, "focus_line": 1e400}', '{"root": ROOT, "budget_tokens": NaN}', '{"root": ROOT, "focus_line": {}}',
]  # fmt: skip
ANSWERED = [
    '{"root": ROOT}', '{"root": ROOT, "focus_path": "no/such.py"}', '{"root": ROOT, "focus_path": "./pack/two.py"}',
    '{"root": ROOT, "focus_path": "pack/two.py", "focus_line": -3}', '{"root": ROOT, "focus_path": "\\ud800.py"}',
    '{"root": ROOT, "focus_path": "pack/two.py", "focus_line": 99999999999999999999}',
    '{"root": ROOT, "focus_path": "pack/two.py", "focus_line": "2", "budget_tokens": "40"}',
    *(f'{{"root": ROOT, "focus_path": "pack/two.py", "focus_line": 2, "budget_tokens": {n}}}' for n in (-1, 0, 1, 9)),
]  # fmt: skip


def test_whatever_is_asked_each_line_has_its_answer_in_its_place(root):
    asked = [line for pair in itertools.zip_longest(NOT_ANSWERED, ANSWERED) for line in pair if line]
    text = "".join(line.replace("ROOT", json.dumps(str(root))) + "\n\n" for line in asked)
    done = run("--jsonl", stdin=text.encode("latin-1"))
    assert done.exit_code == 0
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert len(answers) == len(asked)
    for line, answer in zip(asked, answers, strict=True):
        if line in NOT_ANSWERED or "ud800" in line:
            assert answer["error"]["message"]
        else:
            assert set(answer) == {"map", "tokens", "items"}


def test_a_revision_checked_out_in_between_is_seen(root):
    assert "def spin" not in run(root, "--focus", "pack/two.py:3").output
    (root / "pack/one.py").write_text("class Widget:\n    def spin(self): ...\n    def turn(self): ...\n", "utf-8")
    assert "  def spin(self): ...\n  def turn(self): ...\n" in run(root, "--focus", "pack/two.py:3").output


def test_a_terminal_gets_a_tree(root, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = run(root, "--focus", "pack/two.py:3").output
    assert "└── " in shown
    assert "\x1b[36mpack/one.py" in shown
    assert "\x1b[33mclass Widget:" in shown
    assert "\x1b[32mdef turn(self): ..." in shown


def test_a_pipe_gets_the_bytes_of_the_map(root):
    text = json.loads(run(root, "--focus", "pack/two.py:3", "--json").output)["map"]
    assert run(root, "--focus", "pack/two.py:3").output == text


def test_why_a_symbol_is_there(root):
    done = run(root, "--focus", "pack/two.py:3", "--explain", "Widget.turn")
    assert done.exit_code == 0
    assert "pack/one.py:2  def turn(self): ..." in done.output
    assert "in the map" in done.output
    assert "the place uses names it defines" in done.output
    assert "the place mentions the name" in done.output


def test_why_a_symbol_is_not_there(root):
    (root / "alone.py").write_text("def lonely(): ...\n", "utf-8")
    done = run(root, "--focus", "pack/two.py:3", "--explain", "lonely", "--budget", 60)
    assert "not in the map" in done.output
    assert "mention" in done.output or "nothing ties" in done.output
    assert run(root, "--explain", "no_such_name").exit_code == 1
    assert "the focus file" in run(root, "--focus", "pack/one.py:1", "--explain", "Widget").output


def test_what_the_map_consists_of(root):
    shown = run(root, "--focus", "pack/two.py:3", "--stats").output
    assert "of 2000" in shown
    assert "definitions shown 2" in shown
    assert "python 2" in shown


def test_one_form_at_a_time(root):
    done = CliRunner().invoke(map_command, [str(root), "--json", "--stats"])
    assert done.exit_code == 64
    assert "exclude each other" in done.output


def test_what_is_hostile_does_not_drive_the_terminal(root, monkeypatch):
    (root / "pack/one.py").write_text("class Widget: x = '\x1b]0;gone\x07'\n", "utf-8")
    assert "\x1b]0" not in run(root, "--focus", "pack/two.py:3", "--explain", "Widget").output
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b]0" not in run(root, "--focus", "pack/two.py:3").output
