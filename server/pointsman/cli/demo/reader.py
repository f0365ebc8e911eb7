"""Messages of the server as pieces for the screen. Each comes from one message, and says nothing that is not in it.

This is the only source of what the demo prints once the server is up: there is no text about what ought to happen.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pointsman.cli import events
from pointsman.cli.pieces import BAD, DIM, GOOD, NOTE, PLAIN, Heading, Line, Piece, Status
from pointsman.files.paths import from_uri
from pointsman.text import Snapshot

_SAID = frozenset({"failed", "no-fix"})
"""Events that come with a message for the user, which is shown."""


class Reader:
    """Knows what was shown, and what the editor's documents held in each version; hands what is new to `show`."""

    def __init__(self, root: Path, show: Callable[[Piece], None]) -> None:
        self._root = root
        self._show = show
        self._texts: dict[tuple[str, int | None], str] = {}
        self._shown: dict[str, list[str]] = {}

    def take(self, method: str, params: Any, result: Any = None) -> None:
        handler = _HANDLERS.get(method)
        if handler:
            for piece in handler(self, params, result):
                self._show(piece)

    def document(self, snapshot: Snapshot) -> None:
        self._texts[snapshot.uri, snapshot.version] = snapshot.text

    def name(self, uri: str) -> str:
        path = from_uri(uri)
        return path.relative_to(self._root).as_posix() if path and path.is_relative_to(self._root) else uri

    # --- messages of the protocol ----------------------------------------------------------------------------------

    def initialized(self, _: Any, result: Any) -> Iterator[Piece]:
        info = result.get("serverInfo") or {}
        capabilities = result["capabilities"]
        commands = len((capabilities.get("executeCommandProvider") or {}).get("commands", ()))
        units = capabilities.get("positionEncoding", "utf-16")
        yield Line(f"{info.get('name')} {info.get('version')} is up: {commands} commands, columns in {units}", GOOD)

    def diagnostics(self, params: Any, _: Any) -> Iterator[Piece]:
        """What is new, and what is gone; a finding that only moved is not told again."""
        name = self.name(params["uri"])
        said = {_said(item): item["range"]["start"]["line"] + 1 for item in params["diagnostics"]}
        before = self._shown.get(name, [])
        for text, line in said.items():
            if text not in before:
                yield Line(f"{name}:{line}  {text}", BAD)
        for text in before:
            if text not in said:
                yield Line(f"{name}  cleared: {text}", GOOD)
        self._shown[name] = list(said)

    def message(self, params: Any, _: Any) -> Iterator[Piece]:
        text, *more = str(params["message"]).split("\n")
        style = BAD if params.get("type", 3) <= 2 else NOTE  # noqa: PLR2004 - Error and Warning
        yield Line(text, style)
        yield from (Line(line, DIM, depth=1) for line in more)

    def question(self, params: Any, result: Any) -> Iterator[Piece]:
        yield from self.message(params, None)
        choices = " ".join(f"[{action['title']}]" for action in params.get("actions") or ())
        picked = result["title"] if result else "nothing"
        yield Line(f"{choices} → the player picks “{picked}”", PLAIN, depth=1)

    def apply(self, params: Any, result: Any) -> Iterator[Piece]:
        taken = "applies" if result and result.get("applied") else "refuses"
        yield Line(f"The editor {taken} “{params.get('label') or 'an edit'}”", GOOD if taken == "applies" else BAD)
        for part in params["edit"].get("documentChanges") or ():
            document = part.get("textDocument") or {}
            count = len(part.get("edits", ()))
            what = f"{count} edit{'s' * (count != 1)} of version {document.get('version')}"
            yield Line(f"{self.name(document.get('uri', ''))}: {what}", DIM, depth=1)

    def actions(self, params: Any, result: Any) -> Iterator[Piece]:
        if not result or not params["context"]["diagnostics"]:
            return
        line = params["range"]["start"]["line"] + 1
        yield Heading(f"Offered at {self.name(params['textDocument']['uri'])}:{line}")
        yield from (Line(action["title"], PLAIN, depth=1) for action in result)

    def command(self, params: Any, result: Any) -> Iterator[Piece]:
        if result.get("error"):
            yield Line(str(result["error"]), BAD)
        elif result.get("run"):
            yield Line(f"{params['command']} is acknowledged as run {result['run']}", DIM)
        elif projects := result.get("projects"):
            yield Heading(f"Checks of {', '.join(Path(project).name for project in projects)}")

    def progress(self, params: Any, _: Any) -> Iterator[Piece]:
        value = params["value"]
        text = value.get("title") if value["kind"] == "begin" else value.get("message", "")
        yield Status("" if value["kind"] == "end" else str(text))

    def event(self, params: Any, _: Any) -> Iterator[Piece]:
        if params["event"] not in _SAID:
            yield from events.pieces(params, lambda uri, version: self._texts.get((uri, version), ""))


def _said(diagnostic: Mapping[str, Any]) -> str:
    code = f" [{diagnostic['code']}]" if diagnostic.get("code") else ""
    return f"{diagnostic.get('source', '')}{code}: {str(diagnostic['message']).partition(chr(10))[0]}"


_HANDLERS: Mapping[str, Callable[[Reader, Any, Any], Iterator[Piece]]] = {
    "initialize": Reader.initialized,
    "textDocument/publishDiagnostics": Reader.diagnostics,
    "window/showMessage": Reader.message,
    "window/showMessageRequest": Reader.question,
    "workspace/applyEdit": Reader.apply,
    "textDocument/codeAction": Reader.actions,
    "workspace/executeCommand": Reader.command,
    "$/progress": Reader.progress,
    "pointsman/event": Reader.event,
}
