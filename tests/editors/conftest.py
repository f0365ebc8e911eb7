"""Real editors: in CI one that cannot run fails, elsewhere it is skipped with the way to get it."""

import asyncio
import json
import os
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import install
import vscode_setup
from emacs import Emacs
from helix import Helix
from install import CannotInstallError
from neovim import PLUGIN, Neovim
from vscode import Studio
from window import Setup

from support import scenes

ARTEFACTS = Path(__file__).parents[2] / "artefacts/editors"
KINDS = {"nvim": Neovim, "hx": Helix, "emacs": Emacs}
WINDOWS = {"open_window", "studio"}
"""The fixtures that lead to a real window."""
SMOKE = "test_typing_while_the_model_thinks"
"""The one scene that editors of the second ring play in `make test`; they play the others in `make test-full`."""


def pytest_generate_tests(metafunc):
    """One test for each version of each editor, or of those that a module names as its `EDITORS`."""
    if "editor" in metafunc.fixturenames:
        names = getattr(metafunc.module, "EDITORS", KINDS)
        metafunc.parametrize("editor", [_param(recipe) for recipe in install.RECIPES if recipe.name in names])


def _param(recipe):
    """Those of one version share a worker, which is where they are fetched."""
    return pytest.param(recipe, id=recipe.id, marks=pytest.mark.xdist_group(recipe.id))


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is slow
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent != Path(__file__).parent or not WINDOWS & set(item.fixturenames):
            continue
        # on a busy machine a key may be lost between a window and its program: then the scene is played again
        item.add_marker(pytest.mark.flaky(reruns=2))
        recipe = item.callspec.params.get("editor") if hasattr(item, "callspec") else None
        if recipe and not recipe.required and item.originalname != SMOKE:
            item.add_marker(pytest.mark.slow)


def _program(recipe):
    """The path of a real editor."""
    try:
        install.tmux()
        return install.install(recipe)
    except CannotInstallError as error:
        if os.environ.get("CI") and recipe.required:
            pytest.fail(f"{recipe.id} cannot be had: {error}")
        pytest.skip(f"{recipe.id} cannot be had: {error}. To try again: python tests/editors/install.py")


@pytest.fixture
def keep(request):
    """The folder for what was seen and said in a test."""
    return ARTEFACTS / re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")


@pytest.fixture
def home(tmp_path):
    """The home directory of an editor's user."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def open_window(editor, home, keep, record_property):
    """Opens an editor on a file."""
    windows = []

    def opening(file, setup):
        folder = keep.with_name(f"{keep.name}-{len(windows) + 1}") if windows else keep
        program = _program(editor)
        record_property("editor", f"{editor.name} {editor.version}")
        windows.append(KINDS[editor.name](program, file, setup, home, folder))
        return windows[-1]

    yield opening
    for window in windows:
        window.close()


@pytest.fixture
def root(tmp_path):
    """The project that the scenes play in."""
    return scenes.make(tmp_path)


@pytest.fixture
def own(editor):
    """The configuration of an editor's user who has installed Pointsman as its page says."""
    return PLUGIN if editor.name == "nvim" else None


@pytest.fixture
def play(open_window, root, home, own):
    """Plays a scene in an editor on a file of the project, beside the loop that a scripted model answers in."""

    async def playing(answer, scene, *, file="shop/price.py", beside=(), init=None, trusted=False, **settings):
        async with scenes.staged(root.parent, answer, **settings) as stage:

            def played():
                if trusted:
                    stage.trust(root, home)
                scene(open_window(root / file, Setup(stage.server, dict(beside), init or own)))

            await asyncio.to_thread(played)
            return stage.provider.requests

    return playing


@pytest.fixture
def held():
    """An answer that waits: the event that it was asked for, the one that lets it go, and the answer itself."""
    asked, go = threading.Event(), threading.Event()

    def holding(reply):
        async def answer(_):
            asked.set()
            while not go.is_set():  # noqa: ASYNC110 - set in another thread, and no thread may wait behind a cancelled request
                await asyncio.sleep(0.05)
            return reply

        return answer

    return asked, go, holding


@pytest.fixture(scope="module")
def thread():
    """The one thread that may touch the browser."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def studio(thread):
    try:
        extensions = [vscode_setup.package(), vscode_setup.beside()]
        studio = thread.submit(Studio, extensions).result()
    except CannotInstallError as error:
        if os.environ.get("CI"):
            pytest.fail(f"VS Code cannot be had: {error}")
        pytest.skip(f"VS Code cannot be had: {error}. To try again: python tests/editors/vscode_setup.py")
    yield studio
    thread.submit(studio.close).result()


@pytest.fixture
def play_in_code(studio, thread, keep, record_property, root):
    """Plays a scene in a window of VS Code beside the loop that a scripted model answers in.

    `workspace` is the file of a workspace of several folders, instead of the project's folder; `user` are settings of
    the editor's user for this window.
    """
    record_property("editor", vscode_setup.CODE_SERVER.replace("@", " "))
    folder = keep.with_name(keep.name.replace("test_", "test_vscode_", 1))

    async def playing(answer, scene, *, beside=(), workspace=None, user=(), **settings):
        (root.parent / "beside.json").write_text(json.dumps(dict(beside)))
        async with scenes.staged(root.parent, answer, **settings) as stage:

            def act():
                studio.set_user(dict(user))
                window = studio.open(root / "shop/price.py", stage.server, folder, workspace)
                try:
                    scene(window)
                finally:
                    window.close()

            await asyncio.wrap_future(thread.submit(act))
            return stage.provider.requests

    return playing
