"""The templates of what models are told: ours, or the user's own in their place. Never a repository's."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from string import Template

import platformdirs

from pointsman.config.finding import CODES, Finding
from pointsman.config.source import bytes_of
from pointsman.errors import ConfigError

_LIMIT = 1 << 16


def folder() -> Path:
    """Where a user's own templates are looked for, as `<name>.md`; only there, whatever `--config` says."""
    return platformdirs.user_config_path("pointsman") / "prompts"


@cache
def names() -> tuple[str, ...]:
    """Every template there is."""
    return tuple(sorted(file.name.removesuffix(".md") for file in (resources("pointsman") / "prompts").iterdir()))


@cache
def shipped(name: str) -> Template:
    return Template((resources("pointsman") / "prompts" / f"{name}.md").read_text("utf-8"))


def overridden() -> tuple[Path, ...]:
    """The user's own templates, sound or not."""
    try:
        return tuple(sorted(file for file in folder().iterdir() if file.suffix == ".md"))
    except OSError:
        return ()


def template(name: str) -> Template:
    """The user's own template, else ours. Raises ConfigError for one that cannot be used: ours is no stand-in."""
    file = folder() / f"{name}.md"
    if not file.exists():
        return shipped(name)
    text, fault = _read(file, name)
    if fault:
        raise ConfigError(f"Your prompt {file} cannot be used: {fault}", "Mend it, or delete it to have ours back.")
    return Template(text)


def lint() -> Iterator[Finding]:
    """What is wrong with the user's own templates."""
    for file in overridden():
        if file.stem not in names():
            near = get_close_matches(file.stem, names(), n=1)
            hint = f"Did you mean {near[0]}.md?" if near else f"There are: {', '.join(names())}."
            yield _finding("unknown-prompt", file, f"There is no prompt {file.stem!r}; it has no effect.", hint)
        elif fault := _read(file, file.stem)[1]:
            yield _finding(
                "broken-prompt", file, f"This prompt cannot be used: {fault}", "Delete it to have ours back."
            )


def _finding(code: str, file: Path, message: str, hint: str) -> Finding:
    return Finding(file, None, CODES[code][0], code, message, hint, ("prompts", file.stem))


def _read(file: Path, name: str) -> tuple[str, str]:
    """(text, what is wrong with it)."""
    try:
        text = bytes_of(file, _LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", "it is not UTF-8."
    except OSError as error:
        return "", f"{error.strerror or error}."
    except ValueError as error:
        return "", f"{error}."
    return text, _fault(text, Template(text), set(shipped(name).get_identifiers()))


def _fault(text: str, made: Template, known: set[str]) -> str:
    if not text.strip():
        return "it is empty."
    if not made.is_valid():
        return "a `$` stands alone; write `$$` for the character."
    found = set(made.get_identifiers())
    if unknown := sorted(found - known):
        there = ", ".join(f"`${name}`" for name in sorted(known)) or "none"
        return f"there is no `${unknown[0]}`; there are: {there}."
    if missing := sorted(known - found):
        return f"`${missing[0]}` is missing, and with it what the user asked for."
    return ""
