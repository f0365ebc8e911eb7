"""The connections to providers, and the one place where the HTTP client's errors become ours.

Clients are shared, so that the second turn of a task finds the first one's connection open. Remote hosts go through
the lease's proxy or the system's; this machine is always reached directly: a system proxy cannot see our loopback.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version

import httpx2

from pointsman.errors import AuthError, BadReply, ProviderError, Refused, Unavailable
from pointsman.models.address import is_loopback, named, origin, quoted
from pointsman.terms import Lease

CONNECT_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 300.0
_TIMEOUT = httpx2.Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)  # reading is timed by `pulse`
_LIMITS = httpx2.Limits(max_connections=32, max_keepalive_connections=16, keepalive_expiry=KEEP_ALIVE_SECONDS)
_HEADERS = {
    "user-agent": f"pointsman/{version('pointsman')}",
    "accept-encoding": "identity",  # a compressed stream arrives in lumps
}

_GONE = re.compile("disconnected|closed", re.IGNORECASE)
"""How the client tells a broken connection from broken HTTP: both are one class."""

for _name in ("httpx2", "httpcore2"):
    # Their lines show whole URLs, and a URL may hold a key.
    logging.getLogger(_name).setLevel(logging.WARNING)


@cache
def tls() -> ssl.SSLContext:
    """The system's trust store. Reading it takes longer than a request on the local net, so it is done once."""
    return httpx2.create_ssl_context()


@cache
def _no_tls() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Connections:
    """One client per way out: each proxy, the system's own settings, and straight to this machine."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, bool, bool], httpx2.AsyncClient] = {}
        self._preparing = asyncio.Lock()

    async def client(self, lease: Lease) -> httpx2.AsyncClient:
        local = is_loopback(lease.url)
        way = ("" if local else lease.proxy, local, lease.url.startswith("http:") and not lease.proxy)
        if way not in self._clients:
            async with self._preparing:
                if way not in self._clients:
                    self._clients[way] = await _client(lease, *way)
        return self._clients[way]

    async def connect(self, lease: Lease) -> None:
        """Open a connection to the lease's host, unless it fails. No key is sent."""
        try:
            client = await self.client(lease)
            await client.head(origin(lease.url), timeout=CONNECT_SECONDS)
        except (ProviderError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, OSError):
            return

    async def aclose(self) -> None:
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()


async def _client(lease: Lease, proxy: str, local: bool, plain: bool) -> httpx2.AsyncClient:  # noqa: FBT001 - a key
    context = _no_tls() if plain else await asyncio.to_thread(tls)
    try:
        return httpx2.AsyncClient(
            verify=context,
            proxy=proxy or None,
            trust_env=not local and not proxy,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            headers=_HEADERS,
            follow_redirects=False,
        )
    except (ImportError, ValueError, httpx2.InvalidURL) as error:  # ImportError: a SOCKS proxy without its package
        raise Refused(
            f"The proxy on the way to {named(lease)} cannot be used: {quoted(str(error), lease)}",
            "Set PROXY_URL to an http:// or https:// proxy, or look at HTTPS_PROXY and ALL_PROXY in the environment.",
        ) from None


@contextmanager
def map_exceptions(lease: Lease) -> Iterator[None]:
    """Turn whatever the client raises into one of our errors.

    The cause is dropped on purpose: foreign messages quote headers ("Illegal header value b'Bearer ...'").
    """
    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, OSError) as error:
        raise _ours(lease, error) from None


def _ours(lease: Lease, error: Exception) -> ProviderError:
    said = quoted(str(error), lease)
    why = f"{type(error).__name__}{f': {said}' if said else ''}"
    match error:
        case UnicodeError() | httpx2.LocalProtocolError():
            return AuthError(
                f"The request to {named(lease)} cannot be written: a header has characters that HTTP does not allow.",
                f"Check api_key of provider {lease.provider}: it may hold a line break or a typographic quote.",
            )
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol() | ValueError():
            return Refused(
                f"The address of {named(lease)} cannot be used ({why}).",
                f"Check api_base_url of provider {lease.provider}: it must start with https:// or http://.",
            )
        case httpx2.ProxyError():
            return Unavailable(f"The proxy on the way to {named(lease)} failed ({why}).", "Check PROXY_URL.")
        case httpx2.ConnectError() | httpx2.ConnectTimeout():
            return _unreachable(lease, error, why)
        case httpx2.DecodingError() | httpx2.SSEError():
            return BadReply(f"{named(lease)} sent bytes that cannot be read ({why}).", "Try again, or without a proxy.")
        case httpx2.RemoteProtocolError() if not _GONE.search(str(error)):
            return BadReply(
                f"{named(lease)} does not answer in HTTP ({why}).", "Check api_base_url, its port and http or https."
            )
        case _:
            return Unavailable(f"The connection to {named(lease)} broke off ({why}).", "Try again.")


def _unreachable(lease: Lease, error: Exception, why: str) -> Unavailable:
    message = f"Cannot connect to {named(lease)} ({why})."
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        hint = "Its certificate is not trusted by this system: add the issuer to the system's trust store."
        return Unavailable(message, hint, retryable=False)
    if is_loopback(lease.url):
        return Unavailable(message, f"Is the local engine of provider {lease.provider} running?")
    return Unavailable(message, "Check the network, api_base_url, and PROXY_URL if there is one.")
