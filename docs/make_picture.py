"""Make the pictures of the documentation from real runs.

python docs/make_picture.py            docs/demo.svg, from `pointsman demo` in a terminal
python docs/make_picture.py map        docs/map.svg, the map of this repository for a place in it
python docs/make_picture.py editors    docs/editors/*.svg, from what the tests of the real editors left in artefacts/
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).parent
SEEN = DOCS.parent / "artefacts/editors"
EDITORS = {
    "neovim": ("test_an_explanation_is_shown_in_a_float_while_it_is_written-nvim-trixie/explained", "Neovim"),
    "helix": ("test_quick_fix_of_another_servers_problem-hx-trixie/menu", "Helix"),
    "emacs": ("test_explain-emacs-trixie/explained", "Emacs"),
}
"""For each page the screen it shows, by test, editor and label; `make test` makes them."""


def demo() -> None:
    # where tools are on this machine says nothing to a reader
    draw(re.sub(r"/[^\s]*/bin/", "", said("demo")), 100, DOCS / "demo.svg", "pointsman demo")


def map_of_this() -> None:
    arguments = ["map", "--focus", "server/pointsman/route.py:60", "--budget", "500"]
    draw(said(*arguments), 100, DOCS / "map.svg", f"pointsman {' '.join(arguments)}")


def said(*arguments: str) -> str:
    """What a command of ours writes to a terminal that does not animate."""
    terminal = {"COLUMNS": "100", "FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "COLORTERM": "truecolor"}
    command = [sys.executable, "-m", "pointsman.cli.main", *arguments]
    env = {**os.environ, **terminal}
    return subprocess.run(command, cwd=DOCS.parent, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def editors() -> None:
    for page, (screen, title) in EDITORS.items():
        text = (SEEN / f"{screen}.ansi").read_text()
        text = re.sub(r"/tmp/pytest-\S*?/project/", "/home/you/project/", text)  # as above
        lines = [line for line in text.splitlines() if line.strip() != "~"]
        draw(re.sub(r"\n(\s*\n){3,}", "\n\n\n", "\n".join(lines)), 140, DOCS / f"editors/{page}.svg", title)


def draw(ansi: str, width: int, target: Path, title: str) -> None:
    console = Console(record=True, width=width, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123 - ends with us
    console.print(Text.from_ansi(ansi))
    target.write_text(console.export_svg(title=title), "utf-8")
    print(f"{target}: {len(ansi.splitlines())} lines")


if __name__ == "__main__":
    {"editors": editors, "map": map_of_this}.get(" ".join(sys.argv[1:]), demo)()
