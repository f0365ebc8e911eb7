"""`pointsman apply`, as a tool of its own: exit codes, what is written, and many patches one a line."""

import json
import os

import pytest
from click.testing import CliRunner

from pointsman.cli.apply import apply_command
from pointsman.cli.apply_lines import answer
from pointsman.patch import contract, place

BEFORE = "a\nb\nc\n"
PATCH = "--- a/f.txt\n+++ b/f.txt\n@@\n a\n-b\n+B\n c\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "f.txt").write_text(BEFORE, "utf-8")
    (tmp_path / "g.txt").write_text("g\n", "utf-8")
    return tmp_path


def run(root, *args, stdin=""):
    given = [str(arg) for arg in args]
    return CliRunner().invoke(apply_command, ["--root", str(root), *given], input=stdin, catch_exceptions=False)


def text(root):
    return (root / "f.txt").read_text("utf-8")


def test_a_reply_from_a_pipe_is_applied_with_a_receipt(root):
    done = run(root, "-", stdin=f"Here:\n\n```diff\n{PATCH}```\n")
    assert (done.exit_code, text(root)) == (0, "a\nB\nc\n")
    assert done.output == "f.txt: hunk 1 at line 1 (exact, unique)\n"


def test_check_writes_nothing(root):
    assert run(root, "--check", "-", stdin=PATCH).exit_code == 0
    assert text(root) == BEFORE


def test_a_file_is_applied_and_taken_back(root, tmp_path_factory):
    file = tmp_path_factory.mktemp("reply") / "p.diff"
    file.write_text(PATCH, "utf-8")
    assert run(root, file).exit_code == 0
    assert text(root) == "a\nB\nc\n"
    assert run(root, "--reverse", file).exit_code == 0
    assert text(root) == BEFORE


def test_json_tells_the_receipt_and_the_diff(root):
    said = json.loads(run(root, "--json", "-", stdin=PATCH).output)
    assert said["applied"] is True
    assert said["receipt"] == [{"path": "f.txt", "hunk": 1, "line": 1, "how": "exact, unique"}]
    assert "\n-b\n+B\n" in said["diff"]
    refused = run(root, "--json", "-", stdin=PATCH)
    assert (refused.exit_code, json.loads(refused.output)["error"]["code"]) == (1, "already_applied")


def test_one_bad_file_leaves_all_as_they_were(root):
    done = run(root, "-", stdin=PATCH + "--- a/g.txt\n+++ b/g.txt\n@@\n-no\n+yes\n")
    assert done.exit_code == 1
    assert "no_match" in done.output
    assert text(root) == BEFORE


def test_a_question_has_a_status_of_its_own(root):
    done = run(root, "-", stdin="QUESTION: which one?\n")
    assert done.exit_code == 3
    assert "which one?" in done.output


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_tree_that_cannot_be_written_has_a_status_of_its_own(root):
    root.chmod(0o500)
    try:
        assert run(root, "-", stdin=PATCH).exit_code == 4
    finally:
        root.chmod(0o700)


MISUSES = {
    "nothing": [],
    "no such file": ["no-such-file"],
    "unknown option": ["--bogus"],
    "jsonl with a file": ["--jsonl", "-"],
    "jsonl with another mode": ["--jsonl", "--check"],
}


@pytest.mark.parametrize("name", MISUSES)
def test_wrong_usage_is_told_from_a_refusal(root, name):
    assert run(root, *MISUSES[name]).exit_code == 64


def test_a_name_that_misses_its_folder_is_told_the_right_one(root):
    (root / "src").mkdir()
    (root / "src/h.txt").write_text(BEFORE, "utf-8")
    assert "Did you mean src/h.txt?" in run(root, "-", stdin=PATCH.replace("f.txt", "h.txt")).output


def test_rules_of_a_task_are_warnings_here(root):
    head = "# Copyright somebody\n"
    long = head + "".join(f"line {n}\n" for n in range(60))
    (root / "f.txt").write_text(long, "utf-8")
    rows = "".join(f"-{line}\n" for line in long.split("\n")[:-1])
    whole = run(root, "-", stdin=f"--- a/f.txt\n+++ b/f.txt\n@@ -1,61 +1 @@\n{rows}+new\n")
    assert (whole.exit_code, text(root)) == (0, "new\n")
    assert "warning: whole_file" in whole.output
    (root / "f.txt").write_text(long, "utf-8")
    dropped = run(root, "-", stdin="--- a/f.txt\n+++ b/f.txt\n@@\n-# Copyright somebody\n line 0\n")
    assert (dropped.exit_code, text(root)) == (0, long.removeprefix(head))
    assert "warning: license_header" in dropped.output


GOOD = {"id": 7, "before": {"f.txt": BEFORE}, "patch": PATCH}
UNFIT = {
    "no JSON": (b"not json", None, "not JSON"),
    "no UTF-8": (b'{"id": "\xff"}', None, "not JSON in UTF-8"),
    "cut": (b'{"id": 7, "before": {', None, "not JSON"),
    "deep": (b"[" * 100_000, None, "nested too deeply"),
    "a list": (b"[1]", None, "not a JSON object"),
    "no before": (json.dumps({"id": 7, "patch": PATCH}).encode(), 7, "`before` is missing"),
    "no patch": (json.dumps({"id": 7, "before": {}}).encode(), 7, "`patch`"),
    "numbers for texts": (json.dumps({**GOOD, "before": {"f.txt": 1}}).encode(), 7, "`before`"),
    "a base that is a list": (json.dumps({**GOOD, "base": [1]}).encode(), 7, "`base`"),
    "an unknown format": (json.dumps({**GOOD, "format": "zip"}).encode(), 7, "applypatch or diff"),
    "a format that is a list": (json.dumps({**GOOD, "format": ["diff"]}).encode(), 7, "`format`"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_bad_line_is_answered_and_does_not_end_the_others(root, name):
    line, told, words = UNFIT[name]
    good = json.dumps(GOOD).encode()
    done = run(root, "--jsonl", stdin=b"\n".join([line, b"", good, b""]))
    first, second = (json.loads(each) for each in done.output.splitlines())
    assert (first["id"], first["error"]["code"]) == (told, "input")
    assert words in first["error"]["message"]
    assert second["after"] == {"f.txt": "a\nB\nc\n"}
    assert text(root) == BEFORE


def test_a_fault_of_the_engine_is_an_error_of_its_line(monkeypatch):
    def fail(*_args, **_keywords):
        raise ZeroDivisionError

    monkeypatch.setattr(contract, "read", fail)
    said = answer(json.dumps(GOOD))
    assert (said["id"], said["error"]["code"]) == (7, "internal")


def test_a_result_that_breaks_the_engines_promise_is_never_an_edit(monkeypatch):
    monkeypatch.setattr(place, "joined", lambda _text, _changes: ())
    said = answer(json.dumps(GOOD))
    assert said["error"]["code"] == "internal"
    assert "check of our own work" in said["error"]["message"]


def test_a_reply_beyond_measure_is_not_read():
    said = answer(json.dumps({**GOOD, "patch": "+" * (contract.REPLY_LIMIT + 1)}))
    assert said["error"]["code"] == "too_large"


def test_a_patch_is_carried_from_what_the_model_saw_to_what_is_there_now():
    now = "😀 typed\na\nb\nc\n"
    said = answer(json.dumps({**GOOD, "base": {"f.txt": BEFORE}, "before": {"f.txt": now}}))
    assert said["after"] == {"f.txt": "😀 typed\na\nB\nc\n"}
    start, end = {"line": 2, "character": 0}, {"line": 3, "character": 0}
    assert said["edits"] == {"f.txt": [{"range": {"start": start, "end": end}, "newText": "B\n"}]}


def test_columns_count_utf_16_units():
    before = "a\n😀😀"
    patch = "--- a/f.txt\n+++ b/f.txt\n@@\n a\n-😀😀\n\\ No newline at end of file\n+x\n\\ No newline at end of file\n"
    said = answer(json.dumps({"id": 1, "before": {"f.txt": before}, "patch": patch}))
    assert said["edits"]["f.txt"][0]["range"]["end"] == {"line": 1, "character": 4}


def test_only_the_format_that_is_named_is_read():
    assert answer(json.dumps({**GOOD, "format": "applypatch"}))["error"]["code"] == "format"
    assert "after" in answer(json.dumps({**GOOD, "format": "diff"}))
    hunk = {"line": 2, "anchor": "", "before": ["a"], "delete": ["b"], "insert": ["B"], "after": ["c"]}
    file = {"path": "f.txt", "op": "modify", "new_path": "", "content": "", "hunks": [hunk]}
    structured = {**GOOD, "format": "applypatch", "patch": {"question": "", "files": [file]}}
    assert answer(json.dumps(structured))["after"] == {"f.txt": "a\nB\nc\n"}
