"""Where a lease points, in a form that may be shown: a URL can hold a key, in its query or before its host."""

import ipaddress
import re
from urllib.parse import urlsplit

from pointsman.terms import Lease

SHOWN = 300
"""Characters of a provider's own words that are worth a user's time."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
"""What is no word: controls, what turns the direction of text, and halves of characters, which nothing can print."""


def shown_url(url: str) -> str:
    """The URL without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(a URL that cannot be read)"
    if not host:
        return "(a URL without a host)"
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}{parts.path}"


def origin(url: str) -> str:
    """Scheme, host and port, with a slash at the end. Raises ValueError for what is no URL of HTTP."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http or https URL")
    parts.port  # noqa: B018 - raises for a port that is no port
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"


def is_loopback(url: str) -> bool:
    """Whether the URL names this machine, by number or as `localhost`."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def named(lease: Lease) -> str:
    """Provider, model and URL, for messages."""
    return f"{lease.provider} (model {lease.model}, {shown_url(lease.url)})"


def quoted(text: str, lease: Lease) -> str:
    """A stranger's words made fit for one line of a message: without control characters, short, without our key."""
    for secret in (str(lease.key), _password(lease.proxy), _password(lease.url)):
        if len(secret) >= 4:  # noqa: PLR2004 - shorter ones would blank out ordinary words
            text = text.replace(secret, "***")
    text = _CONTROL.sub(" ", text).strip()
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
