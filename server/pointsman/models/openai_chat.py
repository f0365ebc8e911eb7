"""The wire nearly everyone speaks: OpenAI's chat completions, streamed.

Dialects differ in details, all read here: the usage in a chunk without choices, reasoning under four names, content as
text or as a list of parts, tool calls without an index, with a repeated id, or with arguments that are no string.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pointsman.models.breakpoints import marked, parts
from pointsman.models.doubts import witness
from pointsman.models.failures import from_payload
from pointsman.models.finish import is_proper, trouble, worse
from pointsman.models.stream import Reader
from pointsman.models.thoughts import Thoughts
from pointsman.models.tool_calls import ToolCalls
from pointsman.models.turn import merged
from pointsman.models.values import Odd, amount, count, each, inner, record, string, text_of, words
from pointsman.profiles.hosts import is_host
from pointsman.terms import Delta, End, Lease, Request, Usage

TOOL = "Sends the patch, or the one question."
_FIXED = ("model", "messages", "stream")
_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_details")


class OpenAIChat:
    by_line = False

    def headers(self, lease: Lease) -> Mapping[str, str]:
        return {"authorization": f"Bearer {lease.key}"} if lease.key else {}

    def body(self, request: Request) -> Mapping[str, Any]:
        body = {
            "model": request.lease.model,
            "messages": _messages(request),
            "stream": True,
            "stream_options": {"include_usage": True},
            **_forced(request),
        }
        return merged(body, request.lease.parameters, _FIXED)

    def reading(self, reader: Reader) -> "ChatReading":
        return ChatReading(reader)


class ChatReading:
    """One answer as it comes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._thoughts, self._tools = Thoughts(), ToolCalls()
        self._finish = self._served = self._refusal = ""
        self._usage = Usage()
        self._said = False
        """Whether there are words that a tool call would run into."""

    def take(self, _: str, chunk: Mapping[str, Any]) -> list[Delta]:
        if (served := string(chunk.get("model"))) != self._served:
            self._served = witness(self._reader.lease, self._served, served)
        if "usage" in chunk:
            self._usage = _usage(chunk["usage"]) or self._usage
        choice = _first(each(chunk.get("choices"), "choices"))
        delta = inner(choice.get("delta" if "delta" in choice else "message"), "choices.delta")
        if wrong := choice.get("error") or delta.get("error"):
            raise from_payload(self._reader.lease, {"error": wrong})
        pieces = self._pieces(delta)
        self._said = self._said or any(not piece.reasoning for piece in pieces)
        if "refusal" in delta:
            self._refusal += words(delta["refusal"], "refusal")
        if "tool_calls" in delta or "function_call" in delta:
            called = self._tools.feed(delta.get("tool_calls") or [{"function": delta.get("function_call")}])
            pieces += [Delta("\n"), *called] if self._said and called else called
            self._said = self._said and not called
        self._finish = worse(self._finish, string(choice.get("finish_reason")))
        if self._finish:
            self._reader.finished()
        return pieces

    def _pieces(self, delta: Mapping[str, Any]) -> list[Delta]:
        reasoning = next((text for name in _REASONING if name in delta and (text := text_of(delta[name]))), "")
        pieces = [Delta(reasoning, reasoning=True)] if reasoning else []
        content = delta.get("content")
        if isinstance(content, str):
            return [*pieces, *self._thoughts.feed(content)] if content else pieces
        for part in content if isinstance(content, list) else (content,):
            pieces += self._part(part)
        return pieces

    def _part(self, part: Any) -> list[Delta]:
        """A piece of content: text, thoughts, a refusal, or what the answer merely refers to."""
        if not isinstance(part, dict):
            return self._thoughts.feed(words(part, "content"))
        kind = words(part.get("type"), "content.type")
        if kind in ("thinking", "reasoning"):
            return [Delta(text_of(part.get("thinking") or part.get("text")), reasoning=True)]
        if kind == "refusal":
            self._refusal += words(part.get("refusal"), "refusal") or "no reason given"
        elif not kind and "text" not in part:
            raise Odd("content")
        return self._thoughts.feed(words(part.get("text"), "content.text"))

    def rest(self) -> list[Delta]:
        if not self._finish:
            raise self._reader.truncated()
        if self._refusal or not is_proper(self._finish):
            raise trouble(self._reader.lease, "refusal" if self._refusal else self._finish, self._refusal)
        return [*self._thoughts.rest(), *self._tools.rest()]

    def end(self) -> End:
        return End(self._finish, self._served, self._usage)


def _messages(request: Request) -> list[dict[str, Any]]:
    if not request.lease.marks:
        return [{"role": message.role, "content": message.content} for message in request.messages]
    last = len(request.messages) - 1
    return [
        {
            "role": message.role,
            "content": [marked(message.content)] if message.role == "system" else parts(message, ends=index == last),
        }
        for index, message in enumerate(request.messages)
    ]


def _forced(request: Request) -> dict[str, Any]:
    """The fields that force the form of the answer, as the engines of this wire write them."""
    form = request.form
    if form is None:
        return {}
    match form.kind:
        case "schema":
            fields: dict[str, Any] = {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": form.name, "strict": True, "schema": form.definition},
                }
            }
            if is_host(request.lease.url, "openrouter.ai"):
                fields["provider"] = {"require_parameters": True}  # or it may choose a host that forces nothing
            return fields
        case "lark":
            grammar = {"type": "grammar", "grammar": {"syntax": "lark", "definition": form.definition}}
            tool = {"name": form.name, "description": TOOL, "format": grammar}
            chosen = {"type": "custom", "custom": {"name": form.name}}
            return {"tools": [{"type": "custom", "custom": tool}], "tool_choice": chosen}
        case "gbnf":
            return {"grammar": form.definition}
        case "ebnf":
            return {"structured_outputs": {"grammar": form.definition}}
        case _:
            return {}


def _usage(value: Any) -> Usage | None:
    if not isinstance(value, dict):
        return None
    details = record(value.get("prompt_tokens_details"))
    cached = count(details.get("cached_tokens"))
    if cached is None:
        cached = count(value.get("prompt_cache_hit_tokens"))
    prompt, completion = count(value.get("prompt_tokens")), count(value.get("completion_tokens"))
    return Usage(prompt, completion, cached, count(details.get("cache_write_tokens")), amount(value.get("cost")))


def _first(choices: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The choice with index 0, or without one: we never ask for more. Raises Odd."""
    for choice in choices:
        index = choice.get("index")
        if index is not None and count(index) is None:
            raise Odd("choices.index")
        if not index:
            return choice
    return {}
