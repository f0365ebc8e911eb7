"""Whoever answers over HTTP: one wire a file, one reader for all their streams, and retries on the same lease."""

from pointsman.models.circuits import Circuits
from pointsman.models.repairs import Repairs
from pointsman.models.table import warm, wires

__all__ = ["Circuits", "Repairs", "warm", "wires"]
