"""The demo's course: check the project, then take the first fix offered for each finding, then check again.

It is what a user does who works through a list of problems. What happens then is the server's doing; whether the demo
went well is read from the diagnostics that are left.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from pointsman.cli.demo.player import Player
from pointsman.cli.demo.wire import ServerError
from pointsman.terms import Verdict

ENDS = frozenset({"applied", "proposed", "failed", "no-fix", "cancelled"})
FIXES = 4
"""Findings that are worked through; the rest of a list as long as that is left."""
TROUBLES = ("typing", "conflict", "rejects")
"""What can be made to go wrong: while the model writes, the user types elsewhere in the file, or on the line that is
being mended; the model never sends a patch."""


class Play:
    """One performance. `patience` is in seconds, for one step."""

    def __init__(self, player: Player, trouble: str = "", patience: float = 180.0) -> None:
        self._player = player
        self._patience = patience
        self._trouble = trouble
        self._asked_a_model = False
        player.on_event = self._disturb

    async def run(self) -> bool:
        """Whether nothing is left to mend, and checks vouch for that."""
        player = self._player
        await self._open()
        await self._check()
        found = [(uri, item) for uri, items in player.diagnostics.items() for item in items]
        for uri, diagnostic in sorted(found, key=lambda one: str(one[1].get("source")), reverse=True)[:FIXES]:
            await self._fix(uri, diagnostic)
        verdict = await self._check()
        return verdict == Verdict.PASSED and not any(player.diagnostics.values())

    async def _open(self) -> None:
        """Open the project's files, and wait until the server offers something."""
        paths = sorted(self._player.root.rglob("*.py"))
        for path in paths:
            await self._player.open(path)
        start = {"line": 0, "character": 0}
        nothing = {"range": {"start": start, "end": start}}
        for _ in range(int(self._patience / 0.05)):
            params = {"textDocument": {"uri": next(iter(self._player.documents))}, **nothing}
            if await self._player.wire.request("textDocument/codeAction", {**params, "context": {"diagnostics": []}}):
                return
            if self._player.refusal:
                break
            await asyncio.sleep(0.05)
        raise ServerError(self._player.refusal or "The server did not get ready.")

    async def _check(self) -> str:
        """The verdict of the checks."""
        before = len(self._ends("checks-run"))
        await self._player.execute("pointsman.runChecks", {"uri": next(iter(self._player.documents))})
        told = await self._player.until(lambda: self._ends("checks-run")[before:], self._patience)
        return str(told[0]["verdict"])

    async def _fix(self, uri: str, diagnostic: Mapping[str, Any]) -> None:
        actions = await self._player.actions(uri, diagnostic)
        fixes = [action for action in actions if action.get("kind") == "quickfix"]
        if not fixes:
            return
        command = fixes[0]["command"]
        before = {document.uri: document.text for document in self._player.documents.values()}
        answer = await self._player.execute(command["command"], *command.get("arguments", ()))
        run = answer.get("run")
        if run:
            await self._player.until(lambda: self._ends(*ENDS, task=run), self._patience)
        for document in list(self._player.documents.values()):
            if document.text != before.get(document.uri):
                await self._player.save(self._player.path(document.uri))

    def _ends(self, *names: str, task: str | None = None) -> list[dict[str, Any]]:
        events = self._player.events
        return [event for event in events if event["event"] in names and task in {None, event.get("task")}]

    def _disturb(self, event: Mapping[str, Any]) -> None:
        """Type while a model writes, once; the project's own fixers are done before anybody could."""
        if event["event"] == "routed":
            self._asked_a_model = event["provider"] != "builtin"
        if event["event"] != "wrote" or not self._asked_a_model or self._trouble not in {"typing", "conflict"}:
            return
        trouble, self._trouble = self._trouble, ""
        path = self._player.root / "splitbill" / "shares.py"
        document = self._player.documents.get(path.as_uri())
        if document is None:
            return
        line = document.line_at(document.text.index("return ["))
        if trouble == "typing":
            self._player.type(path, 0, "# typed while the model was writing\n")
        else:
            self._player.type(path, document.line_span(line).end, "  # what of the rest?")
