"""Data as a Config: what does not fit is named and left out, so that the rest still says what it says."""

from typing import Any

from pydantic import ValidationError

from pointsman.config.finding import Key
from pointsman.config.model import FOREIGN, Config
from pointsman.config.source import Source, name_of
from pointsman.config.ways import instead, meant

ROUNDS = 5
SHOWN = 50
"""Misfits that are named; a file with more is none of ours."""

_WORDS = {
    "model_type": "an object",
    "dict_type": "an object",
    "list_type": "a list",
    "string_type": "a string",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "finite_number": "a number",
    "float_parsing": "a number",
    "float_type": "a number",
    "string_too_short": "a string that is not empty",
}


def validated(source: Source) -> Config:
    """The source's data as a Config; afterwards the data holds only what fits."""
    source.data.pop("$schema", None)
    for _ in range(ROUNDS):
        try:
            return Config.model_validate(source.data)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False)
        for fault in wrong[:SHOWN]:
            _report(fault, source)
        _drop({_standing(source.data, tuple(fault["loc"])) for fault in wrong}, source)
    source.data.clear()
    source.places.clear()
    return Config()


def _report(fault: Any, source: Source) -> None:
    key = source.original(tuple(fault["loc"]))
    name = name_of(key)
    foreign = FOREIGN.get(name) or (FOREIGN.get(f"Router.{key[-1]}") if key[0] == "fallback" else None)
    if fault["type"] in ("missing", "too_short"):
        if not source.reported(key):  # otherwise it, or all that was in it, was taken out because it did not fit
            missing = fault["type"] == "missing"
            what = "is missing" if missing else f"must be {_wanted(fault)}"
            source.report("misfit", key, f"`{name}` {what}.", instead(key, missing=missing))
    elif fault["type"] != "extra_forbidden":
        source.report("misfit", key, f"`{name}` must be {_wanted(fault)}.", instead(key))
    elif foreign:
        source.report("no-effect", key, f"`{name}` belongs to claude-code-router and has no effect.", foreign)
    else:
        near = meant(key)
        hint = f"Did you mean `{near[0]}`?" if near else "It is ignored."
        fixes = [source.rewrite(key, word, value=False) for word in near]
        source.report("unknown-key", key, f"There is no setting `{name}`.", hint, value=False, fixes=fixes)


def _wanted(fault: Any) -> str:
    """What a value should be, in the words of the file's format."""
    if fault["type"] == "too_short":
        return "a list of at least one"
    message = str(fault["msg"]).removeprefix("Input should be ")
    return _WORDS.get(str(fault["type"]), message[0].lower() + message[1:])


def _order(key: Key) -> list[tuple[bool, int, str]]:
    """An order of keys in which numbers go by size."""
    return [(isinstance(part, str), part if isinstance(part, int) else 0, str(part)) for part in key]


def _standing(data: Any, key: Key) -> Key:
    """The key itself, if there is something to take out; for what is missing, the object it is missing from."""
    holder = data
    for end, part in enumerate(key):
        if isinstance(holder, dict) and part not in holder:
            return key[:end]
        holder = holder[part]
    return key


def _drop(keys: set[Key], source: Source) -> None:
    """Take values out of the data: from the back, so that the numbers of the others stay right."""
    outermost = {key for key in keys if not any(key[:end] in keys for end in range(len(key)))}
    for key in sorted(outermost, key=_order, reverse=True):
        holder: Any = source.data
        for part in key[:-1]:
            holder = holder[part]
        del holder[key[-1]]
        if key[0] == "Providers" and len(key) == len(("Providers", 0)):
            del source.places[int(key[1])]
