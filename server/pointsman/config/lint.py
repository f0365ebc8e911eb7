"""What is wrong with a configuration that reads well: routes that lead nowhere, keys that are missing."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pointsman.config import jsonc
from pointsman.config.finding import Finding
from pointsman.config.model import Config
from pointsman.terms import Severity, Slot

MANY_MODELS = 5
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def lint(config: Config, path: Path, document: jsonc.Document) -> Iterator[Finding]:
    yield from _routes(config, path, document)
    yield from _providers(config, path, document)
    count = sum(len(provider.models) for provider in config.Providers)
    if count > MANY_MODELS:
        message = f"There are {count} models; three to five are enough for every slot."
        yield Finding(path, document.where(("Providers",)), Severity.INFO, "many-models", message)


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in LOOPBACK or host.startswith("127.")


def _routes(config: Config, path: Path, document: jsonc.Document) -> Iterator[Finding]:
    if config.Providers and not config.Router.default:
        message = "`Router.default` is empty: slots without a model of their own lead nowhere."
        yield Finding(path, document.where(("Router",)), Severity.ERROR, "no-default", message)
    for slot in Slot:
        route = config.Router.model_for(slot)
        if not route:
            continue
        where = document.spans.get(("Router", slot.value)) or document.where(("Router", slot.value))
        name, _, model = (part.strip() for part in route.partition(","))
        provider = config.provider(name)
        if name == "builtin":
            continue
        if provider is None:
            known = ", ".join(p.name for p in config.Providers) or "none"
            message = f"`Router.{slot.value}` names the provider {name!r}, which is not defined."
            yield Finding(path, where, Severity.ERROR, "unknown-provider", message, f"Defined: {known}.")
        elif model not in provider.models:
            message = f"`Router.{slot.value}` names {model!r}, which is not in the `models` of {provider.name}."
            hint = f"There: {', '.join(provider.models)}."
            yield Finding(path, where, Severity.ERROR, "unknown-model", message, hint)


def _providers(config: Config, path: Path, document: jsonc.Document) -> Iterator[Finding]:
    names: set[str] = set()
    for number, provider in enumerate(config.Providers):
        at = ("Providers", number)
        if provider.name.casefold() in names:
            message = f"There are two providers {provider.name!r}; the first one is used."
            yield Finding(path, document.where((*at, "name")), Severity.ERROR, "same-provider", message)
        names.add(provider.name.casefold())
        url = urlsplit(provider.api_base_url)
        if url.scheme not in {"http", "https"} or not url.hostname:
            message = f"The URL of {provider.name} is not a URL of http or https."
            yield Finding(path, document.where((*at, "api_base_url")), Severity.ERROR, "bad-url", message)
        elif not provider.api_key and not is_loopback(provider.api_base_url):
            message = f"{provider.name} has no key."
            hint = 'Write "$NAME" to take it from the environment. Only servers on this machine need none.'
            yield Finding(path, document.where((*at, "api_key")), Severity.ERROR, "no-key", message, hint)
        elif url.scheme == "http" and not is_loopback(provider.api_base_url):
            message = f"{provider.name} is reached over http: the key and your code can be read on the way."
            yield Finding(path, document.where((*at, "api_base_url")), Severity.WARNING, "plain-http", message)
