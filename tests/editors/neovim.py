"""Neovim as a user has it: keys in a terminal go in, screens and files come out.

Its own socket is asked only for what no screen shows (buffers, undo), and only while no prompt is open: behind a prompt
Neovim answers nothing. Each question is a process with a time limit, so that a prompt which opens meanwhile does not
hang a test.
"""

import contextlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from window import Setup, Window

PLAIN, PLUGIN = (Path(__file__).parent / name for name in ("init.lua", "plugin.lua"))
"""A user's configuration without our plugin, and with it."""
OURS = Path(__file__).parents[2] / "editors/neovim"
QUESTION_SECONDS = 10
PROMPTS = r"Type number and <Enter>|Press ENTER|\[Y\]es, \(N\)o|-- More --"


class Neovim(Window):
    """See the module; `init` may be an init file of another user than the plain one."""

    def environment(self) -> dict[str, str]:
        return {"TEST_SERVERS": json.dumps(self.servers), "TEST_PLUGIN": str(OURS)}

    def command_line(self, setup: Setup) -> list[str]:
        init = setup.init or PLAIN
        return [str(self.program), "-u", str(init), "-i", "NONE", "-n", "--listen", "{folder}/nvim.sock"]

    def started(self) -> None:
        self.until(self._socket.exists, "Neovim's socket")

    # --- what a user does ------------------------------------------------------------------------------------------

    def command(self, text: str) -> None:
        """An Ex command."""
        self.terminal.press("Escape")
        self.terminal.type(f":{text}")
        self.terminal.press("Enter")

    def go_to(self, line: int) -> None:
        self.command(str(line))

    def open(self, file: Path) -> None:
        self.command(f"edit {file}")

    def open_scratch(self) -> None:
        self.command("enew")

    def leave(self) -> None:
        self.terminal.press("Escape", "Escape")

    def ask_for_actions(self) -> None:
        if self.lua("return vim.fn.maparg('gra', 'n') ~= ''"):
            self.type("gra")
        else:
            self.command("lua vim.lsp.buf.code_action()")

    def proposed(self, count: int = 1) -> None:
        """Wait until our plugin knows of so many proposals."""
        self.until(lambda: self.lua("return #require('pointsman.tasks').proposals") == count, f"{count} proposed")

    def refactor_line(self) -> None:
        """By our plugin's command; again while the server is starting."""

        def answered() -> bool:
            number = len(self.wire.all("workspace/executeCommand")) + 1
            self.command("Pointsman refactor make it shorter")
            return "still starting" not in str(self.wire.answer("workspace/executeCommand", number)["result"])

        self.until(answered, "an answer of the server")

    def execute(self, command: str, *keys: str) -> None:
        """`:Pointsman`, and what is typed when it asks; again while the server is starting."""

        def accepted() -> bool:
            number = len(self.wire.all("workspace/executeCommand")) + 1
            self.command(f"Pointsman {command}")
            for key in keys:
                self.type(key)
                self.terminal.press("Enter")
            return "error" not in (self.wire.answer("workspace/executeCommand", number)["result"] or {})

        self.until(accepted, f"an acknowledged {command}")

    def pick(self, title: str) -> None:
        """Pick a row of the numbered list that is shown, or will be."""
        row = self.terminal.wait(rf"(\d+)[.:] {re.escape(title)}")
        self.capture("list")
        self.type(row[1])
        self.terminal.press("Enter")

    def go_to_problem(self) -> None:
        """To the first one that is shown."""
        self.until(self.diagnostics, "a problem")
        self.command("lua vim.diagnostic.goto_next()")

    def insert_above(self, line: int, text: str) -> None:
        """A new line of text, typed."""
        self.go_to(line)
        self.type("O" + text)
        self.terminal.press("Escape")

    def run(self, command: str) -> None:
        """One of the server's commands, as our plugin lets its user run it."""
        self.command(f"Pointsman {command}")

    def restart_server(self) -> None:
        self.command("Pointsman restart")

    def undo(self) -> None:
        self.terminal.press("Escape")
        self.type("u")

    def save(self) -> None:
        self.command("silent write")

    def quit(self) -> None:
        """As a user leaves; the server is told to shut down."""
        self.terminal.press("Escape", "Escape")
        self.command("qall!")
        self.terminal.wait(r"ENDED 0")

    # --- what can be seen ------------------------------------------------------------------------------------------

    def lua(self, code: str) -> Any:
        """The value that a piece of Lua returns."""
        wrapped = f"vim.json.encode((function() {code} end)() or vim.NIL)".replace("'", "''")
        address = ["--server", str(self._socket)]
        argv = [str(self.program), *address, "--remote-expr", f"luaeval('{wrapped}')"]
        options: dict[str, Any] = {"env": self._environment, "capture_output": True, "text": True}

        def answer() -> str | None:
            if not self._unprompted():
                return None
            with contextlib.suppress(subprocess.TimeoutExpired):  # a prompt has opened meanwhile
                done = subprocess.run(argv, check=False, timeout=QUESTION_SECONDS, **options)
                assert done.returncode == 0, done.stderr
                return done.stdout or done.stderr  # which of them depends on the version

        return json.loads(self.until(answer, "an answer of Neovim's"))

    def text(self, file: Path | None = None) -> str | None:
        """What is in the buffer of a file; None where it has none."""
        name = json.dumps(str(file or self.file))
        lines = self.lua(f"local n = vim.fn.bufnr({name}) return n > 0 and vim.api.nvim_buf_get_lines(n, 0, -1, false)")
        return "\n".join(lines) + "\n" if lines else None

    def modified(self) -> bool:
        return self.lua("return vim.bo.modified") is True

    def undo_steps(self) -> int:
        """How many changes of the text undo could take back."""
        return self.lua("return vim.fn.undotree().seq_cur")

    def diagnostics(self, source: str = "") -> list[dict[str, Any]]:
        """What is shown on the buffer, from all servers or from one source."""
        found = self.lua("return vim.diagnostic.get(0)") or []
        return [item for item in found if source in {"", item.get("source")}]

    @property
    def _socket(self) -> Path:
        return self.terminal.folder / "nvim.sock"

    def _unprompted(self) -> bool:
        """Whether no prompt is open. One that only wants to be read is left by a key, as users do."""
        screen = self.terminal.screen()
        if "Press ENTER" in screen:
            self.terminal.press("Enter")
        return not re.search(PROMPTS, screen)
