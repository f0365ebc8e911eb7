"""Every fault a provider has been seen to have ends in the right error, or in the whole answer."""

import pytest

from pointsman.cli.demo.provider import ScriptedProvider
from pointsman.models.openai_chat import OpenAIChat
from support.dialogue import KEY, lease, model, request, turn
from support.faults import ANSWER, FAULTS, Fault

LONG = "x = 1\n" * 4000


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_fault(fault: Fault, monkeypatch):
    monkeypatch.setattr("pointsman.models.stream.MAX_EVENT", 4 << 20 if fault.outcome is None else 1 << 20)
    async with ScriptedProvider(lambda _: fault.reply) as provider:
        speaker = model(OpenAIChat(), fault.limits)
        asked = request(lease(provider.url), LONG)
        if fault.outcome is None:
            got = await turn(speaker, asked)
            assert (got.text, got.reasoning) == (ANSWER, fault.reasoning)
            assert fault.warns in "".join(got.end.warnings)
            assert bool(fault.warns) == bool(got.end.warnings)
        else:
            with pytest.raises(fault.outcome) as caught:
                await turn(speaker, asked)
            shown = caught.value.user_message
            assert all(words in shown for words in fault.says), shown
            assert all(words in shown for words in ("acme", "vendor/coder-1", provider.url)), shown
            assert KEY not in repr(caught.value) + shown
        await speaker.aclose()


def test_names_are_unique():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
