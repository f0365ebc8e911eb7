"""A terminal of its own for one program: keys go in, the screen comes out."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import install

PATIENCE = 60.0
"""Seconds until a wait is given up; never a measure of anything."""


def wait_for(found: Callable[[], Any], what: str, show: Callable[[], str] = lambda: "") -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError(f"never seen: {what}\n{show()}")


class Terminal:
    """A program in a private tmux server, which ends with it."""

    def __init__(self, name: str, argv: list[str], cwd: Path, environment: Mapping[str, str]) -> None:
        self._tmux = str(install.tmux())
        self._socket = f"pointsman-{name}-{os.getpid()}"
        variables = [f"{key}={value}" for key, value in environment.items()]
        command = shlex.join(["env", "TERM=tmux-256color", *variables, *argv])
        size = ["-x", "110", "-y", "32"]
        self._run("-f", "/dev/null", "new-session", "-d", *size, "-c", str(cwd), f"{command}; echo ENDED; sleep 600")
        self._run("set", "-g", "escape-time", "0")

    def type(self, text: str) -> None:
        self._run("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, Escape, C-p."""
        self._run("send-keys", *keys)

    def screen(self, *, colours: bool = False) -> str:
        return self._run("capture-pane", "-p", *(["-e"] if colours else []))

    def wait(self, words: str) -> str:
        """The screen, once it shows some words."""
        wait_for(lambda: words in self.screen(), words, self.screen)
        return self.screen()

    def close(self) -> None:
        self._run("kill-server")

    def _run(self, *args: str) -> str:
        done = subprocess.run([self._tmux, "-L", self._socket, *args], capture_output=True, text=True, check=False)
        return done.stdout
