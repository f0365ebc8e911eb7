"""The promises about the shadow, each with its limit: how soon it is ready, what it costs, and what is left of it.

    python bench/checks.py [ROUNDS] [--files 500,10000,80000] [--kind overlay|bwrap|copy]

Exits with 1 if a limit is not kept.
"""

import argparse
import asyncio
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path

from pointsman.checks import environment
from pointsman.checks.shadow.choose import Shadow
from pointsman.terms import Command

READY, REFRESH, RATIO, ADDED, CANCEL = 0.2, 0.02, 1.15, 0.15, 0.5
CANDIDATES = 200
WRITERS = {
    "ruff check --fix": ("ruff", "check", "--fix", "."),
    "ruff format": ("ruff", "format", "."),
    "mypy": ("mypy", "app.py"),
    "pytest": (sys.executable, "-m", "pytest", "-q"),
    "cargo build": ("cargo", "build", "--offline"),
    "cargo fmt": ("cargo", "fmt"),
    "cargo test": ("cargo", "test", "--offline"),
    "gofmt": ("gofmt", "-w", "main.go"),
    "go build": ("go", "build", "-o", "out", "main.go"),
    "make": ("make", "-s"),
    "gcc": ("gcc", "main.c", "-o", "main"),
    "clang": ("clang", "main.c", "-o", "main"),
    "node": ("node", "-e", "require('fs').writeFileSync('app.js', 'x')"),
    "prettier": ("prettier", "--write", "app.js"),
    "eslint": ("eslint", "--fix", "app.js"),
    "sed -i": ("sed", "-i", "s/a/b/", "app.py"),
    "sqlite": (sys.executable, "-c", "import sqlite3; sqlite3.connect('data.db').execute('create table t (x)')"),
    "rm": ("rm", "-rf", "app.py", "src"),
    "chmod": ("chmod", "777", "app.py", "src"),
}
PROJECT = {
    "app.py": "import os\nx   = {'a':1}\n\n\ndef test_it():\n    assert x\n",
    "test_app.py": "from app import test_it\n",
    "app.js": "let a  =  1\nexport default a\n",
    "eslint.config.js": "module.exports = [{ rules: { 'prefer-const': 'error' } }]\n",
    "main.go": "package main\nfunc main() {  }\n",
    "main.c": "int main(void) { return 0; }\n",
    "Makefile": "main: main.c\n\tcc main.c -o main\n",
    "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": "fn main() {  }\n",
}

LAYER = b"import os\ny   = 1\n\n\ndef test_it():\n    assert y\n"


@dataclass
class Table:
    """Prints figures; `broken` counts the limits that were not kept."""

    broken: int = 0

    def add(self, what: str, value: float, limit: float, unit: str = "s") -> None:
        kept = value <= limit
        self.broken += not kept
        print(f"{'ok  ' if kept else 'OVER'} {what:<66} {value:8.3f} {unit}  (limit {limit:g})", flush=True)


def tree(root: Path, count: int) -> Path:
    for number in range(count):
        folder = root / f"d{number // 500}" / f"e{number // 50 % 10}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"f{number}.py").write_text(f"x = {number}\n" * 20)
    return root


async def timed(work: Callable[[], Coroutine[None, None, object]], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


async def ready(table: Table, shadow: Shadow, counts: list[int], rounds: int, base: Path) -> None:
    for count in counts:
        root = tree(base / f"tree{count}", count)
        command = Command(("/bin/true",), str(root))

        async def once(layer: dict[str, bytes | None], root: Path = root, command: Command = command) -> None:
            run = await shadow.run(str(root), layer, command)
            if run.exit_code != 0:
                sys.exit(f"no shadow: {run}")

        await once({})
        plain = await timed(lambda: once({}), rounds)
        edited = await timed(lambda: once({"d0/e0/f0.py": os.urandom(8).hex().encode()}), rounds)
        table.add(f"ready, {count} files", plain, READY)
        table.add(f"refresh after an edit, {count} files", max(0.0, edited - plain), REFRESH)
        shutil.rmtree(root)


async def overhead(table: Table, shadow: Shadow, rounds: int, base: Path) -> None:
    """A check against itself in place, in turn, both in the same environment."""
    root = tree(base / "work", 500)
    program = (
        "import sys, glob, ast\n"
        "for _ in range(int(sys.argv[1])):\n"
        "    for name in glob.glob('**/*.py', recursive=True)[:200]: ast.parse(open(name).read())\n"
        "open('out.txt', 'w').write('x' * 100000)\n"
    )
    began = time.perf_counter()
    await asyncio.to_thread(subprocess.run, (sys.executable, "-c", program, "10"), cwd=root, check=True)
    (root / "out.txt").unlink()
    turn = (time.perf_counter() - began) / 10
    for seconds, what in ((0.3, "short"), (2.5, "long")):
        argv = (sys.executable, "-c", program, str(max(1, round(seconds / turn))))
        command = Command(argv, str(root))
        env = environment.clean()
        inside, outside = [], []
        for _ in range(rounds if seconds < 1 else max(5, rounds // 2)):
            began = time.perf_counter()
            await asyncio.to_thread(subprocess.run, argv, cwd=root, env=env, check=True)
            outside.append(time.perf_counter() - began)
            began = time.perf_counter()
            await shadow.run(str(root), {}, command)
            inside.append(time.perf_counter() - began)
        here, there = statistics.median(outside), statistics.median(inside)
        if seconds < 1:
            table.add(f"added to a {what} check of {here:.1f} s", there - here, ADDED)
        else:
            table.add(f"ratio of a {what} check of {here:.1f} s", there / here, RATIO, "x")


def alive(word: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


async def cancel(table: Table, shadow: Shadow, rounds: int, base: Path) -> None:
    root = tree(base / "cancel", 100)
    took = []
    for number in range(rounds):
        word = f"{7000 + number}.{os.getpid()}"
        script = f"(setsid sleep {word} &); nohup sleep {word} & setsid -f sleep {word}; sleep {word}"
        task = asyncio.create_task(shadow.run(str(root), {}, Command(("/bin/sh", "-c", script), str(root))))
        while len(alive(word)) < 4:  # noqa: ASYNC110 - as many as the script starts
            await asyncio.sleep(0.01)
        began = time.perf_counter()
        task.cancel()
        while alive(word):  # noqa: ASYNC110 - nobody tells when a foreign process ends
            await asyncio.sleep(0.001)
        took.append(time.perf_counter() - began)
        await asyncio.gather(task, return_exceptions=True)
    table.add("cancel to the last process gone, the worst", max(took), CANCEL)


def state(cache: Path) -> dict[str, object]:
    """What may be left of a shadow: processes, mounts, namespaces, temporary files."""
    processes = {int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _ours(folder)}
    links = [Path(f"/proc/{pid}/ns/{kind}") for pid in processes for kind in ("mnt", "pid", "net", "user")]
    spaces = {link.readlink() for link in links if link.exists()}
    temporary = {path.name for path in Path(tempfile.gettempdir()).glob("pointsman-*")}
    kept = len(list((cache / "shadow").glob("*"))) if (cache / "shadow").exists() else 0
    return {
        "processes": len(processes),
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "namespaces": len(spaces),
        "temporary": len(temporary),
        "scratch": kept,
    }


def _ours(folder: Path) -> bool:
    """A process that one of our commands started, at whatever depth, its parents alive or not."""
    try:
        return f"POINTSMAN_BENCH={os.getpid()}".encode() in (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


async def leftovers(table: Table, shadow: Shadow, base: Path, cache: Path) -> None:
    root = tree(base / "many", 50)
    mark = {"POINTSMAN_BENCH": str(os.getpid())}
    await shadow.run(str(root), {}, Command(("/bin/true",), str(root)))
    before = state(cache)
    for number in range(CANDIDATES):
        script = "echo x > new; (setsid sleep 60 &); mktemp -d; exit 1"
        command = Command(("/bin/sh", "-c", script), str(root), mark)
        task = asyncio.create_task(shadow.run(str(root), {"d0/e0/f0.py": b"%d" % number}, command))
        if number % 4 == 0:
            await asyncio.sleep(0.002 * (number % 40))
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    after = state(cache)
    for what, count in after.items():
        table.add(f"left after {CANDIDATES} candidates: {what}", int(count) - int(before[what]), 0, " ")


def marks(root: Path) -> dict[str, tuple[str, int, int]]:
    return {
        str(path): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
        )
        for path in sorted(root.rglob("*"))
    }


def installed() -> Iterator[tuple[str, tuple[str, ...]]]:
    beside = Path(sys.executable).parent
    for name, argv in WRITERS.items():
        if program := shutil.which(argv[0], path=f"{beside}:{os.environ['PATH']}"):
            yield name, (program, *argv[1:])


async def untouched(table: Table, shadow: Shadow, base: Path) -> None:
    """Every tool that is here is let loose on the project, those that write above all."""
    root = base / "tools"
    for path, text in PROJECT.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    before = marks(root)
    for name, argv in installed():
        run = await shadow.run(str(root), {"app.py": LAYER}, Command(argv, str(root), timeout=60))
        after = marks(root)
        changed = [path for path in before | after if before.get(path) != after.get(path)]
        table.add(f"files of the user changed by {name} (exit code {run.exit_code})", len(changed), 0, " ")


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=20)
    parser.add_argument("--files", default="500,10000,80000")
    parser.add_argument("--kind", default="")
    options = parser.parse_args()
    table = Table()
    place = Path(os.environ.get("BENCH_FOLDER", Path.home() / ".cache"))
    with tempfile.TemporaryDirectory(prefix="bench-checks-", dir=place) as folder:
        base = await asyncio.to_thread(Path(folder).resolve)
        cache = base / "cache"
        (base / "tmp").mkdir()
        tempfile.tempdir = str(base / "tmp")  # others on this machine use the usual place too
        shadow = Shadow(cache, options.kind)
        await shadow.probe()
        print(f"shadow: {shadow.kind} ({shadow.reason}); median of {options.rounds}")
        await ready(table, shadow, [int(count) for count in options.files.split(",")], options.rounds, base)
        await overhead(table, shadow, options.rounds, base)
        await cancel(table, shadow, options.rounds, base)
        await leftovers(table, shadow, base, cache)
        await untouched(table, shadow, base)
    print(f"{table.broken} limits not kept" if table.broken else "every limit kept")
    return 1 if table.broken else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
