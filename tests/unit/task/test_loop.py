"""The loop of a task: one lease throughout, limits that hold whatever the model says, and every end a value."""

import asyncio
import json

import pytest

from pointsman.checks.verify import Checks
from pointsman.config.load import load
from pointsman.errors import RateLimited
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index
from pointsman.journal import Journal
from pointsman.profiles.tokens import GUESS, Tokens
from pointsman.task import Tools, run
from pointsman.terms import Asked, Delta, End, Failed, Offer, Planned, Rejected, Unverified, Usage
from pointsman.text import Span

CODE = "def area(r):\n    return 3 * r * r\n\n\ndef double(x):\n    return x * 2\n"
GOOD = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n def area(r):\n-    return 3 * r * r\n+    return 3.14 * r * r\n"
BROKEN = GOOD.replace("3.14 * r * r", "3.14 * ((r")
STILL = GOOD.replace("3.14 * r * r", "[3.14 * r")
PROSE = "I think that the function should use pi."
QUESTION = "QUESTION: Which pi?"


class Script:
    """The Model double: it gives the next of its replies, and keeps what it was asked."""

    weight = 0.0
    """Bytes that it counts as a token; all prompts are of 100 tokens without."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.requests = []

    async def stream(self, request):
        self.requests.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        half = len(reply) // 2
        yield Delta("thinking aloud, with a patch in it: " + GOOD, reasoning=True)
        yield Delta(reply[:half])
        yield Delta(reply[half:])
        if reply != "cut":
            size = sum(len(message.content.encode()) for message in request.messages)
            yield End("stop", "coder", Usage(int(size / self.weight) if self.weight else 100, 10))

    async def connect(self, lease):
        pass


@pytest.fixture
def play(tmp_path):
    """Run a task to its end against a script; the script and the events."""
    (tmp_path / "a.py").write_text(CODE)
    config = tmp_path.with_name(f"{tmp_path.name}.json")  # beside the project: settings are no part of its map
    provider = {"name": "p", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "models": ["coder", "thinker"]}
    router = {"default": "p,coder", "reasonPlan": "p,thinker"}
    journal, tokens = Journal(), Tokens()

    async def go(*replies, intent="simplify", answer="3.14", plan="", task="t1", settings=None, prices=None, **offer):
        priced = provider | {"prices": prices or {}}
        config.write_text(json.dumps({"Providers": [priced], "Router": router} | (settings or {})))
        script = Script(*replies)
        index = Index(tmp_path)
        await index.scan(Workspace(tmp_path))
        checks = Checks(opened=False, state=tmp_path)
        tools = Tools(load(config), {"openai-chat": script}, index, checks, journal, tokens=tokens)
        events = []
        asked = Offer(intent, "title", "a.py", Span(0, 20), **offer)
        async for event in run(asked, Workspace(tmp_path), tools, task):
            events.append(event)
            if isinstance(event, Asked):
                event.answer.set_result(answer)
            if isinstance(event, Planned) and event.answer:
                event.answer.set_result(plan)
        return script, events

    return go


def kinds(events):
    return [type(event).__name__ for event in events]


async def test_a_patch_without_checks_is_never_called_verified(play):
    _, events = await play(GOOD)
    assert isinstance(events[-1], Unverified)
    assert "no checks" in events[-1].reason
    assert events[-1].candidate.changes[0].after == CODE.replace("3 *", "3.14 *")
    assert events[-1].receipt.line.startswith("coder via p · 1 turn · ")


async def test_a_broken_reply_is_sent_back_with_the_reason_on_the_same_lease(play):
    script, events = await play(PROSE, GOOD)
    assert kinds(events).count("Rejected") == 1
    first, second = script.requests
    assert first.lease is second.lease
    assert second.messages[: len(first.messages)] == first.messages
    assert second.messages[-2].content == PROSE
    assert "A valid patch" in second.messages[-1].content


async def test_two_format_reprompts_in_a_row_and_no_more(play):
    script, events = await play(PROSE)
    assert len(script.requests) == 3
    assert [event.again for event in events if isinstance(event, Rejected)] == [True, True, False]
    assert isinstance(events[-1], Failed)
    assert "Nothing was changed" in events[-1].message


async def test_the_same_failures_twice_end_it_and_that_is_said(play):
    script, events = await play(BROKEN, BROKEN, STILL)
    assert len(script.requests) == 2
    assert isinstance(events[-1], Unverified)
    assert events[-1].reason == "checks still fail, and two patches in a row failed the same way"


async def test_three_candidates_and_no_more_and_the_best_is_kept(play):
    script, events = await play(BROKEN, STILL, BROKEN)
    assert len(script.requests) == 3
    assert kinds(events).count("Checked") == 3
    assert isinstance(events[-1], Unverified)
    assert events[-1].reason == "checks still fail"
    assert "does not parse" in events[-1].receipt.checks


async def test_the_same_failure_twice_ends_the_task(play):
    script, events = await play(BROKEN)
    assert len(script.requests) == 2
    assert isinstance(events[-1], Unverified)


async def test_the_failure_goes_back_to_the_model(play):
    script, events = await play(BROKEN, GOOD)
    assert "3.14 * ((r" in script.requests[1].messages[-1].content
    assert events[-1].candidate.changes[0].after == CODE.replace("3 *", "3.14 *")


async def test_six_requests_are_the_limit_of_everything_together(play):
    script, _ = await play(PROSE, QUESTION, PROSE, BROKEN, PROSE, PROSE, GOOD)
    assert len(script.requests) == 6


async def test_one_question_is_answered_and_a_second_is_rejected(play):
    script, events = await play(QUESTION, QUESTION, GOOD)
    assert kinds(events).count("Asked") == 1
    assert [event.reject.code for event in events if isinstance(event, Rejected)] == ["second_question"]
    assert "3.14" in script.requests[1].messages[-1].content
    assert isinstance(events[-1], Unverified)


async def test_a_question_nobody_answers_ends_the_task(play):
    _, events = await play(QUESTION, answer=None)
    assert isinstance(events[-1], Failed)
    assert "Which pi?" in events[-1].message


async def test_a_stream_without_an_end_is_never_an_edit(play):
    _, events = await play("cut")
    assert isinstance(events[-1], Failed)
    assert events[-1].kind == "Truncated"


async def test_an_error_of_the_provider_ends_in_its_message(play):
    _, events = await play(RateLimited("p is busy.", "Wait a minute."))
    assert isinstance(events[-1], Failed)
    assert (events[-1].kind, events[-1].message) == ("RateLimited", "p is busy. Wait a minute.")


async def test_a_file_that_is_not_there_is_named(play):
    _, events = await play(GOOD, intent="explain", files=("nowhere.py",))
    assert "nowhere.py" in events[-1].message


async def test_a_plan_is_carried_out_on_a_lease_of_its_own(play):
    script, events = await play("1. use pi", GOOD, intent="plan")
    planner, coder = script.requests
    assert (planner.lease.model, coder.lease.model) == ("thinker", "coder")
    assert [event.text for event in events if isinstance(event, Planned)] == ["1. use pi"]
    assert "1. use pi" in coder.messages[1].content
    assert "unified diff" not in planner.messages[0].content
    assert events[-1].receipt.turns == 2


@pytest.mark.parametrize(("decision", "carried"), [("2. use tau", True), (None, False)])
async def test_a_plan_that_is_shown_waits_for_its_reader(play, decision, carried):
    script, events = await play("1. use pi", GOOD, intent="plan", settings={"plan": "show"}, plan=decision)
    assert [event.waits for event in events if isinstance(event, Planned)] == [True]
    if carried:
        told = script.requests[1].messages[1].content
        assert "2. use tau" in told
        assert "1. use pi" not in told
        assert isinstance(events[-1], Unverified)
    else:
        assert len(script.requests) == 1
        assert events[-1].kind == "Stopped"
        assert "Nothing was changed" in events[-1].message


async def test_a_plan_is_bounded_and_says_that_it_was_cut(play):
    script, _ = await play("word " * 4000, GOOD, intent="plan")
    assert script.requests[1].messages[1].content.count("word ") < 1300
    assert "[cut]" in script.requests[1].messages[1].content


async def test_an_empty_plan_is_not_carried_out(play):
    script, events = await play("  \n", GOOD, intent="plan")
    assert len(script.requests) == 1
    assert "plan is empty" in events[-1].message


async def test_a_patch_from_a_planner_is_no_edit(play):
    _, events = await play(GOOD, PROSE, intent="plan")
    assert isinstance(events[-1], Failed)


async def test_a_task_can_go_on_with_everything_said_and_the_same_lease(play):
    first, _ = await play(BROKEN)
    second, events = await play(GOOD, task="t2", carry_on="t1")
    request = second.requests[0]
    assert request.lease is first.requests[0].lease
    assert request.messages[: len(first.requests[-1].messages)] == first.requests[-1].messages
    assert "Go on" in request.messages[-1].content
    assert events[-1].receipt.task == "t2"


async def test_an_explicit_model_is_taken_and_an_unknown_one_refused(play):
    script, _ = await play(GOOD, model="p,thinker")
    assert script.requests[0].lease.model == "thinker"
    script, events = await play(GOOD, model="p,other")
    assert not script.requests
    assert "other" in events[-1].message


async def test_cancelling_ends_it_without_an_outcome(play):
    work = asyncio.create_task(play(GOOD))
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_the_beginning_of_the_prompt_is_the_same_bytes_for_every_task_on_the_same_files(play):
    one, _ = await play(GOOD)
    two, _ = await play(GOOD, intent="types")
    assert one.requests[0].messages[0] == two.requests[0].messages[0]
    shared = one.requests[0].messages[1].content.partition("## Task")[0]
    assert two.requests[0].messages[1].content.startswith(shared)


DEAR = {"*": {"input": 1000, "output": 2000}}


class TestCost:
    async def test_local_is_nothing_and_unknown_is_not_told(self, play):
        _, events = await play(GOOD)
        assert events[-1].receipt.cost == "$0"
        assert events[-1].receipt.line.endswith(" s · $0")

    async def test_it_is_on_the_receipt_by_list_price(self, play):
        _, events = await play(GOOD, prices=DEAR)
        assert events[-1].receipt.cost == "~$0.120"  # 100 tokens read, 10 written

    async def test_a_limit_stops_before_the_first_call(self, play):
        script, events = await play(GOOD, prices=DEAR, settings={"budget": {"perTask": 0.001}})
        assert not script.requests
        assert isinstance(events[-1], Failed)
        assert (events[-1].kind, "budget.perTask" in events[-1].message) == ("OverBudget", True)

    async def test_a_limit_reached_in_the_middle_keeps_the_best_candidate(self, play):
        prices = {"*": {"input": 0, "output": 2000}}  # $2 for an answer of usual length, $0.02 for the one that comes
        settings = {"budget": {"perTask": 2.01}}
        script, events = await play(BROKEN, GOOD, prices=prices, settings=settings)
        assert len(script.requests) == 1
        assert isinstance(events[-1], Unverified)
        assert "budget" in events[-1].reason

    async def test_a_turn_that_breaks_off_is_paid_for(self, play):
        _, events = await play("cut", prices=DEAR)
        assert events[-1].receipt.cost.startswith("~$")


class TestForm:
    async def test_a_patch_is_forced_and_told_in_that_form_alone(self, play):
        script, _ = await play(GOOD)
        assert script.requests[0].form.kind == "schema"
        system = script.requests[0].messages[0].content
        assert '"files"' in system
        assert "unified diff" not in system

    async def test_words_are_not(self, play):
        script, _ = await play(PROSE, intent="explain")
        assert script.requests[0].form is None

    async def test_the_coder_is_held_to_it_and_the_planner_is_not(self, play):
        script, _ = await play("1. Do it.", GOOD, intent="plan")
        assert [request.form and request.form.kind for request in script.requests] == [None, "schema"]

    async def test_the_lesson_is_of_that_form(self, play):
        script, _ = await play(PROSE, GOOD)
        assert '"op":"modify"' in script.requests[1].messages[-1].content


class TestPrefix:
    """What a provider's cache can keep: the same bytes for every turn, and for two tasks on unchanged files."""

    @staticmethod
    def prefix(request):
        system, first = request.messages[:2]
        return system.content + first.content[: first.stable]

    async def test_of_every_turn_and_of_two_tasks(self, play, tmp_path):
        (tmp_path / "b.py").write_text("import a\n\n\ndef other(x):\n    return a.area(x)\n")
        script, _ = await play(PROSE, BROKEN, GOOD)
        again, _ = await play(GOOD, task="t2", intent="docstring")
        (prefix,) = {self.prefix(request) for request in (*script.requests, *again.requests)}
        assert "Map of the repository" in prefix
        assert "b.py" in prefix

    async def test_what_was_said_is_never_said_otherwise(self, play):
        script, _ = await play(PROSE, BROKEN, GOOD)
        for earlier, later in zip(script.requests, script.requests[1:], strict=False):
            assert later.messages[: len(earlier.messages)] == earlier.messages
            assert later.lease == earlier.lease


async def test_what_a_token_weighs_is_learned_for_the_next_task(play, monkeypatch):
    monkeypatch.setattr(Script, "weight", 2.0)
    weights = []
    for _ in range(2):
        script, _ = await play(GOOD, instruction="word " * 3_000)
        weights += [request.lease.bytes_per_token for request in script.requests]
    assert weights[0] == GUESS
    assert 1.8 < weights[1] < 2.0


async def test_an_explanation_without_a_word_is_an_error(play):
    _, events = await play(" \n", intent="explain")
    assert isinstance(events[-1], Failed)
    assert "without a word" in events[-1].message
