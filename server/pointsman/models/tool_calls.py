"""The arguments of tool calls, which are the answer where the patch is asked for as a tool call."""

import json
from collections.abc import Mapping
from typing import Any

from pointsman.models.values import Odd, count, each, inner, string, words
from pointsman.terms import Delta

_PLACE = "tool_calls.arguments"


class ToolCalls:
    """Tells the pieces of several calls apart, whether they are marked by index, by id, or not at all.

    The first call streams; others wait for the end, since nothing says that their pieces do not mix.
    """

    def __init__(self) -> None:
        self._order: list[str] = []
        self._held: dict[str, str] = {}
        self._begun: set[str] = set()
        self._whole: set[str] = set()
        """Calls that came in pieces, and those whose input came as an object."""

    def feed(self, calls: Any) -> list[Delta]:
        """Raises Odd."""
        pieces = []
        for call in each([calls] if isinstance(calls, dict) else calls, "tool_calls"):
            key = self._key(call)
            text = self._input(key, inner(call.get("function") or call.get("custom"), "tool_calls.function"))
            if key == self._order[0]:
                pieces.append(Delta(text))
            else:
                self._held[key] = self._held.get(key, "") + text
        return pieces

    def _input(self, key: str, function: Mapping[str, Any]) -> str:
        """As text, also where a server sends the object itself: then it is all there is."""
        given = function.get("arguments", function.get("input"))
        text = json.dumps(given, ensure_ascii=False) if isinstance(given, dict) else words(given, _PLACE)
        if text and (key in self._whole or (isinstance(given, dict) and key in self._begun)):
            raise Odd(_PLACE)
        if text:
            (self._whole if isinstance(given, dict) else self._begun).add(key)
        return text

    def rest(self) -> list[Delta]:
        return [Delta(f"\n{text}") for text in self._held.values() if text]

    def _key(self, call: Mapping[str, Any]) -> str:
        """Which call a piece belongs to: by index, else by id, else the one before, unless that came as a whole."""
        index, name = call.get("index"), string(call.get("id"))
        last = self._order[-1] if self._order and self._order[-1] not in self._whole else f"#{len(self._order)}"
        key = f"#{index}" if count(index) is not None else name or last
        if key not in self._order:
            self._order.append(key)
        return key
