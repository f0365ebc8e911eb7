"""OpenAI's Responses: events with a type each, and the finish inside the last one's response object."""

from collections.abc import Mapping
from typing import Any

from pointsman.models.failures import from_payload
from pointsman.models.finish import is_proper, trouble, worse
from pointsman.models.stream import Reader
from pointsman.models.turn import merged
from pointsman.models.values import amount, count, record, rows, string, text, words
from pointsman.terms import Delta, End, Form, Lease, Request, Usage

TOOL = "Sends the patch, or the one question."
_FIXED = ("model", "input", "stream")
_TEXT = ("response.output_text.delta",)
_TOOLS = ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta")
_CALLS = ("function_call", "custom_tool_call")
_REASONING = ("response.reasoning_summary_text.delta", "response.reasoning_text.delta")
_LENGTHS = ("max_tokens", "max_completion_tokens")
"""What the chat wire calls this wire's `max_output_tokens`."""


class OpenAIResponses:
    by_line = False

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

    def reading(self, reader: Reader) -> "ResponseReading":
        return ResponseReading(reader)


class ResponseReading:
    """One answer as it comes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._last: Mapping[str, Any] = {}
        self._status = self._refusal = self._call = ""
        self._said: list[str] = []

    def take(self, name: str, event: Mapping[str, Any]) -> list[Delta]:
        kind = string(event.get("type")) or name or words(event.get("type"), "type")
        delta = event.get("delta")
        if kind in _TEXT:
            return [self._answer(delta)]
        if kind in _TOOLS:
            return self._tool(string(event.get("item_id")), delta)
        if kind in _REASONING:
            return [Delta(string(delta), reasoning=True)]
        if kind == "response.refusal.delta":
            self._refusal += words(delta, "delta")
        elif kind == "response.refusal.done":
            self._refusal = string(event.get("refusal")) or self._refusal or "no reason given"
        elif kind in ("response.completed", "response.incomplete", "response.failed"):
            self._last = record(event.get("response"))
            self._status = worse(string(self._last.get("status")), kind.rpartition(".")[2])
            self._reader.over()
        return []

    def _answer(self, delta: Any) -> Delta:
        piece = text(delta, "delta")
        if piece:
            self._said.append(piece)
        return Delta(piece)

    def _tool(self, item: str, delta: Any) -> list[Delta]:
        """A piece of a tool call; two calls, or words before a call, are two things."""
        item = item or self._call
        apart = [Delta("\n")] if self._said and item != self._call else []
        self._call = item
        return [*apart, self._answer(delta)]

    def rest(self) -> list[Delta]:
        lease, last = self._reader.lease, self._last
        if self._status == "failed" or last.get("error"):
            raise from_payload(lease, {"error": last.get("error") or "the response failed"})
        cut = last.get("incomplete_details")
        if self._status == "incomplete" or cut:
            raise trouble(lease, string(cut) or string(record(cut).get("reason")) or "length")
        if self._refusal:
            raise trouble(lease, "refusal", self._refusal)
        if not self._status:
            raise self._reader.truncated()
        if not is_proper(self._status):
            raise trouble(lease, self._status)
        whole = _whole(last)
        if not self._said:
            return [Delta("\n".join(whole))]
        if whole and "".join(whole).strip() != "".join(self._said).strip():
            raise self._reader.truncated("its pieces are not the answer that it ends with")
        return []

    def end(self) -> End:
        usage = record(self._last.get("usage"))
        cached = count(record(usage.get("input_tokens_details")).get("cached_tokens"))
        prompt, completion = count(usage.get("input_tokens")), count(usage.get("output_tokens"))
        counted = Usage(prompt, completion, cached, cost=amount(usage.get("cost")))
        return End(self._status, string(self._last.get("model")), counted)


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


def _whole(response: Mapping[str, Any]) -> list[str]:
    """The answer as the last event has it: all there is from servers that send no pieces, and a check of the others."""
    said: list[str] = []
    for item in rows(response.get("output")):
        said += [string(part.get("text")) for part in rows(item.get("content")) if part.get("type") == "output_text"]
        said += [string(item.get(name)) for name in ("arguments", "input") if item.get("type") in _CALLS]
    return [piece for piece in said if piece]


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
