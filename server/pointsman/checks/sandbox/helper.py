"""The program: read what to run from standard input, run it in a private world, write how it ended to a pipe.

    python -I -S -c 'from pointsman.checks.sandbox.helper import main; ...' STATUS_FD < length, Spec

Standard input stays open as long as the server wants the result: when it closes, or the server dies, everything ends.
"""

import contextlib
import json
import os
import pwd
import select
import signal
import sys
from typing import NoReturn

from pointsman.checks.sandbox import artefacts, landlock, layer, memory, overlay, supervise, userns
from pointsman.checks.sandbox import syscalls as sys_
from pointsman.checks.sandbox.spec import Ended, Spec

_HEADER = 12
# What a container's root usually has. Without it, root's tests would behave unlike they do outside.
_ROOT_KEEPS = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 18})


def main() -> int:
    status = int(sys.argv[1])
    os.set_inheritable(status, False)
    spec: Spec = json.loads(_exactly(int(_exactly(_HEADER))))
    control = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        # Without a process namespace this is who inherits, and ends, what escapes from the command's group.
        sys_.adopt_orphans()
        if spec["world"] == "overlay":
            userns.enter(sys_.CLONE_NEWNS | sys_.CLONE_NEWPID | sys_.CLONE_NEWNET | sys_.CLONE_NEWIPC)
    except OSError as error:
        _tell(status, {"setup": f"{error.filename or 'namespaces'}: {error.strerror}"})
        return 1
    done, alive = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(done)
        _inside(spec, status)
    os.close(alive)
    select.select([control, done], [], [])
    # Either it has ended, or the server does not want it any more.
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    supervise.kill_children()
    return 0


def _exactly(count: int) -> bytes:
    parts = []
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            os._exit(1)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _tell(status: int, ended: Ended) -> None:
    with contextlib.suppress(BrokenPipeError), os.fdopen(os.dup(status), "wb") as pipe:
        pipe.write(json.dumps(ended).encode())


def _inside(spec: Spec, status: int) -> NoReturn:
    """The first process of the private world, or, without one, the parent of the command."""
    try:
        _tell(status, _run(spec))
    finally:
        os._exit(0)


def _run(spec: Spec) -> Ended:
    try:
        sys_.die_with_parent(signal.SIGKILL)
        _prepare(spec)
    except overlay.Setup as error:
        return {"setup": str(error)}
    except OSError as error:
        return {"setup": f"{error.filename}: {error.strerror}" if error.filename else str(error)}
    end = supervise.run(spec["argv"], spec["cwd"], spec["env"], spec["timeout"], memory.Watch(spec["memory"]))
    supervise.kill_children()
    full = os.statvfs(spec["project"]).f_bavail == 0
    trouble = end.trouble or ("the disk of the shadow is full" if full and end.code else "")
    return {
        "exit": None if trouble else end.code,
        "trouble": trouble,
        "artefacts": artefacts.left_in(spec["artefacts"]) | artefacts.named(spec["project"], spec["collect"]),
    }


def _prepare(spec: Spec) -> None:
    private = spec["world"] == "overlay"
    if private:
        overlay.build(spec["project"], spec["scratch"], spec["keep"], _home(spec["env"]))
    else:
        sys_.adopt_orphans()
    os.makedirs(spec["artefacts"], mode=0o700, exist_ok=True)
    layer.write(spec["project"], spec["layer"])
    sys_.no_new_privileges()
    if private:
        sys_.keep_capabilities(_ROOT_KEEPS if os.getuid() == 0 else frozenset())
    elif spec["confine"]:
        landlock.confine_writes([spec["project"], spec["artefacts"], *spec["writable"]])


def _home(env: dict[str, str]) -> str:
    with contextlib.suppress(KeyError):
        return os.path.realpath(env.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir)
    return ""
