"""How the scripted provider speaks each wire: the request's messages, and the bytes of a well-formed stream."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

Messages = tuple[tuple[str, str], ...]


class Stream(Protocol):
    """Writes a stream: the bytes before the first delta, each delta's, and those after the last one."""

    def __call__(
        self,
        *,
        model: str,
        reasoning: Sequence[str],
        text: Sequence[str],
        finish: str,
        tokens: tuple[int, int],
        tool: str = "",
    ) -> tuple[bytes, list[bytes], bytes]:
        """`tool` names the tool that the text is the input of; only two wires have such tools."""


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
    *, model: str, reasoning: Sequence[str], text: Sequence[str], finish: str, tokens: tuple[int, int], tool: str = ""
) -> tuple[bytes, list[bytes], bytes]:
    def chunk(delta: Mapping[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return event({**common, "choices": [choice]})

    common = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    start = chunk({"role": "assistant", "content": ""})
    deltas = [chunk({"reasoning_content": piece}) for piece in reasoning]
    if tool:
        opening: dict[str, Any] = {"id": "call_1", "type": "custom", "custom": {"name": tool, "input": ""}}
        start += chunk({"tool_calls": [{"index": 0, **opening}]})
        deltas += [chunk({"tool_calls": [{"index": 0, "custom": {"input": piece}}]}) for piece in text]
        finish = "tool_calls" if finish == "stop" else finish
    else:
        deltas += [chunk({"content": piece}) for piece in text]
    if not finish:
        return start, deltas, b""
    prompt, completion = tokens
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    end = chunk({}, finish) + event({**common, "choices": [], "usage": usage}) + b"data: [DONE]\n\n"
    return start, deltas, end


def _anthropic_messages(body: Mapping[str, Any]) -> Messages:
    system = (("system", _plain(body["system"])),) if body.get("system") else ()
    return (*system, *_chat_messages(body))


def _anthropic_stream(
    *,
    model: str,
    reasoning: Sequence[str],
    text: Sequence[str],
    finish: str,
    tokens: tuple[int, int],
    tool: str = "",  # noqa: ARG001 - this wire has no such tools
) -> tuple[bytes, list[bytes], bytes]:
    def typed(kind: str, **fields: Any) -> bytes:
        return event({"type": kind, **fields}, kind)

    def block(index: int, kind: str, key: str, pieces: Sequence[str]) -> list[bytes]:
        if not pieces:
            return []
        opening: dict[str, Any] = {"type": kind, key: ""} | ({"signature": ""} if kind == "thinking" else {})
        deltas = [
            typed("content_block_delta", index=index, delta={"type": f"{kind}_delta", key: piece}) for piece in pieces
        ]
        deltas[0] = typed("content_block_start", index=index, content_block=opening) + deltas[0]
        deltas[-1] += typed("content_block_stop", index=index)
        return deltas

    prompt, completion = tokens
    message: dict[str, Any] = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": []}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": prompt, "output_tokens": 1}}
    start = typed("message_start", message=message) + typed("ping")
    deltas = block(0, "thinking", "thinking", reasoning) + block(len(reasoning) and 1, "text", "text", text)
    if not finish:
        return start, deltas, b""
    reason = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}.get(finish, finish)
    stop: dict[str, Any] = {"stop_reason": reason, "stop_sequence": None}
    end = typed("message_delta", delta=stop, usage={"output_tokens": completion}) + typed("message_stop")
    return start, deltas, end


def _responses_messages(body: Mapping[str, Any]) -> Messages:
    given = body["input"]
    if isinstance(given, str):
        return (("user", given),)
    return tuple((message["role"], _plain(message["content"])) for message in given)


def _responses_stream(
    *, model: str, reasoning: Sequence[str], text: Sequence[str], finish: str, tokens: tuple[int, int], tool: str = ""
) -> tuple[bytes, list[bytes], bytes]:
    numbers = count()

    def typed(kind: str, **fields: Any) -> bytes:
        return event({"type": kind, "sequence_number": next(numbers), **fields}, kind)

    def response(status: str, **fields: Any) -> dict[str, Any]:
        common = {"id": "resp_1", "object": "response", "created_at": 1, "model": model, "status": status}
        return {**common, "output": [], "parallel_tool_calls": False, "tool_choice": "auto", "tools": [], **fields}

    start = typed("response.created", response=response("in_progress"))
    thought = {"item_id": "rs_1", "output_index": 0, "summary_index": 0}
    deltas = [typed("response.reasoning_summary_text.delta", **thought, delta=piece) for piece in reasoning]
    part = {"item_id": "msg_1", "output_index": 1 if reasoning else 0, "content_index": 0}
    if tool:
        call = {"item_id": "ctc_1", "output_index": part["output_index"]}
        deltas += [typed("response.custom_tool_call_input.delta", **call, delta=piece) for piece in text]
    else:
        deltas += [typed("response.output_text.delta", **part, logprobs=[], delta=piece) for piece in text]
    if not finish:
        return start, deltas, b""
    prompt, completion = tokens
    usage = {
        "input_tokens": prompt,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": completion,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": prompt + completion,
    }
    if finish == "stop":
        return start, deltas, typed("response.completed", response=response("completed", usage=usage))
    why = {"reason": "max_output_tokens" if finish == "length" else finish}
    cut = response("incomplete", usage=usage, incomplete_details=why)
    return start, deltas, typed("response.incomplete", response=cut)


def _ollama_stream(
    *,
    model: str,
    reasoning: Sequence[str],
    text: Sequence[str],
    finish: str,
    tokens: tuple[int, int],
    tool: str = "",  # noqa: ARG001 - this wire has no such tools
) -> tuple[bytes, list[bytes], bytes]:
    def line(message: Mapping[str, Any], **fields: Any) -> bytes:
        common = {"model": model, "created_at": "2026-01-01T00:00:00Z"}
        whole = {**common, "message": {"role": "assistant", "content": "", **message}, "done": False, **fields}
        return json.dumps(whole, ensure_ascii=False).encode() + b"\n"

    deltas = [line({"thinking": piece}) for piece in reasoning] + [line({"content": piece}) for piece in text]
    prompt, completion = tokens
    last = {"done": True, "done_reason": finish, "prompt_eval_count": prompt, "eval_count": completion}
    return b"", deltas, line({}, **last) if finish else b""


def forced_tool(body: Mapping[str, Any]) -> str:
    """The name of the free-text tool that a request demands; empty if it demands none."""
    choice = body.get("tool_choice")
    if not isinstance(choice, Mapping) or choice.get("type") != "custom":
        return ""
    return str(choice.get("name") or choice.get("custom", {}).get("name", ""))


SSE = "text/event-stream"
DIALECTS: Mapping[str, Dialect] = {
    "/v1/chat/completions": Dialect("openai-chat", SSE, _chat_messages, _chat_stream),
    "/v1/messages": Dialect("anthropic-messages", SSE, _anthropic_messages, _anthropic_stream),
    "/v1/responses": Dialect("openai-responses", SSE, _responses_messages, _responses_stream),
    "/api/chat": Dialect("ollama", "application/x-ndjson", _chat_messages, _ollama_stream),
}
