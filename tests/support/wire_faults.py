"""What else may go wrong on each wire, made up before it was seen: every row must end in the right error, or be whole.

The rows are of the same form as those of `faults`, which are all of the most common wire.
"""

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pointsman.cli.demo.provider import HANGUP
from pointsman.errors import BadReply, RateLimited, Refused, Truncated, Unavailable
from support.faults import (
    ANSWER,
    CHUNKED_HEAD,
    DONE,
    HEAD,
    HTML,
    STOP,
    TAIL,
    WHOLE,
    Fault,
    arguments,
    body,
    chunk,
    data,
    error,
    said,
    steps,
    tool,
)


def deflated(raw: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(raw) + packer.flush()


def coded(raw: bytes, encoding: str) -> Any:
    return steps(raw, headers={"content-encoding": encoding})


def ends(**choice: Any) -> bytes:
    return data({"choices": [{"index": 0, "delta": {}, **choice}]})


def usage(counts: str) -> Any:
    return steps(said(ANSWER) + STOP + f'data: {{"choices": [], "usage": {counts}}}\n\n'.encode() + DONE)


def renamed(served: str) -> Any:
    return steps(WHOLE.replace(b"vendor/coder-1", served.encode()))


def chunked(raw: bytes) -> bytes:
    return CHUNKED_HEAD + b"%x\r\n%b\r\n" % (len(raw), raw)


ESCAPED = f"data: {json.dumps(chunk({'content': ANSWER}))}\n\n".encode()
SPLIT = ESCAPED[: ESCAPED.index(b"\\u2028") + 3], ESCAPED[ESCAPED.index(b"\\u2028") + 3 :]
CALLED = data(chunk(finish="tool_calls")) + DONE

CHAT = (
    Fault("two finishes", steps(said(ANSWER) + STOP + STOP + DONE)),
    Fault("the finish before the content", steps(STOP + said(ANSWER) + DONE)),
    Fault("a tool of another name", steps(tool({"index": 0, "function": {"name": "x", "arguments": ANSWER}}) + CALLED)),
    Fault("a tool call of old", steps(data(chunk({"function_call": {"arguments": ANSWER}})) + CALLED)),
    Fault("tool index as text", steps(tool({"index": "0", **arguments(ANSWER)}) + CALLED)),
    Fault("tool index without measure", steps(tool({"index": 10**9, **arguments(ANSWER)}) + CALLED)),
    Fault("an escape cut in two", steps(SPLIT[0], 0.02, SPLIT[1] + STOP + DONE)),
    Fault("the last chunk of HTTP is missing", steps(chunked(WHOLE), 0.05, HANGUP, bare=True)),
    Fault("chunks cut before the finish", steps(chunked(said(HEAD)), 0.05, HANGUP, bare=True), Truncated),
    Fault("100 Continue", steps(b"HTTP/1.1 100 Continue\r\n\r\n" + chunked(WHOLE) + b"0\r\n\r\n", HANGUP, bare=True)),
    Fault("another protocol", steps(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", HANGUP, bare=True), BadReply),
    Fault("HTTP/2 unasked", steps(b"\0\0\x12\x04\0\0\0\0\0", HANGUP, bare=True), BadReply, ("HTTP",)),
    Fault("usage without sense", usage('{"prompt_tokens": -5, "completion_tokens": 1e9, "cost": -3}')),
    Fault("usage that is no number at all", usage('{"prompt_tokens": NaN, "cost": Infinity}')),
    Fault("usage as a list", usage("[1, 2]")),
    Fault("a number of 5,000 digits", usage(f'{{"prompt_tokens": {"9" * 5_000}}}'), BadReply),
    Fault("more after [DONE]", steps(WHOLE + said("more") + data(error("late")))),
    Fault("content after [DONE]", steps(said(HEAD) + DONE + said(TAIL) + STOP), Truncated),
    Fault("[done]", steps(said(ANSWER) + STOP + b"data: [done]\n\n")),
    Fault('"[DONE]"', steps(said(ANSWER) + STOP + b'data: "[DONE]"\n\n')),
    Fault("an event that says it is done", steps(said(ANSWER) + STOP + b"event: done\ndata: {}\n\n")),
    Fault("pings in words", steps(b"event: ping\ndata: ping\n\nevent: heartbeat\ndata: 12:00\n\n" + WHOLE)),
    Fault("octet-stream", steps(WHOLE, headers={"content-type": "application/octet-stream"})),
    Fault("a content type of nonsense", steps(WHOLE, headers={"content-type": ";;;"})),
    Fault("a date behind the model", renamed("coder-1-2026-01-31")),
    Fault("a gateway before the model", renamed("openrouter/vendor/coder-1:free")),
    Fault("the model in capitals", renamed("Vendor/CODER-1")),
    Fault("the model's file", renamed("/models/coder-1.gguf")),
    Fault("the model's file, quantized", renamed("coder-1-Q4_K_M.gguf")),
    Fault("a larger brother", renamed("vendor/coder-10"), warns="coder-10 answered"),
    Fault("deflate", coded(deflated(WHOLE, 15), "deflate")),
    Fault("deflate without a head", coded(deflated(WHOLE, -15), "deflate")),
    Fault("gzip within gzip", coded(gzip.compress(gzip.compress(WHOLE)), "gzip, gzip")),
    Fault("an encoding nobody knows, not used", coded(WHOLE, "lzma")),
    Fault("gzip untold", steps(gzip.compress(WHOLE)), BadReply),
    Fault("brotli that is none", coded(b"\x8b\x05\x80\xff", "br"), BadReply),
    Fault("zstd that is none", coded(b"\x28\xb5\x2f\xfd\xff", "zstd"), BadReply),
    Fault("overlong UTF-8", steps(said(HEAD).replace(b"def", b"d\xc0\x80f") + STOP + DONE), BadReply, ("UTF-8",)),
    Fault("half a character in bytes", steps(said(HEAD).replace(b"def", b"\xed\xa0\xbd")), BadReply, ("UTF-8",)),
    Fault("NUL before the stream", steps(b"\0\0\0" + WHOLE), BadReply, ("no text",)),
    Fault("NUL between two events", steps(said(HEAD) + b"\0" + said(TAIL) + STOP + DONE), BadReply, ("no text",)),
    Fault("finish as a number", steps(said(HEAD) + ends(finish_reason=1) + DONE), Truncated),
    Fault("finish as an object", steps(said(HEAD) + ends(finish_reason={"type": "stop"}) + DONE), Truncated),
    Fault("finish empty", steps(said(HEAD) + ends(finish_reason="") + DONE), Truncated),
    Fault("finish null in words", steps(said(HEAD) + ends(finish_reason="null") + DONE), BadReply, ("null",)),
    Fault("stop, then filtered", steps(said(HEAD) + STOP + ends(finish_reason="content_filter") + DONE), Refused),
    Fault("a message where a delta was due", steps(data({"choices": [{"message": {"content": ANSWER}}]}) + STOP)),
    Fault("an error in the choice", steps(said(HEAD) + ends(error={"code": 502, "message": "died"})),
          Unavailable, ("502", "died")),
    Fault("an error in the choice that stops", steps(said(HEAD) + ends(error="died", finish_reason="stop") + DONE),
          Unavailable, ("died",)),
    Fault("an error in the delta", steps(said(HEAD) + ends(delta={"error": "died"}, finish_reason="stop") + DONE),
          Unavailable, ("died",)),
    Fault("an error of words in a list", steps(said(HEAD) + data({"error": ["boom", "bang"]})), Unavailable, ("boom",)),
    Fault("an error in a list in an error", steps(data({"error": [error("deep", code=429)]})), RateLimited, ("deep",)),
    Fault("an error that is a number", steps(said(HEAD) + data({"error": 503})), Unavailable),
    Fault("an error of nothing", steps(said(HEAD) + data({"error": {"message": None}})), Unavailable),
    Fault("a word where an object was due", steps(b"data: null\n\n" + WHOLE), BadReply),
    Fault("a comma too many", steps(b'data: {"choices": [],}\n\n' + WHOLE), BadReply, ("not JSON",)),
    Fault("two objects in one event", steps(b"data: {}{}\n\n" + WHOLE), BadReply, ("not JSON",)),
    Fault("lines instead of events", steps(json.dumps(chunk({"content": ANSWER})).encode() + b"\n"), BadReply),
    Fault("words of a proxy with 200", body(b"upstream connect error", content_type="text/plain"), BadReply,
          ("upstream connect error",)),
    Fault("a page without a type", body(HTML, content_type=""), BadReply, ("web page",)),
    Fault("201", steps(WHOLE, status=201), BadReply, ("201", "no stream")),
    Fault("202", body({"id": "queued"}, 202), BadReply, ("202", "no stream")),
    Fault("206", steps(WHOLE, status=206), BadReply, ("206",)),
    Fault("304", body(b"", 304), Refused, ("304", "has moved")),
    Fault("a redirect within the host", body(b"", 308, location="/v2/chat"), Refused, ("/v2/chat", "has moved")),
    Fault("407", body(b"", 407), Refused, ("PROXY_URL",)),
    Fault("421", body(error(""), 421), Refused, ("421",)),
    Fault("431", body(b"", 431), Refused, ("431",)),
    Fault("451", body(error("the law"), 451), Refused, ("the law",)),
    Fault("999", body(b"nope", 999), Unavailable, ("999", "nope")),
    Fault("500 of two megabytes of words", body(error("x" * 2_000_000), 500), Unavailable, ("xxx",)),
    Fault("429 of a date gone by", body(error(), 429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), RateLimited),
    Fault("429 of a date without end", body(error(), 429, retry_after="Wed, 21 Oct 99999 07:28:00 GMT"), RateLimited),
    Fault("429 of no number", body(error(), 429, retry_after="nan"), RateLimited),
    Fault("429 of less than nothing", body(error(), 429, retry_after="-5"), RateLimited),
    Fault("429 of more than all", body(error(), 429, retry_after="1e400"), RateLimited),
    Fault("a redirect to no address", body(b"", 302, location="http://[::1:bad/"), Refused, ("where it has moved",)),
    Fault("a redirect to no host", body(b"", 302, location="javascript:alert(1)"), Refused, ("to where it has moved",)),
    Fault("a redirect elsewhere", body(b"", 301, location="http://else.example/"), Refused, ("if you trust that",)),
    *(Fault(f"a wait of {what}, {status}", body(error(retry_after=wait), status), kind)
      for what, wait in (("400 digits", 10**400), ("true", True), ("a list", [7]), ("less than nothing", -7))
      for status, kind in ((200, Unavailable), (429, RateLimited))),
    Fault("usage of 400 digits", usage(f'{{"prompt_tokens": {10**400}, "cost": {10**400}}}')),
    Fault("errors that are an object", body({"errors": {"name": ["too long"]}}), Unavailable, ("too long",)),
    Fault("errors that are a word", steps(said(HEAD) + data({"errors": "no room"})), Unavailable, ("no room",)),
    Fault("an error in an error", body({"error": {"error": {"message": "deep"}}}, 500), Unavailable, (": deep.",)),
    Fault("a description", body({"code": "x", "description": "too busy"}, 503), Unavailable, (": too busy.",)),
    Fault("a code in digits", body(error("slow", code="429")), RateLimited, ("429", "slow")),
    Fault("a code with a point", body(error("slow", code=429.0)), RateLimited, ("429", "slow")),
    Fault("a code without measure", body(error("slow", code=10**300)), Unavailable, ("told of an error",)),
    Fault("an error that turns the text", body(b'{"error": "a\\u202eb\\ud800c"}', 500), Unavailable, (": a b c.",)),
    *(Fault(f"{what} that is {kind}", steps(said(HEAD) + data(odd) + STOP + DONE), BadReply, (place,))
      for kind, value in (("a number", 5), ("true", True), ("a word", "x"), ("a list", [1]))
      for what, place, odd in (
          ("choices", "`choices`", {"choices": value}),
          ("a choice", "`choices`", {"choices": [value]}),
          ("an index", "`choices.index`", {"choices": [{"index": value, "delta": {"content": "x"}}]}),
          ("a delta", "`choices.delta`", {"choices": [{"delta": value}]}),
          ("a tool call", "`tool_calls`", chunk({"tool_calls": [value]})),
          ("a function", "`tool_calls.function`", chunk({"tool_calls": [{"function": value}]}))
      ) if (what, kind) != ("an index", "a number")),
    Fault("content that is a number", steps(said(HEAD) + said(5) + STOP), BadReply, ("`content`",)),
    Fault("content that is false", steps(said(HEAD) + said(False) + STOP), BadReply, ("`content`",)),
    Fault("content that is an object", steps(said(HEAD) + said({"a": 1}) + STOP), BadReply, ("`content`",)),
    Fault("content that is a list of numbers", steps(said(HEAD) + said([1]) + STOP), BadReply, ("`content`",)),
    Fault("text of a part that is a list", steps(said(HEAD) + said([{"type": "text", "text": ["x"]}]) + STOP), BadReply,
          ("`content.text`",)),
    Fault("a part that only refers", steps(said(HEAD) + said([{"type": "reference", "reference_ids": [1]}]) + said(TAIL)
                                           + STOP)),
    Fault("a part that refuses", steps(said(HEAD) + said([{"type": "refusal", "refusal": "I will not."}]) + STOP),
          Refused, ("I will not.",)),
    Fault("tool calls that are one", steps(data(chunk({"tool_calls": {"index": 0, **arguments(ANSWER)}})) + CALLED)),
    Fault("arguments that are a number", steps(tool(arguments(HEAD)) + tool(arguments(1)) + CALLED), BadReply,
          ("`tool_calls.arguments`",)),
    Fault("arguments in pieces, then whole", steps(tool({"index": 0, **arguments(HEAD)})
          + tool({"index": 0, **arguments({"a": 1})}) + CALLED), BadReply, ("`tool_calls.arguments`",)),
)  # fmt: skip


def typed(kind: str, **fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


BEGUN = typed("message_start", message={"model": "vendor/coder-1", "usage": {"input_tokens": 9_000}})
OVER = typed("message_stop")


def block(text: str, index: Any = 0, kind: str = "text", **more: Any) -> bytes:
    delta = {"type": "text_delta", "text": text}
    return typed("content_block_start", index=index, content_block={"type": kind, **more}) + typed(
        "content_block_delta", index=index, delta=delta
    )


def stopped(reason: Any = "end_turn", **counts: Any) -> bytes:
    return typed("message_delta", delta={"stop_reason": reason}, usage=counts)


MESSAGES = (
    Fault("whole", steps(BEGUN + block(ANSWER) + stopped() + OVER)),
    Fault("the stop before the text", steps(BEGUN + stopped() + block(ANSWER) + OVER)),
    Fault("two stops", steps(BEGUN + block(ANSWER) + stopped() + stopped() + OVER + OVER)),
    Fault("cut, then whole", steps(BEGUN + block(HEAD) + stopped("max_tokens") + stopped() + OVER), Truncated),
    Fault("whole, then refused", steps(BEGUN + block(HEAD) + stopped() + stopped("refusal") + OVER), Refused),
    Fault("without a beginning", steps(block(ANSWER) + stopped() + OVER)),
    Fault("without an end", steps(BEGUN + block(ANSWER) + stopped())),
    Fault("an index that is a list", steps(BEGUN + block(ANSWER, [0]) + stopped() + OVER)),
    Fault("an index that is an object", steps(BEGUN + block(ANSWER, {"a": 1}) + stopped() + OVER)),
    Fault("a kind of block nobody knows", steps(BEGUN + block("no", 0, "x") + block(ANSWER, 1) + stopped() + OVER)),
    Fault("types that are lists", steps(BEGUN + b'data: {"type": ["a"]}\n\n' + block(ANSWER) + stopped() + OVER),
          BadReply, ("`type`",)),
    Fault("usage null", steps(typed("message_start", message={"usage": None}) + block(ANSWER) + stopped() + OVER)),
    Fault("usage without sense", steps(BEGUN + block(ANSWER) + stopped(output_tokens=-4, input_tokens="x") + OVER)),
    Fault("NUL", steps(BEGUN + b"\0" + block(ANSWER) + stopped() + OVER), BadReply, ("no text",)),
    Fault("half a character", steps(BEGUN + block("a\ud83d") + stopped() + OVER), BadReply, ("half of",)),
    Fault("a stop that is a number", steps(BEGUN + block(HEAD) + stopped(3) + OVER), Truncated),
    Fault("an error in words", steps(BEGUN + b'event: error\ndata: {"error": "boom"}\n\n'), Unavailable, ("boom",)),
    Fault("an error in a list", steps(BEGUN + typed("error", error=["boom"])), Unavailable, ("boom",)),
    Fault("an error after the stop", steps(BEGUN + block(ANSWER) + stopped() + typed("error", error={"message": "no"})),
          Unavailable, ("no",)),
    Fault("all at once", body({"type": "message", "content": [{"type": "text", "text": ANSWER}]}), BadReply),
    Fault("the input of a tool at once",
          steps(BEGUN + typed("content_block_start", index=0, content_block={"type": "tool_use", "input": {"a": 1}})
                + stopped("tool_use") + OVER), reasoning="", answer='{"a": 1}'),
    Fault("empty", steps(), Truncated),
    Fault("the prompt was cut", steps(typed("message_start", message={"usage": {"input_tokens": 9}}) + block(ANSWER)
                                      + stopped() + OVER), warns="read only 9 tokens"),
    Fault("a date behind the model", steps(BEGUN.replace(b"coder-1", b"coder-1-20260131") + block(ANSWER) + stopped())),
    Fault("text in a thought", steps(BEGUN + block(ANSWER, 0, "thinking") + stopped() + OVER), BadReply, ("thinking",)),
    Fault("a block without a type", steps(BEGUN + typed("content_block_start", index=0, content_block={})
          + typed("content_block_delta", index=0, delta={"type": "text_delta", "text": ANSWER}) + stopped() + OVER)),
    *(Fault(f"{place} is {value!r}", steps(BEGUN + block(HEAD) + typed(kind, index=0, **part) + stopped() + OVER),
            BadReply, (f"`{place}`",))
      for value in (5, True, ["x"], {})
      for place, kind, part in (
          ("delta.text", "content_block_delta", {"delta": {"type": "text_delta", "text": value}}),
          ("delta.partial_json", "content_block_delta", {"delta": {"type": "input_json_delta", "partial_json": value}}),
          ("delta.type", "content_block_delta", {"delta": {"type": value, "text": "x"}}),
          ("delta", "content_block_delta", {"delta": value}),
          ("content_block", "content_block_start", {"content_block": value}),
          ("content_block.type", "content_block_start", {"content_block": {"type": value}}),
          ("content_block.text", "content_block_start", {"content_block": {"type": "text", "text": value}}),
      ) if value or place not in ("delta", "content_block")),
)  # fmt: skip


def wrote(text: Any) -> bytes:
    return typed("response.output_text.delta", item_id="m1", delta=text)


def completed(**response: Any) -> bytes:
    return typed("response.completed", response={"status": "completed", "model": "vendor/coder-1", **response})


OUTPUT = [{"type": "message", "content": [{"type": "output_text", "text": ANSWER}]}]
RESPONSES = (
    Fault("whole", steps(wrote(ANSWER) + completed())),
    Fault("completed before the text", steps(completed() + wrote(ANSWER))),
    Fault("completed twice", steps(wrote(ANSWER) + completed() + completed())),
    Fault("completed, then failed", steps(wrote(HEAD) + completed() + typed("response.failed", response={})),
          Unavailable),
    Fault("completed with an error", steps(wrote(HEAD) + completed(error={"message": "boom"})), Unavailable, ("boom",)),
    Fault("completed, and incomplete",
          steps(wrote(HEAD) + completed(incomplete_details={"reason": "max_output_tokens"})), Truncated),
    Fault("filtered", steps(wrote(HEAD) + typed("response.incomplete", response={
          "incomplete_details": {"reason": "content_filter"}})), Refused),
    Fault("no pieces, the answer at the end", steps(completed(output=OUTPUT))),
    Fault("pieces, and the answer at the end", steps(wrote(ANSWER) + completed(output=OUTPUT))),
    Fault("response null", steps(wrote(ANSWER) + typed("response.completed", response=None))),
    Fault("a status that is a number", steps(wrote(ANSWER) + completed(status=1))),
    Fault("still waiting", steps(wrote(HEAD) + typed("response.queued", response={"status": "queued"})), Truncated),
    Fault("usage null", steps(wrote(ANSWER) + completed(usage=None))),
    Fault("usage without sense", steps(wrote(ANSWER) + completed(usage={"input_tokens": -1, "cost": -1}))),
    Fault("an error in words", steps(b'event: error\ndata: {"type": "error", "error": "boom"}\n\n'), Unavailable,
          ("boom",)),
    Fault("half a character", steps(wrote("\ud83d") + completed()), BadReply, ("half of",)),
    Fault("NUL", steps(wrote(HEAD) + b"\0" + wrote(TAIL) + completed()), BadReply, ("no text",)),
    Fault("all at once", body({"object": "response", "status": "completed", "output": OUTPUT}), BadReply),
    Fault("[DONE] alone", steps(DONE), Truncated),
    Fault("pieces that are not the answer at the end", steps(wrote(HEAD) + completed(output=OUTPUT)), Truncated,
          ("not the answer",)),
    Fault("a piece that came twice", steps(wrote(HEAD) + wrote(HEAD) + wrote(TAIL) + completed(output=OUTPUT)),
          Truncated, ("not the answer",)),
    Fault("pieces in another order", steps(wrote(TAIL) + wrote(HEAD) + completed(output=OUTPUT)), Truncated),
    Fault("completed, and cut in a word", steps(wrote(HEAD) + completed(incomplete_details="max_output_tokens")),
          Truncated, ("limit",)),
    Fault("an item without a name", steps(
          typed("response.custom_tool_call_input.delta", item_id="c1", delta=HEAD)
          + typed("response.custom_tool_call_input.delta", item_id=3, delta=TAIL) + completed())),
    Fault("a piece without its text", steps(wrote(HEAD) + typed("response.output_text.delta") + completed()), BadReply,
          ("`delta`",)),
    *(Fault(f"a piece that is {value!r}", steps(wrote(HEAD) + wrote(value) + completed()), BadReply, ("`delta`",))
      for value in (None, 5, True, ["x"], {"text": "x"})),
    Fault("a refusal without words", steps(typed("response.refusal.done", refusal=None) + completed()), Refused),
)  # fmt: skip


def line(**fields: Any) -> bytes:
    return json.dumps({"model": "vendor/coder-1", "done": False, **fields}).encode() + b"\n"


def told(text: Any) -> bytes:
    return line(message={"content": text})


def done(**fields: Any) -> bytes:
    return line(**{"done": True, "done_reason": "stop", "message": {"content": ""}, **fields})


LINED = {"content-type": "application/x-ndjson"}
OLLAMA = (
    Fault("whole", steps(told(ANSWER) + done(prompt_eval_count=9_000))),
    Fault("done before the text", steps(done() + told(ANSWER))),
    Fault("done twice", steps(told(ANSWER) + done() + done())),
    Fault("cut, then done", steps(told(HEAD) + done(done_reason="length") + done()), Truncated, ("limit",)),
    Fault("done, then cut", steps(told(HEAD) + done() + done(done_reason="length")), Truncated, ("limit",)),
    Fault("done in words", steps(told(HEAD) + done(done="true")), Truncated),
    Fault("a reason that is a list", steps(told(HEAD) + done(done_reason=["stop"])), Truncated),
    Fault("an error as an object", steps(told(HEAD) + b'{"error": {"message": "boom"}}\n'), Unavailable, ("boom",)),
    Fault("an error as a list", steps(told(HEAD) + b'{"error": ["boom"]}\n'), Unavailable, ("boom",)),
    Fault("an error after the end", steps(told(ANSWER) + done() + b'{"error": "late"}\n'), Unavailable, ("late",)),
    Fault("a page called lines", steps(HTML, headers=LINED), BadReply, ("web page",)),
    Fault("an error over several lines", steps(b'{\n "error": "boom"\n}', headers=LINED), Unavailable, ("boom",)),
    Fault("events instead of lines", steps(b"data: " + told(ANSWER) + b"\ndata: " + done()), BadReply, ("not JSON",)),
    Fault("a list of objects", steps(b"[" + told(ANSWER).strip() + b",\n" + done().strip() + b"]\n"), BadReply),
    Fault("message null", steps(b'{"message": null}\n' + told(ANSWER) + done())),
    Fault("counts without sense", steps(told(ANSWER) + done(prompt_eval_count=-1, eval_count="x"))),
    Fault("a count that is NaN", steps(told(ANSWER) + b'{"done": true, "done_reason": "stop", "eval_count": NaN}')),
    Fault("half a character", steps(told("\ud83d") + done()), BadReply, ("half of",)),
    Fault("NUL", steps(told(HEAD) + b"\0" + told(TAIL) + done()), BadReply, ("no text",)),
    Fault("byte order mark", steps(b"\xef\xbb\xbf" + told(ANSWER) + done())),
    Fault("another model", steps(told(ANSWER) + done(model="tiny-9")), warns="tiny-9 answered"),
    Fault("the newest of the model", steps(told(ANSWER) + done(model="vendor/coder-1:latest"))),
    Fault("the prompt was cut", steps(told(ANSWER) + done(prompt_eval_count=100)), warns="read only 100 tokens"),
    *(Fault(f"content that is {value!r}", steps(told(HEAD) + told(value) + done()), BadReply, ("`message.content`",))
      for value in (5, True, ["x"], {"text": "x"})),
    *(Fault(f"a message that is {value!r}", steps(told(HEAD) + line(message=value) + done()), BadReply, ("`message`",))
      for value in (5, True, ["x"], "x")),
    Fault("empty", steps(), Truncated),
)  # fmt: skip

WIRE_FAULTS: Mapping[str, Sequence[Fault]] = {
    "openai-chat": CHAT,
    "anthropic-messages": MESSAGES,
    "openai-responses": RESPONSES,
    "ollama": OLLAMA,
}
