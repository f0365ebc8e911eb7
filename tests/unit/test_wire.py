"""Events as JSON: everything a reader needs, and no secret, whatever travels."""

import asyncio
import dataclasses
import json
import typing

from pointsman import terms
from pointsman.journal.wire import to_json
from pointsman.terms import ConsentNeeded, FileChange, FileSet, Lease, Receipt, Report, Routed, Secret, Slot, Verified
from pointsman.text import Edit, Snapshot, Span


def test_every_event_has_a_name_of_its_own():
    names = {to_json(_empty(kind))["event"] for kind in typing.get_args(terms.Event)}
    assert len(names) == len(typing.get_args(terms.Event))
    assert "consent-needed" in names


def _empty(kind):
    """An event with a plain value in each field."""
    return kind(**{field.name: "x" for field in dataclasses.fields(kind)})


def test_an_outcome_tells_its_edit_and_receipt_but_not_the_document():
    change = FileChange("a.py", Snapshot("file:///a.py", 3, "long text"), "new", (Edit(Span(0, 4), "new"),))
    receipt = Receipt("t", "p,m", "m", "why", 2, 1.5)
    sent = json.loads(json.dumps(to_json(Verified(FileSet((change,)), Report(()), receipt))))
    assert sent["candidate"]["changes"][0]["before"] == {"uri": "file:///a.py", "version": 3}
    assert "long text" not in json.dumps(sent)
    assert sent["receipt"]["line"] == "m via p · 2 turns · 1.5 s"
    assert sent["report"]["verdict"] == "did_not_run"


async def test_what_waits_for_an_answer_is_told_without_the_waiting():
    need = ConsentNeeded("/w", ("pytest",), asyncio.get_running_loop().create_future())
    assert to_json(need) == {"event": "consent-needed", "root": "/w", "commands": ["pytest"]}


def test_a_secret_never_shows():
    lease = Lease("t", Slot.DEFAULT, "p", "m", "w", "http://x", Secret("hunter2"), "why")
    for value in (lease, Secret("hunter2")):
        assert "hunter2" not in repr(value)
        assert "hunter2" not in json.dumps(to_json(Routed(Slot.DEFAULT, value, "m", "why")))
