"""Which model answers: the slot of the intent, the size of the material, or the user's explicit word.

Pure: nothing is asked and nothing is tried. What is decided here is the lease, and it holds for the whole task.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pointsman.config.finding import Finding
from pointsman.config.load import Loaded
from pointsman.config.model import BUILTIN, EDITOR, FIXERS, Config, Provider
from pointsman.config.transformers import overrides
from pointsman.errors import ConfigError, RouteError
from pointsman.profiles import cache_key, compile_parameters, form_of, marks, price_of, session_fields
from pointsman.profiles.search import search_fields, way_out
from pointsman.profiles.tokens import GUESS
from pointsman.terms import Lease, Price, Secret, Slot


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be kept of a lease outside the process: who answered, and `mark`, which stands for all the rest."""

    slot: Slot
    provider: str
    model: str
    why: str
    mark: str


def claim_of(lease: Lease) -> Claim:
    parts = [lease.wire, lease.url, lease.parameters, lease.form, lease.marks, lease.search]
    mark = hashlib.sha256(json.dumps(parts, sort_keys=True, default=repr).encode()).hexdigest()
    return Claim(lease.slot, lease.provider, lease.model, lease.why, mark)


def redeem(claim: Claim, loaded: Loaded, root: str, *, task: str, bytes_of: Callable[[str], float]) -> Lease:
    """The very lease that was claimed. Raises RouteError where the configuration makes another of it by now."""
    name = f"{claim.provider},{claim.model}"
    lease = in_session(choose(claim.slot, 0, loaded, task=task, model=name, bytes_of=bytes_of), root)
    if claim_of(lease).mark != claim.mark:
        raise RouteError(f"This task cannot go on: {name} is configured otherwise by now.", "Ask anew.")
    return replace(lease, why=claim.why)


def choose(  # noqa: PLR0913 - each is one thing that a choice depends on
    slot: Slot,
    size: int,
    loaded: Loaded,
    *,
    task: str,
    model: str = "",
    outage: Callable[[Lease], str] = lambda _: "",
    bytes_of: Callable[[str], float] = lambda _: GUESS,
) -> Lease:
    """The lease of a task with `size` bytes of material; `bytes_of` a model's tokens tell how many tokens that is.

    `model` is the user's own "provider,model". `outage` tells why a lease would not work just now, empty if it would;
    only a task that starts may go to a `fallback` because of it. Raises RouteError or ConfigError, with the way out.
    """
    if model.strip().casefold() == f"{BUILTIN},{FIXERS}":
        return _fixers(task, slot, "The project's own fixers know this rule.")
    if broken := loaded.broken:
        raise _unusable(broken, loaded)
    search = slot is Slot.WEB_SEARCH
    slot, route, why = _route(loaded.config, slot, model, lambda route: int(size / bytes_of(route)))
    if not model and (fault := loaded.broken_slot(slot)):
        raise _unusable(fault, loaded)
    if not route:
        raise _nowhere(slot, loaded)
    lease = _lease(route, slot, loaded, task, why)
    lease = _searching(lease, loaded) if search else lease
    if reason := outage(lease):
        lease = _instead(lease, reason, loaded, outage, asked=bool(model))
    return replace(lease, bytes_per_token=bytes_of(lease.name))


def _searching(lease: Lease, loaded: Loaded) -> Lease:
    """The lease, told to search the web. Raises RouteError for a model that cannot."""
    provider = loaded.config.provider(lease.provider)
    given = overrides(provider, lease.model) if provider else {}
    fields = search_fields(lease.model, lease.wire, lease.url, given)
    if fields is None:
        raise RouteError(f"{lease.name} cannot search the web here.", way_out(lease.url))
    # A forced form would forbid the search, or what it cites.
    return replace(lease, search=True, form="", parameters={**fields, **lease.parameters})


def in_session(lease: Lease, root: str) -> Lease:
    """The lease for a task on a folder: what is asked there of one model shares a prompt cache."""
    fields = session_fields(lease.wire, lease.url, cache_key(root, lease.name))
    return replace(lease, parameters={**fields, **lease.parameters}) if fields else lease


def _route(config: Config, slot: Slot, model: str, tokens_for: Callable[[str], int]) -> tuple[Slot, str, str]:
    """The slot taken in the end, its "provider,model", and the reason as a sentence."""
    router = config.Router
    if model:
        return slot, model, "You named it."
    tokens, limit = tokens_for(router.model_for(slot) or router.default), router.longContextThreshold
    large = f"About {tokens} tokens are more than longContextThreshold ({limit})"
    if tokens > limit and router.longContext:
        return Slot.LONG_CONTEXT, router.longContext, f"{large}, so Router.longContext answers."
    more = f" {large}, but Router.longContext is empty." if tokens > limit else ""
    if own := router.model_for(slot):
        return slot, own, f"Router.{slot.value} names it.{more}"
    return slot, router.default, f"Router.{slot.value} is empty, so Router.default answers.{more}"


def _lease(route: str, slot: Slot, loaded: Loaded, task: str, why: str) -> Lease:
    name, _, model = (part.strip() for part in route.partition(","))
    if name.casefold() == BUILTIN and model == FIXERS:
        return _fixers(task, slot, why)
    if name.casefold() == EDITOR and model:
        return Lease(task, slot, EDITOR, model, EDITOR, "", Secret(), why)
    provider, listed = _resolve(loaded, name, model)
    return Lease(
        task=task,
        slot=slot,
        provider=provider.name,
        model=listed,
        wire=provider.spoken,
        url=provider.api_base_url,
        key=Secret(provider.api_key),
        why=why,
        parameters=_parameters(provider, listed, slot),
        proxy=loaded.config.proxy,
        form=form_of(listed, provider.spoken, provider.api_base_url, provider.contract),
        price=price_of(listed, provider.api_base_url, _prices(provider)),
        marks=marks(listed, provider.spoken, provider.api_base_url),
        strict=loaded.config.servedModel == "stop",
    )


def _fixers(task: str, slot: Slot, why: str) -> Lease:
    return Lease(task, slot, BUILTIN, FIXERS, BUILTIN, "", Secret(), why)


def _parameters(provider: Provider, model: str, slot: Slot) -> Mapping[str, Any]:
    given = overrides(provider, model)
    return compile_parameters(model, provider.spoken, provider.api_base_url, slot, given)


def _prices(provider: Provider) -> Mapping[str, Price]:
    return {name: Price(price.input, price.output, price.cached) for name, price in provider.prices.items()}


def _resolve(loaded: Loaded, name: str, model: str) -> tuple[Provider, str]:
    """The provider and its model as it is listed there."""
    provider = loaded.config.provider(name)
    if fault := loaded.broken_provider(name):
        raise _unusable(fault, loaded)
    if provider is None:
        known = ", ".join(provider.name for provider in loaded.config.Providers)
        hint = f"Configured: {known}." if known else "Run `pointsman init` to write a configuration."
        raise RouteError(f"There is no provider {name!r}.", hint)
    listed = provider.model(model)
    if listed is None:
        raise RouteError(f"{provider.name} has no model {model!r}.", f"Its models: {', '.join(provider.models)}.")
    return provider, listed


def _instead(lease: Lease, reason: str, loaded: Loaded, outage: Callable[[Lease], str], *, asked: bool) -> Lease:
    """The first model of the slot's fallback list that works; none but the one asked for, if one was."""
    if not asked:
        for route in loaded.config.fallback.models_for(lease.slot):
            why = f"fallback.{lease.slot.value} answers, for {lease.name} is out of order: {reason}"
            other = _lease(route, lease.slot, loaded, lease.task, why)
            other = _searching(other, loaded) if lease.search else other
            if not outage(other):
                return other
    hint = f"Try again later, or list another model in fallback.{lease.slot.value}."
    raise RouteError(f"{lease.name} is out of order: {reason}", hint)


def _unusable(fault: Finding, loaded: Loaded) -> ConfigError:
    hint = fault.hint or f"See {loaded.files[0]}, or run `pointsman doctor`."
    return ConfigError(f"The configuration is not usable: {fault.message}", hint)


def _nowhere(slot: Slot, loaded: Loaded) -> RouteError:
    if not loaded.config.Providers:
        hint = f"Run `pointsman init`, or write {loaded.files[0]}. `pointsman demo` shows everything without a model."
        return RouteError("No model is configured.", hint)
    names = " nor ".join(dict.fromkeys((f"Router.{slot.value}", "Router.default")))
    message = f"Neither {names} names a model." if " nor " in names else f"{names} names no model."
    return RouteError(message, f"Set Router.default in {loaded.files[0]}.")
