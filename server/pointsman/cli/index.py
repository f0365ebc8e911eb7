"""`pointsman index`: what the index of a repository knows, and making it anew."""

import json

import click

from pointsman.cli import usage
from pointsman.cli.indexing import bring_up_to_date
from pointsman.cli.screen import clean
from pointsman.index.cache import default_folder
from pointsman.index.store import Index

_SHOWN = 20
"""Files without symbols that are listed; `--json` lists all."""


@click.command("index", cls=usage.Command)
@click.argument("root", default=".", type=click.Path(file_okay=False, exists=True))
@click.option("--status", is_flag=True, help="Tell what is known without reading anything new.")
@click.option("--rebuild", is_flag=True, help="Forget what is known and read every file again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def index_command(root: str, *, status: bool, rebuild: bool, as_json: bool) -> None:
    """Bring the index of a repository up to date, as an editor would, and tell what is in it."""
    if status and rebuild:
        raise click.UsageError("--status and --rebuild exclude each other: give one of them.")
    index = Index(root, default_folder())
    if rebuild:
        index.forget_cache()
    if status:
        index.load()
    else:
        bring_up_to_date(index)
    if as_json:
        click.echo(json.dumps(_record(index), ensure_ascii=False))
    else:
        _show(index, status=status)


def _record(index: Index) -> dict[str, object]:
    found = index.status()
    return {
        "root": index.root,
        "files": found.files,
        "names": found.symbols,
        "left_out": found.left_out,
        "cut": found.cut,
        "skipped": [{"path": path, "why": why} for path, why in found.skipped],
        "cache": index.cache_file,
        "trouble": index.cache_trouble,
    }


def _show(index: Index, *, status: bool) -> None:
    found = index.status()
    nothing = "nothing is indexed yet" if status else "no file here is of a language that is known"
    click.echo(f"{clean(index.root)}: {found.line if found.files else nothing}")
    for path, why in found.skipped[:_SHOWN]:
        click.echo(f"  {clean(path)}: {why}")
    if len(found.skipped) > _SHOWN:
        click.echo(f"  and {len(found.skipped) - _SHOWN} more; --json lists them all")
    click.echo(f"cache: {clean(index.cache_file)}")
    if index.cache_trouble:
        click.echo(clean(index.cache_trouble), err=True)
