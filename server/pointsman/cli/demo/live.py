"""`pointsman demo --live`: the same play with a real model, the first that is found.

Looked for in this order: the user's own configuration, a key in the environment, an engine that listens on this
machine. What was found is said; nothing is sent to anybody else.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pointsman.cli.engines import models_at
from pointsman.config import jsonc
from pointsman.config.load import load, user_file
from pointsman.errors import PointsmanError


@dataclass(frozen=True, slots=True)
class Found:
    """`why` tells where it comes from, `settings` are those of a config file."""

    why: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    variable: str
    name: str
    url: str
    model: str


SERVICES = (
    Service("OPENAI_API_KEY", "openai", "https://api.openai.com/v1/chat/completions", "gpt-5.4-mini"),
    Service("OPENROUTER_API_KEY", "openrouter", "https://openrouter.ai/api/v1/chat/completions", "openai/gpt-5.4-mini"),
    Service("DEEPSEEK_API_KEY", "deepseek", "https://api.deepseek.com/chat/completions", "deepseek-chat"),
    Service("MISTRAL_API_KEY", "mistral", "https://api.mistral.ai/v1/chat/completions", "codestral-latest"),
    Service("GROQ_API_KEY", "groq", "https://api.groq.com/openai/v1/chat/completions", "openai/gpt-oss-120b"),
)
"""The first whose variable is set; the model is a small one that the key's owner is likely to have."""
ENGINES = (("ollama", 11434), ("lmstudio", 1234), ("llamacpp", 8080))


def find(environ: Mapping[str, str] = os.environ, model: str = "", file: Path | None = None) -> Found:
    """Blocking, for as long as it takes to see that nobody listens."""
    found = _configured(file or user_file(environ), environ) or _keyed(environ, model) or _listening(model)
    if found is None:
        names = ", ".join(service.variable for service in SERVICES)
        ports = ", ".join(f"{name} on {port}" for name, port in ENGINES)
        message = "There is no model for a live demo: no configuration, no key, and no engine listens here."
        raise PointsmanError(message, f"Set one of {names}; or start one of {ports}.")
    return found


def _configured(path: Path, environ: Mapping[str, str]) -> Found | None:
    """The user's file as it is written: variables in it stay variables."""
    loaded = load(path, environ=environ) if path.exists() else None
    if loaded is None or not loaded.config.Providers:
        return None
    if broken := loaded.broken:
        raise PointsmanError(f"{path}: {broken.message}", broken.hint or "See `pointsman doctor`.")
    document: dict[str, Any] = jsonc.parse(path.read_text("utf-8-sig")).value
    return Found(f"your configuration, {path}", document)


def _keyed(environ: Mapping[str, str], model: str) -> Found | None:
    service = next((service for service in SERVICES if environ.get(service.variable)), None)
    if service is None:
        return None
    name = model or service.model
    why = f"{name} of {service.name}, by the key in {service.variable}"
    return Found(why, _settings(service.name, service.url, name, f"${service.variable}"))


def _listening(model: str) -> Found | None:
    for name, port in ENGINES:
        names = models_at(port)
        if names:
            chosen = model or names[0]
            url = f"http://127.0.0.1:{port}/v1/chat/completions"
            return Found(f"{chosen} of {name}, which listens on 127.0.0.1:{port}", _settings(name, url, chosen, ""))
    return None


def _settings(name: str, url: str, model: str, key: str) -> dict[str, Any]:
    provider = {"name": name, "api_base_url": url, "api_key": key, "models": [model]}
    return {"Providers": [provider], "Router": {"default": f"{name},{model}"}}
