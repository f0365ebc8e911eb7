"""Neovim as a user has it: keys in a terminal; its socket only tells what is in the buffers."""

import json
import re
import time
from pathlib import Path

import pynvim
from terminal import Terminal, wait_for

INIT = Path(__file__).parent / "init.lua"
ARTEFACTS = Path(__file__).parents[2] / "artefacts"


class Neovim:
    def __init__(self, program: Path, file: Path, server: list[str], home: Path, name: str) -> None:
        self.name = name
        socket = home / "nvim.sock"
        folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        environment = {**folders, "HOME": str(home), "POINTSMAN_COMMAND": json.dumps(server)}
        argv = [str(program), "-u", str(INIT), "-i", "NONE", "-n", "--listen", str(socket), str(file)]
        self.terminal = Terminal(name, argv, file.parent, environment)
        wait_for(socket.exists, "Neovim's socket", self.terminal.screen)
        self.rpc = pynvim.attach("socket", path=str(socket))
        wait_for(
            lambda: self.lua("return #vim.lsp.get_clients({bufnr = 0})"), "the language server", self.terminal.screen
        )

    def lua(self, code: str) -> object:
        return self.rpc.exec_lua(code)

    def text(self) -> str:
        return "\n".join(self.rpc.current.buffer[:]) + "\n"

    def go_to(self, line: int) -> None:
        self.terminal.type(f"{line}G")

    def choose(self, title: str) -> None:
        """Ask for code actions as a user does, and pick one; asks again while the server is starting."""
        for _ in range(40):
            self.terminal.type(":lua vim.lsp.buf.code_action()")
            self.terminal.press("Enter")
            end = time.monotonic() + 3
            while time.monotonic() < end:
                screen = self.terminal.screen()
                if found := re.search(rf"(\d+): {re.escape(title)}", screen):
                    self.capture("menu")
                    self.terminal.type(found[1])
                    self.terminal.press("Enter")
                    return
                if "No code actions" in screen:
                    break
                time.sleep(0.1)
            self.terminal.press("Escape")
        raise AssertionError(f"{title!r} was never offered\n{self.terminal.screen()}")

    def capture(self, label: str) -> None:
        """Keep what the user sees."""
        ARTEFACTS.mkdir(exist_ok=True)
        (ARTEFACTS / f"{self.name}-{label}.txt").write_text(self.terminal.screen())
        (ARTEFACTS / f"{self.name}-{label}.ansi").write_text(self.terminal.screen(colours=True))

    def close(self) -> None:
        self.rpc.close()
        self.terminal.close()
