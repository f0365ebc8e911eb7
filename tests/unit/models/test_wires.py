"""What each wire sends, and how it reads a good and a bad stream of its own kind."""

import json

import pytest

from pointsman.cli.demo.dialects import event
from pointsman.cli.demo.provider import HANGUP, Reply, ScriptedProvider
from pointsman.errors import AuthError, BadReply, RateLimited, Refused, Truncated, Unavailable
from pointsman.models import wires
from pointsman.models.anthropic_messages import AnthropicMessages
from pointsman.models.ollama import WINDOWS, Ollama
from pointsman.models.openai_chat import OpenAIChat
from pointsman.models.openai_responses import OpenAIResponses
from pointsman.terms import Message, Request
from support.dialogue import KEY, LIVELY, PATIENT, SOON, lease, model, request, turn
from support.faults import ANSWER, HTML, body, bytewise, error, steps

SPEAKERS = {
    "openai-chat": OpenAIChat,
    "anthropic-messages": AnthropicMessages,
    "openai-responses": OpenAIResponses,
    "ollama": Ollama,
}
DIALOGUE = (
    Message("system", "Be brief."),
    Message("user", "a"),
    Message("assistant", "b"),
    Message("user", "c"),
)


async def ask(wire, reply, asked=None, limits=PATIENT, **changes):
    """The turn, and the provider it was with."""
    async with ScriptedProvider(lambda _: reply) as provider:
        speaker = model(SPEAKERS[wire](), limits)
        held = lease(provider.url_for(wire), wire, **changes)
        try:
            messages = asked or (Message("user", "hi"),)
            return await turn(speaker, Request(held, messages, request(held).context, None)), provider
        finally:
            await speaker.aclose()


def test_every_wire_is_in_the_table():
    assert set(wires()) == set(SPEAKERS)


@pytest.mark.parametrize("wire", SPEAKERS)
class TestEveryWire:
    async def test_answer_reasoning_usage_and_served_model(self, wire):
        got, provider = await ask(wire, Reply(ANSWER, reasoning="Let me see.", piece=3, prompt_tokens=7), DIALOGUE)
        assert (got.text, got.reasoning) == (ANSWER, "Let me see.")
        assert got.end.served == "vendor/coder-1"
        assert (got.end.usage.prompt, got.end.usage.completion) == (7, len(ANSWER.encode()) // 4)
        assert provider.requests[0].messages == tuple((message.role, message.content) for message in DIALOGUE)

    async def test_connections_are_kept(self, wire):
        async with ScriptedProvider(lambda _: Reply("x")) as provider:
            speaker = wires()[wire]()
            for _ in range(3):
                await turn(speaker, request(lease(provider.url_for(wire), wire)))
            assert provider.connections == 1
            await speaker.aclose()

    @pytest.mark.parametrize(
        ("reply", "kind"),
        [
            (Reply("half", finish=""), Truncated),
            (Reply("half", cut_after=0), Unavailable),
            (Reply("half", piece=2, cut_after=1), Truncated),
            (Reply("half", finish="length"), Truncated),
            (Reply("half", finish="content_filter"), Refused),
            (Reply("half", finish="gave_up"), BadReply),
            (Reply(), None),
            (steps(), Truncated),
            (steps(HANGUP), Unavailable),
            (body(HTML, content_type="text/html"), BadReply),
            (body(error("no")), Unavailable),
            (body(error("no", type="rate_limit_error"), 429), RateLimited),
            (body(error("no", type="authentication_error"), 401), AuthError),
            (body(error("no", type="overloaded_error"), 529), Unavailable),
            (body({"error": "model 'x' not found"}, 404), Refused),
        ],
    )
    async def test_bad_ends(self, wire, reply, kind):
        if kind is None:
            got, _ = await ask(wire, reply)
            assert got.text == ""
            return
        with pytest.raises(kind) as caught:
            await ask(wire, reply)
        assert "acme" in caught.value.user_message
        assert KEY not in caught.value.user_message

    @pytest.mark.parametrize(
        ("reply", "limits"),
        [
            (Reply("slow", piece=1, delay=5.0), LIVELY),
            (Reply("late", first_delay=5.0), SOON),
            (steps(5.0), SOON),
        ],
    )
    async def test_silence(self, wire, reply, limits):
        with pytest.raises(Unavailable):
            await ask(wire, reply, limits=limits)

    async def test_the_dialogue_cannot_be_changed_by_parameters(self, wire):
        changes = {"model": "m", "messages": [], "input": "x", "system": "y", "stream": False}
        plain = await ask(wire, Reply("x"), DIALOGUE)
        changed = await ask(wire, Reply("x"), DIALOGUE, parameters=changes)
        names = ("model", "messages" if wire != "openai-responses" else "input", "stream")
        before, after = plain[1].requests[0].body, changed[1].requests[0].body
        assert [before[name] for name in names] == [after[name] for name in names]

    async def test_no_key_no_header(self, wire):
        _, provider = await ask(wire, Reply("x"), key="")
        assert not {"authorization", "x-api-key"} & set(provider.requests[0].headers)


async def test_anthropic_request():
    _, provider = await ask("anthropic-messages", Reply("x"), DIALOGUE, parameters={"max_tokens": 99})
    sent = provider.requests[0]
    mark = {"cache_control": {"type": "ephemeral"}}
    assert sent.body == {
        "model": "vendor/coder-1",
        "max_tokens": 99,
        "system": [{"type": "text", "text": "Be brief.", **mark}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "a", **mark}]},
            {"role": "assistant", "content": [{"type": "text", "text": "b"}]},
            {"role": "user", "content": [{"type": "text", "text": "c", **mark}]},
        ],
        "stream": True,
    }
    assert sent.headers["x-api-key"] == KEY
    assert sent.headers["anthropic-version"] == "2023-06-01"


def test_anthropic_itself_gets_one_key_header():
    held = lease("https://api.anthropic.com/v1/messages", "anthropic-messages")
    assert set(AnthropicMessages().headers(held)) == {"anthropic-version", "x-api-key"}


def typed(kind, **fields):
    return event({"type": kind, **fields}, kind)


def block(index, kind, delta, **opening):
    return (
        typed("content_block_start", index=index, content_block={"type": kind, **opening})
        + typed("content_block_delta", index=index, delta=delta)
        + typed("content_block_stop", index=index)
    )


ANTHROPIC_END = typed("message_delta", delta={"stop_reason": "tool_use"}, usage={"output_tokens": 5}) + typed(
    "message_stop"
)


async def test_anthropic_usage_includes_the_cache_and_tools_answer():
    usage = {"input_tokens": 3, "cache_creation_input_tokens": 10, "cache_read_input_tokens": 100, "x": None}
    stream = (
        typed("message_start", message={"model": "claude-x", "usage": usage})
        + block(0, "thinking", {"type": "thinking_delta", "thinking": "hm"})
        + block(1, "text", {"type": "text_delta", "text": "Here:"})
        + block(2, "server_tool_use", {"type": "input_json_delta", "partial_json": '{"query": 1}'})
        + block(3, "tool_use", {"type": "input_json_delta", "partial_json": '{"files": []}'})
        + ANTHROPIC_END
    )
    got, _ = await ask("anthropic-messages", steps(*bytewise(stream)), model="claude-x")
    assert (got.text, got.reasoning) == ('Here:\n{"files": []}', "hm")
    assert (got.end.usage.prompt, got.end.usage.completion, got.end.usage.cached) == (113, 5, 100)
    assert got.end.finish == "tool_use"


@pytest.mark.parametrize(
    ("stream", "kind", "says"),
    [
        (typed("error", error={"type": "overloaded_error", "message": "Overloaded"}), Unavailable, "529 Overloaded"),
        (typed("error", error={"type": "rate_limit_error", "message": "slow"}), RateLimited, "slow"),
        (typed("message_delta", delta={"stop_reason": "model_context_window_exceeded"}), Truncated, "limit"),
        (typed("message_delta", delta={"stop_reason": "pause_turn"}), Truncated, "limit"),
        (typed("message_delta", delta={"stop_reason": "refusal"}), Refused, "refused"),
        (typed("message_stop"), Truncated, "no finish reason"),
    ],
)
async def test_anthropic_bad_ends(stream, kind, says):
    with pytest.raises(kind) as caught:
        await ask("anthropic-messages", steps(stream))
    assert says in caught.value.user_message


async def test_anthropic_pings_are_no_answer():
    with pytest.raises(Unavailable, match="no word"):
        await ask("anthropic-messages", steps(*(typed("ping"), 0.1) * 20), limits=SOON)


async def test_responses_request():
    given = {"max_tokens": 9, "reasoning_effort": "low", "text": {"verbosity": "low"}}
    _, provider = await ask("openai-responses", Reply("x"), DIALOGUE, parameters=given)
    assert provider.requests[0].body == {
        "model": "vendor/coder-1",
        "input": [{"role": message.role, "content": message.content} for message in DIALOGUE],
        "stream": True,
        "store": False,
        "max_output_tokens": 9,
        "reasoning": {"effort": "low"},
        "text": {"verbosity": "low"},
    }


async def test_responses_tool_calls_answer():
    calls = b"".join(
        typed(kind, item_id=item, delta=delta)
        for kind, item, delta in (
            ("response.custom_tool_call_input.delta", "c1", "*** Begin "),
            ("response.custom_tool_call_input.delta", "c1", "Patch"),
            ("response.function_call_arguments.delta", "c2", "{}"),
        )
    )
    got, _ = await ask("openai-responses", steps(calls + typed("response.completed", response={"model": "coder-1"})))
    assert got.text == "*** Begin Patch\n{}"


@pytest.mark.parametrize(
    ("stream", "kind", "says"),
    [
        (typed("error", code="server_error", message="oops", param=None), Unavailable, "oops"),
        (typed("error", code="rate_limit_exceeded", message="slow"), RateLimited, "slow"),
        (typed("response.failed", response={"error": {"code": "server_error", "message": "bad"}}), Unavailable, "bad"),
        (typed("response.failed", response={"error": None}), Unavailable, "failed"),
        (typed("response.incomplete", response={"incomplete_details": None}), Truncated, "limit"),
        (
            typed("response.refusal.delta", delta="I can't.") + typed("response.completed", response={}),
            Refused,
            "I can't.",
        ),
        (typed("response.output_text.delta", delta="half") + b"data: [DONE]\n\n", Truncated, "no finish reason"),
    ],
)
async def test_responses_bad_ends(stream, kind, says):
    with pytest.raises(kind) as caught:
        await ask("openai-responses", steps(stream))
    assert says in caught.value.user_message


async def test_ollama_request():
    given = {"max_tokens": 100, "temperature": 0, "think": False, "keep_alive": "10m", "options": {"seed": 1}}
    _, provider = await ask("ollama", Reply("x"), DIALOGUE, parameters=given)
    assert provider.requests[0].body == {
        "model": "vendor/coder-1",
        "messages": [{"role": message.role, "content": message.content} for message in DIALOGUE],
        "stream": True,
        "think": False,
        "keep_alive": "10m",
        "options": {"num_predict": 100, "temperature": 0, "seed": 1, "num_ctx": 8192},
    }


@pytest.mark.parametrize(("size", "window"), [(10, 8192), (30_000, 32768), (200_000, 131072), (10_000_000, 131072)])
def test_ollama_window_fits_the_prompt(size, window):
    asked = request(lease("http://localhost:11434/api/chat", "ollama"), "x" * size)
    assert Ollama().body(asked)["options"]["num_ctx"] == window
    assert window in WINDOWS


def test_ollama_window_of_the_user_wins():
    asked = request(lease("http://localhost/api/chat", "ollama", parameters={"num_ctx": 2048}), "x" * 99_999)
    assert Ollama().body(asked)["options"]["num_ctx"] == 2048


def line(**fields):
    return json.dumps({"model": "coder-1", "done": False, **fields}, ensure_ascii=False).encode() + b"\n"


OLLAMA_END = line(done=True, done_reason="stop", message={"content": ""})


async def test_ollama_odd_streams_are_read_right():
    said = line(message={"content": "<think>hm</think>\n" + ANSWER})
    for stream in (said + OLLAMA_END, said + OLLAMA_END.rstrip(), (said + OLLAMA_END).replace(b"\n", b"\r\n\r\n")):
        for pieces in ((stream,), bytewise(stream)):
            got, _ = await ask("ollama", steps(*pieces))
            assert (got.text, got.reasoning) == (ANSWER, "hm")


async def test_ollama_tool_arguments_are_an_object():
    call = line(message={"content": "", "tool_calls": [{"function": {"name": "p", "arguments": {"files": []}}}]})
    got, _ = await ask("ollama", steps(call + OLLAMA_END))
    assert got.text == '{"files": []}'


@pytest.mark.parametrize(
    ("stream", "kind", "says"),
    [
        (line(message={"content": "x"}) + b'{"error": "out of memory"}\n', Unavailable, "out of memory"),
        (line(message={"content": "x"}) + b"{oops\n", BadReply, "{oops"),
        (line(message={"content": "x"}) + OLLAMA_END[:30], Truncated, "ended in the middle"),
        (line(done=True), Truncated, "no finish reason"),
        (line(done=True, done_reason="load"), BadReply, "load"),
        (b"\xff\n", BadReply, "UTF-8"),
        (b"x" * (2 << 20), BadReply, "1 MiB"),
    ],
)
async def test_ollama_bad_ends(stream, kind, says, monkeypatch):
    monkeypatch.setattr("pointsman.models.stream.MAX_EVENT", 1 << 20)
    with pytest.raises(kind) as caught:
        await ask("ollama", steps(stream))
    assert says in caught.value.user_message


MARK = {"cache_control": {"type": "ephemeral"}}
OPENING = (Message("system", "s"), Message("user", "the map, the task", stable=7))


def part(text, **more):
    return {"type": "text", "text": text, **more}


class TestCacheMarks:
    async def test_anthropic_marks_the_stable_beginning_and_the_end(self):
        said = (*OPENING, Message("assistant", "b"), Message("user", "c"))
        _, provider = await ask("anthropic-messages", Reply("x"), said)
        sent = provider.requests[0].body
        assert sent["system"] == [part("s", **MARK)]
        assert [message["content"] for message in sent["messages"]] == [
            [part("the map", **MARK), part(", the task", **MARK)],
            [part("b")],
            [part("c", **MARK)],
        ]
        assert json.dumps(sent).count("cache_control") == 4  # as many as are allowed
        assert provider.requests[0].messages == tuple((message.role, message.content) for message in said)

    async def test_chat_marks_where_the_lease_says_so(self):
        _, provider = await ask("openai-chat", Reply("x"), OPENING, marks=True)
        first, second = provider.requests[0].body["messages"]
        assert first["content"] == [part("s", **MARK)]
        assert second["content"] == [part("the map", **MARK), part(", the task", **MARK)]
        _, provider = await ask("openai-chat", Reply("x"), OPENING)
        assert [message["content"] for message in provider.requests[0].body["messages"]] == ["s", "the map, the task"]


@pytest.mark.parametrize(
    ("wire", "usage"),
    [
        (
            "openai-chat",
            {
                "prompt_tokens": 100,
                "completion_tokens": 7,
                "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 30},
                "cost": 0.25,
            },
        ),
        (
            "anthropic-messages",
            {
                "input_tokens": 10,
                "output_tokens": 7,
                "cache_read_input_tokens": 60,
                "cache_creation_input_tokens": 30,
            },
        ),
        (
            "openai-responses",
            {"input_tokens": 100, "output_tokens": 7, "input_tokens_details": {"cached_tokens": 60}},
        ),
    ],
)
async def test_usage_means_the_same_on_every_wire(wire, usage):
    streams = {
        "openai-chat": event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage}),
        "anthropic-messages": event({"type": "message_start", "message": {"usage": usage}})
        + event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}}),
        "openai-responses": event({"type": "response.completed", "response": {"usage": usage}}),
    }
    got, _ = await ask(wire, steps(streams[wire]))
    counted = got.end.usage
    assert (counted.prompt, counted.completion, counted.cached) == (100, 7, 60)
    assert counted.written == (None if wire == "openai-responses" else 30)
    assert counted.cost == (0.25 if wire == "openai-chat" else None)


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        (
            [{"type": "response.refusal.done", "refusal": "No."}, {"type": "response.completed", "response": {}}],
            Refused,
        ),
        ([{"type": "response.completed", "response": {"status": "incomplete"}}], Truncated),
        ([{"type": "response.completed", "response": {"status": "failed"}}], Unavailable),
        ([{"type": "response.completed", "response": {"status": "cancelled"}}], BadReply),
        ([{"type": "response.cancelled", "response": {"status": "cancelled"}}], Truncated),
        ([{"type": "error", "code": "rate_limit_exceeded", "message": "slow down"}], RateLimited),
    ],
)
async def test_responses_that_end_badly_in_other_words(events, kind):
    with pytest.raises(kind):
        await ask("openai-responses", steps(*(event(each) for each in events)))
