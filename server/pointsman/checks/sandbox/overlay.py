"""A private world in which the project, at its real path, is a writable overlay and all else is read-only.

Runs in the first process of fresh user, mount, process, network and IPC namespaces. Nothing made here has a name
outside of them, so all of it is gone with the last process. The order matters and each step says why.
"""

import contextlib
import os
import pwd
import re
import stat
from collections.abc import Iterator

from pointsman.checks.sandbox import syscalls as sys_

HIDDEN = ("/tmp", "/var/tmp", "/run")
"""Places with other programs' sockets and files; each becomes an empty directory of this run alone."""
KEPT = ("/run/current-system",)
"""Below the hidden places, but programs live there (NixOS)."""
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
SECRETS = (
    ".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".netrc", ".pypirc", ".npmrc", ".git-credentials",
    ".config/gh", ".config/gcloud", ".config/pointsman", ".config/git/credentials", ".local/share/keyrings",
    ".mozilla", ".config/google-chrome", ".config/chromium", ".password-store", ".cargo/credentials.toml",
    ".cargo/credentials", ".gem/credentials", ".m2/settings-security.xml", ".pgpass", ".my.cnf", ".vault-token",
    ".terraform.d", ".composer/auth.json", ".config/composer/auth.json", ".config/pypoetry/auth.toml", ".config/hub",
    ".config/op", ".config/rclone", ".cache/huggingface/token",
)  # fmt: skip
STATES = (
    ".gradle", ".m2", ".ivy2", ".sbt", ".nuget", ".dotnet", ".konan", ".mix", ".hex", ".stack", ".cabal",
    ".cache/go-build", ".cache/ccache",
)  # fmt: skip
"""What build tools keep in a home and must be able to write to, or they do not start; what was built is there too."""
_XATTR = "user.overlay.probe"
_ESCAPE = re.compile(r"\\([0-7]{3})")


class Setup(Exception):
    """The world cannot be made here; the message says why."""


def below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def build(project: str, scratch: str, keep: list[str], home: str) -> None:
    """Everything up to the writable overlay at `project`.

    `scratch` is a directory for what the run writes; without it, or where it cannot be an overlay's upper layer,
    that goes to memory. `keep` are paths that must be seen even if they lie in a hidden place. What build tools keep in
    a home (`STATES`) is an overlay too: they may write there, and nothing of it stays.
    """
    _refuse_what_an_overlay_cannot_show(project)
    lower = _handle(project)
    upper = _handle(scratch) if scratch and not below(scratch, project) else None
    kept = [(path, _handle(path)) for path in (*KEPT, *keep) if os.path.exists(path) and not below(path, project)]
    kept_by_tools = [(path, _handle(path), _room(scratch, at)) for at, path in enumerate(states(project, home))]
    devices = [(name, _handle(f"/dev/{name}")) for name in DEVICES if os.path.exists(f"/dev/{name}")]

    sys_.mount("none", "/", flags=sys_.MS_REC | sys_.MS_PRIVATE)
    # First, so that every mount made after it is writable without being listed anywhere. A device file can be
    # written even on a read-only file system, so devices go too.
    sys_.set_mount("/", add=sys_.MOUNT_ATTR_RDONLY | sys_.MOUNT_ATTR_NODEV, recursive=True)
    _hide(project, kept, home)
    _overlay(project, lower, upper)
    for path, below_it, room in kept_by_tools:
        _overlay_if_possible(path, below_it, room)
    _devices(devices)
    _conceal_secrets(home, project, [path for path, _ in kept])
    # Read-only, or a check run by root could write /proc/sysrq-trigger.
    read_only = sys_.MS_RDONLY | sys_.MS_NOSUID | sys_.MS_NODEV | sys_.MS_NOEXEC
    sys_.mount("proc", "/proc", "proc", read_only)
    sys_.raise_loopback()


def states(project: str, home: str) -> list[str]:
    """What tools keep, of `home` and of the user's own, which Java takes."""
    own = [home] if home else []
    with contextlib.suppress(KeyError):  # a container's user may have no name
        own.append(pwd.getpwuid(os.getuid()).pw_dir)
    found = dict.fromkeys(os.path.realpath(os.path.join(each, name)) for each in own for name in STATES)
    apart = (project, *map(os.path.realpath, HIDDEN))
    return [path for path in found if os.path.isdir(path) and not any(below(path, place) for place in apart)]


def _room(scratch: str, number: int) -> int | None:
    if not scratch:
        return None
    path = os.path.join(scratch, f"state-{number}")
    os.mkdir(path, 0o700)
    return _handle(path)


def _handle(path: str) -> int:
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _through(handle: int) -> str:
    """A path that leads to an open file whatever is mounted over its name, and that needs no escaping."""
    return f"/proc/self/fd/{handle}"


def _refuse_what_an_overlay_cannot_show(project: str) -> None:
    if any(below(place, project) for place in ("/tmp", "/proc", "/dev", "/usr")):
        raise Setup(f"{project} holds the system itself")
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
        points = [_ESCAPE.sub(lambda code: chr(int(code[1], 8)), line.split(" ")[4]) for line in mounts]
    inner = [point for point in points if point != project and below(point, project)]
    if inner:
        raise Setup(f"another file system is mounted inside of the project, at {inner[0]}")


def _places(project: str, scratch: int | None) -> Iterator[tuple[int, int]]:
    """Handles of upper and work directories to try: on disk, then in memory.

    They stand on the project's own path, which surely exists, and are covered by the overlay at the end.
    """
    if scratch is not None:
        sys_.mount(_through(scratch), project, flags=sys_.MS_BIND | sys_.MS_REC)
        sys_.set_mount(project, clear=sys_.MOUNT_ATTR_RDONLY)
        if pair := _pair(project):
            yield pair
    sys_.mount("tmpfs", project, "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, "mode=0700")
    if pair := _pair(project):
        yield pair


def _pair(place: str) -> tuple[int, int] | None:
    """Without extended attributes an overlay mounts all the same, and then fails to replace directories."""
    try:
        for name in ("upper", "work"):
            os.mkdir(f"{place}/{name}", 0o755)
        os.setxattr(f"{place}/upper", _XATTR, b"1")
        os.removexattr(f"{place}/upper", _XATTR)
    except OSError:
        return None
    return _handle(f"{place}/upper"), _handle(f"{place}/work")


def _hide(project: str, kept: list[tuple[str, int]], home: str) -> None:
    for place in dict.fromkeys(os.path.realpath(place) for place in HIDDEN):
        if not os.path.isdir(place) or below(place, project):
            continue
        sys_.mount("tmpfs", place, "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, "mode=1777")
        if below(project, place):
            os.makedirs(project)
        for path, handle in kept:
            if below(path, place):
                _show_again(path, handle)
        if below(home, place):  # a home there is as private as the rest, but tools expect one
            os.makedirs(home, exist_ok=True)


def _show_again(path: str, handle: int) -> None:
    if os.path.exists(path):
        return
    if stat.S_ISDIR(os.fstat(handle).st_mode):
        os.makedirs(path)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    sys_.mount(_through(handle), path, flags=sys_.MS_BIND | sys_.MS_REC)


def _overlay(project: str, lower: int, scratch: int | None) -> None:
    like = os.stat(_through(lower))
    why = "neither disk nor memory can hold extended attributes"
    for upper, work in _places(project, scratch):
        os.chown(_through(upper), like.st_uid, like.st_gid)
        os.chmod(_through(upper), stat.S_IMODE(like.st_mode))
        options = f"lowerdir={_through(lower)},upperdir={_through(upper)},workdir={_through(work)},userxattr"
        try:
            sys_.mount("overlay", project, "overlay", sys_.MS_NODEV, options)
        except OSError as error:  # the disk is an overlay itself, or remote
            why = str(error)
        else:
            return
    raise Setup(f"no layer for an overlay: {why}")


def _overlay_if_possible(place: str, lower: int, scratch: int | None) -> None:
    """Where it is not, the place stays as it is, and read-only."""
    try:
        _overlay(place, lower, scratch)
    except (Setup, OSError):
        sys_.mount(_through(lower), place, flags=sys_.MS_BIND | sys_.MS_REC)


def _conceal_secrets(home: str, project: str, kept: list[str]) -> None:
    """Empty directories and files in place of keys and passwords, so that tools that look for them do not fail."""
    empty = "/dev/.empty"
    os.close(os.open(empty, os.O_CREAT | os.O_WRONLY, 0o444))
    for name in SECRETS if home else ():
        path = os.path.realpath(os.path.join(home, name))
        if any(below(shown, path) for shown in (project, *kept)):
            continue
        if os.path.isdir(path):
            sys_.mount("tmpfs", path, "tmpfs", sys_.MS_RDONLY | sys_.MS_NOSUID | sys_.MS_NODEV, "mode=0555,size=4k")
        elif os.path.exists(path):
            sys_.mount(empty, path, flags=sys_.MS_BIND)


def _devices(devices: list[tuple[str, int]]) -> None:
    """The harmless devices only: root's own check could otherwise write to the disk below every file system."""
    sys_.mount("tmpfs", "/dev", "tmpfs", sys_.MS_NOSUID, "mode=0755")
    for name, handle in devices:
        os.close(os.open(f"/dev/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
        sys_.mount(_through(handle), f"/dev/{name}", flags=sys_.MS_BIND)
        sys_.set_mount(f"/dev/{name}", clear=sys_.MOUNT_ATTR_NODEV)
    for folder in ("shm", "pts"):
        os.mkdir(f"/dev/{folder}")
    sys_.mount("tmpfs", "/dev/shm", "tmpfs", sys_.MS_NOSUID | sys_.MS_NODEV, "mode=1777")
    sys_.mount("devpts", "/dev/pts", "devpts", sys_.MS_NOSUID | sys_.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(target, f"/dev/{name}")
    os.symlink("pts/ptmx", "/dev/ptmx")
