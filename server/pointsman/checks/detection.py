"""How most tools are found: by a file that only their users have, and a program to run. One row each.

A sign is a file's name, or `name:text`, where the file must hold the text at the start of a line.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pointsman.checks.tool import Check, Project, Stage


@dataclass(frozen=True, slots=True)
class Detection:
    """`program` and `arguments` are what is called; with `suffixes`, the changed files with these follow.

    `everything` follows where no file is named, for a tool that wants to be told.
    """

    stage: Stage
    program: str
    arguments: tuple[str, ...]
    signs: tuple[str, ...]
    format: str
    suffixes: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 300.0
    everything: tuple[str, ...] = ()


def detect(tool: str, row: Detection) -> Callable[[Project], Check | None]:
    def found(project: Project) -> Check | None:
        signs = [sign for sign in row.signs if _has(project, sign)]
        program = project.toolchain.program(row.program) if signs else None
        if program is None:
            return None
        names = tuple(dict.fromkeys(project.path(sign.partition(":")[0]) for sign in signs))
        return Check(
            name=tool,
            tool=tool,
            stage=row.stage,
            argv=(program.path, *row.arguments),
            folder=project.folder,
            why=f"there is {signs[0].replace(':', ' with ')}; {row.program} is {program.why}",
            format=row.format,
            config=names,
            suffixes=row.suffixes,
            env=row.env,
            timeout=row.timeout,
            everything=row.everything,
        )

    return found


def _has(project: Project, sign: str) -> bool:
    name, _, text = sign.partition(":")
    if not text:
        return project.has(name)
    return re.search(rf"^{re.escape(text)}", project.text(name), re.MULTILINE) is not None


_GO = {"GOCACHE": "/tmp/go-build", "GOFLAGS": "-mod=mod", "GOPROXY": "off"}  # noqa: S108 - the check's own, private /tmp
_CARGO = ("--offline", "--quiet")

MYPY = detect(
    "mypy",
    Detection(
        Stage.TYPES,
        "mypy",
        ("--output", "json", "--cache-dir", "/dev/null"),
        ("mypy.ini", ".mypy.ini", "pyproject.toml:[tool.mypy", "setup.cfg:[mypy"),
        "mypy-json",
        (".py", ".pyi"),
        everything=(".",),
    ),
)
TSC = detect("tsc", Detection(Stage.TYPES, "tsc", ("--noEmit", "--pretty", "false"), ("tsconfig.json",), "text"))
ESLINT = detect(
    "eslint",
    Detection(
        Stage.LINT,
        "eslint",
        ("-f", "json"),
        ("eslint.config.js", "eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts"),
        "eslint-json",
        (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx"),
    ),
)
SHELLCHECK = detect(
    "shellcheck",
    Detection(Stage.LINT, "shellcheck", ("-f", "json1"), (".shellcheckrc",), "shellcheck-json", (".sh", ".bash")),
)
CARGO_CHECK = detect(
    "cargo check",
    Detection(
        Stage.BUILD,
        "cargo",
        ("check", "--all-targets", "--message-format=json", "--offline"),
        ("Cargo.toml",),
        "cargo-json",
    ),
)
CARGO_TEST = detect(
    "cargo test", Detection(Stage.TEST, "cargo", ("test", "--no-fail-fast", *_CARGO), ("Cargo.toml",), "text")
)
GO_VET = detect("go vet", Detection(Stage.BUILD, "go", ("vet", "./..."), ("go.mod",), "text", env=_GO))
GO_TEST = detect(
    "go test", Detection(Stage.TEST, "go", ("test", "-json", "./..."), ("go.mod",), "go-test-json", env=_GO)
)
