"""Real editors: in CI one that cannot run fails, elsewhere it is skipped with the way to get it."""

import os
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import install
from neovim import PLAIN, Neovim

ARTEFACTS = Path(__file__).parents[2] / "artefacts/editors"
NEOVIMS = [
    pytest.param(recipe, id=f"nvim-{recipe.suite}", marks=pytest.mark.xdist_group(f"nvim-{recipe.suite}"))
    for recipe in install.RECIPES
    if recipe.name == "nvim"
]


@pytest.fixture(scope="session", params=NEOVIMS)
def nvim_program(request):
    """The path of a real Neovim."""
    recipe = request.param
    try:
        install.tmux()
        return install.install(recipe)
    except install.CannotInstallError as error:
        if os.environ.get("CI") and recipe.required:
            pytest.fail(f"Neovim ({recipe.suite}) cannot be had: {error}")
        pytest.skip(f"Neovim ({recipe.suite}) cannot be had: {error}. To try again: python tests/editors/install.py")


@pytest.fixture
def open_neovim(nvim_program, request, tmp_path):
    """Opens Neovim on a file with a server. What was seen and said stays in artefacts/editors."""
    windows = []

    def open_window(file, server, beside=(), init=PLAIN):
        name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        keep = ARTEFACTS / (f"{name}-{len(windows) + 1}" if windows else name)
        windows.append(Neovim(nvim_program, file, server, home, keep, dict(beside), init))
        return windows[-1]

    yield open_window
    for window in windows:
        window.close()
