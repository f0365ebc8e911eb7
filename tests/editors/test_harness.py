"""The harness itself, with a very small server, so that a failure elsewhere is known to be the product's."""

import sys
from pathlib import Path

import pytest
from window import Setup

EDITORS = ("nvim",)
STANDIN = Path(__file__).parent / "standin.py"
TEXT = "first = 1\nsecond = '\N{SNOWMAN}'  # TODO\n"
DONE = TEXT.replace("TODO", "DONE")


@pytest.fixture
def file(tmp_path):
    (tmp_path / "project/.git").mkdir(parents=True)
    path = tmp_path / "project/main.py"
    path.write_text(TEXT)
    return path


def test_an_action_changes_the_buffer_and_only_saving_changes_the_disk(open_window, file):
    window = open_window(file, Setup([sys.executable, str(STANDIN)]))
    window.go_to(2)
    assert window.text() == TEXT
    assert window.undo_steps() == 0
    window.choose("Fix the TODO")
    assert window.wait_for_text("DONE") == DONE
    assert window.modified()
    assert file.read_text() == TEXT
    window.undo()
    assert window.wait_for_text("TODO") == TEXT
    assert not window.modified()
    window.command("redo")
    window.save()
    window.wait_for_text("DONE")
    assert file.read_text() == DONE


def test_a_question_is_answered_by_keys(open_window, file):
    window = open_window(file, Setup([sys.executable, str(STANDIN), "ask"]))
    window.choose("Fix the TODO")
    window.pick("Yes, it may")
    assert window.wait_for_text("DONE") == DONE
    assert window.wire.answer("window/showMessageRequest")["result"] == {"title": "Yes, it may"}


def test_the_wire_tells_what_was_said_and_how_the_server_ended(open_window, file):
    window = open_window(file, Setup([sys.executable, str(STANDIN)]))
    assert window.wire.message("initialize")["params"]["clientInfo"]["name"] == "Neovim"
    window.wire.message("textDocument/publishDiagnostics")
    assert [found["message"] for found in window.diagnostics("stand-in")] == ["a TODO is left"]
    window.quit()
    assert window.wire.exit_code() == 0
    assert window.wire.answer("shutdown")["result"] is None
