"""Reading the configuration: the user's file, then what a workspace may say, then what is wrong with the whole.

Loading never raises for what a file says: it gives a Config of what is usable, and findings that name the rest. Only
the user's own file defines providers; what comes from a repository, or through an editor that may have read it from
one, can choose among them (see `model.WORKSPACE_KEYS`).
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import ValidationError

from pointsman.config import jsonc
from pointsman.config.finding import Finding
from pointsman.config.lint import lint
from pointsman.config.model import WORKSPACE_CHECKS, WORKSPACE_KEYS, Config
from pointsman.terms import Severity

WORKSPACE_FILE = ".pointsman.json"
FILE_LIMIT = 1 << 20
_VARIABLE = re.compile(r"\$\{([^}]+)\}|\$([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """`files` are those that were read, or would have been; a change of one calls for loading again."""

    config: Config
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]

    @property
    def broken(self) -> Finding | None:
        """The first error in the user's file: no route is taken from one that may mean something else than it says."""
        errors = (finding for finding in self.findings if finding.severity is Severity.ERROR)
        return next((finding for finding in errors if finding.path in {None, self.files[0]}), None)


def user_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's config file: `POINTSMAN_CONFIG`, or the usual place of this system."""
    named = environ.get("POINTSMAN_CONFIG")
    return Path(named).expanduser() if named else platformdirs.user_config_path("pointsman") / "config.json"


def load(
    file: Path | None = None,
    roots: Sequence[str] = (),
    options: Sequence[Mapping[str, Any]] = (),
    environ: Mapping[str, str] = os.environ,
) -> Loaded:
    """Blocking. `file` replaces the user's file; `options` are an editor's settings, weakest first."""
    findings: list[Finding] = []
    path = file or user_file(environ)
    document = _read(path, findings, required=file is not None or "POINTSMAN_CONFIG" in environ)
    data = _expand(document.value, path, document, environ, findings)
    config = _validate(data, path, document, findings)
    files = [path]
    for root in roots:
        workspace = Path(root) / WORKSPACE_FILE
        files.append(workspace)
        layer = _read(workspace, findings, required=False)
        config = _overlay(config, layer.value, workspace, layer, findings)
    for given in options:
        config = _overlay(config, dict(given), None, jsonc.Document({}), findings)
    findings.extend(lint(config, path, document))
    return Loaded(config, tuple(findings), tuple(files))


def _read(path: Path, findings: list[Finding], *, required: bool) -> jsonc.Document:
    """The document of a file; an empty one where there is none, or none that can be read."""
    empty = jsonc.Document({})
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if required:
            findings.append(Finding(None, None, Severity.ERROR, "no-file", f"There is no config file {path}."))
        return empty
    except OSError as error:
        message = f"The config file {path} cannot be read: {error.strerror}."
        findings.append(Finding(path, None, Severity.ERROR, "unreadable", message))
        return empty
    try:
        document = jsonc.parse(data[:FILE_LIMIT].decode("utf-8-sig"))
    except UnicodeDecodeError:
        findings.append(Finding(path, None, Severity.ERROR, "unreadable", "The file is not UTF-8."))
        return empty
    except jsonc.JsoncError as error:
        findings.append(Finding(path, error.span, Severity.ERROR, "syntax", error.message))
        return empty
    if not isinstance(document.value, dict):
        findings.append(Finding(path, document.where(()), Severity.ERROR, "syntax", "The file must be an object."))
        return empty
    return document


def _expand(
    value: Any,
    path: Path,
    document: jsonc.Document,
    environ: Mapping[str, str],
    findings: list[Finding],
    at: jsonc.Path = (),
) -> Any:
    """The value with variables filled in; an unset one is an error, never sent to anybody as it stands."""
    if isinstance(value, dict):
        return {key: _expand(item, path, document, environ, findings, (*at, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_expand(item, path, document, environ, findings, (*at, n)) for n, item in enumerate(value)]
    if not isinstance(value, str):
        return value

    def fill(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in environ:
            message = f"The environment variable {name} is not set."
            hint = "Set it where your editor starts, or take the key out."
            findings.append(Finding(path, document.where(at), Severity.ERROR, "unset-variable", message, hint))
            return ""
        return environ[name]

    return _VARIABLE.sub(fill, value)


def _validate(data: Any, path: Path | None, document: jsonc.Document, findings: list[Finding]) -> Config:
    """The data as a Config; what does not fit is named and left out, so that the rest still says what it says."""
    while True:
        try:
            return Config.model_validate(data)
        except ValidationError as error:
            wrong = error.errors()[0]
            at = tuple(part for part in wrong["loc"] if not str(part).startswith("function-"))
            findings.append(_misfit(wrong, path, document, at))
            if not _drop(data, at):
                return Config()


def _misfit(wrong: Any, path: Path | None, document: jsonc.Document, at: jsonc.Path) -> Finding:
    where = document.where(at)
    name = ".".join(str(part) for part in at)
    if wrong["type"] == "extra_forbidden":
        near = get_close_matches(str(at[-1]), _known(at), n=1)
        hint = f"Did you mean `{near[0]}`?" if near else "It is ignored."
        return Finding(path, where, Severity.WARNING, "unknown-key", f"There is no setting `{name}`.", hint)
    return Finding(path, where, Severity.ERROR, "misfit", f"`{name}`: {wrong['msg']}.")


def _known(at: jsonc.Path) -> list[str]:
    """The keys that could stand where a path ends."""
    model: Any = Config
    for part in at[:-1]:
        if isinstance(part, str) and part in getattr(model, "model_fields", {}):
            annotation = model.model_fields[part].annotation
            model = getattr(annotation, "__args__", (annotation,))[0]
    return list(getattr(model, "model_fields", {}))


def _drop(data: Any, at: jsonc.Path) -> bool:
    """Take the value at a path out of the data; for what is missing, the object it is missing from."""
    while at:
        holder = data
        for part in at[:-1]:
            try:
                holder = holder[part]
            except (KeyError, IndexError, TypeError):
                holder = None
                break
        try:
            del holder[at[-1]]
        except (KeyError, IndexError, TypeError):
            at = at[:-1]
        else:
            return True
    return False


def _overlay(
    config: Config, layer: Any, path: Path | None, document: jsonc.Document, findings: list[Finding]
) -> Config:
    """The config with what a workspace may say laid over it."""
    if not isinstance(layer, dict) or not layer:
        return config
    allowed: dict[str, Any] = {}
    for key, value in layer.items():
        if key not in WORKSPACE_KEYS:
            findings.append(_forbidden(key, path, document.where((key,))))
        elif key == "checks" and isinstance(value, dict):
            extra = set(value) - WORKSPACE_CHECKS
            findings.extend(_forbidden(f"checks.{name}", path, document.where((key, name))) for name in sorted(extra))
            allowed[key] = {name: item for name, item in value.items() if name not in extra}
        else:
            allowed[key] = value
    merged = config.model_dump()
    for key, value in allowed.items():
        merged[key] = merged[key] | value if isinstance(value, dict) else value
    return _validate(merged, path, document, findings)


def _forbidden(name: str, path: Path | None, where: Any) -> Finding:
    source = "a workspace" if path else "an editor's workspace settings"
    message = f"`{name}` cannot be set by {source}: a repository could send your keys away or run its commands."
    return Finding(path, where, Severity.WARNING, "not-for-workspaces", message, f"Set it in {user_file()}.")
