"""A terminal of its own for one program: keys go in, the screen comes out."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import install

PATIENCE = float(os.environ.get("POINTSMAN_TEST_PATIENCE", "60"))
"""Seconds until a wait is given up; never a measure of anything."""
LIFETIME_SECONDS = 900
"""A terminal whose test run was killed ends by itself."""
COLUMNS, ROWS = 140, 40
FOREIGN = ("TMUX", "TMUX_PANE", "NVIM", "NVIM_APPNAME", "VIM", "VIMRUNTIME", "VIMINIT")
"""What a test run inside somebody's editor or tmux would pass on."""


def wait_for(found: Callable[[], Any], what: str, show: Callable[[], str] = lambda: "") -> Any:
    """The first true value of `found`."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError(f"never seen: {what}\n{show()}")


class Terminal:
    """A program in a tmux server of its own, which is ended by its own socket and nothing else.

    `{folder}` in the command line stands for a folder for sockets, whose paths may not be long.
    """

    def __init__(self, argv: list[str], cwd: Path, environment: Mapping[str, str]) -> None:
        self._tmux = str(install.tmux())
        self.folder = Path(tempfile.mkdtemp(prefix="pointsman-"))
        argv = [part.replace("{folder}", str(self.folder)) for part in argv]
        inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self._environment = {**inherited, "LC_ALL": "C.UTF-8", **environment}
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        program = f"TERM=tmux-256color {shlex.join(argv)}; echo ENDED $?; sleep 600"
        self._run("-u", "-f", "/dev/null", "new-session", "-d", *size, "-c", str(cwd), program)
        self._run("set", "-g", "escape-time", "0")
        self._run("run-shell", "-b", "-d", str(LIFETIME_SECONDS), "-C", "kill-server")

    def type(self, text: str) -> None:
        self._run("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, Escape, C-p."""
        self._run("send-keys", *keys)

    def screen(self, *, colours: bool = False) -> str:
        return self._run("capture-pane", "-p", *(["-e"] if colours else []))

    def wait(self, pattern: str) -> re.Match[str]:
        """The first match of a pattern on the screen."""
        return wait_for(lambda: re.search(pattern, self.screen()), pattern, self.screen)

    def close(self) -> None:
        self._run("kill-server", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *args: str, check: bool = True) -> str:
        done = subprocess.run(
            [self._tmux, "-S", str(self.folder / "tmux"), *args],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, f"tmux {args[0]}: {done.stderr}"
        return done.stdout
