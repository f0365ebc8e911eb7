"""Contexts gathered before they are asked for, so that a task's first request leaves at once.

A menu that is shown tells what its user may pick in a moment, and most of what such a task needs can be known by then:
the map, the latest changes, the tests, the numbered file. It is gathered in a thread, beside the user's reading. What
was prepared is used only while all it was made from is the same: the index, the buffers, the files that were read, and
what git says; otherwise it is made anew. Nothing here asks a model or opens a socket.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pointsman import context as contexts
from pointsman.errors import WorkspaceError
from pointsman.files import git
from pointsman.files.looks import Look, look
from pointsman.files.workspace import Workspace
from pointsman.index.store import Index
from pointsman.index.uses import looked_through
from pointsman.intents import INTENTS
from pointsman.terms import Context, Offer
from pointsman.text import Snapshot

FILES = 4
"""Files in focus of which contexts are kept, the latest ones."""
PLACES = 16
"""Contexts kept of each."""

Place = tuple[object, ...]


@dataclass(slots=True)
class _File:
    """What is kept of one file in focus, for as long as `stamp` holds."""

    stamp: tuple[object, ...]
    snapshot: Snapshot
    known: dict[int, tuple[str, str]] = field(default_factory=dict)
    contexts: "dict[Place, tuple[Context, Sequence[tuple[str, Look]]]]" = field(default_factory=dict)
    """Each with the files that were looked through for it, and how these looked then."""


class Ahead:
    """The contexts of one project. To be used on the event loop; the work is done in threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._files: OrderedDict[str, _File] = OrderedDict()
        self._making: dict[tuple[str, Place], asyncio.Task[Context]] = {}

    def ready(self, offer: Offer, workspace: Workspace) -> Context | None:
        """The context of an offer if it is here and nothing it was made from has changed."""
        kept = self._files.get(offer.path)
        found = kept.contexts.get(_place(offer)) if kept else None
        if kept is None or found is None or not self._holds(kept, offer.path, workspace):
            return None
        context, looks = found
        try:
            now = {path: workspace.read(path) for path in context.seen}
        except WorkspaceError:
            return None
        if any(now[path].text != snapshot.text for path, snapshot in context.seen.items()):
            return None
        if any(look(path) != before for path, before in looks):
            return None
        return replace(context, offer=replace(offer, files=context.offer.files), seen=now)

    async def gather(self, offer: Offer, workspace: Workspace) -> Context:
        """The context of an offer, prepared or made now. Raises WorkspaceError."""
        if making := self._making.get((offer.path, _place(offer))):
            await asyncio.wait({making})  # and whatever is wrong is found again below
        if context := self.ready(offer, workspace):
            return context
        return await self._made(offer, workspace)

    async def prepare(self, offers: Sequence[Offer], workspace: Workspace) -> None:
        """Gather what tasks on these offers would need, one after the other."""
        for offer in offers:
            key = offer.path, _place(offer)
            if offer.intent not in INTENTS or offer.files or key in self._making or self.ready(offer, workspace):
                continue
            making = self._making[key] = asyncio.create_task(self._made(offer, workspace))
            making.add_done_callback(partial(self._over, key))
            await asyncio.wait({making})

    def _over(self, key: tuple[str, Place], done: "asyncio.Task[Context]") -> None:
        self._making.pop(key, None)
        if not done.cancelled():
            done.exception()  # taken note of here; it is said when the task itself is asked for

    async def _made(self, offer: Offer, workspace: Workspace) -> Context:
        """Stamps are taken before anything is read: what changes meanwhile makes them differ."""
        if offer.files:
            return await asyncio.to_thread(contexts.gather, offer, workspace, self._index)
        kept, looks = self._file(offer.path, workspace), await asyncio.to_thread(self._looks, offer)
        context = await asyncio.to_thread(contexts.gather, offer, workspace, self._index, kept.known)
        while len(kept.contexts) >= PLACES:
            kept.contexts.pop(next(iter(kept.contexts)))
        kept.contexts[_place(offer)] = context, looks
        return context

    def _looks(self, offer: Offer) -> Sequence[tuple[str, Look]]:
        """How the files look that are searched for the uses of what is to be explained."""
        symbol = self._index.enclosing(offer.path, offer.span.start) if offer.intent == "explain" else None
        paths = looked_through(self._index, symbol) if symbol else ()
        return [(file, look(file)) for path in paths if (file := f"{self._index.root}/{path}")]

    def _file(self, path: str, workspace: Workspace) -> _File:
        kept = self._files.get(path)
        if kept is None or not self._holds(kept, path, workspace):
            kept = _File(self._stamp(path), workspace.read(path))
        self._files[path] = kept
        self._files.move_to_end(path)
        while len(self._files) > FILES:
            self._files.popitem(last=False)
        return kept

    def _holds(self, kept: _File, path: str, workspace: Workspace) -> bool:
        try:
            return workspace.read(path).text == kept.snapshot.text and self._stamp(path) == kept.stamp
        except WorkspaceError:
            return False

    def _stamp(self, path: str) -> tuple[object, ...]:
        return self._index.state, git.mark(self._index.root, path)


def _place(offer: Offer) -> Place:
    """What a context depends on beside the files: the words of the user come later."""
    return offer.intent == "explain", offer.span, offer.problems, offer.files
