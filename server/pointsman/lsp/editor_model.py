"""The editor's own language models as a `Model`: the provider `vscode-lm`, for whom has a subscription and no key.

The server asks by `pointsman/model/stream`, the client sends the answer in pieces as `pointsman/model/delta`, and its
response is the end. docs/protocol.md has the whole of it. A response without a finish, or one that counts more pieces
than came, is a cut stream like any other. Who answered is what the editor says; nothing here can verify it.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pointsman.errors import (
    AuthError,
    BadReply,
    EditorError,
    ProviderError,
    RateLimited,
    Refused,
    Truncated,
    Unavailable,
)
from pointsman.lsp.names import MODEL_STREAM
from pointsman.models.limits import limits_for
from pointsman.models.pulse import Pulse
from pointsman.terms import Delta, End, Lease, Request, Usage

if TYPE_CHECKING:
    from pointsman.lsp.server import PointsmanServer

NOT_HERE = "Only an editor with language models of its own answers for it: VS Code, with Pointsman's extension."
LISTED = 10
"""Models named to a user whose choice the editor does not have."""


class EditorModel:
    """Whoever the editor has answer. Without a server, as in the shell, nobody."""

    def __init__(self, server: "PointsmanServer | None" = None) -> None:
        self._server = server

    async def stream(self, request: Request) -> AsyncGenerator[Delta | End, None]:
        lease, server = request.lease, self._server
        if server is None or not server.client.models:
            raise Refused(f"{lease.name} cannot answer here.", f"{NOT_HERE} Name another model in Router.{lease.slot}.")
        name = uuid4().hex
        pieces: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        server.model_streams[name] = pieces
        asked = asyncio.ensure_future(server.ask_or_raise(MODEL_STREAM, _params(name, request)))
        pulse, came = Pulse(lease, limits_for(lease)), 0
        try:
            while piece := await _next(pieces, asked, pulse):
                came += 1
                delta = _delta(piece, lease, came)
                if delta.text:
                    yield delta
                    pulse.beat(answer=not delta.reasoning)
            yield _end(await asked, lease, came)
        except EditorError as error:
            raise _failure(error, lease) from None
        finally:
            server.model_streams.pop(name, None)
            asked.cancel()

    async def connect(self, lease: Lease) -> None:
        """There is nothing to connect to."""


def _params(stream: str, request: Request) -> dict[str, Any]:
    lease = request.lease
    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    return {"stream": stream, "task": lease.task, "slot": lease.slot.value, "model": lease.model, "messages": messages}


async def _next(
    pieces: "asyncio.Queue[Mapping[str, Any]]", asked: "asyncio.Future[Any]", pulse: Pulse
) -> Mapping[str, Any] | None:
    """The next piece; None once the response is there and no piece is left."""
    if pieces.empty() and not asked.done():
        waiting = asyncio.ensure_future(pieces.get())
        try:
            await pulse.within(asyncio.wait({waiting, asked}, return_when=asyncio.FIRST_COMPLETED))
            if waiting.done():
                return waiting.result()
        finally:
            waiting.cancel()
    return None if pieces.empty() else pieces.get_nowait()


def _delta(piece: Mapping[str, Any], lease: Lease, number: int) -> Delta:
    text = piece.get("text")
    if not isinstance(text, str) or piece.get("number", number) != number:
        raise BadReply(f"The editor sent piece {number} of {lease.name}'s answer in no form that is known.")
    return Delta(text, reasoning=piece.get("reasoning") is True)


def _end(answer: Any, lease: Lease, came: int) -> End:
    said = answer if isinstance(answer, Mapping) else {}
    finish, pieces = said.get("finish"), said.get("pieces")
    if not isinstance(finish, str) or not finish:
        raise Truncated(f"The answer of {lease.name} ended in the middle: the editor named no finish.", "Try again.")
    if pieces != came:
        raise Truncated(f"Of {lease.name}'s answer {came} pieces of {pieces} came.", "Nothing was changed; try again.")
    model = said.get("model")
    named = model if isinstance(model, Mapping) else {}
    return End(finish, _served(named), _usage(said.get("usage")), _doubts(named, lease))


def _served(model: Mapping[str, Any]) -> str:
    """The served model in the editor's words, which are all there is to go by."""
    words = [str(model[part]) for part in ("id", "version") if model.get(part)]
    return f"{' '.join(dict.fromkeys(words))} (as the editor says)" if words else ""


def _doubts(model: Mapping[str, Any], lease: Lease) -> tuple[str, ...]:
    names = [str(model.get(part) or "") for part in ("id", "family", "name")]
    vendor = str(model.get("vendor") or "")
    if not any(names):
        return ("The editor did not say which model answered.",)
    if lease.model.casefold() in {form.casefold() for name in names for form in (name, f"{vendor}/{name}")}:
        return ()
    return (f"The editor was asked for {lease.model}, and {names[0] or names[1]} answered.",)


def _usage(said: Any) -> Usage:
    counts = said if isinstance(said, Mapping) else {}
    prompt, completion = (n if isinstance(n := counts.get(k), int) else None for k in ("prompt", "completion"))
    return Usage(prompt, completion)


def _failure(error: EditorError, lease: Lease) -> ProviderError:
    """What the editor says of its model, by the code it gives."""
    code, words = str(error.data.get("code", "")), f"{lease.name} did not answer: {error}"
    if code == "NoPermissions":
        return AuthError(words, "Allow Pointsman to use the editor's language models, and try again.")
    if code == "NotFound":
        offered = [str(name) for name in error.data.get("models") or ()][:LISTED]
        return Refused(words, f"The editor offers: {', '.join(offered) or 'none. Sign in to one first'}.")
    if code == "Blocked":
        return RateLimited(words, "The quota may be used up. Try later, or route to another model.", retryable=False)
    return Unavailable(words, "Try again; the editor's own log may say more.", retryable=False)


NOBODY = EditorModel()
"""Where there is no editor: it says so when it is asked."""
