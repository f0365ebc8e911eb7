"""Helix as a user has it: keys in a terminal go in, files come out. It has no other way to be asked.

So what is in a buffer is learned by saving it. The menu of code actions cannot be filtered: its rows are gone through
until the one that is wanted is marked, by a colour of this module's own theme.
"""

import json
import re
import subprocess
import time
from pathlib import Path

from window import Setup, Window

MARK = "#2f6f5f"
MARKED = "48;2;47;111;95"
ROWS = 30
ALONE = 0.1
"""Seconds after which a terminal's program takes Escape for a key of its own."""
THEME = f'inherits = "default"\n"ui.menu.selected" = {{ fg = "#ffffff", bg = "{MARK}" }}\n'
CONFIG = """theme = "marked"
[editor]
true-color = true
[editor.lsp]
display-progress-messages = true
display-messages = true
"""


class Helix(Window):
    """See the module."""

    def environment(self) -> dict[str, str]:
        return {"HELIX_RUNTIME": str(self.program.parents[1] / "lib/helix/runtime")}

    def command_line(self, setup: Setup) -> list[str]:
        folder = self.home / "config/helix"
        (folder / "themes").mkdir(parents=True, exist_ok=True)
        (folder / "themes/marked.toml").write_text(THEME)
        (folder / "config.toml").write_text(CONFIG)
        servers = [
            f"[language-server.{name}]\ncommand = {json.dumps(command)}\nargs = {json.dumps(args)}\n"
            for name, (command, *args) in self.servers.items()
        ]
        names = json.dumps(list(self.servers))
        language = f'[[language]]\nname = "python"\nlanguage-servers = {names}\n'
        languages = setup.init.read_text() if setup.init else "\n".join([*servers, language])
        (folder / "languages.toml").write_text(languages)
        return [str(self.program)]

    @property
    def can_be_asked(self) -> bool:
        return "showMessage" in str(self.wire.message("initialize")["params"]["capabilities"].get("window"))

    def started(self) -> None:
        self.terminal.wait("NOR")

    # --- what a user does ------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Back to normal mode. A key that follows at once would be read as held together with Alt."""
        self.press("Escape")
        time.sleep(ALONE)

    def command(self, text: str) -> None:
        self.leave()
        self.type(f":{text}")
        self.press("Enter")

    def go_to(self, line: int) -> None:
        self.command(str(line))

    def go_to_problem(self) -> None:
        """To the first one that is shown."""
        self.terminal.wait("●")
        self.go_to(1)
        self.type("]d")

    def insert_above(self, line: int, text: str) -> None:
        """A new line of text, typed."""
        self.go_to(line)
        self.type("O" + text)
        self.leave()

    def open(self, file: Path) -> None:
        self.command(f"open {file}")

    def open_scratch(self) -> None:
        self.command("new")

    def select_line(self) -> None:
        self.type("x")

    def ask_for_actions(self) -> None:
        self.type(" a")

    def pick(self, title: str) -> None:
        """Pick a row of the menu, or the button of a message, that is shown or will be."""
        self.until(lambda: MARKED in self.terminal.screen(colours=True), "a menu")
        self.capture("menu")
        start = title[:40]
        for _ in range(ROWS):
            if self._marked(start):
                self.press("Enter")
                return
            self.press("Down")
        raise AssertionError(f"no row {title!r}\n{self.terminal.screen()}")

    def run(self, command: str) -> None:
        """One of the server's commands, as Helix lets its user run it."""
        self.command(f"lsp-workspace-command {command}")

    def restart_server(self) -> None:
        self.command("lsp-restart pointsman")

    def undo(self) -> None:
        self.leave()
        self.type("u")

    def save(self) -> None:
        self.command("write-all")

    def quit(self) -> None:
        self.leave()
        self.command("quit-all!")
        self.terminal.wait(r"ENDED 0")

    def health(self) -> str:
        """What it finds of its user's servers, asked in a shell."""
        argv = [str(self.program), "--health", "python"]
        return subprocess.run(argv, env=self._environment, capture_output=True, text=True, check=True).stdout

    # --- what can be seen ------------------------------------------------------------------------------------------

    def text(self, file: Path | None = None) -> str | None:
        """What the buffer holds, learned by saving it."""
        self.save()
        path = file or self.file
        return path.read_text() if path.exists() else None

    def _marked(self, start: str) -> bool:
        """Whether the row that begins so is the one that Enter takes."""
        for _ in range(5):  # a key may take a moment to show
            for line in self.terminal.screen(colours=True).splitlines():
                shown = line.partition(MARKED)[2]
                if start in re.sub(r"\x1b\[[0-9;]*m", "", shown):
                    return True
        return False
