"""The wires by name: what the composition root makes its table of models from.

A model is cheap to make and loads its wire when it is first used, in a thread: the HTTP client takes longer to load
than an editor should wait for its first answer.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from pointsman.models.circuits import Circuits
from pointsman.models.repairs import Repairs
from pointsman.terms import Delta, End, Lease, Request

if TYPE_CHECKING:
    from pointsman.models.http import Connections
    from pointsman.models.turn import HttpModel, Wire

WIRES: Mapping[str, tuple[str, str]] = {
    "openai-chat": ("pointsman.models.openai_chat", "OpenAIChat"),
    "openai-responses": ("pointsman.models.openai_responses", "OpenAIResponses"),
    "anthropic-messages": ("pointsman.models.anthropic_messages", "AnthropicMessages"),
    "ollama": ("pointsman.models.ollama", "Ollama"),
}
"""The module and the class of each wire."""


def wires(circuits: Circuits | None = None, repairs: Repairs | None = None) -> Mapping[str, "Callable[[], WireModel]"]:
    """A maker of models for each wire. All share one set of connections, and `aclose` of any closes them all.

    Every attempt is told to `circuits`, which is to be asked when a task starts; `repairs` holds what was learned.
    """
    shared = _Shared(circuits or Circuits(), repairs or Repairs())
    return {name: partial(WireModel, name, shared) for name in WIRES}


def warm() -> None:
    """Load the HTTP client and the trust store, so that the first request need not. For a thread."""
    from pointsman.models.http import tls

    tls()


class WireModel:
    """A `Model` over HTTP. Consume `stream` to its end, or close it, to have the connection kept for the next turn."""

    def __init__(self, wire: str, shared: "_Shared") -> None:
        self._wire = wire
        self._shared = shared
        self._model: HttpModel | None = None

    async def stream(self, request: Request) -> AsyncGenerator[Delta | End, None]:
        model = await self._loaded()
        async with aclosing(model.stream(request)) as pieces:
            async for piece in pieces:
                yield piece

    async def connect(self, lease: Lease) -> None:
        model = await self._loaded()
        await model.connect(lease)

    async def aclose(self) -> None:
        if self._shared.connections is not None:
            await self._shared.connections.aclose()

    async def _loaded(self) -> "HttpModel":
        if self._model is None:
            wire = await asyncio.to_thread(self._load)
            from pointsman.models.turn import HttpModel

            self._model = HttpModel(
                wire, self._shared.get(), circuits=self._shared.circuits, repairs=self._shared.repairs
            )
        return self._model

    def _load(self) -> "Wire":
        module, name = WIRES[self._wire]
        wire: Wire = getattr(import_module(module), name)()
        return wire


class _Shared:
    """The connections, made when the first wire is loaded."""

    def __init__(self, circuits: Circuits, repairs: Repairs) -> None:
        self.circuits = circuits
        self.repairs = repairs
        self.connections: Connections | None = None

    def get(self) -> "Connections":
        from pointsman.models.http import Connections

        if self.connections is None:
            self.connections = Connections()
        return self.connections
