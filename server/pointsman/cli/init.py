"""`pointsman init`: write a configuration from what is found here.

A claude-code-router file is taken over whole, and what is not is listed. Without one, the keys in the environment and
the engines that listen on this machine make a draft. Nothing that is there is ever overwritten.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pointsman.cli import usage

if TYPE_CHECKING:
    from pointsman.config.draft import Engine

ROUTER_FILE = Path(".claude-code-router/config.json")
"""Where claude-code-router v1 and v2 keep theirs, below the home directory."""
SCHEMA = "config.schema.json"
_OTHERWISE = "Mend it, name another file with --from, or move it away to have one made from your environment."
NOTHING_FOUND = 1


@click.command("init", cls=usage.Command)
@click.option("--config", type=click.Path(path_type=Path), help="Write this file instead of the user's.")
@click.option(
    "--from", "source", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Import this file."
)
@click.option("--print", "show", is_flag=True, help="Print the configuration instead of writing it.")
def init_command(*, config: Path | None, source: Path | None, show: bool) -> None:
    """Write a configuration from a claude-code-router file, from keys in the environment, or from local engines."""
    from pointsman.cli.screen import clean
    from pointsman.config.draft import written
    from pointsman.config.load import user_file
    from pointsman.errors import PointsmanError

    place = config or user_file()
    if place.exists() and not show:
        click.echo(f"{place} is there already; it was left as it is.", err=True)
        click.echo("Look at it with `pointsman doctor`, or see a new one with `pointsman init --print`.", err=True)
        sys.exit(1)
    try:
        settings, remarks = _settings(source, os.environ)
    except PointsmanError as error:
        click.echo(clean(error.user_message), err=True)
        sys.exit(NOTHING_FOUND)
    text = written(settings, remarks, SCHEMA)
    if show:
        click.echo(text, nl=False)
        return
    _write(place, text)
    click.echo(f"Wrote {place}.")
    for line in (*remarks, *_prompts(), *_wrong(place)):
        click.echo(clean(f"  {line}"))
    click.echo("Everything that can be set is in docs/settings.md; `pointsman doctor` looks at the whole.")


def _settings(source: Path | None, environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The settings, and what to know about them. Raises ConfigError where nothing was found."""
    from pointsman.config.draft import draft, keys_in
    from pointsman.errors import ConfigError
    from pointsman.profiles.hosts import VENDORS

    router = source or Path.home() / ROUTER_FILE
    if router.exists():
        return _imported(router)
    keys, engines = keys_in(environ), list(_engines())
    if not keys and not engines:
        names = ", ".join(vendor.variables[0] for vendor in VENDORS)
        hint = f"Set one of {names}, or start a local engine such as Ollama, and run this again."
        raise ConfigError("There is nothing to make a configuration from.", hint)
    remarks = [f"{variable} is set: {vendor.name}." for vendor, variable in keys]
    remarks += [f"{engine.name} listens on 127.0.0.1:{engine.port}." for engine in engines]
    return draft(keys, engines), remarks


def _imported(path: Path) -> tuple[dict[str, Any], list[str]]:
    from pointsman.config import jsonc
    from pointsman.config.importer import imported
    from pointsman.config.source import bytes_of
    from pointsman.errors import ConfigError

    try:
        data = jsonc.parse(bytes_of(path).decode("utf-8-sig"), loose=True).value
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be imported: it is not UTF-8.", "Save it anew in that encoding.") from error
    except (OSError, ValueError, ConfigError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(f"{path} cannot be imported: {reason}.", _OTHERWISE) from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path} cannot be imported: it is no object, in braces.", _OTHERWISE)
    made = imported(data)
    if not {"Providers", "Router"} & made.settings.keys():
        hint = "A file of claude-code-router v1 or v2 has them; without one, run `pointsman init` where a key is set."
        raise ConfigError(f"{path} cannot be imported: it has neither `Providers` nor `Router`.", hint)
    return made.settings, [f"Imported from {path}.", *made.notes]


def _engines() -> Iterator["Engine"]:
    from pointsman.cli.engines import models_at
    from pointsman.config.draft import Engine
    from pointsman.profiles.hosts import ENGINES

    for name, port in ENGINES:
        if models := models_at(port):
            yield Engine(name, port, tuple(models))


def _write(place: Path, text: str) -> None:
    """The file, for the user's eyes alone, and its schema beside it, so that editors complete it."""
    from pointsman.config.schema import schema_text

    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    if not (schema := place.parent / SCHEMA).exists():
        schema.write_text(schema_text(), "utf-8")


def _prompts() -> Iterator[str]:
    """The prompts that stand in for ours already."""
    from pointsman.config.prompts import names, overridden

    for file in overridden():
        if file.stem in names():
            yield f"Your own prompt {file} is used for `{file.stem}`."


def _wrong(place: Path) -> Iterator[str]:
    from pointsman.config.load import load

    for finding in load(place).findings:
        yield f"{finding.severity}: {finding.message} {finding.hint}".rstrip()
