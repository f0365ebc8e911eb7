"""The configuration of each editor for this machine: what to paste, where, and what to know before."""

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pointsman.index.languages import of

LANGUAGES = 4
"""Of a project, the most for which an editor is set up."""
SERVERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "python": (
        ("ty", "ty"),
        ("ruff", "ruff"),
        ("basedpyright", "basedpyright-langserver"),
        ("pyright", "pyright-langserver"),
        ("jedi", "jedi-language-server"),
        ("pylsp", "pylsp"),
    ),
    "rust": (("rust-analyzer", "rust-analyzer"),),
    "go": (("gopls", "gopls"), ("golangci-lint-lsp", "golangci-lint-langserver")),
    "typescript": (("typescript-language-server", "typescript-language-server"),),
    "javascript": (("typescript-language-server", "typescript-language-server"),),
    "c": (("clangd", "clangd"),),
    "cpp": (("clangd", "clangd"),),
    "ruby": (("ruby-lsp", "ruby-lsp"), ("solargraph", "solargraph")),
    "java": (("jdtls", "jdtls"),),
    "php": (("intelephense", "intelephense"),),
}
"""Helix's names of the servers it knows for a language, with their programs: naming ours replaces its own list."""
EMACS: Mapping[str, str] = {
    "python": "(python-mode python-ts-mode)",
    "rust": "(rust-mode rust-ts-mode)",
    "go": "(go-mode go-ts-mode)",
    "typescript": "(typescript-mode typescript-ts-mode tsx-ts-mode)",
    "javascript": "(js-mode js-ts-mode)",
    "c": "(c-mode c-ts-mode)",
    "cpp": "(c++-mode c++-ts-mode)",
    "ruby": "(ruby-mode ruby-ts-mode)",
    "java": "(java-mode java-ts-mode)",
    "php": "(php-mode php-ts-mode)",
}
ZED: Mapping[str, str] = {"c": "C", "cpp": "C++", "php": "PHP", "javascript": "JavaScript", "typescript": "TypeScript"}
"""What Zed calls a language where it is not its name with a capital."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides what is to be pasted. `languages` are those of the project, the commonest first."""

    command: tuple[str, ...]
    languages: tuple[str, ...]
    home: Path
    environment: Mapping[str, str]
    which: Callable[[str], str | None] = shutil.which
    platform: str = sys.platform

    def config(self, *parts: str) -> Path:
        """A file below the folder where programs of this system look for their configuration."""
        if self.platform == "win32":
            return Path(self.environment.get("APPDATA") or self.home / "AppData/Roaming", *parts)
        return Path(self.environment.get("XDG_CONFIG_HOME") or self.home / ".config", *parts)


@dataclass(frozen=True, slots=True)
class Setup:
    """`text` goes into `file`; `notes` are what to know; `programs` are what the editor may be called here."""

    file: Path
    text: str
    notes: tuple[str, ...]
    programs: tuple[str, ...]


def this_machine(paths: Iterable[str]) -> Machine:
    """For a project with these files."""
    names = (language.name for path in paths if (language := of(path)))
    counted = Counter("typescript" if name == "tsx" else name for name in names)
    common = [name for name, _ in counted.most_common() if name in SERVERS]
    return Machine(_command(), tuple(common[:LANGUAGES]) or ("python",), Path.home(), os.environ)


def _command() -> tuple[str, ...]:
    """How the server of this very installation is started; editors do not always have the shell's PATH."""
    beside = Path(sys.executable).parent / ("pointsman.exe" if sys.platform == "win32" else "pointsman")
    found = str(beside) if beside.exists() else shutil.which("pointsman")
    return (found, "serve") if found else (sys.executable, "-m", "pointsman.cli.main", "serve")


def vscode(machine: Machine) -> Setup:
    folder = {"darwin": machine.home / "Library/Application Support"}.get(machine.platform, machine.config())
    text = json.dumps({"pointsman.server.path": machine.command[0]}, indent=2, ensure_ascii=False)
    notes = (
        "Install the extension `pointsman`; by itself it keeps a server of its own.",
        "This setting makes it use the server that printed this; put it among those you have.",
    )
    return Setup(folder / "Code/User/settings.json", text, notes, ("code", "codium", "code-server"))


def neovim(machine: Machine) -> Setup:
    command = "{ " + ", ".join(map(_quoted, machine.command)) + " }"
    text = f"""\
-- With the plugin, this is all: require("pointsman").setup({{ cmd = {command} }})
if vim.lsp.config then -- Neovim 0.11 and newer
  vim.lsp.config("pointsman", {{ cmd = {command}, root_markers = {{ ".git" }} }})
  vim.lsp.enable("pointsman")
else -- Neovim 0.10
  vim.api.nvim_create_autocmd("FileType", {{
    callback = function(args)
      if vim.bo[args.buf].buftype == "" and vim.api.nvim_buf_get_name(args.buf) ~= "" then
        local root = vim.fs.root(args.buf, {{ ".git" }}) or vim.fn.getcwd()
        vim.lsp.start({{ name = "pointsman", cmd = {command}, root_dir = root }}, {{ bufnr = args.buf }})
      end
    end,
  }})
end"""
    folder = machine.home / "AppData/Local" if machine.platform == "win32" else machine.config()
    notes = (
        "`gra` shows the actions, `K` an explanation that is done.",
        "Without the plugin, Neovim passes on Pointsman's own findings only.",
    )
    return Setup(folder / "nvim/init.lua", text, notes, ("nvim",))


def helix(machine: Machine) -> Setup:
    program, *arguments = machine.command
    parts = [
        f"[language-server.pointsman]\ncommand = {_quoted(program)}\nargs = [{', '.join(map(_quoted, arguments))}]"
    ]
    for language in machine.languages:
        found = [name for name, server in SERVERS.get(language, ()) if machine.which(server)]
        servers = ", ".join(map(_quoted, [*found, "pointsman"]))
        parts.append(f"[[language]]\nname = {_quoted(language)}\nlanguage-servers = [{servers}]")
    notes = (
        '`space a` shows the actions. If a language has its own entry already, add "pointsman" to its list instead.',
        "A list replaces Helix's own: the servers named beside ours are those that were found here.",
    )
    return Setup(machine.config("helix", "languages.toml"), "\n\n".join(parts), notes, ("hx", "helix"))


def zed(machine: Machine) -> Setup:
    program, *arguments = machine.command
    languages = {
        ZED.get(name, name.capitalize()): {"language_servers": ["pointsman", "..."]} for name in machine.languages
    }
    settings = {"lsp": {"pointsman": {"binary": {"path": program, "arguments": arguments}}}, "languages": languages}
    notes = (
        "Zed starts only servers that an extension registers: install `editors/zed` as a dev extension first.",
        "`ctrl-.` (`cmd-.`) shows the actions; an explanation that is done is read by hovering.",
    )
    return Setup(
        machine.config("zed", "settings.json"),
        json.dumps(settings, indent=2, ensure_ascii=False),
        notes,
        ("zed", "zeditor"),
    )


def emacs(machine: Machine) -> Setup:
    command = " ".join(map(_quoted, machine.command))
    modes = [EMACS[language] for language in machine.languages if language in EMACS] or ["(prog-mode)"]
    lines = [f"  (add-to-list 'eglot-server-programs '({mode} . ({command})))" for mode in modes]
    text = "\n".join(["(with-eval-after-load 'eglot", *lines]) + ")"
    places = (machine.config("emacs", "init.el"), machine.home / ".emacs.d/init.el", machine.home / ".emacs")
    file = next((place for place in places if place.exists()), places[1])
    notes = (
        "`M-x eglot` starts it, `M-x eglot-code-actions` shows the actions.",
        "Eglot runs one server for a buffer: this one takes the place of the one it would choose.",
    )
    return Setup(file, text, notes, ("emacs",))


SETUPS: Mapping[str, Callable[[Machine], Setup]] = {
    "vscode": vscode,
    "neovim": neovim,
    "helix": helix,
    "zed": zed,
    "emacs": emacs,
}


def _quoted(text: str) -> str:
    """A string as JSON, TOML, Lua and Lisp all read it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
