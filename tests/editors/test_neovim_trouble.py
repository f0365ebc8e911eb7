"""What cannot work, in a real Neovim with our plugin: each ends in one clear message, and no text is changed."""

import os
import signal
import sys

from neovim import PLUGIN
from terminal import PATIENCE
from window import Setup

from pointsman.cli.demo.provider import Reply
from support import project
from support.scenes import NEW, TYPO, UNCHECKED, patch

EDITORS = ("nvim",)
ASK = "refactor take the discount off"
HUGE = 33 << 20
OUTSIDE = "def twice(x):\n    return x + x\n"


def right(_):
    return Reply(patch(NEW))


def refactor(window):
    """Again while the server is starting."""
    window.execute(ASK)


def refused(window, words):
    """Ask in vain: again while the server is starting, until it says why."""

    def told():
        number = len(window.wire.all("workspace/executeCommand")) + 1
        window.command(f"Pointsman {ASK}")
        window.wire.answer("workspace/executeCommand", number)
        return words in _said(window)

    window.until(told, words)


async def test_a_program_that_is_not_there(root, open_window):
    window = open_window(root / "shop/price.py", Setup(["/nowhere/pointsman"], init=PLUGIN, starts=False))
    window.terminal.wait("/nowhere/pointsman is no program here. pipx install pointsman")
    window.terminal.press("Enter")
    window.command(f"Pointsman {ASK}")
    window.terminal.wait("not running here. :checkhealth pointsman says why")
    window.command("checkhealth pointsman")
    window.terminal.wait("/nowhere/pointsman is not executable")


async def test_a_python_that_has_no_pointsman(root, open_window):
    bare = [sys.executable, "-S", "-E", "-m", "pointsman.cli.main", "serve"]
    window = open_window(root / "shop/price.py", Setup(bare, init=PLUGIN, starts=False))
    window.terminal.wait("the server ended by itself. :Pointsman restart starts it anew")


async def test_a_server_that_dies_in_the_middle_of_a_task(play, held):
    asked, _, holding = held

    def scene(window):
        window.go_to(6)
        refactor(window)
        assert asked.wait(PATIENCE)
        window.terminal.wait("Pointsman · refactor")
        os.kill(window.wire.server_pid(), signal.SIGKILL)
        window.terminal.wait(r"the server ended in the middle of: .*Nothing was changed")
        window.capture("ended")
        assert "quit with exit code" not in window.lua("return vim.fn.execute('messages')"), "one message is enough"
        assert window.lua("return require('pointsman').statusline()") == ""
        assert window.text() == TYPO

    await play(holding(right(None)), scene, **UNCHECKED)


async def test_a_proposal_is_there_again_after_a_restart(play):
    def waiting(window):
        return window.lua("return #require('pointsman.tasks').proposals") == 1

    def scene(window):
        window.go_to(6)
        refactor(window)
        window.until(lambda: waiting(window), "the proposal")
        window.restart_server()
        window.wire.answer("initialize", 2)
        window.until(lambda: window.lua("return require('pointsman.client').get(0).initialized"), "the new server")
        window.until(lambda: waiting(window), "the proposal in the new server")
        window.command("Pointsman apply")
        assert window.wait_for_text(NEW) == project.SOURCE

    await play(right, scene, **UNCHECKED)


async def test_a_buffer_that_is_no_file(play):
    def scene(window):
        window.command("enew")
        window.command(f"Pointsman {ASK}")
        window.terminal.wait("Pointsman works on files: save this buffer in one first")

    assert not await play(right, scene, **UNCHECKED)


async def test_a_file_that_is_read_only(play, root):
    file = root / "shop/price.py"
    file.chmod(0o444)

    def scene(window):
        window.go_to(6)
        refactor(window)
        window.until(lambda: window.lua("return #require('pointsman.tasks').proposals") == 1, "the proposal")
        window.command("Pointsman apply")
        window.until(lambda: "shop/price.py is read-only" in _said(window), "the message")
        assert window.text() == TYPO
        file.chmod(0o644)
        window.command("Pointsman apply")
        assert window.wait_for_text(NEW) == project.SOURCE

    await play(right, scene, **UNCHECKED)


async def test_a_file_of_no_folder(play, root):
    file = root.parent / "lone.py"
    file.write_text(OUTSIDE)
    change = "--- a/lone.py\n+++ b/lone.py\n@@ -2,1 +2,1 @@\n-    return x + x\n+    return 2 * x\n"

    def scene(window):
        window.command(f"edit {file}")
        window.wire.message("textDocument/didOpen", 2)
        refactor(window)
        window.until(lambda: "no checks" in _said(window), "the message")
        window.command("Pointsman apply")
        assert window.wait_for_text("2 * x", file) == OUTSIDE.replace("x + x", "2 * x")

    await play(lambda _: Reply(change), scene)


async def test_a_huge_file(play, root):
    line = "x = 1  # one of very many lines\n"
    (root / "shop/huge.py").write_text(line * (HUGE // len(line)))

    def scene(window):
        refused(window, "larger than 32 MB")

    assert not await play(right, scene, file="shop/huge.py", **UNCHECKED)


async def test_a_binary_file(play, root):
    (root / "shop/data.py").write_bytes(bytes(range(256)) * 40)

    def scene(window):
        refused(window, "is a binary file")

    assert not await play(right, scene, file="shop/data.py", **UNCHECKED)


async def test_two_editors_on_one_folder(play, root, open_window):
    def scene(window):
        window.go_to(6)
        refactor(window)
        window.until(lambda: window.lua("return #require('pointsman.tasks').proposals") == 1, "the proposal")
        server = window.wire.message("$/tap/start")["params"]["command"]
        other = open_window(root / "shop/price.py", Setup(server, init=PLUGIN))
        other.until(lambda: other.lua("return #require('pointsman.tasks').proposals") == 1, "the proposal, seen there")
        window.command("Pointsman discard")
        window.wire.answer("workspace/executeCommand", 2)
        other.command("Pointsman apply")
        other.until(lambda: "not there any more" in _said(other), "the message")
        assert other.text() == TYPO

    await play(right, scene, **UNCHECKED)


def _said(window):
    """All that the server told its user."""
    return str(window.wire.all("window/showMessage"))
