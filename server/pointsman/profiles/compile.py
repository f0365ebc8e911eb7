"""From the intent "deterministic" to the request fields that this model, on this wire, accepts.

Low randomness and no thinking in hot paths are intents, not parameters: many models refuse some parameters, several
think unless they are told not to, and each host spells the switch in its own way.
"""

from collections.abc import Mapping
from typing import Any

from pointsman.profiles.hosts import is_host, is_loopback
from pointsman.profiles.table import Profile, profile_of
from pointsman.terms import Slot

TEMPERATURE, TOP_P = 0.1, 0.9
PLAN_EFFORT = "medium"
ANSWER = {Slot.QUICK_EDIT: 8_000}
"""Tokens an answer may have, by slot: enough for every patch of its kind, and an end for one that runs away."""
LONGER_ANSWER = 16_000
ROOM_TO_THINK = 8_000
"""More for models that think unasked: their thoughts count as answer."""
_SAMPLING = ("temperature", "top_p", "top_k", "min_p", "seed", "repeat_penalty", "num_ctx")
_TOKEN_FIELDS = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens", "num_predict"})
_SWITCH_HOSTS = ("anthropic.com", "deepseek.com", "z.ai", "bigmodel.cn", "moonshot.ai", "moonshot.cn")
"""Hosts of the OpenAI wire that turn thinking off as Anthropic does."""


def compile_parameters(
    model: str, wire: str, url: str, slot: Slot, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The request fields for a model in a slot. `overrides` win over all; null in them leaves a field out."""
    profile = profile_of(model)
    field = _token_field(profile, wire, url)
    thinks, switch = _thinking(profile, wire, url, hot=slot is not Slot.REASON_PLAN)
    given = {field if name in _TOKEN_FIELDS else name: value for name, value in (overrides or {}).items()}
    limit = ANSWER.get(slot, LONGER_ANSWER) + (ROOM_TO_THINK if thinks else 0)
    compiled = _sampling(profile, given, thinks=thinks) | {field: min(limit, profile.answer or limit)}
    if wire == "ollama":
        options = {name: given.pop(name) for name in (*_SAMPLING, field) if name in given}
        compiled = {"options": _laid_over(compiled, options)}
    return _laid_over(compiled | switch, given)


def _laid_over(compiled: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Objects are merged, everything else is replaced, and null removes."""
    both = dict(compiled)
    for name, value in overrides.items():
        if isinstance(value, Mapping) and isinstance(both.get(name), Mapping):
            both[name] = _laid_over(both[name], value)
        elif value is None:
            both.pop(name, None)
        else:
            both[name] = value
    return both


def _sampling(profile: Profile, given: Mapping[str, Any], *, thinks: bool) -> dict[str, Any]:
    if profile.sampling == "none" or (thinks and profile.sampling == "unless thinking"):
        return {}
    if profile.sampling == "one":
        return {} if "top_p" in given else {"temperature": TEMPERATURE}
    return {"temperature": TEMPERATURE, "top_p": TOP_P}


def _token_field(profile: Profile, wire: str, url: str) -> str:
    """OpenAI itself refuses the old name on its newer models; OpenRouter takes the old one for all."""
    if wire == "ollama":
        return "num_predict"
    if wire == "openai-responses":
        return "max_output_tokens"
    if wire == "openai-chat" and not is_host(url, "openrouter.ai"):
        return profile.limit_field
    return "max_tokens"


def _thinking(profile: Profile, wire: str, url: str, *, hot: bool) -> tuple[bool, dict[str, Any]]:
    """Whether the model will think, and the fields that tell it so."""
    if profile.thinking == "never" or (profile.thinking == "off" and not profile.effort):
        return False, {}
    if not hot:
        return True, _effort(PLAN_EFFORT, wire, url) if profile.effort else {}
    if profile.thinking != "always":
        return False, _off(profile, wire, url)
    return True, _effort(profile.least, wire, url) if profile.effort else {}


def _effort(effort: str, wire: str, url: str) -> dict[str, Any]:
    if wire == "anthropic-messages":
        return {}
    if wire == "ollama":
        return {"think": effort}
    if wire == "openai-responses" or is_host(url, "openrouter.ai"):
        return {"reasoning": {"effort": effort}}
    return {"reasoning_effort": effort}


def _off(profile: Profile, wire: str, url: str) -> dict[str, Any]:
    """The switch as the wire, the host or the engine writes it."""
    if wire == "ollama":
        return {"think": False}
    if wire == "openai-responses":
        return {"reasoning": {"effort": "none"}}
    if is_host(url, "openrouter.ai"):
        return {"reasoning": {"enabled": False}}
    if wire == "anthropic-messages" or any(is_host(url, host) for host in _SWITCH_HOSTS):
        return {"thinking": {"type": "disabled"}}
    if profile.template_switch and is_loopback(url):
        return {"chat_template_kwargs": {profile.template_switch: False}, "reasoning_effort": "none"}
    return {"reasoning_effort": "none"}
