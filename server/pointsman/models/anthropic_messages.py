"""Anthropic's Messages: blocks of content, each with its own deltas, and a stop reason near the end.

The stable beginning of the prompt is marked for the provider's cache, and the end of what was said so far: the next
task on unchanged files pays for what is its own, and the next turn for what is new. Counted tokens leave out there what
came from the cache; ours include it, as on all other wires.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pointsman.models.breakpoints import marked, parts
from pointsman.models.finish import is_proper, trouble, worse
from pointsman.models.stream import Reader
from pointsman.models.turn import merged
from pointsman.models.values import Odd, count, inner, record, string, text, words
from pointsman.terms import Delta, End, Form, Lease, Request, Usage

VERSION = "2023-06-01"
MAX_TOKENS = 8192
"""For leases that set no limit: the wire demands one."""
WRITTEN = "cache_creation_input_tokens"
_FIXED = ("model", "messages", "system", "stream")
_THOUGHTS = ("thinking", "redacted_thinking")
_ANSWERS = {"text_delta": "text", "input_json_delta": "partial_json"}


class AnthropicMessages:
    by_line = False

    def headers(self, lease: Lease) -> Mapping[str, str]:
        headers = {"anthropic-version": VERSION}
        if lease.key:
            headers["x-api-key"] = str(lease.key)
            if not (urlsplit(lease.url).hostname or "").endswith("anthropic.com"):
                headers["authorization"] = f"Bearer {lease.key}"  # gateways that speak this wire know no other header
        return headers

    def body(self, request: Request) -> Mapping[str, Any]:
        said = [message for message in request.messages if message.role != "system"]
        system = "\n\n".join(message.content for message in request.messages if message.role == "system")
        body = {
            "model": request.lease.model,
            "max_tokens": MAX_TOKENS,
            "system": [marked(system)] if system else None,
            "messages": [
                {"role": message.role, "content": parts(message, ends=index in (0, len(said) - 1))}
                for index, message in enumerate(said)
            ],
            "stream": True,
            "output_config": _forced(request.form),
        }
        return merged(body, request.lease.parameters, _FIXED)

    def reading(self, reader: Reader) -> "MessageReading":
        return MessageReading(reader)


class MessageReading:
    """One answer as it comes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._blocks, self._frame = _Blocks(), _Frame()

    def take(self, name: str, event: Mapping[str, Any]) -> list[Delta]:
        match string(event.get("type")) or name or words(event.get("type"), "type"):
            case "content_block_delta":
                return self._blocks.feed(event)
            case "content_block_start":
                return self._blocks.start(event)
            case "message_stop":
                self._reader.over()
            case _:
                self._frame.take(event)
                if self._frame.stop:
                    self._reader.finished()
        return []

    def rest(self) -> list[Delta]:
        if not self._frame.stop:
            raise self._reader.truncated()
        if not is_proper(self._frame.stop):
            raise trouble(self._reader.lease, self._frame.stop)
        return []

    def end(self) -> End:
        return End(self._frame.stop, self._frame.served, _usage(self._frame.counts))


def _forced(form: Form | None) -> dict[str, Any] | None:
    """What forces the form of the answer; this wire knows schemas only."""
    if form is None or form.kind != "schema":
        return None
    return {"format": {"type": "json_schema", "schema": form.definition}}


class _Frame:
    """What is said about the message as a whole, at its start and at its end."""

    def __init__(self) -> None:
        self.stop = ""
        self.served = ""
        self.counts: dict[str, int] = {}

    def take(self, event: Mapping[str, Any]) -> None:
        message = record(event.get("message"))
        self.served = string(message.get("model")) or self.served
        self.stop = worse(self.stop, string(record(event.get("delta")).get("stop_reason")))
        for usage in (record(message.get("usage")), record(event.get("usage"))):
            # Later counts replace earlier ones: each is of the whole message so far.
            self.counts |= {name: number for name, value in usage.items() if (number := count(value)) is not None}


class _Blocks:
    """Which block each delta belongs to: text and the input of a tool call are the answer, thinking is not.

    The input of the provider's own tools, such as its web search, is no answer either.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._said = False

    def start(self, event: Mapping[str, Any]) -> list[Delta]:
        block = inner(event.get("content_block"), "content_block")
        kind = self._kinds[str(event.get("index"))] = words(block.get("type"), "content_block.type") or "text"
        if kind == "tool_use":
            apart = [Delta("\n")] if self._said else []
            whole = record(block.get("input"))  # as some gateways send it; its own host sends it in pieces
            return [*apart, *self._answer(json.dumps(whole, ensure_ascii=False) if whole else "")]
        return self._answer(words(block.get("text"), "content_block.text")) if kind == "text" else []

    def feed(self, event: Mapping[str, Any]) -> list[Delta]:
        delta = inner(event.get("delta"), "delta")
        kind = text(delta.get("type"), "delta.type")
        if kind == "thinking_delta":
            return [Delta(string(delta.get("thinking")), reasoning=True)]
        within = self._kinds.get(str(event.get("index")), "text")
        if kind in _ANSWERS and within in _THOUGHTS:
            raise Odd(f"delta of {within}")
        if kind not in _ANSWERS or within not in ("text", "tool_use"):
            return []
        return self._answer(text(delta.get(_ANSWERS[kind]), f"delta.{_ANSWERS[kind]}"))

    def _answer(self, piece: str) -> list[Delta]:
        self._said = self._said or bool(piece)
        return [Delta(piece)] if piece else []


def _usage(counts: Mapping[str, int]) -> Usage:
    if "input_tokens" not in counts:
        return Usage(None, counts.get("output_tokens"))
    read = counts.get("cache_read_input_tokens", 0)
    prompt = counts["input_tokens"] + counts.get(WRITTEN, 0) + read
    return Usage(prompt, counts.get("output_tokens"), counts.get("cache_read_input_tokens"), counts.get(WRITTEN))
