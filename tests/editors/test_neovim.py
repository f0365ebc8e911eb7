"""Pointsman in a real Neovim: what a user presses, sees, undoes and saves, with a real server and real checks."""

from functools import partial

import pytest
from neovim import PLAIN

from pointsman.cli.demo.provider import Reply
from support import project, scenes
from support.scenes import FIX, NEW, OLD, TYPO, patch

EDITORS = ("nvim",)
NOTE = "    # pointsman: the discount is taken off\n"


@pytest.fixture
def play(play):
    """Without our plugin."""
    return partial(play, init=PLAIN)


def checked(window):
    """Let the project's checks run, and wait for the problem they find."""
    window.execute("pointsman.runChecks")
    window.pick("Allow checks here")
    window.until(lambda: any("discont" in found["message"] for found in window.diagnostics()), "the problem")
    window.go_to(6)


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
        assert not window.modified()
        window.command("redo")
        window.save()
        window.until(lambda: file.read_text() == project.SOURCE, "the saved file")
        window.until(lambda: not window.diagnostics(), "the end of the problem")
        window.quit()
        assert window.wire.exit_code() == 0

    assert len(await play(answer, scene)) == 2


async def test_a_comment_is_carried_out_beside_another_language_server(play, root):
    def scene(window):
        window.until(lambda: window.diagnostics("Ruff"), "the other server's problem")
        window.go_to(6)
        window.type("O" + NOTE.strip())
        window.terminal.press("Escape")
        window.choose("Do what it says")
        window.pick("Allow checks here")
        assert window.wait_for_text(NEW) == project.SOURCE
        window.undo()
        assert window.wait_for_text(OLD) == TYPO.replace(OLD, NOTE + OLD)

    await play(lambda _: Reply(patch(NEW, NOTE + OLD)), scene, beside={"ruff": scenes.RUFF})
