"""One tiny call to each model of some leases: whether it answers, how soon, and who it says it is."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pointsman.files.workspace import Workspace
    from pointsman.lsp.compose import Kit
    from pointsman.terms import Lease

PATIENCE = 60.0
"""Seconds that somebody who looks at a screen will wait."""
Said = tuple[str, str, str]
"""Severity, message and hint."""


async def ask_all(leases: Sequence["Lease"], kit: "Kit", workspace: "Workspace") -> list[Said]:
    """What came of asking each model once, at the same time, in the order of the leases."""
    once = {lease.name: lease for lease in leases if lease.url}
    return list(await asyncio.gather(*(_ask(lease, kit, workspace) for lease in once.values())))


async def _ask(lease: "Lease", kit: "Kit", workspace: "Workspace") -> Said:
    from pointsman.errors import PointsmanError
    from pointsman.terms import Context, Delta, Message, Offer, Request
    from pointsman.text import Span

    context = Context(Offer("explain", "Are you there?", "", Span(0, 0)), workspace.root, (), {}, 0)
    messages = (Message("system", "Answer in one word."), Message("user", "Say: ready"))
    first, began = None, time.monotonic()
    warnings: tuple[str, ...] = ()
    served = ""
    try:
        async with (
            asyncio.timeout(PATIENCE),
            aclosing(kit.models[lease.wire].stream(Request(lease, messages, context, workspace))) as pieces,
        ):
            async for piece in pieces:
                if isinstance(piece, Delta):
                    first = first or time.monotonic() - began
                else:
                    served, warnings = piece.served, piece.warnings
    except TimeoutError:
        hint = "A local engine may still be loading the model: try again."
        return "error", f"{lease.name}: no answer within {PATIENCE:.0f} s.", hint
    except PointsmanError as error:
        return "error", f"{lease.name}: {error.message}", error.hint
    took = f"{lease.name}: first word after {first or 0:.2f} s, all after {time.monotonic() - began:.2f} s"
    return "warning" if warnings else "ok", f"{took}, served by {served or 'an unnamed model'}", " ".join(warnings)
