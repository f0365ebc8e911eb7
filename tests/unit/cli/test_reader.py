"""What the demo prints comes from messages, and from nothing else."""

import pytest

from pointsman.cli.demo.reader import Reader
from pointsman.cli.pieces import BAD, GOOD, Diff, Heading, Line, Status
from pointsman.files.paths import to_uri
from pointsman.text import Snapshot


@pytest.fixture
def shown():
    return []


@pytest.fixture
def reader(tmp_path, shown):
    return Reader(tmp_path, shown.append)


@pytest.fixture
def uri(tmp_path):
    return to_uri(tmp_path / "shop/price.py")


def diagnostics(uri, *messages, line=4):
    where = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 3}}
    items = [{"range": where, "message": message, "source": "pointsman:ruff", "code": "F1"} for message in messages]
    return {"uri": uri, "diagnostics": items}


def event(name, **fields):
    return {"task": "t", "event": name, **fields}


def test_nothing_is_shown_without_a_message(shown, reader):
    assert shown == []
    reader.take("some/unknown", {"text": "anything"})
    assert shown == []


def test_findings_are_told_once_and_when_they_are_gone(shown, reader, uri):
    for params in (
        diagnostics(uri, "unused", "long"),
        diagnostics(uri, "unused", "long", line=9),
        diagnostics(uri, "long"),
        diagnostics(uri),
    ):
        reader.take("textDocument/publishDiagnostics", params)
    assert shown == [
        Line("shop/price.py:5  pointsman:ruff [F1]: unused", BAD),
        Line("shop/price.py:5  pointsman:ruff [F1]: long", BAD),
        Line("shop/price.py  cleared: pointsman:ruff [F1]: unused", GOOD),
        Line("shop/price.py  cleared: pointsman:ruff [F1]: long", GOOD),
    ]


def test_a_candidate_is_shown_against_the_version_it_was_made_for(shown, reader, uri):
    reader.document(Snapshot(uri, 1, "a\nb\n"))
    reader.document(Snapshot(uri, 2, "typed\na\nb\n"))
    change = {"path": "shop/price.py", "before": {"uri": uri, "version": 1}, "after": "a\nB\n"}
    reader.take("pointsman/event", event("checking", turn=2, checks=["ruff"], candidate={"changes": [change]}))
    assert shown == [Diff("Reply 2 applies; in the shadow run: ruff", "shop/price.py\n-b\n+B")]


def test_a_report_as_it_came(shown, reader):
    problem = {
        "path": "t.py",
        "line": 3,
        "test": "t.py::test_a",
        "message": "assert 1 == 2",
        "source_line": "  assert x",
    }
    result = {"check": "pytest", "verdict": "failed", "summary": "1 failed", "problems": [problem] * 7}
    report = {"verdict": "failed", "shadow": "copy", "notes": ["slow"], "results": [result]}
    reader.take("pointsman/event", event("checked", turn=1, report=report, again=False))
    text = "\n".join(piece.text for piece in shown)
    for part in ("Failed in a shadow of the project (copy)", "pytest: 1 failed", "test_a  assert 1 == 2", "slow"):
        assert part in text
    assert "... and 2 more" in text
    assert "goes back" not in text


@pytest.mark.parametrize(
    ("name", "fields", "piece"),
    [
        ("started", {"title": "Fix: x"}, Heading("Fix: x")),
        ("progress", {"message": "m is writing"}, Status("m is writing")),
        ("unverified", {"reason": "no checks"}, Line("Not verified: no checks", BAD)),
        (
            "proposed",
            {"reason": "it moved", "diff": "-a\n+b\n"},
            Diff("Kept as a proposal: it moved", "-a\n+b\n", True),
        ),
        ("applied", {"diff": "-a\n+b\n"}, Diff("In the editor, and read back", "-a\n+b\n", True)),
    ],
)
def test_events(shown, reader, name, fields, piece):
    reader.take("pointsman/event", event(name, **fields))
    assert shown == [piece]


def test_a_failure_is_told_once_by_the_message_that_a_user_sees(shown, reader):
    reader.take("pointsman/event", event("failed", message="401: the key is wrong"))
    reader.take("window/showMessage", {"type": 2, "message": "401: the key is wrong"})
    assert shown == [Line("401: the key is wrong", BAD)]


def test_an_edit_the_editor_did_not_take_is_no_success(shown, reader, uri):
    part = {"textDocument": {"uri": uri, "version": 3}, "edits": [{}]}
    params = {"label": "Fix: x", "edit": {"documentChanges": [part]}}
    reader.take("workspace/applyEdit", params, {"applied": False})
    assert shown[0] == Line("The editor refuses “Fix: x”", BAD)
    assert shown[1].text == "shop/price.py: 1 edit of version 3"


def test_what_the_player_was_asked_and_picked(shown, reader):
    params = {"type": 3, "message": "Run checks?\nruff", "actions": [{"title": "Yes"}, {"title": "No"}]}
    reader.take("window/showMessageRequest", params, {"title": "Yes"})
    assert [piece.text for piece in shown] == ["Run checks?", "ruff", "[Yes] [No] → the player picks “Yes”"]


def test_a_refused_command(shown, reader):
    reader.take("workspace/executeCommand", {"command": "pointsman.fix"}, {"error": "It is not open."})
    assert shown == [Line("It is not open.", BAD)]
