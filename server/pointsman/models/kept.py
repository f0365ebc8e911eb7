"""Connections that were kept from the last turn, and what can be wrong with them when the next one comes.

The other side may have closed one just now, which is nobody's fault and no reason to wait; and it may have sent more
than its last answer, which must never be taken for the next.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2

from pointsman.models.pulse import Pulse

MOST = 4
"""Kept connections tried for one request; then it fails as it would on a new one."""
_BROKEN = (httpx2.NetworkError, httpx2.RemoteProtocolError)


async def send(client: httpx2.AsyncClient, message: httpx2.Request, pulse: Pulse) -> httpx2.Response:
    """The head of the answer, from a new connection if a kept one fails before it answers. Raises httpx2.HTTPError."""
    for left in reversed(range(MOST)):
        watch = _Watch()
        message.extensions = {**message.extensions, "trace": watch}
        try:
            response = await pulse.within(client.send(message, stream=True))
        except _BROKEN:
            if watch.opened or not left:
                raise
        else:
            if watch.opened or not watch.early:
                return response
            await response.aclose()  # its end was not read, so the connection is not kept
    raise httpx2.RemoteProtocolError("answers came before they were asked for")


class _Watch:
    """Told by the HTTP client what it does for one request.

    An answer whose head comes without any wait, while the loop had no time to look at the socket, was there before it
    was asked for.
    """

    def __init__(self) -> None:
        self.opened = self.early = self._waited = False

    async def __call__(self, event: str, _: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.started"):
            self.opened = True
        elif event.endswith("receive_response_headers.started"):
            asyncio.get_running_loop().call_soon(self._wait)
        elif event.endswith("receive_response_headers.complete"):
            self.early = not self._waited

    def _wait(self) -> None:
        self._waited = True
