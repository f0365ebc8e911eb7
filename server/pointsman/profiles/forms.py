"""How the form of a patch can be forced on a model: where the model, its host and the wire all know a way.

Engines of this machine force a form on whatever model they run. A hosted one does it for the models that a row of the
table says so of, and only at hosts whose dialect is known; everywhere else the form is told in words. Every reply is
read and judged here all the same.
"""

from urllib.parse import urlsplit

from pointsman.profiles.hosts import ENGINES, is_host, is_loopback
from pointsman.profiles.table import profile_of
from pointsman.terms import FormKind

CONTRACTS = ("auto", "schema", "grammar", "text")
_FORCING = ("openai.com", "openrouter.ai", "anthropic.com", "googleapis.com", "x.ai", "groq.com")
_LARK = ("openai.com",)
_EBNF_PORT = dict(ENGINES)["vllm"]
"""It has a field of its own for grammars."""
_GRAMMAR_PORTS = (dict(ENGINES)["llama.cpp"], _EBNF_PORT)
"""Where engines listen, unless told otherwise, that take a grammar made from the files at hand."""


def form_of(model: str, wire: str, url: str, contract: str = "auto") -> FormKind:
    """The way for a model at an address; empty if there is none, or if the user wants none."""
    if contract == "text":
        return ""
    if contract == "schema":
        return "schema"
    grammar = _grammar(wire, url)
    if contract == "grammar":
        return grammar or "schema"
    profile = profile_of(model)
    if is_loopback(url):
        # Engines force the form from the first token on, which a model that must think first cannot keep.
        if profile.thinking == "always" or wire == "anthropic-messages":
            return ""
        return grammar if urlsplit(url).port in _GRAMMAR_PORTS and grammar else "schema"
    if not profile.form or not any(is_host(url, host) for host in _FORCING):
        return ""
    return grammar or "schema" if profile.form == "lark" else "schema"


def _grammar(wire: str, url: str) -> FormKind:
    """The notation of the grammars that can be sent there."""
    if wire not in ("openai-chat", "openai-responses"):
        return ""
    if any(is_host(url, host) for host in _LARK):
        return "lark"
    if wire == "openai-chat" and is_loopback(url):
        return "ebnf" if urlsplit(url).port == _EBNF_PORT else "gbnf"
    return ""
