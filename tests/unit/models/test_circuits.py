"""When a model is passed over at the start of a task, and when it may be tried again."""

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.errors import AuthError, ProviderError, RateLimited, Refused, Truncated, Unavailable
from pointsman.models import wires
from pointsman.models.circuits import AUTH_PAUSE, LONGEST, PAUSE, WITHIN, Circuits
from support.dialogue import KEY, lease, request, turn
from support.faults import body, error

HELD = lease("https://models.test/v1")


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def circuits(clock):
    return Circuits(clock)


def fail(circuits, times=1, trouble=None, held=HELD):
    for _ in range(times):
        circuits.failed(held, trouble or Unavailable("It is down."))


def test_opens_after_three_failures_and_says_why(circuits):
    fail(circuits, 2)
    assert circuits.opened(HELD) is None
    fail(circuits)
    opened = circuits.opened(HELD)
    assert (opened.why, opened.seconds) == ("It is down.", PAUSE)


def test_old_failures_do_not_count(circuits, clock):
    fail(circuits, 2)
    clock.now += WITHIN
    fail(circuits, 2)
    assert circuits.opened(HELD) is None


def test_an_answer_closes_it(circuits):
    fail(circuits, 3)
    circuits.answered(HELD)
    assert circuits.opened(HELD) is None
    fail(circuits, 2)
    assert circuits.opened(HELD) is None


def test_after_the_pause_one_task_tries(circuits, clock):
    fail(circuits, 3)
    clock.now += PAUSE
    assert [circuits.opened(HELD) is None for _ in range(3)] == [True, False, False]
    fail(circuits)
    assert circuits.opened(HELD).seconds == PAUSE


def test_a_try_that_never_reports_does_not_close_the_way_for_good(circuits, clock):
    fail(circuits, 3)
    for _ in range(3):
        clock.now += PAUSE
        assert circuits.opened(HELD) is None
        assert circuits.opened(HELD) is not None


@pytest.mark.parametrize(("asked", "pause"), [(5.0, 5.0), (90.0, 90.0), (99_999.0, LONGEST), (None, PAUSE)])
def test_the_wait_asked_for_is_the_pause(circuits, asked, pause):
    fail(circuits, 3, RateLimited("Slow down.", retry_after=asked))
    assert circuits.opened(HELD).seconds == pause


def test_a_refused_key_opens_at_once_and_another_key_is_another_circuit(circuits):
    fail(circuits, 1, AuthError("Bad key."))
    assert circuits.opened(HELD).seconds == AUTH_PAUSE
    for other in ({"key": "sk-other"}, {"model": "vendor/other"}, {"provider": "other"}):
        assert circuits.opened(lease(HELD.url, **other)) is None


def test_errors_about_the_request_do_not_count(circuits):
    for trouble in (Refused("Too long."), Truncated("Cut."), Unavailable("No.", retryable=False)):
        fail(circuits, 5, trouble)
    assert circuits.opened(HELD) is None


def test_a_changed_configuration_opens_the_way(circuits):
    fail(circuits, 1, AuthError("Bad key."))
    circuits.reset()
    assert circuits.opened(HELD) is None


def test_no_key_is_held(circuits):
    fail(circuits, 3)
    assert KEY not in repr(vars(circuits))


async def test_turns_are_told():
    replies = [body(error("no"), 401), Reply("fine")]
    circuits = Circuits()
    async with ScriptedProvider(lambda asked: replies[asked.number - 1]) as provider:
        speaker = wires(circuits)["openai-chat"]()
        held = lease(provider.url)
        with pytest.raises(ProviderError):
            await turn(speaker, request(held))
        assert "401" in circuits.opened(held).why
        await turn(speaker, request(held))
        assert circuits.opened(held) is None
        await speaker.aclose()
