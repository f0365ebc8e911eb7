"""Where pieces go: colours, panels and a live line on a terminal, plain text anywhere else."""

import re
import textwrap
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.status import Status as Spinner
from rich.text import Text

from pointsman.cli.pieces import BAD, DIM, GOOD, NOTE, Diff, Heading, Line, Piece, Status

WIDTH = 100
_LOOKS = {GOOD: ("✓", "green"), BAD: ("✗", "red"), NOTE: ("•", "cyan"), DIM: (" ", "dim")}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Screen:
    """`with` it; `show` prints one piece."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, emoji=False, markup=False)
        if self.console.is_terminal:
            self.console.width = min(WIDTH, self.console.width)
        self._spinner: Spinner | None = None

    @property
    def plain(self) -> bool:
        return not self.console.is_terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._status("")

    def show(self, piece: Piece) -> None:
        match piece:
            case Heading(text):
                self._heading(text)
            case Line(text, style, depth):
                self._line(text, style, depth)
            case Diff(title, text, main):
                self._diff(title, text, main=main)
            case Status(text):
                self._status(text)

    def intro(self, title: str, lines: list[str]) -> None:
        text = "\n".join(lines)
        if self.plain:
            self._print(f"{title}\n{text}")
        else:
            self.console.print(Panel(Text(text), title=Text(title, "bold"), title_align="left", border_style="cyan"))

    def _heading(self, text: str) -> None:
        if self.plain:
            self._print(f"\n== {clean(text)}")
        else:
            self.console.print()
            self.console.rule(Text(clean(text), "bold"), align="left", style="dim")

    def _line(self, text: str, style: str, depth: int) -> None:
        mark, colour = _LOOKS.get(style, (" ", ""))
        for number, row in enumerate(clean(text).split("\n")):
            lead = "  " * depth + (mark if not number else " ") + " "
            if self.plain:
                self._print(f"{lead}{row}".rstrip())
            else:
                rows = textwrap.wrap(row, max(20, self.console.width - len(lead)), break_on_hyphens=False) or [""]
                shown = ("\n" + " " * len(lead)).join(rows)
                self.console.print(Text(lead + shown, colour))

    def _diff(self, title: str, text: str, *, main: bool) -> None:
        body = Text()
        for row in clean(text).rstrip("\n").split("\n"):
            body.append(f"{row}\n", _row_style(row))
        body.rstrip()
        if self.plain:
            self._print(f"{title}\n{textwrap.indent(body.plain, '    ')}")
        elif main:
            self.console.print(Panel(body, title=Text(clean(title), "bold"), title_align="left", border_style="green"))
        else:
            self._line(title, NOTE, 0)
            self.console.print(Padding(body, (0, 0, 0, 4)))

    def _status(self, text: str) -> None:
        """The live line of a terminal; a log has no use for it."""
        if self.plain:
            return
        if not text and self._spinner:
            self._spinner.stop()
            self._spinner = None
        elif text and self._spinner:
            self._spinner.update(Text(clean(text), "dim"))
        elif text:
            self._spinner = self.console.status(Text(clean(text), "dim"))
            self._spinner.start()

    def _print(self, text: str) -> None:
        self.console.print(Text(clean(text)), soft_wrap=True)


def _row_style(row: str) -> str:
    if row.startswith(("+++", "---", "diff ", "index ")):
        return "bold"
    return {"+": "green", "-": "red", "@": "cyan"}.get(row[:1], "")


def clean(text: str) -> str:
    """Without control characters: what models and tools say must not drive the terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
