"""Which model answers: the slot of the intent, the size of the material, or the user's explicit word.

Pure: nothing is asked and nothing is tried. What is decided here is the lease, and it holds for the whole task.
"""

from pointsman.config.load import Loaded
from pointsman.config.model import Config, Provider
from pointsman.errors import ConfigError, RouteError
from pointsman.profiles import parameters, wire_of
from pointsman.terms import Lease, Secret, Slot

BYTES_PER_TOKEN = 3.5
"""Source code has more bytes in a token; an estimate that is too high only routes earlier to the longer context."""
FIXERS = "builtin,fixers"


def choose(slot: Slot, size: int, loaded: Loaded, *, task: str, model: str = "") -> Lease:
    """The lease of a task with `size` bytes of material. Raises RouteError or ConfigError, with the way out."""
    if model == FIXERS:
        return Lease(
            task, slot, "builtin", "fixers", "builtin", "", Secret(), "the project's own fixers know this rule"
        )
    config = loaded.config
    if broken := loaded.broken:
        raise ConfigError(f"The configuration is not usable: {broken.message}", broken.hint or _where(loaded))
    if not config.Providers:
        raise RouteError("No model is configured.", f"Write {loaded.files[0]}, or run `pointsman init`.")
    slot, route, why = _route(config, slot, size, model)
    provider, name = _resolve(config, route)
    wire = wire_of(provider.wire, provider.api_base_url)
    compiled = parameters(name, wire, slot, provider.parameters.get(name, {}))
    return Lease(
        task=task,
        slot=slot,
        provider=provider.name,
        model=name,
        wire=wire,
        url=provider.api_base_url,
        key=Secret(provider.api_key),
        why=why,
        parameters=compiled,
        proxy=config.PROXY_URL,
    )


def _route(config: Config, slot: Slot, size: int, model: str) -> tuple[Slot, str, str]:
    """The slot taken in the end, its "provider,model", and the reason in words."""
    router = config.Router
    if model:
        return slot, model, "you named it"
    tokens = int(size / BYTES_PER_TOKEN)
    if tokens > router.longContextThreshold and router.longContext:
        why = f"about {tokens} tokens are more than longContextThreshold ({router.longContextThreshold})"
        return Slot.LONG_CONTEXT, router.longContext, why
    if own := router.model_for(slot):
        return slot, own, f"Router.{slot.value}"
    if not router.default:
        raise RouteError(f"Neither Router.{slot.value} nor Router.default names a model.", "Set `Router.default`.")
    return slot, router.default, f"Router.default, since Router.{slot.value} is empty"


def _resolve(config: Config, route: str) -> tuple[Provider, str]:
    """Provider and model of "provider,model"; the model's name may hold commas."""
    name, _, model = (part.strip() for part in route.partition(","))
    provider = config.provider(name)
    if provider is None:
        known = ", ".join(provider.name for provider in config.Providers)
        raise RouteError(f"There is no provider {name!r}.", f"Configured: {known}.")
    found = next((known for known in provider.models if known.casefold() == model.casefold()), None)
    if found is None:
        raise RouteError(f"{provider.name} has no model {model!r}.", f"Its models: {', '.join(provider.models)}.")
    return provider, found


def _where(loaded: Loaded) -> str:
    return f"See {loaded.files[0]}, or run `pointsman doctor`."
