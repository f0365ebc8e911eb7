"""What `pointsman doctor --editor` prints, put where it says, in the real editor: nothing else is needed."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
import tap
from window import Setup

from pointsman.cli.demo.provider import Reply
from support import scenes

NAMES = {"nvim": "neovim", "hx": "helix", "emacs": "emacs"}
PROGRAM = str(Path(sys.executable).with_name("pointsman"))


@pytest.fixture
def init(editor, root, keep):
    """The file that doctor's words are put into, but that its server is behind a tap."""
    argv = [PROGRAM, "doctor", "--editor", NAMES[editor.name]]
    printed = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    assert PROGRAM in printed
    keep.mkdir(parents=True, exist_ok=True)
    program, init = root.parent / "pointsman", root.parent / "init.lua"
    tapped = tap.command(keep / "wire.jsonl", [PROGRAM])
    program.write_text(f"#!{sys.executable}\nimport os, sys\nargv = {tapped} + sys.argv[1:]\nos.execv(argv[0], argv)\n")
    program.chmod(0o755)
    init.write_text(printed.replace(PROGRAM, str(program)))
    return init


async def test_what_doctor_prints_is_enough(open_window, root, init, monkeypatch):
    def scene(requests):
        window = open_window(root / "shop/price.py", Setup([], init=init))
        window.go_to(6)
        window.choose("Explain total")
        window.until(requests, "a question to the model")

    async with scenes.staged(root.parent, lambda _: Reply("It takes off a discount.")) as stage:
        monkeypatch.setenv("POINTSMAN_CONFIG", str(stage.config))
        await asyncio.to_thread(scene, lambda: stage.provider.requests)
