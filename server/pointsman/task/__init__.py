"""The loop: one intent from its offer to its outcome, one model throughout."""

from pointsman.task.loop import Limits, Tools, run

__all__ = ["Limits", "Tools", "run"]
