"""What is kept on disk of a task: bounded, for the user alone, the same after it was read, and never in the way."""

from dataclasses import replace

import pytest

from pointsman.journal import Dialogue, Entry, Journal, Proposal, Shelf, shelf
from pointsman.route import claim_of
from pointsman.terms import (
    CheckResult,
    Context,
    FileChange,
    FileSet,
    Lease,
    Message,
    Offer,
    Problem,
    Receipt,
    Report,
    Secret,
    Slot,
    Usage,
    Verdict,
)
from pointsman.text import Edit, Snapshot, Span

BEFORE = Snapshot("file:///w/a.py", 7, "a = 1\r\n😀\n", bom=True)
CHANGES = (
    FileChange("a.py", BEFORE, "a = 2\r\n😀\n", (Edit(Span(4, 5), "2"),)),
    FileChange("new.py", None, "x\n"),
    FileChange("gone.py", Snapshot("file:///w/gone.py", None, "y\n"), None),
)
RECEIPT = Receipt("t1", "acme,coder", "coder", "because", 2, 3.1, Usage(10, 5), "ruff clean")
REPORT = Report((CheckResult("ruff", "ruff", Verdict.FAILED, (Problem("ruff", "m", "a.py", 1),)),), "overlay")


def proposal(task="t1", changes=CHANGES):
    return Proposal(task, "Fix: m", "/w", FileSet(changes), REPORT, RECEIPT, "checks still fail", "fix", "a.py")


def test_a_proposal_is_the_same_in_the_next_session_but_for_the_versions_of_the_last(tmp_path):
    Journal(Shelf(tmp_path)).propose(proposal())
    (found,) = Journal.open(Shelf(tmp_path)).proposals.values()
    timeless = replace(CHANGES[0], before=replace(BEFORE, version=None))
    assert found == proposal(changes=(timeless, *CHANGES[1:]))


def said(text):
    offer = Offer("fix", "Fix: m", "a.py", Span(4, 5), version=7)
    lease = Lease(
        "t1", Slot.QUICK_EDIT, "acme", "coder", "openai_chat", "https://acme.example/?key=k", Secret("s"), "why"
    )
    return Dialogue("t1", offer, Context(offer, "/w", (), {"a.py": BEFORE}, 9), lease, (Message("user", text),))


def test_what_was_said_waits_with_its_proposal_and_has_neither_key_nor_address(tmp_path):
    journal = Journal(Shelf(tmp_path))
    journal.remember(said("mend it"))
    journal.propose(proposal())
    assert "acme.example" not in (tmp_path / "t1.json").read_text()
    found = Journal.open(Shelf(tmp_path)).dialogues["t1"]
    assert (found.messages, found.lease) == (said("mend it").messages, claim_of(said("").lease))
    assert (found.offer.version, list(found.context.seen)) == (None, ["a.py"])
    journal.settle(proposal(), "discarded")
    assert "mend it" not in (tmp_path / "t1.json").read_text()


def test_what_was_said_goes_before_the_edit_where_both_are_too_large(tmp_path):
    journal = Journal(Shelf(tmp_path))
    journal.remember(said("x" * shelf.ENTRY_LIMIT))
    journal.propose(proposal())
    again = Journal.open(Shelf(tmp_path))
    assert (list(again.proposals), list(again.dialogues)) == (["t1"], [])


def test_only_the_user_can_read_it(tmp_path):
    Journal(Shelf(tmp_path / "journal")).propose(proposal())
    (file,) = (tmp_path / "journal").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_what_was_decided_is_known_to_every_server(tmp_path):
    one, other = Journal(Shelf(tmp_path)), Journal(Shelf(tmp_path))
    one.propose(proposal())
    other = Journal.open(Shelf(tmp_path))
    one.settle(proposal(), "applied")
    assert other.proposal("t1") is None
    assert not Journal.open(Shelf(tmp_path)).proposals
    assert [entry.outcome for entry in other.entries()] == ["applied"]


def test_the_oldest_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "KEPT", 3)
    monkeypatch.setattr(shelf, "SPARE", 2)
    journal = Journal(Shelf(tmp_path))
    kept = []
    for number in range(7):
        journal.note(Entry(f"t{number}", "Explain", "/w", "explained"))
        kept.append(len(list(tmp_path.iterdir())))
    assert kept == [1, 2, 3, 4, 5, 3, 4]
    assert "t6" in {entry.task for entry in journal.entries()}


def test_an_edit_that_is_too_large_is_not_kept_but_that_it_was_made_is(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "ENTRY_LIMIT", 200)
    journal = Journal(Shelf(tmp_path))
    journal.settle(proposal(), "applied")
    (entry,) = journal.entries()
    assert (entry.outcome, entry.proposal) == ("applied", None)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"task": 3}', b"\xff\0", b"null"])
def test_a_file_that_is_none_of_ours_is_left_out(tmp_path, data):
    journal = Journal(Shelf(tmp_path))
    journal.propose(proposal())
    (tmp_path / "odd.json").write_bytes(data)
    assert [entry.task for entry in journal.entries()] == ["t1"]


@pytest.mark.parametrize("task", ["../t1", "", "a/b", "t" * 100])
def test_no_task_names_a_file_elsewhere(tmp_path, task):
    inner = Shelf(tmp_path / "in" / "journal")
    inner.put(replace(Entry.of(proposal(), "applied"), task=task))
    assert inner.get(task) is None
    assert not list(tmp_path.rglob("*.json"))


def test_a_disk_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    journal = Journal(Shelf(tmp_path / "file"))
    journal.propose(proposal())
    assert "t1" in journal.proposals


def test_a_root_is_the_same_however_it_is_spelled(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    journal = Journal(Shelf(tmp_path / "journal"))
    journal.note(Entry("t1", "Explain", str(tmp_path / "link"), "explained"))
    assert [entry.task for entry in journal.entries([str(tmp_path / "real")])] == ["t1"]
    assert not journal.entries([str(tmp_path)])
