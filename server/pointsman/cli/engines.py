"""Engines that listen on this machine, found by asking the ports they usually have for their models."""

import http.client
import json

PROBE_SECONDS = 1.0
_READ_LIMIT = 1 << 20


def models_at(port: int) -> list[str]:
    """The models an engine on this machine lists; none where nobody answers as one. Blocking, for a second at most."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/v1/models")
        answer = json.loads(connection.getresponse().read(_READ_LIMIT))
        return [str(item["id"]) for item in answer["data"]]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return []
    finally:
        connection.close()
