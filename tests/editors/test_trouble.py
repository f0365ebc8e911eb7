"""What cannot work, in every editor that a terminal can show: each ends in one clear message, and no text is changed.

What the editor itself says, where the server has no word in it, is written down here as well.
"""

import os
import signal
import sys

from terminal import PATIENCE
from window import Setup

from pointsman.cli.demo.provider import Reply
from support import project
from support.scenes import NEW, TYPO, UNCHECKED, patch

HUGE = 33 << 20
LINE = "x = 1  # one of very many lines\n"
OUTSIDE = "def total(prices):\n    return sum(prices) + 0\n"
CHANGE = "--- a/lone.py\n+++ b/lone.py\n@@ -2,1 +2,1 @@\n-    return sum(prices) + 0\n+    return sum(prices)\n"
NO_SERVER = {
    "nvim": "not running here. :checkhealth pointsman says why",
    "hx": "No configured language server supports code actions",
    "emacs": "No current JSON-RPC connection",
}
"""What is said to who asks for code actions, or for a task in Neovim."""


def right(_):
    return Reply(patch(NEW))


def ask(window, editor):
    """What a user presses who does not know that nothing can come of it."""
    window.leave()
    if editor.name == "nvim":
        window.command("Pointsman explain")
    else:
        window.ask_for_actions()


async def test_a_program_that_is_not_there(root, open_window, editor, own):
    window = open_window(root / "shop/price.py", Setup(["/nowhere/pointsman"], init=own, starts=False))
    if editor.name == "hx":
        assert "'/nowhere/pointsman' not found" in window.health()
    else:
        words = {"nvim": "/nowhere/pointsman is no program here", "emacs": "No such file"}
        window.terminal.wait(words[editor.name])
    ask(window, editor)
    window.terminal.wait(NO_SERVER[editor.name])
    if editor.name == "nvim":
        window.command("checkhealth pointsman")
        window.terminal.wait("/nowhere/pointsman is not executable")


async def test_a_python_that_has_no_pointsman(root, open_window, editor, own):
    bare = [sys.executable, "-S", "-E", "-m", "pointsman.cli.main", "serve"]
    window = open_window(root / "shop/price.py", Setup(bare, init=own, starts=False))
    ended = {
        "nvim": "the server ended by itself. :Pointsman restart starts it anew",
        "hx": "Language server exited",
        "emacs": "Server died",
    }
    window.terminal.wait(ended[editor.name])


async def test_a_server_that_dies_in_the_middle_of_a_task(play, held, editor):
    asked, _, holding = held

    def scene(window):
        window.go_to(6)
        window.refactor()
        assert asked.wait(PATIENCE)
        os.kill(window.wire.server_pid(), signal.SIGKILL)
        if editor.name != "emacs":  # which starts a new one by itself
            words = {"nvim": "the server ended by itself", "hx": "Language server exited"}
            window.terminal.wait(words[editor.name])
            window.restart_server()
        window.told("server ended in the middle of: Simplify total. Nothing was changed")
        window.capture("ended")
        assert window.text() == TYPO
        if editor.name == "nvim":
            assert "quit with exit code" not in window.lua("return vim.fn.execute('messages')"), "one message is enough"
            assert window.lua("return require('pointsman').statusline()") == ""

    await play(holding(right(None)), scene, **UNCHECKED)


async def test_what_is_open_is_no_source_file(play, root, editor):
    (root / "shop/data.py").write_bytes(bytes(range(256)) * 40)
    (root / "shop/huge.py").write_text(LINE * (HUGE // len(LINE)))

    def scene(window):
        window.open(root / "shop/data.py")
        if editor.name == "emacs":  # it can tell no server of such bytes, and doubts that huge files are wanted
            window.terminal.wait(r"data\.py .*\[eglot")
            ask(window, editor)
            window.terminal.wait("No code actions here")
            window.open(root / "shop/huge.py")
            window.terminal.wait(r"huge\.py is large \(33 MiB\), really open\?")
        else:
            window.wire.message("textDocument/didOpen", 2)
            window.refactor_line()
            window.told("is a binary file")
            window.open(root / "shop/huge.py")
            window.wire.message("textDocument/didOpen", 3)
            window.refactor_line()
            window.told("larger than 32 MB")
        window.leave()
        window.open_scratch()
        ask(window, editor)
        window.terminal.wait({**NO_SERVER, "nvim": "save this buffer in one first"}[editor.name])

    assert not await play(right, scene, **UNCHECKED)


async def test_a_file_that_is_read_only(play, root, editor):
    file = root / "shop/price.py"
    file.chmod(0o444)

    def scene(window):
        window.go_to(6)
        window.refactor()
        window.told("kept as a proposal")
        window.choose("Apply")
        window.told("shop/price.py is read-only")
        assert file.read_text() == TYPO
        file.chmod(0o644)
        if editor.name == "emacs":  # its buffer is read-only by itself
            window.leave()
            window.press("C-x", "C-q")
            window.terminal.wait("Read-Only mode disabled")
        window.choose("Apply")
        assert window.wait_for_text(NEW) == project.SOURCE

    await play(right, scene, **UNCHECKED)


async def test_a_file_of_no_folder(play, root):
    file = root.parent / "lone.py"
    file.write_text(OUTSIDE)

    def scene(window):
        window.open(file)
        window.wire.message("textDocument/didOpen", 2)
        window.refactor()
        window.told("no checks")
        window.choose("Apply")
        assert window.wait_for_text("(prices)\n", file) == OUTSIDE.replace(" + 0", "")

    await play(lambda _: Reply(CHANGE), scene)
