"""What indexing costs, against the floor: list, read, hash, parse and tag every file in one process.

    python bench/index.py [REPOSITORY ...]

This repository is measured if none is named.

A map is measured in a process that keeps running, as the server does: for places in files it was not asked about
before, at random lines, and again after the file was edited. The first one is the first after a warm start, for which
the history has been read, as the server does before anybody asks.

Prints ratios to the floor on the same files in the same run, and a keystroke's cost, until the symbols around it are
right again, against a bare tree-sitter edit and parse. Seconds are CPU seconds, of children too; wall seconds where it
says so.
"""

import argparse
import gc
import hashlib
import random
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from _samples import largest, repeated
from tree_sitter import Parser, Tree

from pointsman.files.workspace import Workspace
from pointsman.index import languages
from pointsman.index.document import Document
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index
from pointsman.index.tags import matches
from pointsman.text import Edit, Snapshot, Span, apply

KEYSTROKES = 200
LANGUAGES = 2
PLACES = 150
WORD = re.compile(rb"[^\W\d]\w+")


def cpu() -> float:
    """Seconds of this process and of its children, more exactly than `os.times` has them."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def floor(root: Path) -> None:
    """The least that finds the same: the names defined, with their places, and how often each word of code is used."""
    for path in Workspace(root).paths():
        language = languages.of(path)
        if language is None or not (root / path).is_file():
            continue
        data = (root / path).read_bytes()
        hashlib.blake2b(data).digest()
        grammar = languages.grammar(language)
        if len(data) < 1 << 20:
            tree = grammar.parser().parse(data)
            for _, captures in matches(grammar, tree):
                for name, nodes in captures.items():
                    if name != "ignore":
                        [(node.start_byte, node.end_byte, node.text.decode()) for node in nodes if name == "name"]
            if language.code:
                Counter(WORD.findall(data))


def measure(work: Callable[[], object]) -> tuple[float, float]:
    wall, start = time.perf_counter(), cpu()
    work()
    return cpu() - start, time.perf_counter() - wall


def indexing(root: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base, base_wall = measure(lambda: floor(root))
        index = Index(root, Path(folder))
        cold, cold_wall = measure(lambda: index.scan_now(Workspace(root)))
        history, _ = measure(lambda: index.history)
        index = Index(root, Path(folder))
        warm, _ = measure(lambda: (index.scan_now(Workspace(root)), index.history))
        again, _ = measure(lambda: index.scan_now(Workspace(root)))
        print(f"{root.name}: {index.status().line}")
        print(f"  floor {base:.2f} s = 1; cold x{cold / base:.2f} (wall x{cold_wall / base_wall:.2f}),", end=" ")
        print(f"what git says of the last commits x{history / base:.2f};", end=" ")
        print(f"warm start x{warm / base:.3f}; looking again x{again / base:.3f}")
        maps(index)


def maps(index: Index) -> None:
    gc.collect()
    gc.freeze()
    draw = random.Random(1)
    files = [entry.path for entry in index.catalogue.entries() if languages.of(entry.path).code]
    new, edited = [], []
    for path in draw.sample(files, min(PLACES, len(files))):
        text = index.text(path)
        line = draw.randrange(1, text.count("\n") + 2)
        new.append(measure(lambda path=path, line=line: repo_map(index, path, line, 2000))[0] * 1000)
        index.open(path, Snapshot(path, 1, text))
        index.change(path, Snapshot(path, 2, f"{text}\nx = 1\n"), [Edit(Span(len(text), len(text)), "\nx = 1\n")])
        edited.append(measure(lambda path=path, line=line: repo_map(index, path, line, 2000))[0] * 1000)
        index.close(path)
    print(f"  the first map: {new[0]:.0f} ms")
    for title, times in (("for a new place", new), ("after an edit", edited)):
        times.sort()
        middle, late = times[len(times) // 2], times[len(times) * 95 // 100]
        print(f"  map {title}: p50 {middle:.0f} ms, p95 {late:.0f} ms, slowest {times[-1]:.0f} ms")


def keystrokes(file: Path, lines: int) -> None:
    """Letters typed at random places, each deleted again, until the symbols around it are right: however long it takes.

    (In the server, a parse that takes too long for the event loop goes on beside it.)
    """
    text = repeated(file, lines)
    draw = random.Random(1)
    whole, bare = [], []
    document = Document.open(file.name, Snapshot("", 0, text))
    parser = languages.grammar(document.language).parser()
    data = text.encode()
    tree = parser.parse(data)
    for version in range(KEYSTROKES):
        at = draw.randrange(len(text))
        edit = Edit(Span(at, at), "x")
        typed = apply(text, [edit])
        bare.append(bare_parse(parser, tree.copy(), data, typed.encode(), len(text[:at].encode())))
        start = time.process_time()
        document.change(Snapshot("", version, typed), [edit], seconds=None)
        if document.stale:
            document.refresh()
        document.around(at)
        whole.append((time.process_time() - start) * 1000)
        document.change(Snapshot("", version, text), [Edit(Span(at, at + 1), "")], seconds=None)
    whole.sort()
    bare.sort()
    middle, last = KEYSTROKES // 2, KEYSTROKES * 99 // 100
    print(
        f"{file.name}, {lines} lines: keystroke p50 {whole[middle]:.1f} ms (x{whole[middle] / bare[middle]:.2f}", end=""
    )
    print(f" of edit and parse), p99 {whole[last]:.1f} ms (x{whole[last] / bare[last]:.2f})")


def bare_parse(parser: Parser, tree: Tree, before: bytes, after: bytes, at: int) -> float:
    start = time.process_time()
    row, column = before.count(b"\n", 0, at), at - before.rfind(b"\n", 0, at) - 1
    tree.edit(at, at, at + 1, (row, column), (row, column), (row, column + 1))
    parser.parse(after, tree)
    return (time.process_time() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", nargs="*", type=Path)
    for root in parser.parse_args().repository or [Path(__file__).resolve().parents[1]]:
        indexing(root.resolve())
        for file in largest(root, LANGUAGES):
            for lines in (5_000, 20_000):
                keystrokes(file, lines)


if __name__ == "__main__":
    main()
