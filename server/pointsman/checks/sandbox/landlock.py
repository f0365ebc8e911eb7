"""Where there are no namespaces: let this process and its children write in the named places only.

Landlock never allows more than before, needs no rights, and cannot be taken back. Where the kernel lacks it the
check runs unconfined, in a copy; `doctor` says so.
"""

import ctypes
import os
import struct

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
# remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym
_CHANGE_TREE = sum(1 << bit for bit in range(4, 13))
_REFER = 1 << 13
_ABI_REFER, _ABI_TRUNCATE = 2, 3
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/shm", "/dev/pts", "/dev/ptmx")

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """The version of the kernel's interface; 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def confine_writes(places: list[str]) -> None:
    abi = version()
    if not abi:
        return
    rights = _WRITE_FILE | _CHANGE_TREE
    rights |= _REFER if abi >= _ABI_REFER else 0
    rights |= _TRUNCATE if abi >= _ABI_TRUNCATE else 0
    attributes = struct.pack("Q", rights)
    rules = _libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        raise OSError(ctypes.get_errno(), "no rule set", "landlock")
    for place in (*places, *DEVICES):
        _allow(rules, place, rights)
    if _libc.syscall(_RESTRICT_SELF, rules, 0) < 0:
        raise OSError(ctypes.get_errno(), "cannot be enforced", "landlock")
    os.close(rules)


def _allow(rules: int, place: str, rights: int) -> None:
    try:
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(place):
        rights &= _WRITE_FILE | _TRUNCATE
    rule = struct.pack("=Qi", rights, handle)
    result = _libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0)
    os.close(handle)
    if result < 0:
        raise OSError(ctypes.get_errno(), "rule refused", place)
