"""A small project to work on, and a configuration that leads to a scripted provider."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SOURCE = '''"""Prices."""


def total(prices, discount):
    """The sum of prices after a discount in percent."""
    return sum(prices) * (100 - discount) / 100


def shout(text):
    return text.upper()
'''
OLD = "    return sum(prices) * (100 - discount) / 100"
NEW = "    return sum(prices) * (1 - discount / 100)"
BAD = "    return sum(prices) * discount / 100"
DONE = SOURCE.replace(OLD, NEW)
TESTS = """from shop.price import shout, total


def test_total():
    assert total([10, 20], 10) == 27


def test_shout():
    assert shout("a") == "A"


def test_known_to_fail():
    assert shout("a") == "known trouble"
"""


def patch(new: str) -> str:
    """A diff that replaces the body of `total`."""
    quoted = '"""The sum of prices after a discount in percent."""'
    return f"--- a/shop/price.py\n+++ b/shop/price.py\n@@ -5,2 +5,2 @@\n     {quoted}\n-{OLD}\n+{new}\n"


RIGHT, WRONG = patch(NEW), patch(BAD)


def make(folder: Path, source: str = SOURCE, tests: str = TESTS) -> Path:
    """The project in a folder of its own, as a git repository; its root."""
    root = folder / "project"
    for path, text in {
        "shop/__init__.py": "",
        "shop/price.py": source,
        "tests/test_price.py": tests,
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\npythonpath = ["."]\n',
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "start"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def config(folder: Path, url: str, *, router: Mapping[str, Any] | None = None, **more: Any) -> Path:
    """A config file with one provider, `scripted`, at a URL."""
    provider = {"name": "scripted", "api_base_url": url, "api_key": "k", "models": ["coder", "thinker", "reader"]}
    data = {
        "Providers": [provider],
        "Router": {"default": "scripted,coder", **(router or {})},
        "checks": {"python": sys.executable},
        **more,
    }
    path = folder / "config.json"
    path.write_text(json.dumps(data))
    return path
