"""A configuration to begin with, from what was found: keys in the environment, and engines on this machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pointsman.profiles.hosts import VENDORS, Vendor

MOST = 5
"""Models in a draft: enough for every slot."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A local server that listens, and the models it lists."""

    name: str
    port: int
    models: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/chat/completions"


def keys_in(environ: Mapping[str, str]) -> list[tuple[Vendor, str]]:
    """The vendors whose key is in the environment, with the variable's name."""
    found = ((vendor, next((name for name in vendor.variables if environ.get(name)), "")) for vendor in VENDORS)
    return [(vendor, name) for vendor, name in found if name]


def draft(keys: Sequence[tuple[Vendor, str]], engines: Sequence[Engine]) -> dict[str, Any]:
    """Settings of a config file. The first one found has the slots; the others add a model each."""
    providers: list[dict[str, Any]] = []
    router: dict[str, str] = {}
    for vendor, variable in keys:
        models = list(dict.fromkeys(model for _, model in vendor.models)) if not router else [vendor.models[0][1]]
        router = router or {slot: f"{vendor.name},{model}" for slot, model in vendor.models}
        providers.append(_provider(vendor.name, vendor.url, f"${variable}", models))
    for engine in engines:
        models = list(engine.models[: 1 if router else 3])
        router = router or {"default": f"{engine.name},{models[0]}"}
        providers.append(_provider(engine.name, engine.url, "", models))
    return {"Providers": _few(providers), "Router": router}


def _few(providers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for provider in providers:
        if sum(len(each["models"]) for each in kept) + len(provider["models"]) <= MOST:
            kept.append(provider)
    return kept


def _provider(name: str, url: str, key: str, models: Sequence[str]) -> dict[str, Any]:
    return {"name": name, "api_base_url": url, "api_key": key, "models": list(models)}


def written(settings: Mapping[str, Any], remarks: Sequence[str], schema: str) -> str:
    """The text of a config file, with remarks as comments at its head."""
    head = "".join(f"// {' '.join(remark.split())}\n" for remark in remarks)
    return head + json.dumps({"$schema": schema, **settings}, indent=2, ensure_ascii=False) + "\n"
