"""Ollama's own chat: one JSON object a line, and the only way to say how large the context window has to be.

Over its OpenAI-compatible endpoint a prompt that does not fit loses its oldest messages without a word. Here the window
is asked for by the size of the prompt, in few and wide steps: every change of it loads the model anew.
"""

from collections.abc import Mapping
from typing import Any

from pointsman.models.doubts import estimate
from pointsman.models.finish import is_proper, trouble, worse
from pointsman.models.stream import Reader
from pointsman.models.thoughts import Thoughts
from pointsman.models.tool_calls import ToolCalls
from pointsman.models.turn import merged
from pointsman.models.values import count, inner, record, string, words
from pointsman.terms import Delta, End, Lease, Request, Usage

WINDOWS = (8192, 16384, 32768, 65536, 131072)
_FIXED = ("model", "messages", "stream")
_FIELDS = ("format", "keep_alive", "options", "think", "tools", "logprobs", "top_logprobs")
"""The request's own fields; every other parameter is one of the model's `options`."""
_RENAMED = {"max_tokens": "num_predict", "max_completion_tokens": "num_predict"}


class Ollama:
    by_line = True

    def headers(self, lease: Lease) -> Mapping[str, str]:
        return {"authorization": f"Bearer {lease.key}"} if lease.key else {}

    def body(self, request: Request) -> Mapping[str, Any]:
        parameters = {name: value for name, value in request.lease.parameters.items() if name not in _FIXED}
        options = {_RENAMED.get(name, name): value for name, value in parameters.items() if name not in _FIELDS}
        options |= record(parameters.get("options"))
        options.setdefault("num_ctx", _window(request, options))
        body = {
            "model": request.lease.model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "stream": True,
            "format": request.form.definition if request.form and request.form.kind == "schema" else None,
        }
        fields = {name: value for name, value in parameters.items() if name in _FIELDS}
        return merged(body, {**fields, "options": options}, _FIXED)

    def reading(self, reader: Reader) -> "LineReading":
        return LineReading(reader)


class LineReading:
    """One answer as it comes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._thoughts, self._tools = Thoughts(), ToolCalls()
        self._last: Mapping[str, Any] = {}
        self._reason = ""

    def take(self, _: str, line: Mapping[str, Any]) -> list[Delta]:
        message = inner(line.get("message"), "message")
        thought = string(message.get("thinking"))
        pieces = [Delta(thought, reasoning=True)] if thought else []
        pieces += self._thoughts.feed(words(message.get("content"), "message.content"))
        pieces += self._tools.feed(message.get("tool_calls"))
        if line.get("done") is True:
            self._last = line
            self._reason = worse(self._reason, string(line.get("done_reason")))
            self._reader.over()
        return pieces

    def rest(self) -> list[Delta]:
        if not self._reason:
            raise self._reader.truncated()
        if not is_proper(self._reason):
            raise trouble(self._reader.lease, self._reason)
        return [*self._thoughts.rest(), *self._tools.rest()]

    def end(self) -> End:
        usage = Usage(count(self._last.get("prompt_eval_count")), count(self._last.get("eval_count")))
        return End(self._reason, string(self._last.get("model")), usage)


def _window(request: Request, options: Mapping[str, Any]) -> int:
    """Room for the prompt as it is now, for what the task will add, and for the answer."""
    needed = estimate(request) * 3 // 2 + (count(options.get("num_predict")) or WINDOWS[0] // 2)
    return next((window for window in WINDOWS if window >= needed), WINDOWS[-1])
