"""What a user sees while a task works."""

import pytest

from pointsman.lsp import progress
from pointsman.lsp.progress import LINE_LIMIT, Progressing, Telling
from pointsman.terms import Checking, FileSet, Progress, Routed, Slot, Wrote
from unit.lsp.conftest import Wire

ROUTED = Routed(Slot.QUICK_EDIT, "acme", "coder", "because")


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is set."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_it_tells_route_model_tokens_and_time(clock):
    telling = Telling()
    assert telling.take(ROUTED) == "quickEdit: coder via acme"
    clock[0] += 3.2
    telling.take(Progress("coder is writing (turn 1)"))
    assert telling.take(Wrote("x" * 480, 1)) == "coder is writing (turn 1) · ~120 tokens · 3 s"
    assert telling.take(Checking(1, FileSet(()), ("ruff", "pytest"))) == "checking: ruff, pytest · 3 s"


def test_a_long_line_leaves_room_for_the_figures(clock):
    telling = Telling()
    clock[0] += 61
    line = telling.take(Progress("a very long line " * 20))
    assert len(line) == LINE_LIMIT
    assert line.endswith(" · 61 s")


async def test_what_is_new_is_always_shown_and_what_counts_on_is_not_shown_too_often(clock):
    wire = Wire()
    wire.hello({"window": {"workDoneProgress": True}})
    shown = Progressing(wire.server, "Fix", lambda: None)
    shown._shown = True
    for number in range(50):
        shown.say(f"~{number} tokens", minor=True)
    shown.say("checking: pytest")
    clock[0] += 1
    shown.say("~51 tokens", minor=True)
    shown.end()
    shown.say("too late")
    values = [message["params"]["value"] for message in wire.sent if message.get("method") == "$/progress"]
    assert [value.get("message") for value in values] == ["~0 tokens", "checking: pytest", "~51 tokens", None]
    assert values[-1]["kind"] == "end"
