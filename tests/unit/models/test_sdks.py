"""The providers' own clients read our scripted provider, and their types take the requests our wires write.

Otherwise provider and wire, written by the same hands, would share one misreading. Needs the dependency group `sdks`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.models.anthropic_messages import AnthropicMessages
from pointsman.models.ollama import Ollama
from pointsman.models.openai_chat import OpenAIChat
from pointsman.models.openai_responses import OpenAIResponses
from pointsman.patch import forms
from pointsman.terms import FormKind, Message, Request
from support.dialogue import lease, request
from support.faults import ANSWER

REPLY = Reply(ANSWER, reasoning="Let me see.", piece=5, prompt_tokens=7, completion_tokens=3)
PLAIN = replace(REPLY, text="größe = 1\n" * 3)  # that client cuts lines at every separator Unicode has
ASKED = {"model": "coder", "messages": [{"role": "user", "content": "hi"}]}
DIALOGUE = (Message("system", "s"), Message("user", "a"), Message("assistant", "b"), Message("user", "c"))


@pytest.fixture
async def provider():
    async with ScriptedProvider(lambda asked: PLAIN if asked.wire == "ollama" else REPLY) as listening:
        yield listening


def written(wire: Any, name: str, form: FormKind = "", **parameters: Any) -> dict[str, Any]:
    """A request as the wire writes it."""
    held = lease("http://127.0.0.1/", name, parameters=parameters, form=form)
    return dict(wire.body(Request(held, DIALOGUE, request(held).context, None, forms.form(form, {}))))


def accept(kind: Any, body: dict[str, Any]) -> None:
    """Validate all of it: the SDKs' sequences are iterators, which check nothing until they are read."""
    from pydantic import TypeAdapter

    def drain(value: Any) -> None:
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | Iterator) else ():
            drain(item)

    adapter = TypeAdapter(kind)  # its iterators do not keep it alive
    drain(adapter.validate_python(body))
    unknown = (
        set(body) - set(kind.__annotations__) - set().union(*(base.__annotations__ for base in kind.__orig_bases__))
    )
    assert not unknown


async def test_openai_reads_the_chat(provider):
    openai = pytest.importorskip("openai")
    async with openai.AsyncOpenAI(base_url=f"{provider.base}/v1", api_key="k") as client:
        stream = await client.chat.completions.create(**ASKED, stream=True, stream_options={"include_usage": True})
        chunks = [chunk async for chunk in stream]
    choices = [chunk.choices[0] for chunk in chunks if chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == ANSWER
    assert choices[-1].finish_reason == "stop"
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (7, 3)


async def test_openai_reads_the_responses(provider):
    openai = pytest.importorskip("openai")
    async with openai.AsyncOpenAI(base_url=f"{provider.base}/v1", api_key="k") as client:
        events = [event async for event in await client.responses.create(model="coder", input="hi", stream=True)]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == ANSWER
    assert events[-1].type == "response.completed"
    assert (events[-1].response.status, events[-1].response.usage.input_tokens) == ("completed", 7)


async def test_openai_reads_the_forced_tool(provider):
    openai = pytest.importorskip("openai")
    tool = {"type": "custom", "name": "apply_patch"}
    async with openai.AsyncOpenAI(base_url=f"{provider.base}/v1", api_key="k") as client:
        chosen = {"type": "custom", "custom": {"name": "apply_patch"}}
        stream = await client.chat.completions.create(**ASKED, stream=True, tool_choice=chosen, tools=[])
        choices = [chunk.choices[0] async for chunk in stream if chunk.choices]
        asked = {"model": "coder", "input": "hi", "stream": True, "tools": [tool], "tool_choice": tool}
        events = [event async for event in await client.responses.create(**asked)]
    calls = [call for choice in choices for call in choice.delta.tool_calls or ()]
    assert "".join(call.model_extra["custom"]["input"] for call in calls) == ANSWER
    assert choices[-1].finish_reason == "tool_calls"
    assert "".join(e.delta for e in events if e.type == "response.custom_tool_call_input.delta") == ANSWER


async def test_anthropic_reads_the_messages(provider):
    anthropic = pytest.importorskip("anthropic")
    async with (
        anthropic.AsyncAnthropic(base_url=provider.base, api_key="k") as client,
        client.messages.stream(**ASKED, max_tokens=9) as stream,
    ):
        message = await stream.get_final_message()
    thinking, text = message.content
    assert (thinking.thinking, text.text, message.stop_reason) == ("Let me see.", ANSWER, "end_turn")
    assert (message.usage.input_tokens, message.usage.output_tokens) == (7, 3)


async def test_ollama_reads_the_chat(provider):
    ollama = pytest.importorskip("ollama")
    client = ollama.AsyncClient(host=provider.base)
    parts = [part async for part in await client.chat(**ASKED, stream=True)]
    assert "".join(part.message.content for part in parts) == PLAIN.text
    assert (parts[-1].done_reason, parts[-1].prompt_eval_count) == ("stop", 7)
    await client._client.aclose()


def test_openai_takes_our_chat_request():
    types = pytest.importorskip("openai.types.chat.completion_create_params")
    body = written(OpenAIChat(), "openai-chat", temperature=0, max_completion_tokens=9, reasoning_effort="none")
    accept(types.CompletionCreateParamsStreaming, body)


@pytest.mark.parametrize("kind", ["schema", "lark"])
def test_openai_takes_our_forms(kind):
    chat = pytest.importorskip("openai.types.chat.completion_create_params")
    accept(chat.CompletionCreateParamsStreaming, written(OpenAIChat(), "openai-chat", kind))
    responses = pytest.importorskip("openai.types.responses.response_create_params")
    accept(responses.ResponseCreateParamsStreaming, written(OpenAIResponses(), "openai-responses", kind))


def test_the_others_take_our_schema():
    types = pytest.importorskip("anthropic.types.message_create_params")
    accept(types.MessageCreateParamsStreaming, written(AnthropicMessages(), "anthropic-messages", "schema"))
    ollama = pytest.importorskip("ollama")
    assert ollama._types.ChatRequest(**written(Ollama(), "ollama", "schema")).format


def test_openai_takes_our_responses_request():
    types = pytest.importorskip("openai.types.responses.response_create_params")
    body = written(OpenAIResponses(), "openai-responses", max_tokens=9, reasoning_effort="low")
    accept(types.ResponseCreateParamsStreaming, body)


def test_anthropic_takes_our_request():
    types = pytest.importorskip("anthropic.types.message_create_params")
    body = written(AnthropicMessages(), "anthropic-messages", thinking={"type": "disabled"})
    accept(types.MessageCreateParamsStreaming, body)


def test_ollama_takes_our_request():
    ollama = pytest.importorskip("ollama")
    body = written(Ollama(), "ollama", temperature=0, max_tokens=9, think=False, keep_alive="10m")
    ollama._types.ChatRequest(**body)
    assert set(body) <= set(ollama._types.ChatRequest.model_fields)
    assert set(body["options"]) <= set(ollama.Options.model_fields)
    assert (body["options"]["num_predict"], body["options"]["num_ctx"]) == (9, 8192)
