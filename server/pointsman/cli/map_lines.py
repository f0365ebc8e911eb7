"""`pointsman map --jsonl`: one request a line, one answer a line, for programs.

Each request has its answer, in its place: what is wrong with one is told in its own answer and ends nothing. A root is
looked at anew for each, so that a program may check out another commit in between; only what changed is read.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pointsman.cli.json_lines import Unfit, read
from pointsman.errors import PointsmanError
from pointsman.files import paths
from pointsman.files.workspace import Workspace
from pointsman.index.cache import default_folder
from pointsman.index.repomap import Map, repo_map
from pointsman.index.store import Index

TOKENS = 2_000
MOST_TOKENS = 200_000
_LAST_LINE = 1 << 31


def answerer() -> Callable[[bytes], dict[str, Any]]:
    """What answers a line; it keeps the index of each root it was asked about."""
    indexes: dict[str, Index] = {}

    def answer(line: bytes) -> dict[str, Any]:
        try:
            return record(_answer(indexes, read(line)))
        except PointsmanError as error:
            return _refused(error.user_message)
        except (Unfit, ValueError, OSError) as error:
            return _refused(str(error))

    return answer


def record(made: Map) -> dict[str, Any]:
    items = [{"path": path, "symbol": symbol} for path, symbol in made.items]
    return {"map": made.text, "tokens": made.tokens, "items": items}


def _refused(message: str) -> dict[str, Any]:
    return {"error": {"code": "bad-request", "message": message}}


def _answer(indexes: dict[str, Index], request: dict[str, Any]) -> Map:
    root = _text(request, "root")
    if not root or not Path(root).is_dir():
        raise Unfit(f'"root": there is no folder {root!r}')
    root = str(Path(root).resolve())
    path, line = _text(request, "focus_path"), _number(request, "focus_line")
    budget = _number(request, "budget_tokens")
    index = indexes.setdefault(root, Index(root, default_folder()))
    index.scan_now(Workspace(index.root))
    return repo_map(
        index,
        _inside(root, path) if path else None,
        min(max(1, line), _LAST_LINE) if line is not None else None,
        min(max(1, TOKENS if budget is None else budget), MOST_TOKENS),
    )


def _text(request: dict[str, Any], name: str) -> str:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise Unfit(f'"{name}" is not a string')
    if value and "\0" in value:
        raise Unfit(f'"{name}" has a zero in it')
    return value or ""


def _number(request: dict[str, Any], name: str) -> int | None:
    value = request.get(name)
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError, OverflowError):
        raise Unfit(f'"{name}" is not a whole number') from None


def _inside(root: str, path: str) -> str:
    """A path as the index has it: relative to the root, also where it was given as an absolute one or by `./`."""
    if Path(path).is_absolute():
        path = paths.relative(root, Path(path)) or path
    path = Path(path).as_posix()
    if why := paths.refusal(path):
        raise Unfit(f'"focus_path": {path!r} is refused: {why}')
    return path
