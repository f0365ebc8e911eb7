"""How much memory a check may use, all its processes together.

It is looked at from time to time: no limit of the kernel that needs no rights covers more than one process, or lets a
virtual machine reserve more than it uses.
"""

import contextlib
import os
import time

PAUSE = 0.25
"""Seconds between two looks."""
_SHARE = 0.75
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """`limit` in bytes; zero stands for three quarters of what the machine has."""

    def __init__(self, limit: int) -> None:
        self.limit = limit or int(os.sysconf("SC_PHYS_PAGES") * _PAGE * _SHARE)
        self.exceeded = False
        self._next = 0.0

    def look(self) -> bool:
        """Whether the processes below this one use too much."""
        if time.monotonic() >= self._next and not self.exceeded:
            self.exceeded = _used_below(os.getpid()) > self.limit
            self._next = time.monotonic() + PAUSE
        return self.exceeded

    def __str__(self) -> str:
        return f"used more than {self.limit >> 20} MB of memory"


def _used_below(top: int) -> int:
    """Resident bytes of all descendants. What several of them share is counted for each, so the limit errs early."""
    parents, sizes = {}, {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as line:
                    fields = line.read().rpartition(")")[2].split()
                parents[int(name)], sizes[int(name)] = int(fields[1]), int(fields[21])
    family = {top}
    while grown := {pid for pid, parent in parents.items() if parent in family and pid not in family}:
        family |= grown
    return sum(sizes.get(pid, 0) for pid in family - {top}) * _PAGE
