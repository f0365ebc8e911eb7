"""Pointsman in a real Neovim: what a user presses, sees, undoes and saves, with a real server and real checks."""

import asyncio
import sys
import threading

import pytest
from terminal import PATIENCE
from window import Setup

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import project

TYPO = project.SOURCE.replace("discount) / 100", "discont) / 100")
OLD, NEW = "    return sum(prices) * (100 - discont) / 100", project.OLD
ACTION = "Fix: Undefined name `discont`"
NOTE = "    # pointsman: the discount is taken off\n"


def patch(new, old=OLD):
    """A diff that replaces some lines of `total` by one."""
    removed = "".join(f"-{line}\n" for line in old.splitlines())
    head = f"--- a/shop/price.py\n+++ b/shop/price.py\n@@ -4,{old.count(chr(10)) + 3} +4,3 @@\n"
    context = "".join(f" {line}\n" for line in TYPO.splitlines()[3:5])
    return f"{head}{context}{removed}+{new}\n"


@pytest.fixture
def root(tmp_path):
    root = project.make(tmp_path, TYPO)
    with (root / "pyproject.toml").open("a") as file:
        file.write("[tool.ruff]\n")
    return root


def play(open_neovim, root, provider, scene, beside=()):
    """Play a scene in Neovim beside the loop that the provider answers in."""
    settings = project.config(root.parent, provider.url)
    server = [sys.executable, "-m", "pointsman.cli.main", "serve", "--config", str(settings)]
    window = open_neovim(root / "shop/price.py", Setup(server, dict(beside)))
    return asyncio.to_thread(scene, window)


def checked(window):
    """Let the project's checks run, and wait for the problem they find."""
    window.execute("pointsman.runChecks")
    window.pick("Allow checks here")
    window.until(lambda: any("discont" in found["message"] for found in window.diagnostics()), "the problem")
    window.go_to(6)


async def test_a_quick_fix_that_passed_the_checks_is_one_undo_and_is_saved_by_the_user(open_neovim, root):
    file = root / "shop/price.py"

    def answer(request):
        told = "`diskount`" in request.messages[-1][1]
        return Reply(patch(NEW if told else OLD.replace("discont", "diskount")))

    def scene(window):
        checked(window)
        window.choose(ACTION)
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

    async with ScriptedProvider(answer) as provider:
        await play(open_neovim, root, provider, scene)
        assert len(provider.requests) == 2


async def test_a_comment_is_carried_out_beside_another_language_server(open_neovim, root):
    def answer(request):
        return Reply(patch(NEW, NOTE + OLD))

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

    async with ScriptedProvider(answer) as provider:
        await play(open_neovim, root, provider, scene, {"ruff": [sys.executable, "-m", "ruff", "server"]})


async def test_typing_while_the_model_thinks_is_kept(open_neovim, root):
    asked, typed = threading.Event(), threading.Event()

    async def answer(request):
        asked.set()
        await asyncio.to_thread(typed.wait, PATIENCE)
        return Reply(patch(NEW))

    def scene(window):
        checked(window)
        window.choose(ACTION)
        assert asked.wait(PATIENCE)
        window.go_to(1)
        window.type("O# typed meanwhile \N{GRINNING FACE}")
        window.terminal.press("Escape")
        typed.set()
        assert window.wait_for_text(NEW) == "# typed meanwhile \N{GRINNING FACE}\n" + project.SOURCE

    async with ScriptedProvider(answer) as provider:
        await play(open_neovim, root, provider, scene)
