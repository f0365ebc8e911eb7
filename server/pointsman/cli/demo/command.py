"""`pointsman demo`: the whole loop on a sample project, with the real server and a model that needs no key."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pointsman.cli.demo import live as live_models
from pointsman.cli.demo import script
from pointsman.cli.demo.play import TROUBLES, Play
from pointsman.cli.demo.player import Player
from pointsman.cli.demo.provider import ScriptedProvider
from pointsman.cli.demo.reader import Reader
from pointsman.cli.demo.stage import MODELS, environment, lay_out, need_tools, scripted_settings, write_config
from pointsman.cli.screen import Screen
from pointsman.errors import PointsmanError

INTERRUPTED = 130
PATIENCE, LIVE_PATIENCE = 60.0, 300.0
"""Seconds for one step; a real model may have to be loaded first."""


@click.command("demo")
@click.option(
    "--live", is_flag=True, help="With your own model: your configuration, a key, or an engine on this machine."
)
@click.option("--model", default="", help="With --live, the model to use instead of the usual one of a key or engine.")
@click.option(
    "--with", "trouble", type=click.Choice(TROUBLES), help="Let something go wrong, to see what Pointsman does then."
)
@click.option("--sample", type=click.Path(path_type=Path, exists=True, file_okay=False), hidden=True)
def demo_command(*, live: bool, model: str, trouble: str | None, sample: Path | None) -> None:
    """Show the whole loop on a sample project: no key, no network. Every line is rendered from a message of the server.

    Exit code: 0 if nothing is left to mend, 1 otherwise.
    """
    try:
        need_tools()
        found = live_models.find(model=model) if live else None
        with TemporaryDirectory(prefix="pointsman-demo-") as folder, Screen() as screen:
            clean = asyncio.run(perform(Path(folder).resolve(), screen, found, trouble or "", sample))
    except PointsmanError as error:
        click.echo(error.user_message, err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(0 if clean else 1)


async def perform(
    folder: Path, screen: Screen, found: live_models.Found | None = None, trouble: str = "", sample: Path | None = None
) -> bool:
    """Play it once, in an empty folder; whether nothing is left to mend."""
    root = lay_out(folder, sample)
    async with _model(folder, found, trouble, screen) as config:
        player = Player(root, Reader(root, screen.show))
        try:
            await player.start(config, environment(folder))
            return await Play(player, trouble, LIVE_PATIENCE if found else PATIENCE).run()
        finally:
            await player.end()


@contextlib.asynccontextmanager
async def _model(folder: Path, found: live_models.Found | None, trouble: str, screen: Screen) -> AsyncIterator[Path]:
    """Whoever answers, said before anything happens; the config file that leads there."""
    if found:
        _introduce(screen, f"The model is real: {found.why}.", found.settings)
        yield write_config(folder, found.settings)
        return
    async with ScriptedProvider(script.VARIANTS.get(trouble, script.answer), models=MODELS) as provider:
        settings = scripted_settings(provider.url)
        embedded = "The model is none: a scripted provider, embedded in this command, answers over HTTP on loopback,"
        _introduce(screen, f"{embedded}\n{provider.url}. No key and no network are needed.", settings)
        yield write_config(folder, settings)


def _introduce(screen: Screen, model: str, settings: Mapping[str, Any]) -> None:
    routes = " · ".join(f"{slot} → {route}" for slot, route in settings.get("Router", {}).items())
    lines = (
        model,
        f"Configured routes: {routes}",
        "All else is real: the server on stdio, the project, its checks (ruff, pytest), and the edits.",
        "An editor is played. Every line below is rendered from a message that the server sent to it.",
    )
    screen.intro("pointsman demo", list(lines))
