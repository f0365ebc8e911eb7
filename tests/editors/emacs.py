"""Emacs with eglot as a user has it: keys in a terminal go in, files come out.

What is in a buffer is learned by saving it: while a request is pending, Emacs answers nobody.
"""

import json
import re
import time
from pathlib import Path

from window import Setup, Window

UNCOMPILED = "(setq native-comp-jit-compilation nil)\n"
"""Before anything is loaded, or each Emacs, whose home is new, would compile all of it for half a minute."""
SERVERS = """(require 'eglot)
(add-to-list 'eglot-server-programs '(python-mode . ({command})))
"""
"""As the documentation shows it."""
INIT = """(add-hook 'python-mode-hook #'eglot-ensure)
(setq inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil
      use-short-answers t confirm-kill-processes nil eglot-confirm-server-edits nil)
"""


class Emacs(Window):
    """See the module. One server a buffer is all that eglot has: there are none beside."""

    def environment(self) -> dict[str, str]:
        """It was compiled for /usr, and is told where its parts are instead."""
        (share,) = (self.program.parents[1] / "share/emacs").glob("[0-9]*")
        (libexec,) = (self.program.parents[1] / "libexec/emacs").glob("*/*")
        return {
            "EMACSLOADPATH": str(share / "lisp"),
            "EMACSDATA": str(share / "etc"),
            "EMACSDOC": str(share / "etc"),
            "EMACSPATH": str(libexec),
        }

    def command_line(self, setup: Setup) -> list[str]:
        folder = self.home / "emacs.d"
        folder.mkdir(exist_ok=True)
        command = " ".join(json.dumps(part) for part in self.servers["pointsman"])
        servers = setup.init.read_text() if setup.init else SERVERS.format(command=command)
        (folder / "init.el").write_text(UNCOMPILED + servers + INIT)
        (dump,) = self.program.parents[1].glob("libexec/emacs/*/*/*.pdmp")
        return [str(self.program), "--dump-file", str(dump), "-nw", "--init-directory", str(folder)]

    def started(self) -> None:
        self.terminal.wait(r"\[eglot" if self.starts else "F1 ")

    # --- what a user does ------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Out of whatever is asked. Emacs throws away what is typed before it has done so."""
        self.press("C-g")
        time.sleep(0.2)

    def command(self, name: str) -> None:
        self.leave()
        self.press("M-x")
        self.type(name)
        self.press("Enter")

    def go_to(self, line: int) -> None:
        """What is typed while a C-g is being obeyed is thrown away, so it is asked until the line is there."""

        def there() -> bool:
            self.leave()
            self.press("M-g", "g")
            self.type(str(line))
            self.press("Enter")
            time.sleep(0.3)
            return bool(re.search(rf"\bL{line}\b", self.terminal.screen()))

        self.until(there, f"line {line}")

    def insert_above(self, line: int, text: str) -> None:
        """A new line of text, typed."""
        self.go_to(line)
        self.press("C-a")
        self.type(text)
        self.press("Enter")

    def open(self, file: Path) -> None:
        """The folder that is offered is replaced."""
        self.leave()
        self.press("C-x", "C-f")
        self.terminal.wait("Find file: ")
        self.press("C-a", "C-k")
        self.type(str(file))
        self.press("Enter")

    def open_scratch(self) -> None:
        self.leave()
        self.press("C-x", "b")
        self.type("*scratch*")
        self.press("Enter")

    def select_line(self) -> None:
        self.press("C-a", "C-Space", "C-e")

    def ask_for_actions(self) -> None:
        self.press("M-x")
        self.type("eglot-code-actions")
        self.press("Enter")

    def pick(self, title: str) -> None:
        """Answer a question of the minibuffer, which may have an answer in it already."""
        asked = self.terminal.wait(r"Pick an action|Choose an option")[0]
        self.capture("menu")

        def typed() -> bool:
            self.press("C-a", "C-k")
            self.type(title)
            time.sleep(0.3)
            lines = self.terminal.screen().splitlines()[-8:]
            return title[:40] in "".join(line.removesuffix("\\") for line in lines)  # a long line goes on in the next

        def answered() -> bool:
            self.press("Enter")
            time.sleep(1.0)
            return asked not in self.terminal.screen()

        self.until(typed, f"{title!r} in the minibuffer")
        self.until(answered, f"the end of {asked!r}")

    def restart_server(self) -> None:
        """Connect again. A server that died within seconds of its start is forgotten by eglot, and is started anew."""
        gone = "No current JSON-RPC connection"
        number = len(self.wire.all("initialize"))
        self.command("eglot-reconnect")

        def begun() -> bool:
            return len(self.wire.all("initialize")) > number or gone in self.terminal.screen()

        self.until(begun, "a new server, or that there was none")
        if len(self.wire.all("initialize")) == number:
            self.command("eglot")

    def undo(self) -> None:
        self.leave()
        self.press("C-/")

    def save(self) -> None:
        self.leave()
        self.press("C-u", "C-x", "s")

    def quit(self) -> None:
        self.leave()
        self.press("C-x", "C-c")
        self.terminal.wait(r"ENDED 0")

    # --- what can be seen ------------------------------------------------------------------------------------------

    def text(self, file: Path | None = None) -> str | None:
        """What the buffer holds, learned by saving it."""
        self.save()
        path = file or self.file
        return path.read_text() if path.exists() else None
