"""Pointsman in a real VS Code, with its extension as users install it: what is pressed, seen, undone and saved."""

import json
import os
import signal
import threading

import pytest
from terminal import PATIENCE

from pointsman.cli.demo.provider import Reply
from support import project
from support.scenes import FIX, MOVED, NEW, OLD, RUFF, TYPO, UNCHECKED, patch

pytestmark = pytest.mark.xdist_group("vscode")


@pytest.fixture
def play(play_in_code):
    return play_in_code


def checked(window):
    """Let the project's checks run, and go to the problem they find."""
    window.command("Pointsman: Run the Project's Checks")
    window.allow()
    window.until(window.squiggles, "the problem")
    window.go_to(6, 40)


async def test_a_quick_fix_that_passed_the_checks_is_one_undo_and_is_saved_by_the_user(play, root):
    file = root / "shop/price.py"

    def answer(request):
        told = "`diskount`" in request.messages[-1][1]
        return Reply(patch(NEW if told else OLD.replace("discont", "diskount")))

    def scene(window):
        checked(window)
        window.choose(FIX)
        assert window.wait_for_text(NEW) == project.SOURCE
        assert file.read_text() == TYPO, "only the user saves"
        window.capture("fixed")
        window.undo()
        assert window.wait_for_text(OLD) == TYPO
        window.until(lambda: not window.modified(), "an unmodified buffer")
        window.press("Control+y")
        window.wait_for_text(NEW)
        window.save()
        window.until(lambda: file.read_text() == project.SOURCE, "the saved file")
        window.until(lambda: not window.squiggles(), "the end of the problem")

    assert len(await play(answer, scene)) == 2


async def test_a_fix_of_another_servers_problem_while_the_user_types(play, held):
    asked, go, holding = held

    def scene(window):
        window.until(window.squiggles, "the other server's problem")
        window.go_to(6, 40)
        window.choose(FIX)
        window.allow()
        assert asked.wait(PATIENCE)
        window.go_to(1)
        window.type("# typed meanwhile \N{GRINNING FACE}\n")
        go.set()
        assert window.wait_for_text(NEW) == "# typed meanwhile \N{GRINNING FACE}\n" + project.SOURCE
        window.until(lambda: not window.squiggles(), "the end of the problem")
        window.undo()
        assert window.wait_for_text(OLD) == "# typed meanwhile \N{GRINNING FACE}\n" + TYPO

    await play(holding(Reply(patch(NEW))), scene, beside={"server": RUFF})


async def test_an_instruction_becomes_a_proposal_of_several_files_that_is_seen_and_applied(play, root):
    def scene(window):
        window.go_to(6)
        window.command("Pointsman: Refactor as Described")
        window.answer("take the discount off")
        window.until(lambda: "1 proposed" in window.status(), "the proposal")
        assert window.text() == TYPO
        window.command("Pointsman: Show Proposal as Diff")
        window.until(lambda: "def rate" in window.whole(), "the diff")
        window.capture("diff")
        window.page.locator('.tab[data-resource-name="price.py"]').click()
        window.command("Pointsman: Apply Proposal")
        assert window.wait_for_text(NEW) == project.SOURCE
        window.until((root / "shop/text.py").exists, "the moved file")
        window.until((root / "shop/rate.py").exists, "the new file")
        assert not (root / "shop/words.py").exists()
        assert (root / "shop/text.py").read_text() == "WORDS = []\n"
        window.until(lambda: "proposed" not in window.status(), "the end of the proposal")
        window.command("File: Save All Files")
        window.until(lambda: (root / "shop/price.py").read_text() == project.SOURCE, "the saved file")
        assert (root / "shop/rate.py").read_text() == "def rate(discount):\n    return 1 - discount / 100\n"

    await play(lambda _: Reply(MOVED + patch(NEW)), scene, **UNCHECKED)


async def test_an_explanation_is_shown_while_it_is_written(play):
    def scene(window):
        window.go_to(6)
        window.command("Pointsman: Explain")
        window.until(lambda: "takes off" in (seen := window.markdown()) and "percent" not in seen, "the first words")
        window.until(lambda: "In this repository" in window.markdown(), "all of the words")
        assert "in percent" in window.markdown()
        assert "file://" not in window.markdown(), "the preview shows no such link as one"
        window.until(lambda: "coder" not in window.status(), "the end of the task in the status bar")
        window.capture("explained")

    await play(lambda _: Reply("It **takes off** a discount in percent.", piece=20, delay=8), scene)


async def test_a_task_is_cancelled_and_a_killed_server_is_started_again(play):
    asked = [threading.Event(), threading.Event()]
    waiting = list(asked)

    def answer(_):
        if not waiting:
            return Reply(patch(NEW))
        waiting.pop(0).set()
        return Reply(patch(NEW), first_delay=600)

    def refactor(window):
        window.command("Pointsman: Refactor as Described")
        window.answer("take the discount off")

    def kill(window, starts):
        os.kill(window.wire.server_pid(), signal.SIGKILL)
        window.wire.answer("initialize", starts)

    def scene(window):
        window.go_to(6)
        refactor(window)
        assert asked[0].wait(PATIENCE)
        window.until(lambda: "refactor → coder" in window.status(), "the route in the status bar")
        window.capture("working")
        window.command("Pointsman: Cancel All Tasks")
        window.until(lambda: "Cancelled" in str(window.wire.all("window/showMessage")), "the end of the task")
        refactor(window)
        assert asked[1].wait(PATIENCE)
        kill(window, 2)
        window.told("ended in the middle of")
        refactor(window)
        window.until(lambda: "1 proposed" in window.status(), "a proposal of the new server")
        kill(window, 3)
        window.until(lambda: "proposed" not in window.status(), "the end of the server")
        window.until(lambda: "1 proposed" in window.status(), "the same proposal in the next one")
        assert window.text() == TYPO

    await play(answer, scene, **UNCHECKED)


async def test_what_is_no_file_of_the_project_is_said_to_be_none(play, root):
    cell = {"cell_type": "code", "metadata": {}, "source": ["x = 1"], "outputs": [], "execution_count": None}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "cells.ipynb").write_text(json.dumps(notebook))
    (root / "data.bin").write_bytes(bytes(range(256)))

    def refused(window, message):
        window.command("Pointsman: Refactor as Described")
        window.answer("change it")
        window.told(message)

    def scene(window):
        window.press("Control+Alt+n")
        window.page.locator('.tab.active[data-resource-name="Untitled-1"]').wait_for()
        window.type("x = 1")
        refused(window, "Save it in a folder first")
        window.open("cells.ipynb", shown=".notebook-editor .view-line")
        window.page.locator(".notebook-editor .view-line").first.click()
        refused(window, "A notebook cell is no file of its own")
        window.open("data.bin", shown="text=is not displayed in the text editor")
        refused(window, "open a file first")

    assert not await play(lambda _: Reply(""), scene, **UNCHECKED)


async def test_a_file_that_is_read_only_keeps_its_text(play, root):
    (root / "shop/price.py").chmod(0o444)

    def scene(window):
        window.go_to(6)
        window.command("Pointsman: Refactor as Described")
        window.answer("take the discount off")
        window.until(lambda: "1 proposed" in window.status(), "the proposal")
        window.command("Pointsman: Apply Proposal")
        window.told("shop/price.py is read-only")
        assert window.text() == TYPO

    await play(lambda _: Reply(patch(NEW)), scene, **UNCHECKED)


async def test_a_server_that_cannot_be_started_is_named_with_the_way_out(play, studio):
    def scene(window):
        try:
            studio.set_machine({"pointsman.server.path": "/nowhere/pointsman"})
            window.told("/nowhere/pointsman")
            studio.set_machine({"pointsman.server.python": "/nowhere/python"})
            window.told("Pointsman needs Python 3.11 or newer")
        finally:
            studio.set_machine(studio.starter)
        window.wire.answer("initialize", 2)
        window.until(lambda: "Pointsman" in window.status() and "not running" not in window.status(), "a server")

    await play(lambda _: Reply(""), scene, **UNCHECKED)


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
async def test_a_model_of_the_editor_answers_and_a_cut_answer_changes_nothing(play, cut):
    answer = patch(NEW)
    beside = {"reply": [answer[:40], answer[40:]], "cut": cut}

    def scene(window):
        window.go_to(6)
        window.command("Pointsman: Refactor as Described")
        window.answer("take the discount off")
        response = window.wire.answer("pointsman/model/stream")
        if cut:
            assert "the line was cut" in response["error"]["message"]
            window.until(lambda: "did not answer" in str(window.wire.all("window/showMessage")), "the failure")
            assert "proposed" not in window.status()
        else:
            assert response["result"]["pieces"] == 2
            assert response["result"]["model"]["id"] == "coder-1"
            window.until(lambda: "1 proposed" in window.status(), "the proposal")
        assert window.text() == TYPO

    requests = await play(
        lambda _: Reply(""), scene, beside=beside, router={"default": "vscode-lm,scripted/coder"}, **UNCHECKED
    )
    assert not requests
