"""VS Code as a user has it: keys go into a browser window, and what the editor shows comes out.

One code-server serves all windows of a test run, one Chromium shows them. Each window is on a folder of its own, and so
has an extension host and a language server of its own. `server.json` beside the folder says which server that is.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tap
import vscode_setup
from playwright.sync_api import Error, Locator, sync_playwright
from terminal import wait_for

from support.ports import free_port

STARTER = """#!{python}
import json, os, pathlib
named = json.loads((pathlib.Path.cwd().parent / "server.json").read_text())
os.execv(named[0], named)
"""
"""Stands in for `pointsman serve`; the client starts it in the folder that is open."""
BROWSER = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SETTINGS = {
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.layoutControl.enabled": False,
    "workbench.reduceMotion": "on",
    "editor.cursorBlinking": "solid",
    "window.commandCenter": False,
    "security.workspace.trust.enabled": False,
    "files.autoSave": "off",
    "git.enabled": False,
    "editor.minimap.enabled": False,
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
    "editor.autoIndent": "none",
    "editor.quickSuggestions": False,
    "editor.suggestOnTriggerCharacters": False,
    "editor.wordBasedSuggestions": "off",
    "editor.unicodeHighlight.nonBasicASCII": False,
    "chat.commandCenter.enabled": False,
}
MENU = ".action-widget .monaco-list-row"
TOASTS = ".notifications-toasts .notification-list-item"
INPUT = ".quick-input-widget:not([style*='display: none'])"


class Studio:
    """One code-server and one browser. Everything they write is in a folder that goes with them."""

    def __init__(self, extensions: list[Path]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pointsman-vscode-"))
        self._server: subprocess.Popen[bytes] | None = None
        self._playwright = self._browser = None
        try:
            self._start(extensions)
        except BaseException:
            self.close()
            raise

    def open(self, file: Path, server: list[str], keep: Path, workspace: Path | None = None) -> "Window":
        """A window on the folder of a file, or on a workspace of several, with the file open."""
        keep.mkdir(parents=True, exist_ok=True)
        log = keep / "wire.jsonl"
        log.unlink(missing_ok=True)
        root = next(parent for parent in file.parents if (parent / ".git").exists())
        (root.parent / "server.json").write_text(json.dumps(tap.command(log, server)))
        url = f"{self._url}?workspace={workspace}" if workspace else f"{self._url}?folder={root}"
        return Window(self._browser.new_page(), url, file, keep)

    def set_machine(self, settings: dict[str, Any]) -> None:
        """In a remote window, and a browser's is one, settings of the machine are not read from the user's file."""
        _write(self._folder / "data/Machine/settings.json", settings)

    def set_user(self, settings: dict[str, Any]) -> None:
        """The user's own settings, beside those that every window of a test has."""
        _write(self._folder / "data/User/settings.json", {**SETTINGS, **settings})

    def close(self) -> None:
        if self._browser:
            self._browser.close()
        if self._playwright:
            self._playwright.stop()
        if self._server:
            self._server.communicate()  # closes its input, which ends it
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, extensions: list[Path]) -> None:
        folder = self._folder
        program = str(vscode_setup.code_server())
        starter = folder / "server"
        starter.write_text(STARTER.format(python=sys.executable))
        starter.chmod(0o755)
        self.starter = {"pointsman.server.path": str(starter)}
        self.set_machine(self.starter)
        self.set_user({})
        port = free_port()
        _write(folder / "config.yaml", {"bind-addr": f"127.0.0.1:{port}", "auth": "none", "cert": False})
        places = {f"XDG_{kind}_HOME": str(folder / "home" / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
        gallery = {"EXTENSIONS_GALLERY": '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}'}
        environment = {**vscode_setup.environment(), **places, **gallery, "HOME": str(folder / "home")}
        options = ["--config", str(folder / "config.yaml"), "--user-data-dir", str(folder / "data")]
        options += ["--extensions-dir", str(folder / "extensions"), "--disable-telemetry", "--disable-update-check"]
        installs = [part for path in extensions for part in ("--install-extension", str(path))]
        with (folder / "log").open("wb") as log:
            done = subprocess.run([program, *options, *installs], env=environment, stdout=log, stderr=log, check=False)
            assert done.returncode == 0, (folder / "log").read_text()
            leash = [sys.executable, str(Path(__file__).with_name("leash.py"))]
            self._server = subprocess.Popen(
                [*leash, program, *options],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._url = f"http://127.0.0.1:{port}/"
        wait_for(lambda: _answers(f"{self._url}healthz"), "code-server's answer", (folder / "log").read_text)
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch_persistent_context(
            folder / "browser",
            executable_path=vscode_setup.chromium(),
            headless=True,
            env={**os.environ, **vscode_setup.fonts()},
            args=BROWSER,
            viewport={"width": 1280, "height": 800},
        )


class Window:
    """One window, with a file open in it."""

    def __init__(self, page: Any, url: str, file: Path, keep: Path) -> None:
        self.page, self.file, self._keep = page, file, keep
        self.wire = tap.Wire(keep / "wire.jsonl", self.until)
        try:
            page.goto(url)
            self.wire.answer("initialize")
            self.open(file.name)
        except BaseException:
            self.close()
            raise

    # --- what a user does ------------------------------------------------------------------------------------------

    def open(self, name: str, shown: str = ".editor-instance .view-line") -> None:
        """Open a file by its name, as with Ctrl+P, and wait for what it is shown by."""
        self.press("Control+p")
        self._input()
        self.type(name)
        rows = self.page.locator(f"{INPUT} .monaco-list-row.focused")
        self.until(lambda: any(name in text for text in rows.all_inner_texts()), name)
        self.press("Enter")
        self.page.locator(f'.tab.active[data-resource-name="{name}"]').wait_for()
        self.page.locator(shown).first.wait_for()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def go_to(self, line: int, column: int = 1) -> None:
        self.press("Control+g")
        self._input()
        self.type(f"{line}:{column}")
        self.press("Enter")
        self._gone(INPUT)
        self.until(lambda: f"Ln {line}, Col {column}" in self.status(), f"the cursor in line {line}")

    def command(self, title: str) -> None:
        """A command by its title in the palette."""
        self.press("F1")
        self._input()
        self.type(title)
        row = self.page.locator(f"{INPUT} .monaco-list-row.focused")
        self.until(lambda: any(title in text for text in row.all_inner_texts()), f"the command {title!r}")
        self.press("Enter")

    def pick(self, title: str) -> None:
        """A row of the list that is open, or will be."""
        self.page.locator(f"{INPUT} .monaco-list-row", has_text=title).click()

    def answer(self, text: str) -> None:
        """Type into the input box that is open, or will be."""
        self.until(lambda: "Press 'Enter'" in self._input().inner_text(), "an input box")
        self.type(text)
        self.press("Enter")

    def choose(self, title: str) -> None:
        """Ask for code actions and pick one. A server that has just started may have none yet: then ask again."""
        rows = self.page.locator(MENU)
        wanted = rows.filter(has_text=title)

        def asked() -> bool:
            self.press("Control+.")
            self.until(
                lambda: rows.count() or self.page.locator(".monaco-editor-overlaymessage").count(), "the actions"
            )
            if not wanted.count():
                self.press("Escape")
                return False
            self.capture("list")
            wanted.first.click()
            return True

        self.until(asked, f"the code action {title!r}")

    def allow(self, button: str = "Allow checks here") -> None:
        """Press a button of a message, once it is shown."""
        found = self.page.locator(f"{TOASTS} .monaco-button", has_text=button)
        found.first.wait_for(timeout=60_000)
        self.capture("asked")
        found.first.click()

    def told(self, words: str) -> None:
        """Wait for a message, and close it."""
        found = self.page.locator(TOASTS, has_text=words)
        self.until(found.count, f"the message {words!r}")
        self.capture("told")
        self.command("Notifications: Clear All Notifications")

    def undo(self) -> None:
        self.press("Control+z")

    def save(self) -> None:
        self.press("Control+s")

    # --- what can be seen ------------------------------------------------------------------------------------------

    def text(self) -> str:
        """The text of the editor that is shown, as far as it fits into the window: the tests' files do."""
        script = "lines => lines.map(line => [parseFloat(line.style.top), line.innerText])"
        rows = self.page.locator(".editor-group-container.active .editor-instance .view-line").evaluate_all(script)
        lines = [text.replace("\N{NO-BREAK SPACE}", " ").replace("\u200c", "").rstrip("\n") for _, text in sorted(rows)]
        return "\n".join(lines)

    def whole(self) -> str:
        """All text of all editors that are shown."""
        return "\n".join(self.page.locator(".view-lines").all_inner_texts()).replace("\N{NO-BREAK SPACE}", " ")

    def modified(self) -> list[str]:
        return self.page.locator(".tab.dirty").evaluate_all("tabs => tabs.map(tab => tab.dataset.resourceName)")

    def tabs(self) -> list[str]:
        return self.page.locator(".tab").evaluate_all("tabs => tabs.map(tab => tab.dataset.resourceName)")

    def status(self) -> str:
        """The status bar."""
        return " | ".join(self.page.locator(".statusbar-item").all_inner_texts())

    def toasts(self) -> str:
        return "\n".join(" ".join(text.split()) for text in self.page.locator(TOASTS).all_inner_texts())

    def asked(self) -> str:
        """What the input box or the list says that is open."""
        box = self.page.locator(INPUT)
        return box.inner_text() if box.count() else ""

    def squiggles(self) -> int:
        return self.page.locator(".squiggly-error, .squiggly-warning").count()

    def markdown(self) -> str:
        """What the Markdown previews show."""
        return "\n".join(_words(frame) for frame in self.page.frames if frame != self.page.main_frame)

    def until(self, found: Callable[[], Any], what: str) -> Any:
        """The first true value of `found`; a test that waits in vain leaves a picture."""

        def show() -> str:
            self.capture("waiting")
            return f"{self.text()}\n{self.status()}\n{self.toasts()}"

        return wait_for(found, what, show)

    def wait_for_text(self, part: str) -> str:
        self.until(lambda: part in self.text(), f"{part!r} in the editor")
        return self.text()

    def capture(self, label: str) -> None:
        self.page.screenshot(path=self._keep / f"{label}.png")

    def close(self) -> None:
        self.capture("end")
        self.page.close(run_before_unload=False)

    def _input(self) -> Locator:
        box = self.page.locator(INPUT)
        box.wait_for()
        return box

    def _gone(self, selector: str) -> None:
        self.until(lambda: not self.page.locator(selector).is_visible(), f"the end of {selector}")


def _words(frame: Any) -> str:
    try:
        return frame.evaluate("() => document.body ? document.body.innerText : ''")
    except Error:
        return ""  # it was just replaced by another


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))  # which is YAML as well


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
