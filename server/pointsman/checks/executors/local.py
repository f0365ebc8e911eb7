"""This machine, as one of those that checks are spread over."""

import os

from pointsman.checks.shadow.choose import Shadow
from pointsman.checks.shadow.world import Layer
from pointsman.terms import Command, Run


class Local:
    """Never lost, and knows every project: what it shows is the user's own tree."""

    name = "this machine"

    def __init__(self, shadow: Shadow) -> None:
        self.slots = os.cpu_count() or 1
        self._shadow = shadow

    async def run(self, root: str, layer: Layer, command: Command) -> Run:
        return await self._shadow.run(root, layer, command)

    def knows(self, root: str) -> bool:
        return bool(root)
