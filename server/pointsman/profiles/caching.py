"""How a prompt's beginning is kept in a provider's cache: the marks and the keys that each host wants.

Most providers keep what they have read by themselves. Some want to be told where the stable beginning ends, and some
who comes back, so that the next request meets the machine that has it.
"""

from hashlib import blake2b
from typing import Any

from pointsman.profiles.hosts import is_host

_KEYED = ("openai.com", "x.ai")


def marks(model: str, wire: str, url: str) -> bool:
    """Whether the end of the stable beginning is to be marked."""
    if wire == "anthropic-messages":
        return True
    return wire == "openai-chat" and is_host(url, "openrouter.ai") and "claude" in model.casefold()


def cache_key(root: str, name: str) -> str:
    """The same for every task on a folder with a model: their prompts begin alike. It does not tell the folder."""
    subject = f"{root} {name}".encode("utf-8", "surrogatepass")
    return f"pointsman-{blake2b(subject, digest_size=8).hexdigest()}"


def session_fields(wire: str, url: str, key: str) -> dict[str, Any]:
    """The request fields that lead a session's requests to the same machine."""
    if wire not in ("openai-chat", "openai-responses"):
        return {}
    if is_host(url, "openrouter.ai"):
        return {"session_id": key}
    return {"prompt_cache_key": key} if any(is_host(url, host) for host in _KEYED) else {}
