"""What a workspace of very many files costs: memory of the server, the first reading, the next start, a map.

    python bench/large.py [FILES BYTES ...]

By default 50,000 files of 5,000 bytes, then 100,000 of 60, made up in a temporary folder; every file defines names of
its own and uses those of others. Workers are processes of their own and not counted. Exits with 1 if the server's
largest size is above the promised 400 MB.
"""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pointsman.files.workspace import Workspace
from pointsman.index.repomap import repo_map
from pointsman.index.store import Index

LIMIT = 400
PLACES = 50


def text(number: int, files: int, size: int, draw: random.Random) -> str:
    other = draw.randrange(files)
    parts = [f"from pack{other % 200}.mod_{other} import Thing{other}_0\n"]
    while sum(map(len, parts)) < size:
        count = len(parts)
        parts.append(
            f"class Thing{number}_{count}:\n    def run_{draw.randrange(3000)}(self): ...\n"
            if count % 8 == 0
            else f"def handle_{number}_{count}(request, other):\n"
            f"    return compute_{draw.randrange(files)}(request).run_{draw.randrange(3000)}(other)\n"
        )
    return "\n".join(parts)


def make(root: Path, files: int, size: int) -> None:
    draw = random.Random(1)
    for number in range(files):
        place = root / f"pack{number % 200}" / f"mod_{number}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text(number, files, size, draw), "utf-8")


def measure(root: Path, cache: Path) -> int:
    """The largest size of this process, in MB."""
    index = Index(root, cache)
    start = time.perf_counter()
    index.scan_now(Workspace(root))
    first = time.perf_counter() - start
    start = time.process_time()
    index = Index(root, cache)
    index.scan_now(Workspace(root))
    again = time.process_time() - start
    paths = random.Random(1).sample([entry.path for entry in index.catalogue.entries()], PLACES)
    maps = []
    for path in paths:
        start = time.process_time()
        repo_map(index, path, 1, 2_000)
        maps.append((time.process_time() - start) * 1000)
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
    print(
        f"{index.status().line}: {size} MB of {LIMIT}; read in {first:.0f} s, next start {again:.2f} s of CPU", end=""
    )
    print(f", map for a new place: median {statistics.median(maps):.0f} ms")
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="*", type=int)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.root:
        sys.exit(measure(arguments.root / "work", arguments.root / "cache") > LIMIT)
    figures = arguments.figures or [50_000, 5_000, 100_000, 60]
    code = 0
    for files, size in zip(figures[::2], figures[1::2], strict=True):
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder, "work"), files, size)
            # a process of its own each, since the largest size is that of its whole life
            code |= subprocess.run([sys.executable, __file__, "--root", folder], check=False).returncode
    sys.exit(code)


if __name__ == "__main__":
    main()
