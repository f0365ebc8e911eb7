import io

import pytest
from rich.console import Console

from pointsman.cli.pieces import BAD, DIM, Diff, Heading, Line, Status
from pointsman.cli.screen import WIDTH, Screen


def printed(*pieces, terminal=False, width=200):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=width, highlight=False, emoji=False, markup=False)
    console.legacy_windows = False
    with Screen(console) as screen:
        for piece in pieces:
            screen.show(piece)
    return out.getvalue()


def test_plain_text_where_it_is_piped():
    long = "word " * 60
    text = printed(
        Heading("Task"), Line(long, BAD), Line("more", DIM, 2), Diff("Diff", "-a\n+b\n", main=True), Status("x")
    )
    assert text == f"\n== Task\n✗ {long.rstrip()}\n      more\nDiff\n    -a\n    +b\n"


def test_no_wider_than_can_be_read_on_a_terminal():
    text = printed(Line("word " * 60, BAD), Diff("Diff", "+" + "x" * 300, main=True), terminal=True, width=WIDTH)
    plain = [line for line in text.replace("\x1b", "").split("\n") if "m" in line]
    assert max(len(line.rstrip()) for line in plain) <= WIDTH + 40  # codes of colours are longer than none
    assert "\x1b[" in text


@pytest.mark.parametrize("piece", [Heading, Line, lambda text: Diff(text, text)])
@pytest.mark.parametrize("terminal", [False, True])
def test_words_of_strangers_do_not_drive_the_terminal(piece, terminal):
    text = printed(piece("\x1b]0;owned\x07 [red]not markup[/red] \x1b[2J"), terminal=terminal)
    assert "\x1b]0" not in text
    assert "\x1b[2J" not in text
    assert "[red]not markup[/red]" in text
