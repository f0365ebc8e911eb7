"""Reading the configuration: the user's file, then what a workspace may say, then what is wrong with the whole.

Loading never raises for what a file says: it gives a Config of what is usable, and findings that name the rest. Only
the user's own file defines providers; what comes from a repository, or through an editor that may have read it from
one, can choose among them (see `workspace`).
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs

from pointsman.config import jsonc, prompts
from pointsman.config.finding import Finding
from pointsman.config.lint import lint_overrides, lint_providers, lint_proxy, lint_routes
from pointsman.config.lint.routes import lint_default
from pointsman.config.model import Config
from pointsman.config.source import Source, read_source
from pointsman.config.validate import validated
from pointsman.config.variables import fill, hidden
from pointsman.config.workspace import clean, over
from pointsman.terms import Severity, Slot

__all__ = ["Finding", "Loaded", "load", "user_file"]

WORKSPACE_FILE = ".pointsman.json"


@dataclass(frozen=True, slots=True)
class Loaded:
    """`files` are those that were read, or would have been, the user's first; a change of one calls for loading again.

    `config` has the choices of all workspace folders, `at` those of one alone. `own` are the user's own mistakes.
    """

    config: Config
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]
    own: tuple[Finding, ...] = ()
    by_root: Mapping[str, Config] = field(default_factory=dict)
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """The numbers in the file of the providers that it names, by name in lower case, usable or not."""

    def at(self, root: str) -> "Loaded":
        """As one workspace folder has it."""
        return replace(self, config=self.by_root.get(root, self.config))

    @property
    def broken(self) -> Finding | None:
        """An error in the user's file that may touch every route: none is taken from such a file."""
        return next((finding for finding in self._errors() if not _local(finding)), None)

    def broken_provider(self, name: str) -> Finding | None:
        """An error in what the user's file says of a provider."""
        keys = {("Providers", place) for place in self.places.get(name.casefold(), ())}
        return next((finding for finding in self._errors() if finding.key[:2] in keys), None)

    def broken_slot(self, slot: Slot) -> Finding | None:
        """An error in the route of a slot."""
        return next((finding for finding in self._errors() if finding.key == ("Router", slot.value)), None)

    def _errors(self) -> Iterable[Finding]:
        return (finding for finding in self.own if finding.severity is Severity.ERROR)


def _local(finding: Finding) -> bool:
    """Whether an error touches only one provider, or one slot that is not everyone's default."""
    match finding.key:
        case ("Providers", int(), *_) | ("fallback", _, *_):
            return True
        case ("Router", str(slot)):
            return slot in set(Slot) - {Slot.DEFAULT}
        case _:
            return False


def user_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's config file: `POINTSMAN_CONFIG`, or the usual place of this system."""
    named = environ.get("POINTSMAN_CONFIG")
    return Path(named).expanduser() if named else platformdirs.user_config_path("pointsman") / "config.json"


def load(
    file: Path | None = None,
    roots: Sequence[str] = (),
    options: Sequence[Mapping[str, Any]] = (),
    environ: Mapping[str, str] = os.environ,
) -> Loaded:
    """Blocking. `file` replaces the user's file; `options` are an editor's settings, weakest first."""
    path = file or user_file(environ)
    user = read_source(path, required=file is not None or bool(environ.get("POINTSMAN_CONFIG")))
    filled = fill(user, environ)
    own_port = user.data.get("PORT")
    config = validated(user)
    lint_providers(config, user)
    lint_overrides(config, user)
    lint_proxy(config, user, own_port if isinstance(own_port, int) else None)
    places = _places(user)
    known = {provider.name.casefold() for provider in config.Providers}
    dropped = None if _nameless(user) else frozenset(places) - known
    lint_default(config, user)
    lint_routes(config, user, dropped)

    folders = {root: read_source(Path(root, WORKSPACE_FILE), required=False) for root in roots}
    editors = [Source(None, jsonc.Document(dict(given))) for given in options]
    for source in (*folders.values(), *editors):
        clean(config, source, str(path))
    everyone = over(config, (*folders.values(), *editors))
    for source in (*folders.values(), *editors):
        lint_routes(everyone, source, dropped)
    sources = (user, *folders.values(), *editors)
    return Loaded(
        everyone,
        (*(finding for source in sources for finding in _shown(source.findings, filled)), *prompts.lint()),
        (path, *(Path(root, WORKSPACE_FILE) for root in roots), *prompts.overridden()),
        _shown(user.findings, filled),
        {root: over(config, (source, *editors)) for root, source in folders.items()},
        places,
    )


def _places(user: Source) -> dict[str, list[int]]:
    """Where the file has the providers that it names."""
    found: dict[str, list[int]] = {}
    value = user.document.value
    providers = value.get("Providers") if isinstance(value, dict) else None
    for place, provider in enumerate(providers if isinstance(providers, list) else ()):
        name = provider.get("name") if isinstance(provider, dict) else None
        if isinstance(name, str):
            found.setdefault(name.casefold(), []).append(place)
    return found


def _nameless(user: Source) -> bool:
    """Whether something in the place of a provider has no name that a route could mean."""
    value = user.document.value
    written = value.get("Providers", []) if isinstance(value, dict) else []
    if not isinstance(written, list):
        return True
    names = [each.get("name") if isinstance(each, dict) else None for each in written]
    return any(not isinstance(name, str) or not name or name != name.strip() for name in names)


def _shown(findings: Iterable[Finding], filled: Mapping[str, str]) -> tuple[Finding, ...]:
    """Findings fit to be shown: a value from the environment may be a key."""
    shown = (replace(f, message=hidden(f.message, filled), hint=hidden(f.hint, filled)) for f in findings)
    return tuple(sorted(shown, key=lambda f: f.span.start if f.span else 0))
