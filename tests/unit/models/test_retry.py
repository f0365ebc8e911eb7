"""Retries: the same lease, before any content, and never longer than the task can bear."""

from dataclasses import replace

import pytest

from pointsman.cli.demo.provider import HANGUP, Reply, ScriptedProvider
from pointsman.errors import AuthError, ProviderError, RateLimited, Refused, Truncated, Unavailable
from pointsman.models.limits import LIMITS, limits_for
from pointsman.models.openai_chat import OpenAIChat
from pointsman.models.retry import LONGEST, SHORTEST, with_retries
from pointsman.terms import Delta, End, Slot
from support.dialogue import PATIENT, lease, request, turn
from support.faults import body, error, said, steps

TWO = replace(PATIENT, retries=2)
GOOD = Reply("fine")


class Slept:
    """Stands for the clock's sleep, and remembers."""

    def __init__(self):
        self.pauses = []

    async def __call__(self, seconds):
        self.pauses.append(seconds)


async def play(*replies, limits=TWO):
    """The outcome of a turn against these replies, the pauses taken, and the number of requests."""
    from pointsman.models.http import Connections
    from pointsman.models.turn import HttpModel

    slept = Slept()
    async with ScriptedProvider(lambda asked: replies[asked.number - 1]) as provider:
        speaker = HttpModel(OpenAIChat(), Connections(), lambda _: limits, sleep=slept)
        try:
            outcome = (await turn(speaker, request(lease(provider.url)))).text
        except ProviderError as trouble:
            outcome = trouble
        await speaker.aclose()
    assert len({(sent.model, str(sent.body)) for sent in provider.requests}) == 1
    return outcome, slept.pauses, len(provider.requests)


@pytest.mark.parametrize(
    "bad",
    [
        *(body(error(), status) for status in (408, 409, 429, 500, 502, 503, 504, 529)),
        body(error(), 429, retry_after="0"),
        steps(HANGUP, bare=True),
        steps(b": hi\n\n", HANGUP),
        steps(b"event: error\ndata: " + b'{"type":"error","error":{"type":"overloaded_error"}}\n\n'),
        body(error(), 500, x_should_retry="true"),
    ],
)
async def test_tried_again(bad):
    outcome, pauses, requests = await play(bad, GOOD)
    assert (outcome, requests) == ("fine", 2)
    assert all(0 <= pause <= LONGEST for pause in pauses)


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        *((body(error(), status), Refused) for status in (400, 404, 413, 422)),
        *((body(error(), status), AuthError) for status in (401, 402, 403)),
        (body(error("maximum context length"), 400), Refused),
        (body(error(code="insufficient_quota"), 429), AuthError),
        (body(error(), 500, x_should_retry="false"), Unavailable),
        (body(error(availability={"retryable": False}), 503), Unavailable),
        (steps(said("a")), Truncated),
        (steps(said("a"), 0.05, HANGUP), Truncated),
        (steps(said("a") + b'event: error\ndata: {"error": {"type": "overloaded_error"}}\n\n'), Unavailable),
    ],
)
async def test_not_tried_again(bad, kind):
    outcome, pauses, requests = await play(bad, GOOD)
    assert isinstance(outcome, kind)
    assert (pauses, requests) == ([], 1)


async def test_reasoning_alone_does_not_forbid_another_try():
    thought = b'data: {"choices": [{"delta": {"reasoning": "hm"}}]}\n\n'
    outcome, _, requests = await play(steps(thought, 0.05, HANGUP), GOOD)
    assert (outcome, requests) == ("fine", 2)


async def test_gives_up_after_the_last_try_with_its_error():
    outcome, pauses, requests = await play(*(body(error(f"no {n}"), 500) for n in range(4)))
    assert isinstance(outcome, Unavailable)
    assert "no 2" in outcome.message
    assert (len(pauses), requests) == (2, 3)


@pytest.mark.parametrize(
    ("header", "value", "pause"),
    [("retry-after", "7", 7.0), ("retry-after", "0.5", 0.5), ("retry-after-ms", "250", 0.25)],
)
async def test_the_wait_asked_for_is_kept(header, value, pause):
    outcome, pauses, _ = await play(Reply(status=429, body=b"{}", headers={header: value}), GOOD)
    assert (outcome, pauses) == ("fine", [pause])


@pytest.mark.parametrize("kind", [(429, RateLimited), (503, Unavailable)])
async def test_a_wait_too_long_is_told(kind):
    status, expected = kind
    outcome, pauses, requests = await play(body(error(), status, retry_after="90"), GOOD)
    assert isinstance(outcome, expected)
    assert (outcome.retry_after, pauses, requests) == (90.0, [], 1)
    assert "90 s" in outcome.user_message


async def test_a_wait_over_the_budget_is_told():
    outcome, _, requests = await play(body(error(), 503, retry_after="10"), limits=replace(TWO, budget=5.0))
    assert isinstance(outcome, Unavailable)
    assert requests == 1


@pytest.mark.parametrize("wait", ["soon", "-3", "nan", "inf", "", "Wed, 99 Foo 2020 00:00:00 GMT"])
async def test_a_wait_that_is_none_is_not_obeyed(wait):
    outcome, pauses, _ = await play(Reply(status=429, body=b"{}", headers={"retry-after": wait}), GOOD)
    assert outcome == "fine"
    assert SHORTEST <= pauses[0] <= LONGEST


async def test_pauses_grow_and_are_spread():
    async def attempt():
        raise Unavailable("no")
        yield Delta("")

    async def pauses(chance):
        slept = Slept()
        with pytest.raises(Unavailable):
            async for _ in with_retries(attempt, replace(TWO, retries=6), sleep=slept, chance=lambda: chance):
                pass
        return slept.pauses

    assert await pauses(0.0) == [SHORTEST] * 6
    assert await pauses(1.0) == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


async def test_an_end_is_passed_on_once():
    async def attempt():
        yield Delta("a")
        yield End("stop")

    assert [piece async for piece in with_retries(attempt, TWO)] == [Delta("a"), End("stop")]


def test_every_slot_has_limits_and_a_local_engine_more():
    assert set(LIMITS) == set(Slot)
    near, far = limits_for(lease("http://localhost:11434/api/chat")), limits_for(lease("https://models.test/v1"))
    assert near.first > far.first
    assert near.idle == far.idle
    assert LIMITS[Slot.QUICK_EDIT].wall < LIMITS[Slot.REFACTOR].wall < LIMITS[Slot.REASON_PLAN].wall
