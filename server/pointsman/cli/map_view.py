"""The map for people: a coloured tree on a terminal, the text a model gets anywhere else."""

from collections import Counter

import click
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from pointsman.cli.screen import clean
from pointsman.index.reasons import Reason
from pointsman.index.repomap import FOCUS, HEAD, Map
from pointsman.index.store import Index

_COLOURS = {
    **dict.fromkeys(("class", "struct", "interface", "trait", "enum", "type"), "yellow"),
    **dict.fromkeys(("function", "method", "macro"), "green"),
    "test": "magenta",
}


def show_map(index: Index, made: Map) -> None:
    """Print it. Into a pipe or a file go the very bytes of the map."""
    console = Console(highlight=False, emoji=False, markup=False)
    if not made.text:
        click.echo(f"Nothing to show: {index.status().line}", err=True)
    elif not console.is_terminal:
        click.echo(made.text, nl=False)
    else:
        for tree in _trees(index, made):
            console.print(tree)
        console.print(Text(f"about {made.tokens} tokens, {index.status().line}", "dim"))


def _trees(index: Index, made: Map) -> list[Tree]:
    """A tree for each tier; lines that are indented hang below the file before them."""
    symbols = iter([item for item in made.items if item[1] is not None])
    listed = dict.fromkeys(made.items)
    trees: list[Tree] = []
    branch: Tree | None = None
    for line in made.text.splitlines():
        if line in {HEAD, FOCUS} or not trees:
            trees.append(Tree(Text(clean(line), "bold"), guide_style="dim"))
            branch = None
        elif line.startswith("  ") and branch is not None:
            branch.add(Text(clean(line.strip()), _colour(index, next(symbols, None))))
        elif (line, None) in listed:
            branch = trees[-1].add(Text(clean(line), "cyan"))
        else:
            title, colon, rest = line.partition(": ")
            trees[-1].add(Text(clean(title), "cyan").append(clean(colon + rest), ""))
    return trees


def _colour(index: Index, item: tuple[str, str | None] | None) -> str:
    if item is None:
        return ""
    found = next((symbol for symbol in index.symbols(item[0]) if symbol.qualified == item[1]), None)
    return _COLOURS.get(found.kind, "") if found else ""


def show_stats(index: Index, made: Map, budget: int) -> None:
    """What the map spent its tokens on, and what stands behind it."""
    files = {path for path, _ in made.items}
    symbols = [item for item in made.items if item[1] is not None]
    rows = [
        ("tokens", f"{made.tokens} of {budget} (estimated, never under)"),
        ("bytes", str(len(made.text.encode()))),
        ("files shown", str(len(files))),
        ("definitions shown", str(len(symbols))),
        ("index", index.status().line),
        ("commits read", str(len(index.history.commits))),
        ("languages", ", ".join(f"{name} {count}" for name, count in _languages(index).most_common(8))),
    ]
    for title, value in rows:
        click.echo(f"{click.style(f'{title:18}', fg='cyan')}{clean(value)}")


def _languages(index: Index) -> Counter[str]:
    from pointsman.index import languages

    found = (languages.of(entry.path) for entry in index.catalogue.entries())
    return Counter(language.name for language in found if language)


def show_reasons(name: str, reasons: tuple[Reason, ...]) -> None:
    """Each definition of a name with why it is there, or is not."""
    if not reasons:
        click.echo(f"Nothing in the index defines {clean(name)}.", err=True)
    for reason in reasons:
        symbol = reason.symbol
        mark = click.style("✓ in the map", fg="green") if reason.shown else click.style("· not in the map", fg="yellow")
        click.echo(f"{clean(symbol.path)}:{symbol.line}  {clean(symbol.signature)}\n  {mark}")
        for line in reason.lines:
            click.echo(f"  {clean(line)}")
