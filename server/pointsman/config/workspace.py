"""What a repository may say, laid over what the user says.

The workspace file and the settings of an editor rank alike: editors read settings from repositories. Both choose among
what the user defined, and both can only ask for more care than the user, never for less.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pointsman.config.model import WORKSPACE_CHECKS, WORKSPACE_KEYS, Config
from pointsman.config.source import Source
from pointsman.config.validate import validated

_CARE = {"apply": ("verified", "ask", "never"), "plan": ("pass", "show")}
"""Settings that ask for care, with their values from the least to the most."""


def clean(config: Config, source: Source, home: str) -> None:
    """Leave in a source's data only what it may say. `home` is the file in which the rest can be said."""
    _strip(source, home)
    validated(source)
    _keep_care(config, source)


def over(config: Config, sources: Iterable[Source]) -> Config:
    """The config with cleaned sources laid over it, the last one on top."""
    data = config.model_dump()
    for source in sources:
        data = _merged(data, source.data)
    return Config.model_validate(data)


def _strip(source: Source, home: str) -> None:
    """Take out what only the user may set."""
    for name in [name for name in source.data if name not in WORKSPACE_KEYS and name in Config.model_fields]:
        del source.data[name]
        _forbid(source, (name,), home)
    checks = source.data.get("checks")
    if isinstance(checks, dict):
        for name in [name for name in checks if name == "python" or name not in WORKSPACE_CHECKS]:
            del checks[name]
            _forbid(source, ("checks", name), home)


def _forbid(source: Source, key: tuple[str, ...], home: str) -> None:
    where = "a workspace" if source.path else "an editor's settings"
    message = f"`{'.'.join(key)}` cannot be set by {where}: a repository could send your keys away or run its programs."
    source.report("not-for-workspaces", key, message, f"Set it in {home}.", value=False)


def _keep_care(config: Config, source: Source) -> None:
    for name, order in _CARE.items():
        wanted, own = source.data.get(name), getattr(config, name)
        if wanted and order.index(wanted) < order.index(own):
            del source.data[name]
            source.report("looser", (name,), f"You set `{name}` to `{own}`; `{wanted}` would be less careful.")
    checks = source.data.get("checks", {})
    if checks.get("enabled") and not config.checks.enabled:
        del checks["enabled"]
        source.report("looser", ("checks", "enabled"), "You turned the checks off; they run code of the project.")


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for name, value in over.items():
        inner = both.get(name)
        both[name] = _merged(inner, value) if isinstance(value, Mapping) and isinstance(inner, Mapping) else value
    return both
