"""Linux calls that the standard library does not have, each raising OSError with the call's name."""

import ctypes
import fcntl
import os
import socket
import struct

CLONE_NEWNS = 0x0002_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000

MOUNT_ATTR_RDONLY, MOUNT_ATTR_NODEV = 0x1, 0x4

_MOUNT_SETATTR = 442  # the same on every architecture, as all calls since 5.1
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
_CAPABILITY_VERSION = 0x2008_0522
_LAST_CAPABILITY = 40
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result


def unshare(flags: int) -> None:
    _check(_libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    arguments = (source.encode(), os.fsencode(target), kind.encode() or None)
    _check(_libc.mount(*arguments, ctypes.c_ulong(flags), options.encode() or None), f"mount {kind} {target}".strip())


def set_mount(target: str, *, add: int = 0, clear: int = 0, recursive: bool = False) -> None:
    """Change the attributes of a mount, or of a mount and all below it."""
    attributes = struct.pack("QQQQ", add, clear, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    path = os.fsencode(target)
    result = _libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path, flags, attributes, ctypes.c_size_t(len(attributes)))
    _check(result, f"mount_setattr {target}")


def die_with_parent(signal: int) -> None:
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0), "prctl pdeathsig")


def adopt_orphans() -> None:
    """Descendants whose parent ends become children of this process."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl subreaper")


def no_new_privileges() -> None:
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl no_new_privs")


def keep_capabilities(keep: frozenset[int]) -> None:
    """Give up all capabilities but these, for this process and all it will start."""
    for capability in range(_LAST_CAPABILITY + 1):
        if capability not in keep:
            _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    mask = sum(1 << capability for capability in keep)
    low, high = mask & 0xFFFF_FFFF, mask >> 32
    header = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    data = struct.pack("IIIIII", low, low, 0, high, high, 0)
    _check(_libc.capset(header, data), "capset")


def raise_loopback() -> None:
    """A new network namespace has its loopback down, and many test suites talk to 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | _IFF_UP))
