"""Every fault a provider has been seen to have, or may have, ends in the right error, or in the whole answer."""

import json
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.cli.demo.provider import ScriptedProvider
from pointsman.errors import ProviderError
from pointsman.models.table import WIRES
from pointsman.models.values import Odd
from support.dialogue import KEY, lease, model, request, turn
from support.faults import FAULTS, Fault
from support.wire_faults import WIRE_FAULTS

LONG = "x = 1\n" * 4000
ROWS = [
    *(pytest.param("openai-chat", fault, id=fault.name) for fault in FAULTS),
    *(pytest.param(wire, fault, id=f"{wire}: {fault.name}") for wire, rows in WIRE_FAULTS.items() for fault in rows),
]


def made(wire):
    module, name = WIRES[wire]
    return getattr(import_module(module), name)()


@pytest.mark.parametrize(("wire", "fault"), ROWS)
async def test_fault(wire, fault: Fault, monkeypatch):
    monkeypatch.setattr("pointsman.models.stream.MAX_EVENT", 4 << 20 if fault.outcome is None else 1 << 20)
    async with ScriptedProvider(lambda _: fault.reply) as provider:
        speaker = model(made(wire), fault.limits)
        asked = request(lease(provider.url_for(wire), wire), LONG)
        if fault.outcome is None:
            got = await turn(speaker, asked)
            assert (got.text, got.reasoning) == (fault.answer, fault.reasoning)
            assert fault.warns in "".join(got.end.warnings)
            assert bool(fault.warns) == bool(got.end.warnings)
        else:
            with pytest.raises(fault.outcome) as caught:
                await turn(speaker, asked)
            shown = caught.value.user_message
            assert all(words in shown for words in fault.says), shown
            assert all(words in shown for words in ("acme", "vendor/coder-1", provider.base)), shown
            assert KEY not in repr(caught.value) + shown
        await speaker.aclose()


NAMES = [
    "choices", "delta", "content", "index", "finish_reason", "tool_calls", "function", "custom", "arguments",
    "usage", "error", "model", "id", "reasoning", "prompt_tokens", "refusal", "message", "type", "content_block",
    "text", "partial_json", "stop_reason", "input", "thinking", "response", "status", "output", "item_id",
    "incomplete_details", "reason", "done", "done_reason", "prompt_eval_count", "errors", "citations",
    "annotations",
]  # fmt: skip
WORDS = [
    "stop", "length", "text", "text_delta", "input_json_delta", "tool_use", "content_block_start",
    "content_block_delta", "message_delta", "message_start", "message_stop", "response.completed",
    "response.failed", "response.output_text.delta", "error", "output_text",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.sampled_from(WORDS) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)


class Quiet:
    """As much of a reader as a wire needs."""

    def __init__(self, wire):
        self.lease = lease("http://127.0.0.1/v1", wire)

    def finished(self):
        pass

    over = finished

    def truncated(self, why=""):
        return ProviderError("cut")


@pytest.mark.parametrize("wire", WIRES)
@settings(max_examples=300, deadline=None)
@given(events=st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6), max_size=4))
def test_whatever_an_event_holds_there_is_an_end_or_an_error_of_ours(wire, events):
    reading = made(wire).reading(Quiet(wire))
    try:
        pieces = [piece for event in events for piece in reading.take("", json.loads(json.dumps(event)))]
        pieces += reading.rest()
        end = reading.end()
    except (ProviderError, Odd):
        return
    assert all(isinstance(piece.text, str) for piece in pieces)
    assert isinstance(end.finish, str)
    assert isinstance(end.served, str)


def test_names_are_unique():
    assert len({row.id for row in ROWS}) == len(ROWS)
