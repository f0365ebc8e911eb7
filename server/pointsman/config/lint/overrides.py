"""Overrides that make answers more random, that a model refuses, or that belong to no model."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pointsman.config.model import Config, Provider
from pointsman.config.source import Source
from pointsman.config.transformers import faults, overrides
from pointsman.profiles import profile_of

LIMITS = {"temperature": 0.2, "top_p": 0.9, "presence_penalty": 0.0, "frequency_penalty": 0.0}
"""The most that "deterministic" allows."""


def lint_overrides(config: Config, source: Source) -> None:
    """Check the user's `parameters` and `transformer`."""
    for place, provider in zip(source.places, config.Providers, strict=True):
        at = ("Providers", place)
        for code, key, message, hint in faults(provider):
            source.report(code, (*at, *key), message, hint)
        for group in ("parameters", "prices"):
            for name in getattr(provider, group):
                if name != "*" and provider.model(name) is None:
                    message = f"`{group}` of {provider.name} names {name!r}, which is not in its `models`."
                    hint = f"There: {', '.join(provider.models)}."
                    source.report("unused-parameters", (*at, group, name), message, hint, value=False)
        for model in provider.models:
            given = overrides(provider, model)
            for name, message, instead in _loose(model, given):
                key = (*at, *_written(provider, model, name))
                if not source.reported(key):
                    fixes = [source.rewrite(key, instead)] if key[2] == "parameters" else []
                    hint = "Leave it out: Pointsman knows what the model takes."
                    source.report("sampling", key, message, hint, fixes=fixes)


def _loose(model: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str, float | None]]:
    """The parameters that do not do, why, and the value that would; None leaves one out."""
    refuses = profile_of(model).sampling == "none"
    for name, most in LIMITS.items():
        value = given.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            shown = json.dumps(value, ensure_ascii=False)[:60]
            yield name, f"`{name}` is {shown} for {model}, which is no number.", None if refuses else most
        elif value > most:
            yield name, f"`{name}` is {value} for {model}; patches want at most {most}.", None if refuses else most
        elif refuses:
            yield name, f"{model} refuses `{name}`.", None


def _written(provider: Provider, model: str, name: str) -> tuple[str | int, ...]:
    """Where an override is written, below its provider."""
    for group in (model, "*"):
        if name in provider.parameters.get(group, {}):
            return ("parameters", group, name)
    return ("transformer", model) if model in provider.transformer else ("transformer",)
