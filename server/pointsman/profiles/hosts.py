"""Who is behind a URL: the vendors we know, the wire a URL ends in, and whether it is this machine.

`pointsman init` looks for these keys in the environment; the lint compares them with where they are sent.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

WIRES = ("openai-chat", "anthropic-messages", "openai-responses", "ollama")
"""Every protocol there is a wire for."""
_ENDS = (
    ("/chat/completions", "openai-chat"),
    ("/responses", "openai-responses"),
    ("/messages", "anthropic-messages"),
    ("/api/chat", "ollama"),
)


@dataclass(frozen=True, slots=True)
class Vendor:
    """A service with a public endpoint. `variables` are the names its key usually has, the commonest first.

    `models` are a few of its models to begin with: (slot, model); the first is the default.
    """

    name: str
    host: str
    url: str
    variables: tuple[str, ...]
    models: tuple[tuple[str, str], ...]


VENDORS: tuple[Vendor, ...] = (
    Vendor(
        "openrouter",
        "openrouter.ai",
        "https://openrouter.ai/api/v1/chat/completions",
        ("OPENROUTER_API_KEY",),
        (
            ("default", "openai/gpt-5.4"),
            ("quickEdit", "openai/gpt-5.4-mini"),
            ("refactor", "anthropic/claude-sonnet-5"),
            ("reasonPlan", "anthropic/claude-opus-5"),
            ("longContext", "google/gemini-2.5-flash"),
        ),
    ),
    Vendor(
        "openai",
        "openai.com",
        "https://api.openai.com/v1/chat/completions",
        ("OPENAI_API_KEY",),
        (("default", "gpt-5.4"), ("quickEdit", "gpt-5.4-mini"), ("reasonPlan", "gpt-5.5")),
    ),
    Vendor(
        "anthropic",
        "anthropic.com",
        "https://api.anthropic.com/v1/messages",
        ("ANTHROPIC_API_KEY",),
        (("default", "claude-sonnet-5"), ("quickEdit", "claude-haiku-4-5"), ("reasonPlan", "claude-opus-5")),
    ),
    Vendor(
        "deepseek",
        "deepseek.com",
        "https://api.deepseek.com/chat/completions",
        ("DEEPSEEK_API_KEY",),
        (("default", "deepseek-v4-flash"), ("refactor", "deepseek-v4-pro")),
    ),
    Vendor(
        "gemini",
        "googleapis.com",
        "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        (("default", "gemini-2.5-flash"), ("reasonPlan", "gemini-2.5-pro")),
    ),
    Vendor("xai", "x.ai", "https://api.x.ai/v1/chat/completions", ("XAI_API_KEY",), (("default", "grok-4.5"),)),
    Vendor(
        "mistral",
        "mistral.ai",
        "https://api.mistral.ai/v1/chat/completions",
        ("MISTRAL_API_KEY",),
        (("default", "devstral-medium-latest"), ("quickEdit", "codestral-latest")),
    ),
    Vendor(
        "groq",
        "groq.com",
        "https://api.groq.com/openai/v1/chat/completions",
        ("GROQ_API_KEY",),
        (("default", "openai/gpt-oss-120b"), ("quickEdit", "openai/gpt-oss-20b")),
    ),
)
ENGINES: tuple[tuple[str, int], ...] = (("ollama", 11434), ("lmstudio", 1234), ("llama.cpp", 8080), ("vllm", 8000))
"""Local engines by the port they listen on unless told otherwise; all serve the OpenAI wire."""


_SCHEMES = frozenset({"http", "https"})
_NEVER = re.compile(r"[\s\x00-\x1f<>\"{}|\\^`]")
"""Characters that no URL has: they would be lost on the way, or stand for what was not filled in."""


@lru_cache(256)
def split(url: str) -> SplitResult | None:
    """The parts of an http(s) URL with a host; None for anything else, however malformed, as with its scheme twice."""
    if _NEVER.search(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _SCHEMES and parts.hostname and parts.hostname not in _SCHEMES else None


@lru_cache(256)
def is_loopback(url: str) -> bool:
    """Whether the URL names this machine, by number or as `localhost`."""
    parts = split(url)
    host = parts.hostname if parts else None
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def wire_of(url: str, named: str = "") -> str:
    """The wire a provider speaks: as named, else by the end of its URL; empty if neither tells."""
    parts = split(url)
    path = parts.path.rstrip("/") if parts else ""
    return named or next((wire for end, wire in _ENDS if path.endswith(end)), "")


def is_host(url: str, host: str) -> bool:
    """Whether a URL is at a host or below it."""
    parts = split(url)
    name = (parts.hostname or "") if parts else ""
    return name == host or name.endswith(f".{host}")


def vendor_at(url: str) -> Vendor | None:
    return next((vendor for vendor in VENDORS if is_host(url, vendor.host)), None)


def vendor_of_key(variable: str) -> Vendor | None:
    return next((vendor for vendor in VENDORS if variable in vendor.variables), None)
