"""What most scenes begin with: an editor on the project's one file, beside a scripted model that answers."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from support import project
from support.lsp import Editor, session


@contextlib.asynccontextmanager
async def editing(
    folder: Path,
    answer: Callable[[Any], Reply] = lambda _: Reply(project.RIGHT),
    *,
    root: Path | None = None,
    settled: Mapping[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[tuple[Editor, Path]]:
    """The editor, once its server is ready, and the file; `settled` is what the config file says besides."""
    root = root or project.make(folder)
    file = root / "shop/price.py"
    async with (
        ScriptedProvider(answer) as provider,
        session(root, config=project.config(folder, provider.url, **(settled or {})), **options) as editor,
    ):
        editor.open(file)
        await editor.ready(file)
        yield editor, file


async def simplify(editor: Editor, file: Path, *ends: str) -> dict[str, Any]:
    """Pick "Simplify total"; how it ends, or the first of other events."""
    found = await editor.actions(file, editor.text(file).index("return"), only=["refactor"])
    await editor.pick(next(action for action in found if action["title"] == "Simplify total"))
    return await editor.event(*(ends or ("applied", "proposed", "failed")))


async def run(editor: Editor, command: str, **arguments: Any) -> Any:
    return await editor.request("workspace/executeCommand", {"command": command, "arguments": [arguments]})
