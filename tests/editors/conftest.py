"""Real editors: in CI one that cannot run fails, elsewhere it is skipped with the way to get it."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import install


@pytest.fixture(params=[recipe for recipe in install.RECIPES if recipe.name == "nvim"], ids=lambda r: f"nvim-{r.suite}")
def nvim_program(request):
    recipe = request.param
    try:
        return install.install(recipe)
    except install.CannotInstallError as error:
        if os.environ.get("CI") and recipe.required:
            pytest.fail(f"Neovim ({recipe.suite}) cannot be had: {error}")
        pytest.skip(f"Neovim ({recipe.suite}): {error}. Run: python tests/editors/install.py")
