"""OpenAI's Responses: events with a type each, and the finish inside the last one's response object."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from pointsman.models.failures import from_payload
from pointsman.models.finish import is_proper, trouble, worse
from pointsman.models.stream import Reader
from pointsman.models.turn import merged
from pointsman.models.values import amount, count, record, string
from pointsman.terms import Delta, End, Form, Lease, Request, Usage

TOOL = "Sends the patch, or the one question."
_FIXED = ("model", "input", "stream")
_TEXT = ("response.output_text.delta",)
_TOOLS = ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta")
_REASONING = ("response.reasoning_summary_text.delta", "response.reasoning_text.delta")
_LENGTHS = ("max_tokens", "max_completion_tokens")
"""What the chat wire calls this wire's `max_output_tokens`."""


class OpenAIResponses:
    def headers(self, lease: Lease) -> Mapping[str, str]:
        return {"authorization": f"Bearer {lease.key}"} if lease.key else {}

    def body(self, request: Request) -> Mapping[str, Any]:
        body = {
            "model": request.lease.model,
            "input": [{"role": message.role, "content": message.content} for message in request.messages],
            "stream": True,
            "store": False,
            **_forced(request.form),
        }
        return merged(body, _renamed(request.lease.parameters), _FIXED)

    async def read(self, reader: Reader) -> AsyncGenerator[Delta | End, None]:
        last: Mapping[str, Any] = {}
        status = refusal = call = ""
        said = False
        async with aclosing(reader.events()) as events:
            async for name, event in events:
                kind, text = string(event.get("type")) or name, string(event.get("delta"))
                if kind in _TOOLS:
                    item = string(event.get("item_id"))
                    if said and item != call:
                        yield Delta("\n")  # two calls, or words before a call, are two things
                    call = item
                if kind in _REASONING:
                    yield Delta(text, reasoning=True)
                elif kind in _TEXT or kind in _TOOLS:
                    said = said or bool(text)
                    yield Delta(text)
                elif kind == "response.refusal.delta":
                    refusal += text
                elif kind == "response.refusal.done":
                    refusal = string(event.get("refusal")) or refusal or "no reason given"
                elif kind in ("response.completed", "response.incomplete", "response.failed"):
                    last = record(event.get("response"))
                    status = worse(string(last.get("status")), kind.rpartition(".")[2])
                    reader.over()
        yield _end(reader, last, status, refusal)


def _forced(form: Form | None) -> dict[str, Any]:
    """The fields that force the form of the answer."""
    match form:
        case Form("schema", definition, name):
            return {"text": {"format": {"type": "json_schema", "name": name, "strict": True, "schema": definition}}}
        case Form("lark", definition, name):
            grammar = {"type": "grammar", "syntax": "lark", "definition": definition}
            tool = {"type": "custom", "name": name, "description": TOOL, "format": grammar}
            return {"tools": [tool], "tool_choice": {"type": "custom", "name": name}}
        case _:
            return {}


def _end(reader: Reader, last: Mapping[str, Any], status: str, refusal: str) -> End:
    if status == "failed":
        raise from_payload(reader.lease, {"error": last.get("error") or "the response failed"})
    if status == "incomplete":
        reason = string(record(last.get("incomplete_details")).get("reason"))
        raise trouble(reader.lease, reason or "length")
    if refusal:
        raise trouble(reader.lease, "refusal", refusal)
    if not status:
        raise reader.truncated()
    if not is_proper(status):
        raise trouble(reader.lease, status)
    usage = record(last.get("usage"))
    cached = count(record(usage.get("input_tokens_details")).get("cached_tokens"))
    prompt, completion = count(usage.get("input_tokens")), count(usage.get("output_tokens"))
    counted = Usage(prompt, completion, cached, cost=amount(usage.get("cost")))
    return End(status, string(last.get("model")), counted)


def _renamed(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters compiled for the chat wire under this wire's names; those already right win."""
    renamed: dict[str, Any] = {}
    for name, value in parameters.items():
        if name in _LENGTHS:
            renamed["max_output_tokens"] = value
        elif name == "reasoning_effort":
            renamed["reasoning"] = {"effort": value}
    return {
        **renamed,
        **{name: value for name, value in parameters.items() if name not in (*_LENGTHS, "reasoning_effort")},
    }
