"""Real editors: in CI one that cannot run fails, elsewhere it is skipped with the way to get it."""

import os
import re
import sys
from functools import partial
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import install
from emacs import Emacs
from helix import Helix
from neovim import Neovim

ARTEFACTS = Path(__file__).parents[2] / "artefacts/editors"
KINDS = {"nvim": Neovim, "hx": Helix, "emacs": Emacs}


def _params(*names):
    """One for each version of these editors; those of one version share a worker, which is where they are fetched."""
    return [
        pytest.param(recipe, id=recipe.id, marks=pytest.mark.xdist_group(recipe.id))
        for recipe in install.RECIPES
        if recipe.name in names
    ]


def _program(recipe):
    """The path of a real editor."""
    try:
        install.tmux()
        return install.install(recipe)
    except install.CannotInstallError as error:
        if os.environ.get("CI") and recipe.required:
            pytest.fail(f"{recipe.id} cannot be had: {error}")
        pytest.skip(f"{recipe.id} cannot be had: {error}. To try again: python tests/editors/install.py")


def pytest_collection_modifyitems(items):
    """On a busy machine a key may be lost between a terminal and its program: then the scene is played again."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(params=_params("nvim"))
def neovim(request):
    return request.param


@pytest.fixture(params=_params(*KINDS))
def editor(request):
    """The recipe of each editor that is driven by keys in a terminal."""
    return request.param


@pytest.fixture
def open_window(request, tmp_path, record_property):
    """Opens an editor on a file. What was seen and said stays in artefacts/editors."""
    windows = []

    def opening(recipe, file, setup):
        name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        keep = ARTEFACTS / (f"{name}-{len(windows) + 1}" if windows else name)
        program = _program(recipe)
        record_property("editor", f"{recipe.name} {recipe.version}")
        windows.append(KINDS[recipe.name](program, file, setup, home, keep))
        return windows[-1]

    yield opening
    for window in windows:
        window.close()


@pytest.fixture
def open_neovim(neovim, open_window):
    """Opens Neovim on a file with a server."""
    return partial(open_window, neovim)
