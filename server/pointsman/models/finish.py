"""How an answer ended, in the words of every wire. Only a proper end is an End: all else is an error with a reason."""

from pointsman.errors import BadReply, ProviderError, Refused, Truncated, Unavailable
from pointsman.models.address import named, quoted
from pointsman.terms import Lease

PROPER = frozenset({"stop", "end_turn", "stop_sequence", "tool_calls", "tool_use", "function_call", "completed", "eos"})
CUT = frozenset({"length", "max_tokens", "max_output_tokens", "model_context_window_exceeded", "pause_turn"})
REFUSED = frozenset({"content_filter", "refusal", "safety", "recitation", "blocklist", "prohibited_content", "spii"})


def is_proper(reason: str) -> bool:
    return reason.lower() in PROPER


def worse(one: str, other: str) -> str:
    """Of two reasons, the one that counts: what was cut or refused once is not made whole by a later `stop`."""
    return one if one and (not other or not is_proper(one)) else other


def trouble(lease: Lease, reason: str, said: str = "") -> ProviderError:
    """The error for a finish reason that is not a proper one. `said` is what the model gave as its grounds."""
    who, kind = named(lease), reason.lower()
    words = f": {quoted(said, lease)}" if said else ""
    if kind in CUT:
        return Truncated(
            f"The answer of {who} was cut off at the model's limit (finish reason {quoted(reason, lease)}).",
            "Nothing was changed. Ask for a smaller change, or raise the model's output limit in the config.",
        )
    if kind in REFUSED:
        return Refused(
            f"{who} refused to answer (finish reason {quoted(reason, lease)}){words}.",
            "Word the task differently, or choose another model for it.",
        )
    if kind == "error":
        return Unavailable(f"{who} broke off its answer with an error{words}.", "Try again.")
    return BadReply(
        f"{who} ended its answer with the unknown finish reason {quoted(reason, lease)!r}.",
        "Nothing was changed, since it may be cut. Try again, or choose another model.",
    )
