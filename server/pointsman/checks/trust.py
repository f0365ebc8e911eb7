"""Consent to run a project's checks, remembered by the hash of what would run. It stores and compares, never asks."""

import contextlib
import hashlib
import json
from pathlib import Path
from tempfile import NamedTemporaryFile

from pointsman.checks.plan import Plan

_KEPT = 20
"""Fingerprints kept of one workspace: branches differ in their configuration, and people switch between them."""


class Trust:
    """One file for each workspace, in the user's state directory and out of any repository's reach."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "trust"

    def trusted(self, plan: Plan) -> bool:
        """Whether exactly this was allowed before. Blocking, one small file."""
        return plan.fingerprint in self._read(plan.root)

    def known(self, root: str) -> bool:
        """Whether anything was allowed there. Blocking, one small file."""
        return bool(self._read(root))

    def trust(self, plan: Plan) -> None:
        self._write(plan.root, [fingerprint for fingerprint in self._read(plan.root) if fingerprint != plan.fingerprint]
                    + [plan.fingerprint])  # fmt: skip

    def forget(self, root: str) -> None:
        """Take all consent for a workspace back."""
        self._place(root).unlink(missing_ok=True)

    def _place(self, root: str) -> Path:
        return self._folder / f"{hashlib.sha256(root.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.json"

    def _read(self, root: str) -> list[str]:
        try:
            document = json.loads(self._place(root).read_text("utf-8"))
        except (OSError, ValueError):
            return []
        if not isinstance(document, dict) or document.get("root") != root:
            return []
        return [value for value in document.get("allowed", ()) if isinstance(value, str)]

    def _write(self, root: str, allowed: list[str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps({"root": root, "allowed": allowed[-_KEPT:]}, indent=1)
        with NamedTemporaryFile("w", encoding="utf-8", dir=self._folder, delete=False) as file:
            file.write(text)
        try:
            Path(file.name).replace(self._place(root))  # whole or not at all: two servers may write at once
        except OSError:
            with contextlib.suppress(OSError):
                Path(file.name).unlink()
            raise
