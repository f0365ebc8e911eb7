"""A real editor in a terminal: what is the same for all of them. `neovim`, `helix` and `emacs` are the kinds."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tap
from terminal import Terminal, wait_for


@dataclass(frozen=True)
class Setup:
    """What an editor is started with: our server, others beside it (name to command), and its user's own file.

    `init` is used instead of what is made of the servers: `init.lua`, `languages.toml`, or the begin of `init.el`.
    """

    server: list[str]
    beside: Mapping[str, list[str]] = field(default_factory=dict)
    init: Path | None = None
    starts: bool = True
    """Whether the server can be started at all; one that cannot has no tap."""


class Window:
    """One window on one file, and one server behind a tap.

    `home` is the user's home directory, made by the caller, `keep` the folder for what the run leaves behind.
    """

    can_be_asked = True
    """Whether it shows a message with buttons."""

    def __init__(self, program: Path, file: Path, setup: Setup, home: Path, keep: Path) -> None:
        keep.mkdir(parents=True, exist_ok=True)
        log = keep / "wire.jsonl"
        log.unlink(missing_ok=True)
        self.program, self.file, self.home, self._keep = program, file, home, keep
        self.starts = setup.starts
        self.wire = tap.Wire(log, self.until)
        self.servers = {"pointsman": tap.command(log, setup.server) if setup.starts else setup.server, **setup.beside}
        folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        own = {**folders, "HOME": str(home), **self.environment()}
        self._environment = {**os.environ, **own}
        self.terminal = Terminal([*self.command_line(setup), str(file)], file.parent, own)
        try:
            if setup.starts:
                self.wire.answer("initialize")
            self.started()
        except BaseException:
            self.close()
            raise

    def environment(self) -> dict[str, str]:
        """Variables of this kind of editor."""
        return {}

    def command_line(self, setup: Setup) -> list[str]:
        """The program and its options; configuration files are written here."""
        raise NotImplementedError

    def started(self) -> None:
        """Wait until keys are heard."""

    # --- what a user does ------------------------------------------------------------------------------------------

    def type(self, text: str) -> None:
        self.terminal.type(text)

    def press(self, *keys: str) -> None:
        self.terminal.press(*keys)

    def leave(self) -> None:
        """Out of whatever is asked or selected."""
        raise NotImplementedError

    def ask_for_actions(self) -> None:
        """What opens the list of code actions."""
        raise NotImplementedError

    def pick(self, title: str) -> None:
        """Answer what is asked."""
        raise NotImplementedError

    def choose(self, title: str, select: Callable[[], None] = lambda: None) -> None:
        """Ask for code actions, and pick the one that begins with a title; again while a server has none yet."""

        def picked() -> bool:
            self.leave()
            select()
            number = len(self.wire.all("textDocument/codeAction")) + 1
            self.ask_for_actions()
            answer = self.wire.answer("textDocument/codeAction", number)
            assert "error" not in answer, answer["error"]
            for action in answer["result"] or ():
                if action["title"].startswith(title):
                    self.pick(action["title"])
                    return True
            return False

        self.until(picked, f"the code action {title!r}")

    def open(self, file: Path) -> None:
        """Another file, in the same window."""
        raise NotImplementedError

    def refactor(self, row: str = "Simplify total") -> None:
        """Through "Refactor…" where the editor can ask which, and directly where it cannot."""
        if self.can_be_asked:
            self.choose("Refactor")
        (self.pick if self.can_be_asked else self.choose)(row)

    def select_line(self) -> None:
        raise NotImplementedError

    def refactor_line(self) -> None:
        """Ask for a refactoring of the line under the cursor, of whatever it is made."""
        self.choose("Refactor" if self.can_be_asked else "Simplify", self.select_line)

    # --- what can be seen ------------------------------------------------------------------------------------------

    def until(self, found: Callable[[], Any], what: str) -> Any:
        """The first true value of `found`; a test that waits in vain shows the screen."""
        return wait_for(found, what, self.terminal.screen)

    def told(self, words: str, times: int = 1) -> None:
        """Wait until the server has told its user something, and see that it did so no more than `times`."""

        def heard() -> int:
            return sum(words in said["params"]["message"] for said in self.wire.all("window/showMessage"))

        self.until(lambda: heard() >= times, f"the message {words!r}")
        assert heard() == times

    def text(self, file: Path | None = None) -> str | None:
        """What is in the buffer of a file; None where it has none."""
        raise NotImplementedError

    def wait_for_text(self, part: str, file: Path | None = None) -> str:
        """The buffer's text, once it has a part."""
        self.until(lambda: part in (self.text(file) or ""), f"{part!r} in the buffer")
        text = self.text(file)
        assert text is not None
        return text

    def capture(self, label: str) -> None:
        """Keep what the user sees, as text and with its colours."""
        (self._keep / f"{label}.txt").write_text(self.terminal.screen())
        (self._keep / f"{label}.ansi").write_text(self.terminal.screen(colours=True))

    def close(self) -> None:
        self.capture("end")
        self.terminal.close()
