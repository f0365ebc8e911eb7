"""Marks in a prompt for a provider's cache, as Anthropic has them and OpenRouter passes them on.

Four are allowed: after the system prompt, after what is the same for the next task too (the map of the repository),
after the task's own material, and after the last thing said, where the next turn goes on.
"""

from typing import Any

from pointsman.terms import Message


def parts(message: Message, *, ends: bool) -> list[dict[str, Any]]:
    """The content of a message as blocks, marked where its stable beginning ends, and at its end if `ends`."""
    stable, rest = message.content[: message.stable], message.content[message.stable :]
    blocks = [marked(stable)] if stable else []
    if rest:
        blocks.append(marked(rest) if ends or stable else plain(rest))
    return blocks or [plain("")]


def marked(text: str) -> dict[str, Any]:
    return {**plain(text), "cache_control": {"type": "ephemeral"}}


def plain(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}
