"""Findings on show: they follow the text, and go with their task."""

import pytest
from lsprotocol import types as lsp

from pointsman.files.buffers import Buffers
from pointsman.lsp.diagnostics import Board, Finding
from pointsman.lsp.problems import to_diagnostic, to_problem
from pointsman.terms import Place, Problem, Severity
from pointsman.text import Encoding, Position, Snapshot, Span

URI = "file:///w/a.py"
TEXT = "one\n  twö 😀 x\nthree\n"


@pytest.fixture
def shown():
    """A board over one open document; what it published last."""
    buffers = Buffers()
    buffers.open(URI, 0, TEXT)
    published = []
    board = Board(buffers, Encoding.UTF16, published.append)

    class Shown:
        def edit(self, start, end, new):
            before = buffers.get(URI)
            span = [before.position(at, Encoding.UTF16) for at in (start, end)]
            edits = buffers.change(URI, before.version + 1, [(tuple(span), new)], Encoding.UTF16)
            board.moved(URI, before, edits)

        @property
        def lines(self):
            return [d.range.start.line for d in published[-1].diagnostics]

    view = Shown()
    view.board, view.published, view.buffers = board, published, buffers
    return view


def problem(line, **more):
    return Problem("pytest", "it fails", "a.py", line, **more)


def fill(shown, *lines, task="t"):
    shown.board.show({URI: [Finding(problem(line), task) for line in lines]}, lambda _: Snapshot(URI, None, ""))


def test_edits_above_move_findings_and_edits_on_their_line_drop_them(shown):
    fill(shown, 1, 2, 3)
    shown.edit(0, 0, "zero\n")
    assert shown.lines == [1, 2, 3]
    shown.edit(TEXT.index("three") + 5, TEXT.index("three") + 6, "X")
    assert shown.lines == [1, 2]
    shown.edit(0, 5, "")
    assert shown.lines == [0, 1]
    assert shown.published[-1].version == 3


def test_a_task_takes_its_findings_with_it(shown):
    fill(shown, 1, 2, task="t")
    shown.board.clear_task("other")
    assert shown.lines == [0, 1]
    shown.board.clear_task("t")
    assert shown.lines == []
    shown.board.clear_task("t")
    assert len(shown.published) == 2, "cleared twice"


def test_findings_are_found_by_their_lines(shown):
    fill(shown, 1, 3)
    found = shown.board.on_lines(URI, shown.buffers.get(URI), Span(0, 2))
    assert [p.line for p in found] == [1]
    assert shown.board.task_of(found[0]) == "t"
    assert shown.board.task_of(problem(77)) == ""


def test_no_more_than_a_hundred_are_shown_in_a_file(shown):
    fill(shown, *[1] * 300)
    assert len(shown.lines) == 100


@pytest.mark.parametrize("encoding", list(Encoding))
def test_a_problem_survives_the_way_through_a_client(encoding):
    snapshot = Snapshot(URI, 0, TEXT)
    made = Problem("mypy", "wrong", "a.py", 2, 7, 2, 8, Severity.WARNING, "arg-type", source_line="  twö 😀 x")
    diagnostic = to_diagnostic(made, snapshot, encoding, {"task": "t"})
    assert snapshot.offset(Position(diagnostic.range.start.line, diagnostic.range.start.character), encoding) == 10
    back = to_problem(diagnostic, "a.py", snapshot, encoding)
    assert (back.line, back.column, back.end_column, back.code, back.severity) == (
        2,
        7,
        8,
        "arg-type",
        Severity.WARNING,
    )
    assert back.source_line == "  twö 😀 x"


def test_without_columns_the_line_is_marked_from_its_first_character():
    made = to_diagnostic(problem(2), Snapshot(URI, 0, TEXT), Encoding.UTF32, {})
    assert (made.range.start.character, made.range.end.character) == (2, 9)


def test_places_beyond_the_document_are_clamped():
    made = to_diagnostic(problem(99, column=99, end_line=120, end_column=4), Snapshot(URI, 0, TEXT), Encoding.UTF32, {})
    assert made.range.end.line <= 3


def test_foreign_diagnostics_are_cut_and_clamped():
    spot = lsp.Range(lsp.Position(500, 2), lsp.Position(0, 0))
    odd = lsp.Diagnostic(spot, "m" * 10_000, severity=None, code=3, source=None)
    back = to_problem(odd, "a.py", Snapshot(URI, 0, TEXT), Encoding.UTF16)
    assert len(back.message) == 2_000
    assert (back.line, back.code, back.tool) == (4, "3", "")


def test_related_places_are_told_in_the_message():
    made = problem(1, related=(Place("t.py", 4, message="called here"),), test="t.py::test")
    message = to_diagnostic(made, Snapshot(URI, 0, TEXT), Encoding.UTF16, {}).message
    assert message == "t.py::test: it fails\nvia t.py:4 called here"
