"""The wire nearly everyone speaks: OpenAI's chat completions, streamed.

Dialects differ in details, all read here: the usage in a chunk without choices, reasoning under four names, content as
text or as a list of parts, tool calls without an index, with a repeated id, or with arguments that are no string.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from pointsman.models.breakpoints import marked, parts
from pointsman.models.doubts import witness
from pointsman.models.finish import is_proper, trouble, worse
from pointsman.models.stream import Reader
from pointsman.models.thoughts import Thoughts
from pointsman.models.tool_calls import ToolCalls
from pointsman.models.turn import merged
from pointsman.models.values import amount, count, record, rows, string, text_of
from pointsman.profiles.hosts import is_host
from pointsman.terms import Delta, End, Lease, Request, Usage

TOOL = "Sends the patch, or the one question."
_FIXED = ("model", "messages", "stream")
_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_details")


class OpenAIChat:
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

    async def read(self, reader: Reader) -> AsyncGenerator[Delta | End, None]:
        thoughts, tools = Thoughts(), ToolCalls()
        finish = served = refusal = ""
        usage = Usage()
        async with aclosing(reader.events()) as events:
            async for _, chunk in events:
                served = witness(reader.lease, served, string(chunk.get("model")))
                usage = _usage(chunk.get("usage")) or usage
                choice = _first(chunk.get("choices"))
                delta = record(choice.get("delta"))
                refusal += string(delta.get("refusal"))
                for piece in (*_pieces(delta, thoughts), *tools.feed(delta.get("tool_calls"))):
                    yield piece
                finish = worse(finish, string(choice.get("finish_reason")))
                if finish:
                    reader.finished()
        if not finish:
            raise reader.truncated()
        if refusal or not is_proper(finish):
            raise trouble(reader.lease, "refusal" if refusal else finish, refusal)
        for piece in (*thoughts.rest(), *tools.rest()):
            yield piece
        yield End(finish, served, usage)


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


def _pieces(delta: Mapping[str, Any], thoughts: Thoughts) -> list[Delta]:
    reasoning = next((text for name in _REASONING if (text := text_of(delta.get(name)))), "")
    pieces = [Delta(reasoning, reasoning=True)] if reasoning else []
    content = delta.get("content")
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, dict) and part.get("type") in ("thinking", "reasoning"):
            pieces.append(Delta(text_of(part.get("thinking") or part.get("text")), reasoning=True))
        elif text := text_of(part):
            pieces += thoughts.feed(text)
    return pieces


def _usage(value: Any) -> Usage | None:
    if not isinstance(value, dict):
        return None
    details = record(value.get("prompt_tokens_details"))
    cached = count(details.get("cached_tokens"))
    if cached is None:
        cached = count(value.get("prompt_cache_hit_tokens"))
    prompt, completion = count(value.get("prompt_tokens")), count(value.get("completion_tokens"))
    return Usage(prompt, completion, cached, count(details.get("cache_write_tokens")), amount(value.get("cost")))


def _first(choices: Any) -> Mapping[str, Any]:
    """The choice with index 0: we never ask for more than one."""
    return next((choice for choice in rows(choices) if not choice.get("index")), {})
