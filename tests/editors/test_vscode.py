"""Pointsman in a real VS Code, with its extension as users install it: what is pressed, seen, undone and saved."""

import asyncio
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import vscode_setup
from debian import CannotInstallError
from test_neovim import NEW, OLD, TYPO, patch
from vscode import Studio

from conftest import ARTEFACTS
from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import project

pytestmark = pytest.mark.xdist_group("vscode")
ACTION = "Fix: Undefined name `discont`"


@pytest.fixture(scope="module")
def thread():
    """The one thread that may touch the browser."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def studio(thread):
    try:
        extensions = [vscode_setup.package()]
        studio = thread.submit(Studio, extensions).result()
    except CannotInstallError as error:
        if os.environ.get("CI"):
            pytest.fail(f"VS Code cannot be had: {error}")
        pytest.skip(f"VS Code cannot be had: {error}. To try again: python tests/editors/vscode_setup.py")
    yield studio
    thread.submit(studio.close).result()


@pytest.fixture
def root(tmp_path):
    root = project.make(tmp_path, TYPO)
    with (root / "pyproject.toml").open("a") as file:
        file.write("[tool.ruff]\n")
    return root


@pytest.fixture
def play(studio, thread, request, root):
    """Play a scene in a window of VS Code beside the loop that a scripted model answers in."""

    async def playing(answer, scene, **settings):
        name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
        keep = ARTEFACTS / name.replace("test_", "test_vscode_", 1)
        async with ScriptedProvider(answer) as provider:
            config = project.config(root.parent, provider.url, **settings)
            server = [sys.executable, "-m", "pointsman.cli.main", "serve", "--config", str(config)]

            def act():
                window = studio.open(root / "shop/price.py", server, keep)
                try:
                    scene(window)
                finally:
                    window.close()

            await asyncio.wrap_future(thread.submit(act))
            return provider.requests

    return playing


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
        window.choose(ACTION)
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
