"""How a model is told to search the web, by wire and host; some always do, and many cannot."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from pointsman.profiles.hosts import is_host

SEARCHES = 5
"""Searches an answer may make where that can be said: each one costs."""
BY_HAND = frozenset({"tools", "plugins", "web_search_options", "enable_search"})
"""Parameters by which a user turns a search on for a host that we know none of."""
_ALWAYS = ("sonar*", "*-online", "*:online", "compound*")
_OPTIONS = ("gpt-*-search-*", "gpt-*-search")


def search_fields(model: str, wire: str, url: str, overrides: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The request fields that make a model search; None where nothing does."""
    name = model.casefold().rpartition("/")[2]
    if any(fnmatchcase(name, pattern) for pattern in _ALWAYS) or BY_HAND & overrides.keys():
        return {}
    if is_host(url, "openrouter.ai") and wire in {"openai-chat", "openai-responses"}:
        return {"tools": [{"type": "openrouter:web_search"}]}
    if wire == "openai-chat" and is_host(url, "openai.com") and any(fnmatchcase(name, it) for it in _OPTIONS):
        return {"web_search_options": {}}
    if wire == "openai-responses" and (is_host(url, "openai.com") or is_host(url, "x.ai")):
        return {"tools": [{"type": "web_search"}]}
    if wire == "anthropic-messages" and is_host(url, "anthropic.com"):
        return {"tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": SEARCHES}]}
    return None


def way_out(url: str) -> str:
    """What to do about a model that cannot search."""
    for host in ("openai.com", "x.ai"):
        if is_host(url, host):
            return f"{host} searches at its endpoint /v1/responses: give it a provider with that URL."
    known = "OpenRouter, Anthropic, OpenAI or xAI (both at /v1/responses), or Perplexity"
    return f"Set Router.webSearch to a model of {known}; or turn its search on by `parameters`, if it has one."
