"""What a provider's refusal means: from status, headers and body to one of our errors, with the way out.

Providers agree on the status codes and on little else: an error is `{"error": {"message": ...}}`, or the same in a
list, or `{"error": "text"}`, or `{"detail": ...}`, or a page of HTML, and it may come under HTTP 200 in mid-stream.
"""

import html
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

from pointsman.errors import AuthError, BadReply, ProviderError, RateLimited, Refused, Unavailable
from pointsman.models.address import is_loopback, named, quoted, shown_url
from pointsman.models.pauses import asked_pause, may_retry
from pointsman.models.values import record
from pointsman.terms import Lease

STATUS_OF_TYPE: Mapping[str, int] = {
    "invalid_request_error": 400,
    "exceed_context_size_error": 400,
    "context_length_exceeded": 400,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "billing_error": 402,
    "insufficient_quota": 402,
    "permission_error": 403,
    "permission_denied": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "resource_exhausted": 429,
    "api_error": 500,
    "server_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""The words providers use where there is no status to go by."""

_OVERFLOW = re.compile(
    r"context.{0,12}(length|window|size)|maximum context|prompt is too long|too many (input )?tokens|exceed_context",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r"api[ _]key.{0,12}(not valid|invalid|incorrect)|(invalid|incorrect).{0,12}api[ _]key", re.IGNORECASE
)
_STATUS = re.compile(r"[45]\d\d(\.0)?")
_SAID = ("message", "detail", "msg", "description", "error_description", "title", "Message", "type")
"""Where an error's words may be."""
_TITLE = re.compile(r"<(title|h1)[^>]*>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def from_response(lease: Lease, status: int, headers: Mapping[str, str], body: bytes) -> ProviderError:
    """The error for an answer whose status is not 200."""
    payload = parsed(body)
    return _error(lease, _refined(status, payload), _words(payload, body), headers, payload)


def from_payload(lease: Lease, payload: Any) -> ProviderError:
    """The error for an error object that came under HTTP 200, as a body or as an event of a stream."""
    status = _refined(0, payload)
    return _error(lease, status, _words(payload, b""), {}, payload)


def from_body(lease: Lease, content_type: str, body: bytes) -> ProviderError:
    """The error for a whole body under HTTP 200 where a stream was asked for."""
    payload = parsed(body)
    if is_error(payload):
        return from_payload(lease, payload)
    if payload is not None:
        inner = detail(payload)
        said = quoted(_words(payload, b""), lease) if {"message", "detail", "msg"} & set(inner) else ""
        return BadReply(
            f"{named(lease)} sent one JSON document instead of a stream{f': {said}' if said else ''}.",
            "Pointsman reads streams only: check that api_base_url is the endpoint itself, "
            "and that no proxy between collects the stream.",
        )
    named_type = quoted(content_type.partition(";")[0][:80], lease)
    if "event-stream" in named_type:
        named_type = "what is no event"
    kind = "a web page" if body.lstrip()[:1] == b"<" else named_type or "something unnamed"
    words = quoted(_words(None, body), lease)
    return BadReply(
        f"{named(lease)} sent {kind} instead of a stream{f': {words}' if words else ''}.",
        "Check api_base_url: it must be the full address of the endpoint. A proxy or a login page may be in between.",
    )


def parsed(body: bytes) -> Any:
    """The JSON of a body, or None."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def is_error(payload: Any) -> bool:
    if isinstance(payload, list):
        return bool(payload) and is_error(payload[0])
    if not isinstance(payload, dict):
        return False
    return bool(payload.get("error") or payload.get("errors")) or "error" in (
        payload.get("type"),
        payload.get("object"),
    )


def detail(payload: Any) -> Mapping[str, Any]:
    """The innermost object that describes the error, whatever it is wrapped in."""
    if isinstance(payload, list) and len(payload) == 1:
        payload = payload[0]
    if not isinstance(payload, dict):
        return {}
    several = payload.get("errors")
    inner = payload.get("error") or (several[0] if isinstance(several, list) and several else several) or payload
    if isinstance(inner, bool):
        return payload  # {"error": true, "message": ...}
    if isinstance(inner, list) and len(inner) == 1 and isinstance(inner[0], dict):
        inner = inner[0]
    if isinstance(inner, dict):
        return record(inner.get("error")) or inner
    return {"message": inner}


def _words(payload: Any, body: bytes) -> str:
    """What the provider says, as text."""
    if payload is None:
        text = body[:20_000].decode("utf-8", "replace")
        title = _TITLE.search(text)
        return html.unescape(_TAG.sub(" ", title.group(2) if title else text)).strip()
    inner = detail(payload)
    raw = inner.get("metadata", {}).get("raw") if isinstance(inner.get("metadata"), dict) else None
    for said in map(inner.get, _SAID):
        if said:
            text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
            return f"{text} ({raw})" if isinstance(raw, str) and raw not in text else text
    return json.dumps(payload, ensure_ascii=False)


def _refined(status: int, payload: Any) -> int:
    """The status an error is really about: some providers put it, or a better one, into the body. 0 if none is told."""
    inner = detail(payload)
    said = [inner.get(name) for name in ("code", "type", "status")]
    known = [STATUS_OF_TYPE[word.lower()] for word in said if isinstance(word, str) and word.lower() in STATUS_OF_TYPE]
    if HTTPStatus.PAYMENT_REQUIRED in known:
        return HTTPStatus.PAYMENT_REQUIRED  # an empty account is told as 429, and waiting does not fill it
    if status:
        return status
    numbers = [
        int(float(code)) for code in said if isinstance(code, int | float | str) and _STATUS.fullmatch(str(code))
    ]
    return (known or numbers or [0])[0]


def _error(lease: Lease, status: int, said: str, headers: Mapping[str, str], payload: Any) -> ProviderError:
    words = quoted(said, lease)
    told = f"answered {_phrase(status)}" if status else "told of an error"
    message = f"{named(lease)} {told}{f': {words}' if words else ''}."
    status = status or HTTPStatus.INTERNAL_SERVER_ERROR
    pause = asked_pause(headers, detail(payload))
    if status in (401, 402, 403) or _BAD_KEY.search(said):
        return AuthError(message, _key_hint(lease, status))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(message, _wait_hint(pause), retry_after=pause, retryable=may_retry(headers, detail(payload)))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (408, 409, 425):
        hint = _wait_hint(pause) if pause else "Try again; if it stays so, choose another model for this slot."
        return Unavailable(message, hint, retry_after=pause, retryable=may_retry(headers, detail(payload)))
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        hint = "Check api_base_url: it must be the full address of the endpoint, and answer with a stream."
        return BadReply(f"{message.removesuffix('.')}, which is no stream.", hint)
    refused = Refused(message, _refused_hint(lease, status, said, headers))
    refused.said = detail(payload)
    return refused


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Overloaded" if status == 529 else str(status)  # noqa: PLR2004 - not in the standard's table


def _key_hint(lease: Lease, status: int) -> str:
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return f"Add credit at {lease.provider}, or route to another provider."
    if status == HTTPStatus.FORBIDDEN:
        return f"The key of provider {lease.provider} may not use {lease.model}: check its rights."
    missing = "" if lease.key else " No key is set."
    return f"Check api_key of provider {lease.provider} in the config.{missing}"


def _wait_hint(pause: float | None) -> str:
    return f"It asks to wait {pause:.0f} s." if pause else "Wait a little, then try again."


def _moved(lease: Lease, location: str) -> str:
    """Where a redirect leads, as far as it leads anywhere."""
    try:
        url = urljoin(lease.url, location)
        host = urlsplit(url).hostname
        if not location or not host:
            return "to where it has moved"
        trust = "" if host == urlsplit(lease.url).hostname else " (if you trust that host with the key)"
    except ValueError:
        return "to where it has moved"
    return f"to {quoted(shown_url(url), lease)}, where it has moved{trust}"


def _refused_hint(lease: Lease, status: int, said: str, headers: Mapping[str, str]) -> str:
    if _OVERFLOW.search(said) or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return "The prompt is too large for this model: lower longContextThreshold, or set Router.longContext."
    if 300 <= status < 400:  # noqa: PLR2004
        where = _moved(lease, headers.get("location", ""))
        return f"Set api_base_url {where}. Redirects are not followed: they would take the key along."
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return "The proxy wants a user and a password: set them in PROXY_URL, as http://user:password@host:port."
    if status in (404, 405):
        local = " Is the model loaded?" if is_loopback(lease.url) else ""
        return f"Check the model's name and that api_base_url is the full address of the endpoint.{local}"
    return f"Sending the same again cannot help: check the parameters of {lease.model} in the config."
