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
    found = {URI: [Finding(problem(line), task, "/w") for line in lines]}
    shown.board.show(task, found, lambda _: Snapshot(URI, None, ""))


def test_edits_above_move_findings_and_edits_on_their_line_drop_them(shown):
    fill(shown, 1, 2, 3)
    shown.edit(0, 0, "zero\n")
    assert shown.lines == [1, 2, 3]
    shown.edit(TEXT.index("three") + 5, TEXT.index("three") + 6, "X")
    assert shown.lines == [1, 2]
    shown.edit(0, 5, "")
    assert shown.lines == [0, 1]
    assert shown.published[-1].version == 3


def test_a_key_that_moves_nothing_publishes_nothing(shown):
    fill(shown, 1, 3)
    shown.edit(TEXT.index("tw"), TEXT.index("tw"), "x")
    shown.edit(len(TEXT), len(TEXT), "\n")
    assert len(shown.published) == 1
    shown.edit(4, 4, "\n")
    assert shown.lines == [0, 3]


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


def test_related_places_are_links_where_the_client_shows_them():
    made = problem(1, related=(Place("t b.py", 4, message="called here"),))
    diagnostic = to_diagnostic(made, Snapshot(URI, 0, TEXT), Encoding.UTF16, {}, "/w")
    (related,) = diagnostic.related_information
    assert (related.location.uri, related.location.range.start.line) == ("file:///w/t%20b.py", 3)
    assert (related.message, diagnostic.message) == ("called here", "it fails")


LINKS = [
    ("mypy", "arg-type", "#code-arg-type"),
    ("shellcheck", "SC2086", "/SC2086"),
    ("clippy", "clippy::needless_return", "#needless_return"),
    ("cargo check", "E0425", "/E0425.html"),
    ("cargo clippy", "clippy::len_zero", "#len_zero"),
    ("cargo clippy", "E0308", "/E0308.html"),
    ("cargo clippy", "deprecated", None),
    ("ruff", "F401", "/ruff/rules/F401"),
    ("ruff", "invalid-syntax", None),
    ("ruff", "did-not-run", None),
    ("ruff format", "unformatted", None),
    ("ty", "unresolved-reference", "#unresolved-reference"),
    ("eslint", "no-undef", "/rules/no-undef"),
    ("eslint", "did-not-run", None),
    ("oxlint", "eslint(use-isnan)", "/eslint/use-isnan.html"),
    ("clang-tidy", "modernize-use-nullptr", "/modernize/use-nullptr.html"),
    ("clang-tidy", "clang-diagnostic-error", None),
    ("pytest", "AssertionError", None),
    ("eslint", "@typescript-eslint/no-unused-vars", None),
    ("mypy", None, None),
]


@pytest.mark.parametrize(("tool", "code", "end"), LINKS)
def test_a_code_leads_to_its_page(tool, code, end):
    made = to_diagnostic(Problem(tool, "m", "a.py", 1, code=code), Snapshot(URI, 0, TEXT), Encoding.UTF16, {})
    page = made.code_description.href if made.code_description else None
    assert page is None if end is None else page.endswith(end)


def test_what_only_a_candidate_has_is_information_until_it_is_applied(shown):
    found = {URI: [Finding(problem(1), "t", "/w", candidate=True)]}
    shown.board.show("t", found, lambda _: Snapshot(URI, None, ""))
    assert shown.published[-1].diagnostics[0].severity is lsp.DiagnosticSeverity.Information
    assert shown.published[-1].diagnostics[0].data == {"task": "t", "candidate": True, "tool": "pytest"}
    shown.board.show("t", {URI: [Finding(problem(1), "t", "/w")]}, lambda _: Snapshot(URI, None, ""))
    assert shown.published[-1].diagnostics[0].severity is lsp.DiagnosticSeverity.Error
    assert len(shown.published) == 2


def test_a_run_replaces_what_was_known_of_its_folder_and_nothing_else(shown):
    def read(uri):
        return Snapshot(uri, None, TEXT)

    other = "file:///v/b.py"
    shown.board.replace("/v", {other: [Finding(problem(1), root="/v")]}, read)
    shown.board.show("t", {URI: [Finding(problem(1), "t", "/w", candidate=True)]}, read)
    shown.board.replace("/w", {URI: [Finding(problem(2), root="/w")]}, read)
    assert shown.lines == [0, 1]
    shown.board.replace("/w", {}, read)
    assert shown.lines == [0]
    assert [p.uri for p in shown.published] == [other, URI, URI, URI]


def test_a_finding_without_a_line_can_be_fixed_where_it_is_shown(shown):
    fill(shown, None)
    assert len(shown.board.on_lines(URI, shown.buffers.get(URI), Span(0, 0))) == 1
