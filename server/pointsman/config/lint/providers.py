"""Providers that cannot be reached, or that a key should not be sent to."""

import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

from pointsman.config.finding import Key
from pointsman.config.model import BUILTIN, EDITOR, Config, Provider
from pointsman.config.source import Source
from pointsman.profiles.hosts import is_host, is_loopback, split, vendor_at, vendor_of_key, wire_of

MANY_MODELS = 5
_GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"
_PLACEHOLDER = re.compile(
    r"\{\{.*\}\}|<.*>|(sk-)?[*.xX-]+|.*\.\.\..*|(your|insert|enter)[-_].*|change[-_]?me", re.IGNORECASE
)
_VARIABLE = re.compile(r"%\w+%|[A-Z][A-Z0-9]*(_[A-Z0-9]+)*_(KEY|TOKEN|SECRET)")
_SCHEMES = re.compile(r"^(https?://)+")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what to look for
_SHARED = stat.S_IRGRP | stat.S_IROTH


def lint_providers(config: Config, source: Source) -> None:
    """Check what the user's file says of providers."""
    names: set[str] = set()
    for place, provider in zip(source.places, config.Providers, strict=True):
        at = ("Providers", place)
        name = provider.name.casefold()
        if name in names:
            source.report("same-provider", (*at, "name"), f"There are two providers {provider.name!r}.", "Rename one.")
        elif name != name.strip():
            message = f"The name of the provider {name.strip()!r} begins or ends with a space."
            fix = source.rewrite((*at, "name"), provider.name.strip())
            source.report("bad-name", (*at, "name"), message, "Take it out: no route would meet it.", fixes=[fix])
        elif "," in name or name in {BUILTIN, EDITOR}:
            hint = "Routes are written `provider,model`: take another name, without a comma."
            source.report("bad-name", (*at, "name"), f"A provider cannot be called {provider.name!r}.", hint)
        names.add(name)
        _models(provider, at, source)
        _url(provider, at, source)
        _key(provider, at, source)
    _owners(config, source)
    _readable(config, source)
    count = sum(len(provider.models) for provider in config.Providers)
    if count > MANY_MODELS:
        message = f"There are {count} models; three to five are enough for every slot."
        source.report("many-models", ("Providers",), message, "Keep the ones you know well.", value=False)


def _models(provider: Provider, at: Key, source: Source) -> None:
    """The same model twice in one list: of its parameters and prices, only one could count."""
    seen: set[str] = set()
    for number, model in enumerate(provider.models):
        if model.casefold() in seen:
            message = f"{provider.name} lists {model!r} twice."
            source.report("same-model", (*at, "models", number), message, "Take one out.")
        seen.add(model.casefold())


def _url(provider: Provider, at: Key, source: Source) -> None:
    key = (*at, "api_base_url")
    url = split(provider.api_base_url)
    if source.reported(key):
        return
    if url is None:
        hint = "Write all of it, as in https://openrouter.ai/api/v1/chat/completions."
        message, better = f"The URL of {provider.name} is not a URL of http or https.", _meant(provider.api_base_url)
        source.report("bad-url", key, message, hint, fixes=[source.rewrite(key, better)] if better else [])
    elif url.hostname in _EVERYWHERE:
        better = url._replace(netloc=f"127.0.0.1:{url.port}" if url.port else "127.0.0.1").geturl()
        message = f"{url.hostname} is where a server listens, not an address to reach it at."
        source.report("bad-url", key, message, f"Write {better}.", fixes=[source.rewrite(key, better)])
    elif not wire_of(provider.api_base_url, provider.wire):
        gemini = "/v1beta/models" in url.path
        hint = f"Gemini's is {_GEMINI}" if gemini else "It is the full URL; most end in /chat/completions."
        better = _GEMINI if gemini else _completed(provider.api_base_url, url)
        message = f"The URL of {provider.name} ends in no known endpoint."
        source.report("not-an-endpoint", key, message, hint, fixes=[source.rewrite(key, better)] if better else [])
    elif url.scheme == "http" and not is_loopback(provider.api_base_url):
        message = f"{provider.name} is reached over http: the key and your code can be read on the way."
        secure = url._replace(scheme="https").geturl()
        source.report("plain-http", key, message, "Use https.", fixes=[source.rewrite(key, secure)])


def _meant(written: str) -> str:
    """A URL without its scheme, or with two, or with spaces around, as it was meant; empty for what is none."""
    bare = _SCHEMES.sub("", written.strip())
    scheme = "http" if is_loopback(f"http://{bare}") else "https"
    better = f"{scheme}://{bare}"
    return better if "://" not in bare and split(better) else ""


def _completed(written: str, url: SplitResult) -> str:
    """A base URL, as other programs want it, with the endpoint; empty for any other."""
    path = url.path.rstrip("/")
    return f"{written.rstrip('/')}/chat/completions" if path.endswith("/v1") and not url.query else ""


def _key(provider: Provider, at: Key, source: Source) -> None:
    key = (*at, "api_key")
    if source.reported(key):
        return
    if provider.api_key:
        given = provider.api_key
        if given.startswith("Bearer "):
            source.report("bad-key", key, f"The key of {provider.name} begins with `Bearer`.", "Write the key alone.")
        elif not (given.isascii() and given.isprintable() and " " not in given):
            message = f"The key of {provider.name} has characters that no key has, such as a space or a line end."
            source.report("bad-key", key, message, "Copy it again.")
        elif not is_loopback(provider.api_base_url) and _VARIABLE.fullmatch(given) and _written(source, key) == given:
            name = given.strip("%")
            message = f"The key of {provider.name} is the name of a variable, not its value."
            fix = source.rewrite(key, f"${name}")
            source.report("bad-key", key, message, f'Write "${name}" to take it from the environment.', fixes=[fix])
        elif not is_loopback(provider.api_base_url) and _PLACEHOLDER.fullmatch(given):
            hint = "Write the key itself, or $NAME to take it from the environment."
            source.report("bad-key", key, f"The key of {provider.name} is a placeholder.", hint)
    elif (url := split(provider.api_base_url)) and not is_loopback(provider.api_base_url):
        if url.hostname in _EVERYWHERE:
            return  # the address is wrong, and may be this machine's
        written = str(_written(source, key) or "")
        vendor = vendor_at(provider.api_base_url)
        name = f"${vendor.variables[0]}" if vendor else "$NAME"
        hint = f'Write "{name}" to take it from the environment. Only servers on this machine need none.'
        why = f": {written} is set, but empty" if written else ""
        fixes = [source.rewrite(key, name)] if vendor and _written(source, key) == "" else []
        source.report("no-key", key, f"{provider.name} has no key{why}.", hint, fixes=fixes)


def _owners(config: Config, source: Source) -> None:
    """Keys that go to somebody else than their owner."""
    first: dict[str, Provider] = {}
    for place, provider in zip(source.places, config.Providers, strict=True):
        key = ("Providers", place, "api_key")
        url = split(provider.api_base_url)
        if not provider.api_key or url is None or is_loopback(provider.api_base_url):
            continue
        written = str(_written(source, key))
        owner = vendor_of_key(written.strip("${}"))
        other = first.setdefault(provider.api_key, provider)
        if owner and not is_host(provider.api_base_url, owner.host):
            message = f"{written} is a key of {owner.name}, and would be sent to {url.hostname}."
            source.report("key-for-another-host", key, message, "Give each provider its own key.")
        elif not is_host(other.api_base_url, ".".join((url.hostname or "").rsplit(".", 2)[-2:])):
            message = f"The key of {other.name} would be sent to {url.hostname} too."
            source.report("key-for-another-host", key, message, "Give each provider its own key.")


def _readable(config: Config, source: Source) -> None:
    """A key in a file that others can read. What a server of this machine is given as a key is no secret."""
    for place, provider in zip(source.places, config.Providers, strict=True):
        key = ("Providers", place, "api_key")
        written = str(_written(source, key) or "")
        secret = written and not written.startswith(("$", "keyring:")) and not is_loopback(provider.api_base_url)
        if secret and source.path and _mode(source.path) & _SHARED:
            hint = f"chmod 600 {source.path}, or take the key from the environment."
            source.report("readable-by-others", key, "Other users of this machine can read this key.", hint)


def _written(source: Source, key: Key) -> Any:
    """The value of a setting as the file has it, with variables unfilled."""
    value: Any = source.document.value
    for part in key:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _mode(path: Path) -> int:
    """The permissions of a file; none where the system has no such thing."""
    try:
        return path.stat().st_mode if hasattr(path, "owner") and stat.S_ISREG(path.stat().st_mode) else 0
    except OSError:
        return 0
