"""Make docs/demo.svg, the picture in the README, from a real run of `pointsman demo` in a terminal.

python docs/make_picture.py
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 100
TARGET = Path(__file__).parent / "demo.svg"


def record() -> str:
    """What the demo writes to a terminal that does not animate."""
    terminal = {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "COLORTERM": "truecolor"}
    command = [sys.executable, "-m", "pointsman.cli.main", "demo"]
    return subprocess.run(command, env={**os.environ, **terminal}, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> None:
    text = re.sub(r"/[^\s]*/bin/", "", record())  # where tools are on this machine says nothing to a reader
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123 - ends with us
    console.print(Text.from_ansi(text))
    TARGET.write_text(console.export_svg(title="pointsman demo"), "utf-8")
    print(f"{TARGET}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
