"""Whether an overlay can copy a project's folders up: it can only keep owners that exist in its user namespace."""

import os
from collections import deque

FOLDERS = 2_000
"""Folders looked at; the top of a tree tells who owns it."""
_SKIPPED = frozenset({".git", "node_modules", ".venv", "venv", "__pycache__"})


def foreign(root: str) -> str:
    """Why an overlay could not write where the user can; empty where it can. Blocking.

    Root maps every owner. Others map themselves only: a folder of the user's with another of their groups is one
    they write to, and the overlay could not.
    """
    user, group = os.getuid(), os.getgid()
    pending = deque([root])
    looked = 0
    while pending and user != 0 and looked < FOLDERS:
        folder = pending.popleft()
        looked += 1
        try:
            status = os.stat(folder)
            if status.st_gid != group and (status.st_uid == user or status.st_gid in os.getgroups()):
                return f"{folder} belongs to group {status.st_gid}, which does not exist in a private namespace"
            with os.scandir(folder) as entries:
                pending += [
                    entry.path
                    for entry in entries
                    if entry.name not in _SKIPPED and entry.is_dir(follow_symlinks=False)
                ]
        except OSError:
            continue
    return ""
