"""The wire nearly everyone speaks: OpenAI's chat completions, streamed.

Dialects differ in details, all read here: the usage in a chunk without choices, reasoning under four names, content as
text or as a list of parts, tool calls without an index, with a repeated id, or with arguments that are no string.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from pointsman.models.finish import is_proper, trouble
from pointsman.models.stream import Reader
from pointsman.models.thoughts import Thoughts
from pointsman.models.turn import merged
from pointsman.terms import Delta, End, Lease, Request, Usage

_FIXED = ("model", "messages", "stream")
_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_details")


class OpenAIChat:
    def headers(self, lease: Lease) -> Mapping[str, str]:
        return {"authorization": f"Bearer {lease.key}"} if lease.key else {}

    def body(self, request: Request) -> Mapping[str, Any]:
        body = {
            "model": request.lease.model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        return merged(body, request.lease.parameters, _FIXED)

    async def read(self, reader: Reader) -> AsyncGenerator[Delta | End, None]:
        thoughts, tools = Thoughts(), ToolCalls()
        finish = served = refusal = ""
        usage = Usage()
        async with aclosing(reader.events()) as events:
            async for _, chunk in events:
                served = _string(chunk.get("model")) or served
                usage = _usage(chunk.get("usage")) or usage
                choice = _first(chunk.get("choices"))
                delta = choice.get("delta")
                if isinstance(delta, dict):
                    refusal += _string(delta.get("refusal"))
                    for piece in (*_pieces(delta, thoughts), *tools.feed(delta.get("tool_calls"))):
                        yield piece
                finish = _string(choice.get("finish_reason")) or finish
                if finish:
                    reader.finished()
        if not finish:
            raise reader.truncated()
        if refusal or not is_proper(finish):
            raise trouble(reader.lease, "refusal" if refusal else finish, refusal)
        for piece in (*thoughts.rest(), *tools.rest()):
            yield piece
        yield End(finish, served, usage)


def _pieces(delta: Mapping[str, Any], thoughts: Thoughts) -> list[Delta]:
    reasoning = next((text for name in _REASONING if (text := _text(delta.get(name)))), "")
    pieces = [Delta(reasoning, reasoning=True)] if reasoning else []
    content = delta.get("content")
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, dict) and part.get("type") in ("thinking", "reasoning"):
            pieces.append(Delta(_text(part.get("thinking") or part.get("text")), reasoning=True))
        elif text := _text(part):
            pieces += thoughts.feed(text)
    return pieces


class ToolCalls:
    """The arguments of tool calls, which are the answer where the patch is asked for as a tool call.

    The first call streams; others wait for the end, since nothing says that their pieces do not mix.
    """

    def __init__(self) -> None:
        self._order: list[str] = []
        self._held: dict[str, str] = {}

    def feed(self, calls: Any) -> list[Delta]:
        pieces = []
        for call in calls if isinstance(calls, list) else ():
            if not isinstance(call, dict):
                continue
            key = self._key(call)
            function = call.get("function") or call.get("custom")
            text = _arguments(function if isinstance(function, dict) else {})
            if key == self._order[0]:
                pieces.append(Delta(text))
            else:
                self._held[key] = self._held.get(key, "") + text
        return pieces

    def rest(self) -> list[Delta]:
        return [Delta(f"\n{text}") for text in self._held.values() if text]

    def _key(self, call: Mapping[str, Any]) -> str:
        """Which call a piece belongs to: by index, else by id, else the one before."""
        index, name = call.get("index"), _string(call.get("id"))
        key = f"#{index}" if isinstance(index, int) else name or (self._order[-1] if self._order else "#0")
        if key not in self._order:
            self._order.append(key)
        return key


def _arguments(function: Mapping[str, Any]) -> str:
    given = function.get("arguments", function.get("input", ""))
    if given is None or isinstance(given, str):
        return given or ""
    return json.dumps(given, ensure_ascii=False)


def _usage(value: Any) -> Usage | None:
    if not isinstance(value, dict):
        return None
    details = value.get("prompt_tokens_details")
    cached = _count((details if isinstance(details, dict) else {}).get("cached_tokens"))
    if cached is None:
        cached = _count(value.get("prompt_cache_hit_tokens"))
    return Usage(_count(value.get("prompt_tokens")), _count(value.get("completion_tokens")), cached)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _first(choices: Any) -> Mapping[str, Any]:
    """The choice with index 0: we never ask for more than one."""
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and not choice.get("index"):
            return choice
    return {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(value: Any) -> str:
    """The text of a string, of a part, or of a list of parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text(part) for part in value)
    if isinstance(value, dict):
        return next((text for name in ("text", "thinking", "summary") if (text := _text(value.get(name)))), "")
    return ""
