"""Routes that lead nowhere, or to a model that is wrong for the work."""

import json
from collections.abc import Iterator
from difflib import get_close_matches

from pointsman.config.finding import Fix, Key
from pointsman.config.model import BUILTIN, EDITOR, FIXERS, Config
from pointsman.config.source import Source
from pointsman.config.transformers import overrides
from pointsman.profiles import profile_of
from pointsman.profiles.search import search_fields, way_out
from pointsman.terms import Slot

MOST_FIXES = 3
HOT = (Slot.QUICK_EDIT, Slot.REFACTOR)


def lint_routes(config: Config, source: Source, dropped: frozenset[str] | None = frozenset()) -> None:
    """Check the routes that a source itself writes.

    `dropped` are providers that were already found fault with; None means that some of them have no name to go by.
    """
    for key, route in _routes(source):
        if fault := _fault(config, route, dropped):
            code, message, hint, better = fault
            fixes = [*(source.rewrite(key, other) for other in better), _listed(config, source, route)]
            source.report(code, key, f"`{'.'.join(map(str, key[:2]))}`: {message}", hint, fixes=fixes)
    _hot(config, source)
    _search(config, source)


def lint_default(config: Config, user: Source) -> None:
    if config.Providers and not config.Router.default and not user.reported(("Router",)):
        provider = config.Providers[0]
        hint = f"Set it to `provider,model`, such as `{provider.name},{provider.models[0]}`."
        message = "`Router.default` is empty: slots that are empty lead nowhere."
        user.report("no-default", ("Router",), message, hint, fixes=_defaults(config, user))


def _defaults(config: Config, user: Source) -> Iterator[Fix | None]:
    """The first few models as the default."""
    key, router = ("Router", "default"), user.document.spans.get(("Router",))
    for route in [f"{p.name},{model}" for p in config.Providers for model in p.models][:MOST_FIXES]:
        if key in user.document.spans:
            yield user.rewrite(key, route)
        elif router and user.path:
            comma = "," if config.Router.model_fields_set else ""
            entry = f'"default": {json.dumps(route, ensure_ascii=False)}{comma}'
            yield user.insert(f"Make {route} the default", router.start + 1, entry)


def _listed(config: Config, source: Source, route: str) -> Fix | None:
    """The model added to its provider's list, where that stands in this file."""
    name, _, model = (part.strip() for part in route.partition(","))
    provider = config.provider(name)
    if provider is None or not model or provider.model(model):
        return None
    place = source.places[config.Providers.index(provider)] if source.places else -1
    ends = [span.end for key, span in source.document.spans.items() if key[:-1] == ("Providers", place, "models")]
    if not ends:
        return None
    return source.insert(f"Add {model} to the models of {provider.name}", max(ends), f", {json.dumps(model)}")


def _routes(source: Source) -> Iterator[tuple[Key, str]]:
    """Each route with its place in the file."""
    router = source.data.get("Router", {})
    for slot in Slot:
        if router.get(slot.value):
            yield ("Router", slot.value), router[slot.value]
    for name, routes in source.data.get("fallback", {}).items():
        for number, route in enumerate(routes):
            yield ("fallback", name, number), route


def _fault(config: Config, route: str, dropped: frozenset[str] | None) -> tuple[str, str, str, list[str]] | None:
    """(code, message, hint, better routes), or None where the route leads somewhere."""
    name, comma, model = (part.strip() for part in route.partition(","))
    if not comma or not name or not model:
        return "not-a-route", f"{route!r} is not of the form `provider,model`.", *_advice(config, name or model)
    if name.casefold() == BUILTIN:
        known = f"{BUILTIN},{FIXERS}"
        return None if model == FIXERS else ("unknown-model", f"{BUILTIN} has only {FIXERS}.", "", [known])
    provider = config.provider(name)
    if name.casefold() == EDITOR or (provider is None and (dropped is None or name.casefold() in dropped)):
        return None
    if provider is None:
        near = get_close_matches(name, [p.name for p in config.Providers], n=1)
        defined = ", ".join(p.name for p in config.Providers) or "none"
        better = [f"{other},{model}" for other in near]
        return "unknown-provider", f"the provider {name!r} is not defined.", f"Defined: {defined}.", better
    if provider.model(model) is None:
        better = [f"{name},{other}" for other in get_close_matches(model, provider.models, n=1)]
        message = f"{model!r} is not in the `models` of {provider.name}."
        return "unknown-model", message, f"There: {', '.join(provider.models)}.", better
    return None


def _advice(config: Config, word: str) -> tuple[str, list[str]]:
    """What a route with one word may have meant: (hint, better routes)."""
    found = [f"{p.name},{p.model(word)}" for p in config.Providers if p.model(word)]
    found += [
        f"{p.name},{model}" for p in config.Providers if p.name.casefold() == word.casefold() for model in p.models
    ]
    hint = f"Did you mean `{found[0]}`?" if found else "The provider's name comes first, then a comma."
    return hint, found[:MOST_FIXES]


def _hot(config: Config, source: Source) -> None:
    """Thinking models in hot paths, told where the route is written."""
    router = source.data.get("Router", {})
    for slot in HOT:
        written = slot if config.Router.model_for(slot) else Slot.DEFAULT
        route = config.Router.model_for(written)
        key = ("Router", written.value)
        if router.get(written.value) != route or source.reported(key):
            continue
        model = route.partition(",")[2].strip()
        if profile_of(model).thinking == "always":
            message = f"`{slot.value}` leads to {model}, which thinks before each answer and cannot be told not to."
            source.report("thinks-in-hot-path", key, message, "Choose another, and keep this one for `reasonPlan`.")


def _search(config: Config, source: Source) -> None:
    """A model for lookups that cannot search."""
    key, route = ("Router", Slot.WEB_SEARCH.value), source.data.get("Router", {}).get(Slot.WEB_SEARCH.value)
    name, _, model = (part.strip() for part in (route or "").partition(","))
    provider = config.provider(name)
    listed = provider.model(model) if provider else None
    if provider is None or listed is None or source.reported(key):
        return
    url = provider.api_base_url
    if search_fields(listed, provider.spoken, url, overrides(provider, listed)) is None:
        source.report("cannot-search", key, f"`Router.webSearch`: {listed} cannot search the web there.", way_out(url))
