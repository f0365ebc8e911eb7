"""claude-code-router's transformers, as what they mean here: request parameters, or nothing.

They are mapped, not run: what most of them mend (token fields, streams, tool calls) is the business of the wires.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pointsman.config.finding import Key
from pointsman.config.model import Provider

NOT_NEEDED = {
    "anthropic": "the wire is told by the URL",
    "cerebras": "the model's profile knows its parameters",
    "cleancache": "the wire decides what is cached",
    "deepseek": "the model's profile knows its parameters",
    "enhancetool": "tool calls are read as they come",
    "extrathinktag": "thoughts are told from answers by themselves",
    "forcereasoning": "thinking goes by the slot",
    "gemini": "Gemini is reached at its OpenAI endpoint",
    "groq": "the model's profile knows its parameters",
    "maxcompletiontokens": "the model's profile knows its parameters",
    "openai": "the wire is told by the URL",
    "reasoning": "thinking goes by the slot",
    "streamoptions": "usage is always asked for",
    "tooluse": "patches are not tool calls",
    "vercel": "the model's profile knows its parameters",
}
NOT_POSSIBLE = {
    "vertex-gemini": "Google's own sign-in is not supported; use a Gemini API key",
    "vertex-claude": "Google's own sign-in is not supported; use an Anthropic key or OpenRouter",
}


def _openrouter(options: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"provider": options["provider"]} if isinstance(options.get("provider"), Mapping) else {}


def _limit(options: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"max_tokens": options["max_tokens"]} if isinstance(options.get("max_tokens"), int) else {}


MAPPED: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "customparams": dict,
    "maxtoken": _limit,
    "openrouter": _openrouter,
    "sampling": dict,
}


_EXAMPLES = {
    "maxtoken": '["maxtoken", {"max_tokens": 8192}]',
    "openrouter": '["openrouter", {"provider": {"only": ["a-host"]}}]',
}


def overrides(provider: Provider, model: str) -> dict[str, Any]:
    """What a provider's transformers and parameters change in the requests to a model, the special over the general."""
    found: dict[str, Any] = {}
    for _, name, options in (*_entries(provider.transformer), *_entries(provider.transformer.get(model))):
        if translate := MAPPED.get(name.casefold()):
            found |= translate(options)
    return found | provider.parameters.get("*", {}) | provider.parameters.get(model, {})


def faults(provider: Provider) -> Iterator[tuple[str, Key, str, str]]:
    """What cannot be taken over: (code, key below the provider, message, hint)."""
    groups = {(): provider.transformer} | {
        (name,): value for name, value in provider.transformer.items() if name != "use"
    }
    for group, value in groups.items():
        if group and provider.model(str(group[0])) is None:
            message = f"`transformer` of {provider.name} names {group[0]!r}, which is not in its `models`."
            yield "unused-parameters", ("transformer", *group), message, ""
        yield from _misshapen(value, ("transformer", *group))
        for at, name, options in _entries(value):
            yield from _fault(name, options, ("transformer", *group, "use", at))


def _misshapen(group: Any, key: Key) -> Iterator[tuple[str, Key, str, str]]:
    """What is no list of transformers where one is due."""
    hint = 'Write {"use": ["name"]}, or {"use": [["name", {"option": 1}]]}.'
    if not isinstance(group, Mapping):
        yield "unknown-transformer", key, f"`{key[-1]}` must be an object; it has no effect.", hint
    elif "use" in group and not isinstance(group["use"], list):
        yield "unknown-transformer", (*key, "use"), "`use` must be a list; it has no effect.", hint
    else:
        known = {number for number, *_ in _entries(group)}
        for number in range(len(group.get("use", ()))):
            if number not in known:
                message = "This is neither a name nor a list that begins with one; it has no effect."
                yield "unknown-transformer", (*key, "use", number), message, hint


def _fault(name: str, options: Mapping[str, Any], key: Key) -> Iterator[tuple[str, Key, str, str]]:
    known = name.casefold()
    if (known == "maxtoken" or (known == "openrouter" and options)) and not MAPPED[known](options):
        message, hint = f"The options of `{name}` say nothing; it has no effect.", f"Write {_EXAMPLES[known]}."
        yield "unknown-transformer", key, message, hint
        return
    if why := NOT_NEEDED.get(known):
        yield "transformer", key, f"The transformer `{name}` is not needed here: {why}.", ""
    elif why := NOT_POSSIBLE.get(known):
        yield "unknown-transformer", key, f"The transformer `{name}` cannot be taken over.", f"{why}."
    elif known not in MAPPED:
        near = get_close_matches(known, (*MAPPED, *NOT_NEEDED), n=1, cutoff=0.8)
        hint = f"Did you mean `{near[0]}`?" if near else "For request parameters there is `parameters`."
        yield "unknown-transformer", key, f"There is no transformer `{name}`; it has no effect.", hint


def _entries(group: Any) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """The (number, name, options) of a `use` list, whose entries are names or [name, options]."""
    use = group.get("use") if isinstance(group, Mapping) else None
    for number, entry in enumerate(use if isinstance(use, list) else ()):
        name, options = entry, None
        if isinstance(entry, list):
            name, options = (*entry, None, None)[:2]
        if isinstance(name, str):
            yield number, name, options if isinstance(options, Mapping) else {}
