"""Routes that lead nowhere, or to a model that is wrong for the work."""

from collections.abc import Iterator
from difflib import get_close_matches

from pointsman.config.finding import Key
from pointsman.config.model import BUILTIN, EDITOR, FIXERS, Config
from pointsman.config.source import Source
from pointsman.profiles import profile_of
from pointsman.terms import Slot

HOT = (Slot.QUICK_EDIT, Slot.REFACTOR)


def lint_routes(config: Config, source: Source, dropped: frozenset[str] = frozenset()) -> None:
    """Check the routes that a source itself writes. `dropped` are providers that were already found fault with."""
    for key, route in _routes(source):
        if fault := _fault(config, route, dropped):
            code, message, hint, fix = fault
            source.report(code, key, f"`{'.'.join(map(str, key[:2]))}`: {message}", hint, fix=fix)
    _hot(config, source)


def lint_default(config: Config, user: Source) -> None:
    if config.Providers and not config.Router.default and not user.reported(("Router",)):
        hint = "Set it to `provider,model`."
        user.report("no-default", ("Router",), "`Router.default` is empty: slots that are empty lead nowhere.", hint)


def _routes(source: Source) -> Iterator[tuple[Key, str]]:
    """Each route with its place in the file."""
    router = source.data.get("Router", {})
    for slot in Slot:
        if router.get(slot.value):
            yield ("Router", slot.value), router[slot.value]
    for name, routes in source.data.get("fallback", {}).items():
        for number, route in enumerate(routes):
            yield ("fallback", name, number), route


def _fault(config: Config, route: str, dropped: frozenset[str]) -> tuple[str, str, str, str] | None:
    """(code, message, hint, fix), or None where the route leads somewhere."""
    name, comma, model = (part.strip() for part in route.partition(","))
    if not comma or not name or not model:
        return "not-a-route", f"{route!r} is not of the form `provider,model`.", _advice(config, name or model), ""
    if name.casefold() == BUILTIN:
        known = f"{BUILTIN},{FIXERS}"
        return None if model == FIXERS else ("unknown-model", f"{BUILTIN} has only {FIXERS}.", "", known)
    if name.casefold() == EDITOR or name.casefold() in dropped:
        return None
    provider = config.provider(name)
    if provider is None:
        near = get_close_matches(name, [p.name for p in config.Providers], n=1)
        defined = ", ".join(p.name for p in config.Providers) or "none"
        fix = f"{near[0]},{model}" if near else ""
        return "unknown-provider", f"the provider {name!r} is not defined.", f"Defined: {defined}.", fix
    if provider.model(model) is None:
        near = get_close_matches(model, provider.models, n=1)
        message = f"{model!r} is not in the `models` of {provider.name}."
        return "unknown-model", message, f"There: {', '.join(provider.models)}.", ",".join((name, *near)) * bool(near)
    return None


def _advice(config: Config, word: str) -> str:
    found = [f"{p.name},{p.model(word)}" for p in config.Providers if p.model(word)]
    return f"Did you mean `{found[0]}`?" if found else "The provider's name comes first, then a comma."


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
