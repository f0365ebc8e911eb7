"""The arguments of tool calls, which are the answer where the patch is asked for as a tool call."""

import json
from collections.abc import Mapping
from typing import Any

from pointsman.models.values import record, rows, string
from pointsman.terms import Delta


class ToolCalls:
    """Tells the pieces of several calls apart, whether they are marked by index, by id, or not at all.

    The first call streams; others wait for the end, since nothing says that their pieces do not mix.
    """

    def __init__(self) -> None:
        self._order: list[str] = []
        self._held: dict[str, str] = {}

    def feed(self, calls: Any) -> list[Delta]:
        pieces = []
        for call in rows(calls):
            key = self._key(call)
            text = arguments(record(call.get("function") or call.get("custom")))
            if key == self._order[0]:
                pieces.append(Delta(text))
            else:
                self._held[key] = self._held.get(key, "") + text
        return pieces

    def rest(self) -> list[Delta]:
        return [Delta(f"\n{text}") for text in self._held.values() if text]

    def _key(self, call: Mapping[str, Any]) -> str:
        """Which call a piece belongs to: by index, else by id, else the one before."""
        index, name = call.get("index"), string(call.get("id"))
        key = f"#{index}" if isinstance(index, int) else name or (self._order[-1] if self._order else "#0")
        if key not in self._order:
            self._order.append(key)
        return key


def arguments(function: Mapping[str, Any]) -> str:
    """As text, also where a server sends the object itself."""
    given = function.get("arguments", function.get("input", ""))
    if given is None or isinstance(given, str):
        return given or ""
    return json.dumps(given, ensure_ascii=False)
