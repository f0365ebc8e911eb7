"""How the scripted provider speaks each wire: the request's messages, and the bytes of a well-formed stream."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Messages = tuple[tuple[str, str], ...]


class Stream(Protocol):
    """Writes a stream: the bytes before the first delta, each delta's, and those after the last one."""

    def __call__(
        self, *, model: str, reasoning: Sequence[str], text: Sequence[str], finish: str, tokens: tuple[int, int]
    ) -> tuple[bytes, list[bytes], bytes]: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    wire: str
    content_type: str
    messages: Callable[[Mapping[str, Any]], Messages]
    stream: Stream


def event(payload: Any, name: str = "") -> bytes:
    """One server-sent event."""
    line = f"event: {name}\n" if name else ""
    return f"{line}data: {json.dumps(payload, ensure_ascii=False)}\n\n".encode()


def _plain(content: Any) -> str:
    """The text of a message's content, which is a string or a list of parts."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or ())


def _chat_messages(body: Mapping[str, Any]) -> Messages:
    return tuple((message["role"], _plain(message["content"])) for message in body["messages"])


def _chat_stream(
    *, model: str, reasoning: Sequence[str], text: Sequence[str], finish: str, tokens: tuple[int, int]
) -> tuple[bytes, list[bytes], bytes]:
    def chunk(delta: Mapping[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return event({**common, "choices": [choice]})

    common = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    start = chunk({"role": "assistant", "content": ""})
    deltas = [chunk({"reasoning_content": piece}) for piece in reasoning] + [
        chunk({"content": piece}) for piece in text
    ]
    if not finish:
        return start, deltas, b""
    prompt, completion = tokens
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    end = chunk({}, finish) + event({**common, "choices": [], "usage": usage}) + b"data: [DONE]\n\n"
    return start, deltas, end


DIALECTS: Mapping[str, Dialect] = {
    "/v1/chat/completions": Dialect("openai-chat", "text/event-stream", _chat_messages, _chat_stream),
}
