"""The other end, on a host that has Python alone: keep a base equal to the user's tree, run checks in shadows of it.

Everything is a frame (a length of 12 digits, then the bytes) on standard input and output. When the input ends, so
does the check: whoever wanted it is gone. Standard library only.
"""

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pointsman.checks import environment
from pointsman.checks.shadow.tree import refresh

HEADER = 12
TREE = "@pointsman-tree@"
"""Stands, in what is sent, for the place of the project here."""
HELPER = "@pointsman-helper@"
"""The same for where these modules are."""
_PROGRAM = (
    "import sys; sys.path.append(sys.argv.pop(1)); from pointsman.checks.sandbox.helper import main; sys.exit(main())"
)
_END = 5.0


def main(helper: str) -> None:
    """One check, from the difference of the trees to its outcome."""
    asked = json.loads(_frame())
    base = Path(helper).parent / f"base-{asked['key']}"
    base.mkdir(mode=0o700, exist_ok=True)
    with _locked(base / "sync.lock"):
        _synchronise(base, asked["mark"])
    text = _frame().decode()
    answer = _run(base, helper, text, copied=False)
    if "setup" in answer["ended"]:
        with _locked(base / "copy.lock"):
            answer = _run(base, helper, text, copied=True)
    _send(json.dumps(answer).encode())


def _synchronise(base: Path, mark: str) -> None:
    """Tell what is here, take the difference, and say that it is done."""
    known = _read(base / "mark")
    manifest = json.loads(_read(base / "manifest.json") or "{}") if known else {}
    if not manifest:  # whatever an interrupted one left
        shutil.rmtree(base / "tree", ignore_errors=True)
    (base / "tree").mkdir(exist_ok=True)
    _send(json.dumps({"mark": known, "manifest": None if known and known == mark else manifest}).encode())
    delta = json.loads(_frame())
    if delta["changed"] or delta["gone"] or not known:
        (base / "mark").unlink(missing_ok=True)
        _remove(base / "tree", delta["gone"])
        with tempfile.TemporaryFile(dir=base) as archive:
            for part in _parts():
                archive.write(part)
            archive.seek(0)
            _unpack(archive, base / "tree", [path for path in delta["changed"] if path in manifest])
        for path in delta["gone"]:
            manifest.pop(path, None)
        manifest.update(delta["changed"])
        (base / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        (base / "mark").write_text(delta["mark"], "utf-8")
    else:
        _frame()
    _send(b"{}")


def _unpack(archive: Any, tree: Path, replaced: list[str]) -> None:
    _remove(tree, replaced)
    with tarfile.open(fileobj=archive, mode="r") as packed:
        packed.extraction_filter = lambda member, _: member  # the user's own tree, with all its links
        packed.extractall(tree)  # noqa: S202 - as above


def _remove(tree: Path, paths: list[str]) -> None:
    for path in sorted(paths, reverse=True):  # what is in a folder before the folder
        place = tree / path
        with contextlib.suppress(OSError):
            place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()


def _run(base: Path, helper: str, text: str, *, copied: bool) -> dict[str, Any]:
    """Try it in a private world; where that cannot be made, in a copy, one check at a time."""
    with _locked(base / "sync.lock"):
        _sweep(base)
        scratch = tempfile.mkdtemp(dir=base)
        lock = os.open(scratch, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        tree = base / ("copy" if copied else "tree")
        spec = json.loads(text.replace(TREE, json.dumps(str(tree))[1:-1]).replace(HELPER, json.dumps(helper)[1:-1]))
        spec |= {"env": environment.clean(extra=spec["env"]), "scratch": scratch, "project": str(tree)}
        spec["keep"] = [*spec["keep"], helper, sys.prefix, sys.base_prefix]
        if copied:
            refresh(base / "tree", tree, base / "copied.json")
            place = Path(scratch, "artefacts")
            place.mkdir()
            text_of = json.dumps(spec).replace(spec["artefacts"], str(place))
            spec = json.loads(text_of) | {"world": "copy", "confine": True, "writable": [scratch]}
            spec["env"]["TMPDIR"] = scratch
        return _supervised(spec, helper) | {"tree": str(tree), "kind": "copy" if copied else "overlay"}
    finally:
        _clear(Path(scratch))
        os.close(lock)


def _sweep(base: Path) -> None:
    """Remove what runs left that were killed: each holds a lock as long as it lives."""
    for place in base.glob("tmp*"):
        with contextlib.suppress(OSError):
            handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _clear(place)
            finally:
                os.close(handle)


def _supervised(spec: dict[str, Any], helper: str) -> dict[str, Any]:
    reading, writing = os.pipe()
    argv = [sys.executable, "-I", "-S", "-c", _PROGRAM, helper, str(writing)]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own helper
        argv,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        pass_fds=(writing,),
        cwd="/",
        env=spec["env"],
        start_new_session=True,
    ) as process:
        os.close(writing)
        text = json.dumps(spec).encode()
        assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018 - asked for
        process.stdin.write(b"%012d%s" % (len(text), text))
        process.stdin.flush()
        names = {process.stdout.fileno(): "stdout", process.stderr.fileno(): "stderr", reading: "ended"}
        said = _collect(names, spec["output_limit"])
        process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_END)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    os.close(reading)
    with contextlib.suppress(ValueError):
        return {**said, "ended": json.loads(said["ended"] or "{}")}
    return {**said, "ended": {}}


def _collect(names: dict[int, str], limit: int) -> dict[str, str]:
    """All that comes, head and tail, until everything is closed or nobody listens any more."""
    parts: dict[str, bytearray] = {name: bytearray() for name in names.values()}
    cut = dict.fromkeys(parts, 0)
    open_ = set(names)
    while open_:
        ready, _, _ = select.select([0, *open_], [], [])
        if 0 in ready:  # nothing more is sent: it is the end
            break
        for handle in ready:
            data = os.read(handle, 1 << 16)
            if not data:
                open_.discard(handle)
            name = names[handle]
            parts[name] += data
            over = len(parts[name]) - limit
            if name != "ended" and over > 0:
                del parts[name][limit // 2 : limit // 2 + over]
                cut[name] += over
    return {name: _joined(bytes(data), cut[name], limit) for name, data in parts.items()}


def _joined(data: bytes, cut: int, limit: int) -> str:
    if not cut:
        return data.decode("utf-8", "replace")
    gap = f"\n[... {cut} bytes left out ...]\n"
    return data[: limit // 2].decode("utf-8", "replace") + gap + data[limit // 2 :].decode("utf-8", "replace")


def _clear(place: Path) -> None:
    """An overlay leaves a directory that nobody may enter."""
    for folder, names, _ in os.walk(place):
        for name in names:
            if not (path := Path(folder, name)).is_symlink():
                path.chmod(0o700)
    shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""


def _frame() -> bytes:
    return b"".join(_parts())


def _parts() -> Iterator[bytes]:
    left = int(b"".join(_exactly(HEADER)))
    yield from _exactly(left)


def _exactly(count: int) -> Iterator[bytes]:
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            raise SystemExit(1)
        yield part
        count -= len(part)


def _send(data: bytes) -> None:
    view = memoryview(b"%012d%s" % (len(data), data))
    while view:
        view = view[os.write(1, view) :]
