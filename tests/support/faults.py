"""What providers have been seen to do wrong or oddly, byte for byte, and what must come of each.

`outcome` is the error that has to be raised, or None where the answer is whole and has to be read as `ANSWER`.
`says` are words the user must see. The rows are of the OpenAI chat wire; the other wires have rows of their own where
they differ.
"""

import gzip
import json
from dataclasses import dataclass
from typing import Any

from pointsman.cli.demo.provider import HANGUP, Reply, Step
from pointsman.errors import AuthError, BadReply, ProviderError, RateLimited, Refused, Truncated, Unavailable
from pointsman.models.limits import Limits
from support.dialogue import LIVELY, PATIENT, SHORT, SOON

ANSWER = 'def größe(x):\n    return "\u2028\u0085\U0001f682"  # <think>\r\n'
"""Non-ASCII, separators that are no line ends, and a tag in the middle."""
HEAD, TAIL = ANSWER[:20], ANSWER[20:]
DONE = b"data: [DONE]\n\n"
GZIP = {"content-encoding": "gzip"}


@dataclass(frozen=True)
class Fault:
    name: str
    reply: Reply
    outcome: type[ProviderError] | None = None
    says: tuple[str, ...] = ()
    reasoning: str = ""
    warns: str = ""
    limits: Limits = PATIENT
    answer: str = ANSWER
    """What is read, where `outcome` is none."""


def chunk(delta: Any = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {} if delta is None else delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "model": "vendor/coder-1", "choices": [choice], **more}


def data(payload: Any, newline: str = "\n") -> bytes:
    return f"data: {json.dumps(payload, ensure_ascii=False)}{newline}{newline}".encode()


def said(text: str) -> bytes:
    return data(chunk({"content": text}))


STOP = data(chunk(finish="stop"))
WHOLE = said(HEAD) + said(TAIL) + STOP + DONE


def steps(*given: Step, **more: Any) -> Reply:
    return Reply(steps=given, **more)


def body(payload: Any, status: int = 200, **headers: str) -> Reply:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Reply(body=raw, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def error(message: str = "it broke", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


def bytewise(stream: bytes) -> tuple[bytes, ...]:
    return tuple(stream[at : at + 1] for at in range(len(stream)))


def tool(call: dict[str, Any]) -> bytes:
    return data(chunk({"tool_calls": [call]}))


def arguments(text: Any) -> dict[str, Any]:
    return {"function": {"name": "apply_patch", "arguments": text}}


def ascii_data(payload: Any) -> bytes:
    return f"data: {json.dumps(payload)}\n\n".encode()


_AT = ANSWER.index("\U0001f682")
HALVES = (ANSWER[:_AT] + "\ud83d", "\ude82" + ANSWER[_AT + 1 :])
OLD_HEAD = b"HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
SHORT_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 99999\r\n\r\n"
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
COMPLETION = {"id": "1", "choices": [{"index": 0, "message": {"content": ANSWER}, "finish_reason": "stop"}]}
HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
COMMENTS: tuple[Step, ...] = (b": keep-alive\n\n", 0.1) * 20

READ_RIGHT = (
    Fault("plain", steps(WHOLE)),
    Fault("one byte at a time", steps(*bytewise(WHOLE))),
    Fault("comments between", steps(b": OPENROUTER PROCESSING\n\n", said(HEAD), b":\n", said(TAIL) + STOP + DONE)),
    Fault("blank lines between", steps(b"\n\n\n", said(HEAD), b"\n\n", said(TAIL) + STOP + DONE)),
    Fault("CRLF", steps(WHOLE.replace(b"\n", b"\r\n"))),
    Fault("CRLF cut in two", steps(*bytewise(WHOLE.replace(b"\n", b"\r\n")))),
    Fault("lone CR", steps(WHOLE.replace(b"\n", b"\r"))),
    Fault("byte order mark", steps(b"\xef\xbb", b"\xbf" + WHOLE)),
    Fault("data: without a blank", steps(WHOLE.replace(b"data: ", b"data:"))),
    Fault("other fields", steps(WHOLE.replace(b"data: ", b"id: 7\nretry: 10\nevent: message\ndata: "))),
    Fault(
        "an event over several lines",
        steps(
            said(HEAD),
            b"data: " + json.dumps(chunk({"content": TAIL}), indent=1).replace("\n", "\ndata: ").encode() + b"\n\n",
            STOP + DONE,
        ),
    ),
    Fault("gzip", steps(gzip.compress(WHOLE), headers={"content-encoding": "gzip"})),
    Fault("a wrong charset", steps(WHOLE, headers={"content-type": "text/event-stream; charset=iso-8859-1"})),
    Fault("text/plain", steps(WHOLE, headers={"content-type": "text/plain"})),
    Fault("no content type", steps(WHOLE, headers={"content-type": ""})),
    Fault("no choices in the usage chunk", steps(said(ANSWER) + STOP + data({"choices": [], "usage": {}}) + DONE)),
    Fault("choices missing or null", steps(data({"choices": None}) + data({"model": "coder-1"}) + WHOLE)),
    Fault("usage null in each chunk", steps(data(chunk({"content": ANSWER}, usage=None)) + STOP + DONE)),
    Fault("content null", steps(data(chunk({"role": "assistant", "content": None})) + WHOLE)),
    Fault("delta null", steps(data({"choices": [{"index": 0, "delta": None}]}) + WHOLE)),
    Fault("content as parts", steps(data(chunk({"content": [{"type": "text", "text": ANSWER}]})) + STOP + DONE)),
    Fault("a second choice", steps(data({"choices": [{"index": 1, "delta": {"content": "no"}}]}) + WHOLE)),
    Fault("finish with the last text", steps(said(HEAD) + data(chunk({"content": TAIL}, finish="stop")) + DONE)),
    Fault("text after the finish", steps(said(HEAD) + STOP + said(TAIL) + DONE)),
    Fault("no [DONE]", steps(said(ANSWER) + STOP)),
    Fault("no [DONE], no blank line", steps(said(ANSWER) + STOP.rstrip())),
    Fault("[DONE] without a blank line", steps(said(ANSWER) + STOP + DONE.rstrip())),
    Fault("silence after the finish", steps(said(ANSWER) + STOP, 5.0)),
    Fault("silence after [DONE]", steps(WHOLE, 5.0)),
    Fault("hang-up after the finish", steps(said(ANSWER) + STOP, 0.05, HANGUP)),
    Fault("hang-up after [DONE]", steps(WHOLE, 0.05, HANGUP)),
    Fault("junk after [DONE]", steps(WHOLE + b"data: {nonsense\n\n")),
    Fault("uppercase STOP", steps(said(ANSWER) + data(chunk(finish="STOP")) + DONE)),
    Fault("end_turn", steps(said(ANSWER) + data(chunk(finish="end_turn")) + DONE)),
    Fault("a large event", steps(said(ANSWER) + data(chunk({}, padding="x" * (3 << 20))) + STOP + DONE)),
    Fault("an object in a list", steps(data([chunk({"content": ANSWER})]) + STOP + DONE)),
    Fault(
        "tool arguments in pieces",
        steps(
            tool({"index": 0, "id": "c1", **arguments(HEAD)}) + tool({"index": 0, **arguments(TAIL)}),
            data(chunk(finish="tool_calls")) + DONE,
        ),
    ),
    Fault(
        "tool deltas without index",
        steps(tool({"id": "c1", **arguments(HEAD)}) + tool(arguments(TAIL)), data(chunk(finish="tool_calls")) + DONE),
    ),
    Fault(
        "tool id repeated, no index",
        steps(
            tool({"id": "c1", **arguments(HEAD)}) + tool({"id": "c1", **arguments(TAIL)}),
            data(chunk(finish="tool_calls")) + DONE,
        ),
    ),
    Fault("reasoning_content", steps(data(chunk({"reasoning_content": "hm"})) + WHOLE), reasoning="hm"),
    Fault("reasoning", steps(data(chunk({"reasoning": "hm", "content": ""})) + WHOLE), reasoning="hm"),
    Fault("thinking", steps(data(chunk({"thinking": "hm"})) + WHOLE), reasoning="hm"),
    Fault(
        "reasoning_details",
        steps(data(chunk({"reasoning_details": [{"type": "reasoning.text", "text": "hm"}]})) + WHOLE),
        reasoning="hm",
    ),
    Fault(
        "reasoning told twice",
        steps(data(chunk({"reasoning": "hm", "reasoning_details": [{"text": "hm"}]})) + WHOLE),
        reasoning="hm",
    ),
    Fault(
        "thinking as a part",
        steps(data(chunk({"content": [{"type": "thinking", "thinking": [{"text": "hm"}]}]})) + WHOLE),
        reasoning="hm",
    ),
    Fault("<think> in the content", steps(said("\n<think>hm</think>\n\n" + HEAD) + said(TAIL) + STOP), reasoning="hm"),
    Fault(
        "<think> in pieces",
        steps(*(said(piece) for piece in ("<th", "ink>", "h", "m</", "th", "ink>", "\n", "\n", HEAD, TAIL)), STOP),
        reasoning="hm",
    ),
    Fault("a character in two pieces", steps(*(ascii_data(chunk({"content": half})) for half in HALVES), STOP + DONE)),
    Fault("errors that are empty", steps(data({**chunk(), "error": None, "errors": []}) + WHOLE)),
    Fault("usage that is no number", steps(said(ANSWER) + STOP + data({"usage": {"prompt_tokens": "many"}}) + DONE)),
    Fault("the end of the connection ends the body", steps(OLD_HEAD + WHOLE, HANGUP, bare=True)),
    Fault("another model served", steps(WHOLE.replace(b"vendor/coder-1", b"tiny-9")), warns="tiny-9 answered"),
    Fault(
        "another model served the beginning",
        steps(said(HEAD).replace(b"vendor/coder-1", b"tiny-9") + said(TAIL) + STOP + DONE),
        warns="tiny-9 answered",
    ),
    Fault(
        "the prompt was cut",
        steps(said(ANSWER) + STOP + data({"choices": [], "usage": {"prompt_tokens": 900}}) + DONE),
        warns="read only 900 tokens",
    ),
)

BROKEN_STREAMS = (
    Fault("clean end without finish", steps(said(HEAD)), Truncated, ("ended in the middle",)),
    Fault("[DONE] without finish", steps(said(HEAD) + DONE), Truncated, ("no finish reason",)),
    Fault("end within an event", steps(said(HEAD) + STOP[:40]), Truncated),
    Fault("end within a character", steps(said(HEAD) + "data: ü".encode()[:-1]), Truncated),
    Fault("nothing at all", steps(), Truncated),
    Fault("comments only", steps(b": hello\n\n"), Truncated),
    Fault("finish length", steps(said(HEAD) + data(chunk(finish="length")) + DONE), Truncated, ("limit",)),
    Fault("finish max_tokens", steps(said(HEAD) + data(chunk(finish="max_tokens")) + DONE), Truncated, ("limit",)),
    Fault("content filter", steps(said(HEAD) + data(chunk(finish="content_filter")) + DONE), Refused, ("refused",)),
    Fault(
        "refusal in the delta",
        steps(data(chunk({"refusal": "I will "})) + data(chunk({"refusal": "not."})) + STOP + DONE),
        Refused,
        ("I will not.",),
    ),
    Fault("unknown finish", steps(said(HEAD) + data(chunk(finish="gave_up")) + DONE), BadReply, ("gave_up",)),
    Fault("finish error", steps(said(HEAD) + data(chunk(finish="error")) + DONE), Unavailable),
    Fault(
        "error object in a chunk", steps(said(HEAD) + data({**chunk(finish="error"), **error(code=502)})), Unavailable
    ),
    Fault(
        "error event", steps(said(HEAD) + b"event: error\n" + data(error("overloaded"))), Unavailable, ("overloaded",)
    ),
    Fault("error event in plain text", steps(said(HEAD) + b"event: error\ndata: boom\n\n"), Unavailable, ("boom",)),
    Fault("error list in the stream", steps(said(HEAD) + data([error(code=503)])), Unavailable, ("503", "it broke")),
    Fault("error after the finish", steps(said(ANSWER) + STOP + data(error())), Unavailable, ("it broke",)),
    Fault("rate limit in the stream", steps(data(error(type="rate_limit_error"))), RateLimited, ("it broke",)),
    Fault("bad key in the stream", steps(data(error(code=401))), AuthError, ("api_key",)),
    Fault("malformed event", steps(said(HEAD) + b"data: {oops\n\n" + STOP + DONE), BadReply, ("{oops",)),
    Fault("event that is no object", steps(said(HEAD) + b'data: "hi"\n\n' + STOP + DONE), BadReply),
    Fault("deeply nested event", steps(b"data: " + b"[" * 200_000 + b"\n\n" + STOP + DONE), BadReply),
    Fault("not UTF-8", steps(b'data: {"a": "\xff"}\n\n' + WHOLE), BadReply, ("UTF-8",)),
    Fault("an event without end", steps(*((b"x" * (1 << 20),) * 3)), BadReply),
    Fault("broken gzip", steps(b"not gzip at all", headers={"content-encoding": "gzip"}), BadReply),
    Fault("stall with comments", steps(said(HEAD), *COMMENTS), Unavailable, ("fell silent",), limits=LIVELY),
    Fault("stall with comments before the answer", steps(*COMMENTS), Unavailable, ("no word",), limits=SOON),
    Fault(
        "stall with empty deltas",
        steps(said(HEAD), *((said(""), 0.1) * 20)),
        Unavailable,
        ("fell silent",),
        limits=LIVELY,
    ),
    Fault("silence", steps(said(HEAD), 5.0), Unavailable, ("fell silent",), limits=LIVELY),
    Fault("silence before the answer", steps(5.0), Unavailable, ("no word",), limits=SOON),
    Fault("a drip without end", steps(*((said("x"), 0.1) * 30)), Unavailable, ("did not finish",), limits=SHORT),
    Fault("hang-up before the head", steps(HANGUP, bare=True), Unavailable, ("broke off",)),
    Fault("hang-up before the first token", steps(b": hi\n\n", 0.05, HANGUP), Unavailable, ("broke off",)),
    Fault("hang-up after the first token", steps(said(HEAD), 0.05, HANGUP), Truncated, ("broke off",)),
    Fault("not HTTP", steps(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", HANGUP, bare=True), BadReply, ("HTTP",)),
    Fault("a word and gone", steps(b"SSH-2.0-OpenSSH_9.6\r\n", HANGUP, bare=True), Unavailable, ("broke off",)),
    Fault("many headers", steps(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 40_000, HANGUP, bare=True), BadReply),
)

MORE_BROKEN_STREAMS = (
    Fault(
        "stop after length",
        steps(said(HEAD) + data(chunk(finish="length")) + data(chunk(finish="stop")) + DONE),
        Truncated,
        ("limit",),
    ),
    Fault("half a character", steps(ascii_data(chunk({"content": HALVES[0]})) + STOP + DONE), BadReply, ("half of",)),
    Fault("the wrong half", steps(ascii_data(chunk({"content": HALVES[1]})) + STOP + DONE), BadReply, ("half of",)),
    Fault("fewer bytes than told", steps(SHORT_HEAD + said(HEAD), 0.05, HANGUP, bare=True), Truncated, ("broke off",)),
    Fault("a chunk size that is none", steps(CHUNKED_HEAD + b"zz\r\nhello", HANGUP, bare=True), BadReply, ("HTTP",)),
    Fault("gzip that ends early", steps(gzip.compress(WHOLE)[:-40], headers=GZIP), ProviderError),
    Fault("UTF-16", steps(WHOLE.decode().encode("utf-16")), BadReply, ("UTF-8",)),
    Fault(
        "an error with its words beside it",
        steps(said(HEAD) + data({"error": True, "message": "no room"})),
        Unavailable,
        ("no room",),
    ),
    Fault("errors in the stream", steps(data({"errors": [{"message": "no room"}]})), Unavailable, ("no room",)),
    Fault(
        "vLLM's error object",
        steps(data({"object": "error", "message": "too long", "type": "BadRequestError", "code": 400})),
        Refused,
        ("too long",),
    ),
    Fault("cancelled", steps(said(HEAD) + data(chunk(finish="cancelled")) + DONE), BadReply, ("cancelled",)),
    Fault("an endless thought", steps(*((data(chunk({"reasoning": "x"})), 0.1) * 30)), Unavailable, limits=SHORT),
)

BODIES = (
    Fault("JSON error with 200", body(error("no credit left", code=402)), AuthError, ("no credit left", "credit")),
    Fault("JSON error list with 200", body([error(code=400)]), Refused, ("it broke",)),
    Fault("error text with 200", body({"error": "it broke"}), Unavailable, ("it broke",)),
    Fault("JSON instead of a stream", body(COMPLETION), BadReply, ("instead of a stream",)),
    Fault("JSON called a stream", body(COMPLETION, content_type="text/event-stream"), BadReply, ("instead of",)),
    Fault(
        "JSON error called a stream", body(error("broke"), content_type="text/event-stream"), Unavailable, ("broke",)
    ),
    Fault("HTML with 200", body(HTML, content_type="text/html"), BadReply, ("web page", "api_base_url")),
    Fault("HTML called a stream", body(HTML, content_type="text/event-stream"), BadReply, ("web page",)),
    Fault("an empty body", body(b""), BadReply),
    Fault("a message with 200", body({"code": 7, "message": "maintenance"}), BadReply, ("maintenance",)),
    Fault(
        "errors with 200",
        body({"success": False, "errors": [{"message": "no"}]}),
        Unavailable,
        ("told of an error: no",),
    ),
    Fault("a stream called JSON", body(WHOLE), BadReply, ("instead of a stream",)),
    Fault("a login page", body(HTML, content_type="text/html; charset=utf-8"), BadReply, ("api_base_url",)),
    Fault("null", body(b"null"), BadReply),
)

STATUSES = (
    Fault("400", body(error("bad temperature", param="temperature"), 400), Refused, ("bad temperature",)),
    Fault("400 as a list", body([error("list-shaped")], 400), Refused, ("list-shaped",)),
    Fault("400 context overflow", body(error("maximum context length is 4096"), 400), Refused, ("longContext",)),
    Fault("400 key", body([error("API key not valid. Please pass a valid API key.")], 400), AuthError, ("api_key",)),
    Fault("401", body(error("bad key"), 401), AuthError, ("bad key", "api_key of provider acme")),
    Fault("401 empty", body(b"", 401), AuthError, ("401 Unauthorized",)),
    Fault("402", body(error("empty"), 402), AuthError, ("credit",)),
    Fault("403", body({"detail": "moderated"}, 403), AuthError, ("moderated",)),
    Fault("404", body({"message": "no such model"}, 404), Refused, ("no such model", "model's name")),
    Fault("408", body(error(), 408), Unavailable),
    Fault("409", body(error(), 409), Unavailable),
    Fault("413", body(b"too large", 413, content_type="text/plain"), Refused, ("too large", "longContext")),
    Fault("422", body({"detail": [{"loc": ["body"], "msg": "field required"}]}, 422), Refused, ("field required",)),
    Fault("429", body(error("slow down"), 429), RateLimited, ("slow down",)),
    Fault("429 with a wait", body(error("slow down"), 429, retry_after="17"), RateLimited, ("17 s",)),
    Fault("429 without credit", body(error(code="insufficient_quota"), 429), AuthError, ("credit",)),
    Fault("500", body(error(), 500), Unavailable),
    Fault("502 HTML", body(HTML, 502, content_type="text/html"), Unavailable, ("502 Bad Gateway",)),
    Fault("503", body(b"", 503), Unavailable, ("503",)),
    Fault("503 with a wait", body(error(), 503, retry_after="17"), Unavailable, ("17 s",)),
    Fault("529", body(error(type="overloaded_error"), 529), Unavailable, ("529 Overloaded",)),
    Fault("a redirect", body(b"", 307, location="https://else.example/v1?k=1"), Refused, ("https://else.example/v1",)),
    Fault("204", body(b"", 204), ProviderError),
    Fault("410", body(error("retired"), 410), Refused, ("retired",)),
    Fault("418", body(error(), 418), Refused),
    Fault("499", body(b"", 499), Refused),
    Fault("520", body(HTML, 520, content_type="text/html"), Unavailable, ("520",)),
    Fault("524", body(b"", 524), Unavailable),
    Fault("429 of a date", body(error(), 429, retry_after="Wed, 21 Oct 2065 07:28:00 GMT"), RateLimited, ("wait",)),
    Fault("429 of nonsense", body(error(), 429, retry_after="soon"), RateLimited),
    Fault("500 in UTF-16", body(json.dumps(error("wörtlich")).encode("utf-16"), 500), Unavailable, ("wörtlich",)),
    Fault("500 in Latin-1", body("kaputt: ü".encode("latin-1"), 500), Unavailable, ("kaputt",)),
    Fault("500 without measure", body(b"x" * (3 << 20), 500), Unavailable),
    Fault("400 in gzip", body(gzip.compress(b'{"error": "zipped"}'), 400, **GZIP), Refused, ("zipped",)),
    Fault("a redirect to nowhere", body(b"", 302), Refused, ("302",)),
    Fault("a gateway's own words", body(error("p", metadata={"raw": "the cause"}), 502), Unavailable, ("the cause",)),
    Fault("control characters", body(error("a\x1b[31mb\nc"), 500), Unavailable, ("a [31mb c",)),
)

FAULTS = (*READ_RIGHT, *BROKEN_STREAMS, *MORE_BROKEN_STREAMS, *BODIES, *STATUSES)
