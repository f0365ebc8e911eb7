"""What scenes in real editors share: the project they play in, what its model answers, and the server they start."""

import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pointsman.cli.demo.provider import ScriptedProvider
from support import project

RUFF = [sys.executable, "-m", "ruff", "server"]
UNCHECKED = {"checks": {"enabled": False}}
"""Settings with which every edit becomes a proposal, at once."""
TYPO = project.SOURCE.replace("discount) / 100", "discont) / 100")
OLD, NEW = "    return sum(prices) * (100 - discont) / 100", project.OLD
FIX = "Fix: Undefined name `discont`"
MOVED = """diff --git a/shop/words.py b/shop/text.py
rename from shop/words.py
rename to shop/text.py
diff --git a/shop/rate.py b/shop/rate.py
new file mode 100644
--- /dev/null
+++ b/shop/rate.py
@@ -0,0 +1,2 @@
+def rate(discount):
+    return 1 - discount / 100
"""
"""Beside a patch: a file that moves, and a new one."""
_SERVER = [sys.executable, "-m", "pointsman.cli.main"]


def patch(new: str, old: str = OLD) -> str:
    """A diff that replaces the one line of `total`, or some lines that begin in its place."""
    removed = "".join(f"-{line}\n" for line in old.splitlines())
    return f"--- a/shop/price.py\n+++ b/shop/price.py\n@@ -6,{old.count(chr(10)) + 1} +6,1 @@\n{removed}+{new}\n"


def make(folder: Path, source: str = TYPO) -> Path:
    """The project with a linter of its own and a second module; its root."""
    root = project.make(folder, source)
    (root / "shop/words.py").write_text("WORDS = []\n")
    with (root / "pyproject.toml").open("a") as file:
        file.write("[tool.ruff]\n")
    return root


@dataclass
class Stage:
    """A scripted model, and the command line of a server that asks it."""

    provider: ScriptedProvider
    config: Path

    @property
    def server(self) -> list[str]:
        return [*_SERVER, "serve", "--config", str(self.config)]

    def trust(self, root: Path, home: Path) -> None:
        """Allow the project's checks, as its user does in the shell."""
        folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        allowed = [*_SERVER, "trust", "--config", str(self.config), str(root)]
        subprocess.run(allowed, check=True, env={**os.environ, "HOME": str(home), **folders}, capture_output=True)


@contextlib.asynccontextmanager
async def staged(folder: Path, answer: Callable[[Any], Any], **settings: Any) -> AsyncIterator[Stage]:
    async with ScriptedProvider(answer) as provider:
        yield Stage(provider, project.config(folder, provider.url, **settings))
