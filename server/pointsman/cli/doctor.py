"""`pointsman doctor`: what is configured, found and allowed here, and what is wrong with it.

It reads files and looks for programs, starts nothing of the project, and never shows a key. Nothing is sent, unless
`--live` asks each route's model for a word.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointsman.cli import usage
from pointsman.cli.ready import ask_all

if TYPE_CHECKING:
    from pointsman.config.finding import Finding
    from pointsman.files.workspace import Workspace
    from pointsman.lsp.compose import Kit, Project
    from pointsman.terms import Lease

EDITORS = ("vscode", "neovim", "helix", "zed", "emacs")
MARKS = {"error": "✗", "warning": "!", "info": "·", "ok": "✓"}


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and the line and column, each from one, of what begins and ends in it."""

    file: Path
    range: tuple[int, ...] = ()

    def __str__(self) -> str:
        """As compilers write it."""
        return ":".join((self.file.name, *map(str, self.range[:2])))

    @property
    def fields(self) -> dict[str, str | int]:
        names = ("line", "column", "end_line", "end_column")
        return {"file": str(self.file), **dict(zip(names, self.range, strict=False))}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. `severity` is ok, info, warning or error."""

    section: str
    severity: str
    message: str
    hint: str = ""
    code: str = ""
    place: Place | None = None

    @property
    def fields(self) -> dict[str, str | int]:
        names = ("section", "severity", "code", "message", "hint")
        return {name: getattr(self, name) for name in names} | (self.place.fields if self.place else {})


@click.command("doctor", cls=usage.Command)
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--live", is_flag=True, help="Ask each route's model for one word: a tiny call, with its usual cost.")
@click.option(
    "--editor", type=click.Choice(EDITORS), help="Print what to paste into this editor's configuration, instead."
)
@click.option("--config", type=click.Path(path_type=Path), help="Use this config file instead of the user's.")
def doctor_command(*, path: Path, as_json: bool, live: bool, editor: str | None, config: Path | None) -> None:
    """Look at the configuration, the providers, the checks of the project around PATH, and the shadow.

    Exit code: 0 if there are no errors, else 1.
    """
    from pointsman.cli.screen import clean

    if editor:
        _set_up(editor, path.resolve(), as_json=as_json)
        return
    lines = asyncio.run(examine(path.resolve(), config, live=live))
    if as_json:
        click.echo(json.dumps([line.fields for line in lines], indent=1))
    else:
        for section in dict.fromkeys(line.section for line in lines):
            click.secho(section, bold=True)
            for line in lines:
                if line.section == section:
                    click.echo(clean(f"  {MARKS[line.severity]} {line.message} {line.hint}".rstrip()))
    sys.exit(1 if any(line.severity == "error" for line in lines) else 0)


def _set_up(editor: str, path: Path, *, as_json: bool) -> None:
    """The configuration alone goes to standard output, so that it can be put into a file."""
    import shutil

    from pointsman.cli.screen import clean
    from pointsman.cli.setups import SETUPS, this_machine
    from pointsman.files.workspace import Workspace

    setup = SETUPS[editor](this_machine(Workspace(usage.root_of(path)).paths()))
    found = next(filter(None, map(shutil.which, setup.programs)), None)
    if as_json:
        shown = {"editor": editor, "program": found, "file": str(setup.file), "text": setup.text, "notes": setup.notes}
        click.echo(json.dumps(shown, indent=1, ensure_ascii=False))
        return
    here = f"{editor} is {found}" if found else f"No {' or '.join(setup.programs)} is on the PATH here"
    click.secho(f"{here}. This goes into {setup.file}:", bold=True, err=True)
    click.echo(setup.text)
    for note in setup.notes:
        click.echo(clean(f"  {note}"), err=True)


async def examine(path: Path, config: Path | None, *, live: bool = False) -> list[Line]:
    """Everything there is to say, in the order it is shown."""
    from pointsman.errors import PointsmanError
    from pointsman.files.workspace import Workspace
    from pointsman.lsp.compose import Kit

    workspace = Workspace(usage.root_of(path))
    try:
        kit = await asyncio.to_thread(Kit.load, config, [workspace.root])
        project = kit.project(workspace.root)
    except PointsmanError as error:
        return [Line("Set-up", "error", error.message, error.hint)]
    try:
        leases, routes = await asyncio.to_thread(_routes, kit)
        lines = [*_configuration(kit), *_providers(kit), *routes]
        if live:
            lines += [Line("Live", *said) for said in await ask_all(leases, kit, workspace)]
        lines += await asyncio.to_thread(lambda: list(_project(project, workspace)))
        shadow = project.checks.shadow
        await shadow.probe()
        reason = shadow.reason_at(workspace.root)
        weaker = shadow.weaker_at(workspace.root)
        kind = shadow.kind_at(workspace.root)
        lines.append(Line("Shadow", "warning" if weaker else "ok", f"{kind}: {reason}"))
        lines += [Line("Shadow", "warning", why) for why in weaker]
        if hosts := kit.loaded.config.checks.hosts:
            lines.append(
                Line("Shadow", "ok", f"Checks of edits also run on: {', '.join(host.name for host in hosts)}.")
            )
    finally:
        await kit.close()
    return lines


def _configuration(kit: "Kit") -> Iterator[Line]:
    from pointsman.config import prompts

    loaded = kit.loaded
    for file in loaded.files:
        there = os.access(file, os.F_OK)
        what = " (a prompt of your own)" if file.parent == prompts.folder() else "" if there else " (not there)"
        yield Line("Configuration", "ok" if there else "info", f"{file}{what}")
    for finding in loaded.findings:
        place = _place(finding)
        message = f"{place}: {finding.message}" if place else finding.message
        yield Line("Configuration", finding.severity.value, message, finding.hint, finding.code, place)


def _place(finding: "Finding") -> Place | None:
    """Where a finding is; without lines where its file has none of them."""
    from pointsman.config.source import bytes_of
    from pointsman.text import Snapshot

    if finding.path is None:
        return None
    try:
        text = bytes_of(finding.path).decode("utf-8-sig", "replace") if finding.span is not None else None
    except (OSError, ValueError):
        text = None
    if text is None or finding.span is None:
        return Place(finding.path)
    snapshot = Snapshot("", None, text)
    ends: list[int] = []
    for offset in (finding.span.start, finding.span.end):
        line = snapshot.line_at(offset)
        ends += [line + 1, offset - snapshot.line_span(line).start + 1]
    return Place(finding.path, tuple(ends))


def _providers(kit: "Kit") -> Iterator[Line]:
    config = kit.loaded.config
    if not config.Providers:
        hint = "Only the project's own fixers answer. `pointsman init` writes a configuration from what it finds."
        yield Line("Models", "warning", "No model is configured.", hint)
    for provider in config.Providers:
        key = "with a key" if provider.api_key else "without a key"
        severity = "error" if kit.loaded.broken_provider(provider.name) else "ok"
        yield Line("Models", severity, f"{provider.name}: {', '.join(provider.models)}, {provider.spoken}, {key}")


def _routes(kit: "Kit") -> tuple[list["Lease"], list[Line]]:
    """The lease each slot would give, and what there is to say of it."""
    from pointsman import route
    from pointsman.errors import PointsmanError
    from pointsman.terms import Slot

    leases, lines = [], []
    broken = kit.loaded.broken
    if broken is not None:
        return [], [Line("Routes", "error", "No task is routed while the configuration is broken.")]
    router = kit.loaded.config.Router
    for slot in Slot if kit.loaded.config.Providers else ():
        if slot is Slot.LONG_CONTEXT and not router.longContext:
            message = f"{slot.value}: empty; tasks above {router.longContextThreshold} tokens keep their slot's model"
            lines.append(Line("Routes", "info", message))
            continue
        try:
            lease = route.choose(slot, 0, kit.loaded, task="doctor")
        except PointsmanError as error:
            unused = slot is Slot.WEB_SEARCH and not router.webSearch and router.default  # nobody asked for it yet
            severity = "info" if unused else "error"
            lines.append(Line("Routes", severity, f"{slot.value}: {error.message}", error.hint))
        else:
            leases.append(lease)
            sent = json.dumps(lease.parameters, ensure_ascii=False)
            lines.append(Line("Routes", "ok", f"{slot.value}: {lease.name}. {lease.why}", f"Sent: {sent}"))
    lines += _costs(leases, kit)
    return leases, lines


def _costs(leases: list["Lease"], kit: "Kit") -> Iterator[Line]:
    """By which prices costs are told."""
    from pointsman.profiles import AS_OF

    def own(lease: "Lease") -> bool:
        provider = kit.loaded.config.provider(lease.provider)
        return bool(provider and ({"*", lease.model.casefold()} & {name.casefold() for name in provider.prices}))

    priced = {lease.name: lease for lease in leases}
    listed = [name for name, lease in priced.items() if lease.price and lease.price.costs and not own(lease)]
    unknown = [name for name, lease in priced.items() if lease.price is None]
    if listed:
        hint = "Set `prices` of the provider where yours differ. OpenRouter's own bill goes before any list."
        yield Line("Routes", "ok", f"Costs by list prices of {AS_OF}: {', '.join(listed)}", hint)
    if unknown:
        hint = "Set `prices` of the provider; until then no budget stops a call."
        yield Line("Routes", "info", f"No price is known for: {', '.join(unknown)}", hint)


def _project(project: "Project", workspace: "Workspace") -> Iterator[Line]:
    """The checks this project has, what would run them, and whether they may run."""
    plan = project.checks.plan(workspace, [])
    if plan.python:
        yield Line("Project", "ok", f"Python: {plan.python.path}", f"({plan.python.why})")
    for each in plan.absent:
        yield Line("Project", "info", f"{each.tool} is not run.", f"({each.why})")
    if not plan.checks:
        hint = "Edits stay proposals that nothing vouches for."
        yield Line("Project", "warning", f"{plan.why_none} ({workspace.root}).", hint)
        return
    for check, command in zip(plan.checks, plan.commands, strict=True):
        yield Line("Project", "ok", f"{check.name}: {command}", f"({check.why})")
    if project.checks.trusted(plan):
        yield Line("Project", "ok", "These checks are allowed to run.")
    else:
        yield Line("Project", "info", "These checks were not allowed yet.", "You are asked, or run `pointsman trust`.")
