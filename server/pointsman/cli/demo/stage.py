"""What the demo is played on: a copy of the sample project, and a configuration that leads to the model."""

import json
import shutil
import sys
from collections.abc import Mapping
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pointsman.errors import PointsmanError

SAMPLE = "splitbill"
TOOLS = ("pytest", "ruff")
MODELS = ("quick", "careful")


def need_tools() -> None:
    """The sample is checked with real tools; say so before anything starts, if they are not there."""
    missing = [name for name in TOOLS if find_spec(name) is None]
    if missing:
        message = f"The demo checks its sample project with {' and '.join(missing)}, not installed here."
        raise PointsmanError(message, "Install them with the demo: pip install 'pointsman[demo]'")


def lay_out(folder: Path, sample: Path | None = None) -> Path:
    """A copy of the sample project, or of another one; its root."""
    root = folder.resolve() / SAMPLE
    ignore = shutil.ignore_patterns("__pycache__")
    if sample:
        shutil.copytree(sample, root, ignore=ignore)
    else:
        with as_file(files("pointsman.cli.demo") / "sample") as bundled:
            shutil.copytree(bundled, root, ignore=ignore)
    return root


def scripted_settings(url: str) -> dict[str, Any]:
    """A configuration like a user's, for a provider at a URL."""
    provider = {"name": "scripted", "api_base_url": url, "api_key": "", "models": list(MODELS)}
    routes = {"default": "scripted,careful", "quickEdit": "scripted,quick"}
    return {"Providers": [provider], "Router": routes}


def write_config(folder: Path, settings: Mapping[str, Any]) -> Path:
    """The file, readable by its owner alone: it may hold a key. The checks run with this very Python."""
    checks = {**settings.get("checks", {}), "python": sys.executable}
    path = folder / "config.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({**settings, "checks": checks}, indent=2), "utf-8")
    return path


def environment(folder: Path) -> dict[str, str]:
    """Where the server keeps what it remembers: it goes with the sample, and the user's own stays as it is.

    The sample's tests need no plugin of pytest, and those of a full environment take seconds of every run.
    """
    kinds = ("CONFIG", "CACHE", "STATE", "DATA")
    homes = {f"XDG_{kind}_HOME": str(folder / "home" / kind.lower()) for kind in kinds}
    return {**homes, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
