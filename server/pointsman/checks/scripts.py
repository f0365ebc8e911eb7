"""What a package.json says of a project's checks: what it depends on, its scripts, and how they call a program.

A project's test script knows what no configuration file does: what to load first, and which folders hold tests. Our
own call of the tool keeps that, but for what it replaces: how results are reported, and whether it waits for changes.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies")
_REPLACED = frozenset(
    {
        "--reporter", "--reporters", "-R", "--json", "--outputFile", "--test", "--test-reporter", "--run", "--watch",
        "--watchAll", "--coverage", "--collectCoverage", "--ci", "--silent", "--verbose", "--notify",
        "--test-reporter-destination", "--reporter-option", "--reporter-options", "--bail", "-b",
    }
)  # fmt: skip
_VALUED = frozenset(
    {
        "--config", "-c", "--require", "-r", "--import", "--loader", "--timeout", "-t", "--slow", "-s", "--ui", "-u",
        "--grep", "-g", "--fgrep", "-f", "--package", "--extension", "--file", "--ignore", "--exclude", "--retries",
        "--project", "--selectProjects", "--dir", "--root", "--rootDir", "--environment", "--env", "--testTimeout",
        "--pool", "--testPathIgnorePatterns", "--setupFiles", "--mode", "--spec", "--opts", "-n", "--node-option",
        "--reporter", "--reporters", "-R", "--outputFile", "--reporter-option", "--reporter-options", "--test-reporter",
        "--test-reporter-destination", "--conditions", "-C", "--env-file", "--experimental-loader",
    }
)  # fmt: skip
_MODES = frozenset({"run", "watch", "dev"})
_ANOTHER = re.compile(r"(?:npm|pnpm|yarn|bun)(?: run)?(?: -s| --silent)? (?P<name>[\w:.-]+)")
_SHELL = re.compile(r"[|<>$`;()]")
_NUMBER = re.compile(r"\d+%?")
_SET = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>.*)", re.DOTALL)
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Call:
    """How a script calls a program: its environment, the options, and what it names beside them."""

    env: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def package(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def section(package: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = package.get(name)
    return found if isinstance(found, dict) else {}


def script(package: Mapping[str, Any], name: str) -> str:
    found = section(package, "scripts").get(name, "")
    return found if isinstance(found, str) else ""


def call_of(package: Mapping[str, Any], program: str) -> Call:
    """How the test script calls a program, as far as that can be said without a shell."""
    calls = [call for part in _parts(package, "test") if (call := _call(part, program))]
    if not calls:
        return Call()
    places = dict.fromkeys(place for call in calls for place in call.places)
    return Call(calls[0].env, calls[0].options, tuple(places) if all(call.places for call in calls) else ())


def _parts(package: Mapping[str, Any], name: str, depth: int = 0) -> Iterator[str]:
    """The commands of a script, those of the scripts it runs among them."""
    for part in script(package, name).split("&&"):
        another = _ANOTHER.fullmatch(part.strip())
        if another and depth < _DEEPEST and script(package, another["name"]):
            yield from _parts(package, another["name"], depth + 1)
        else:
            yield part


def _call(part: str, program: str) -> Call | None:
    try:
        words = [] if _SHELL.search(part) else shlex.split(part)
    except ValueError:  # an open quote
        return None
    at = next((at for at, word in enumerate(words) if PurePosixPath(word).stem == program), None)
    if at is None:
        return None
    env = {match["name"]: match["value"] for word in words[:at] if (match := _SET.fullmatch(word))}
    options: list[str] = []
    places: list[str] = []
    rest = words[at + 1 :]
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            places.append(word)
            continue
        value = [rest.pop(0)] if rest and "=" not in word and (word in _VALUED or _NUMBER.fullmatch(rest[0])) else []
        if word.partition("=")[0] not in _REPLACED:
            options += [word, *value]
    if places and places[0] in _MODES:
        del places[0]
    return Call(env, tuple(options), tuple(places))
