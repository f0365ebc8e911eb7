"""Run the real tool of a case again: `python -m support.capture_checks NAME...` from tests/.

A case holds the project, the call, what came out, and what must be read from it. A new one is begun as a file with
`tool`, `format`, `argv` and `files`, and where it needs them `setup` (a command before), `wanted` (reports it writes),
`env`, `merged` (both streams in one) and `modules` (a link to node_modules). Then it is captured, read with
`UPDATE=1 pytest tests/unit/checks/test_parse.py`, and what was read is compared with what the tool wrote, by hand.

Programs are looked for beside this Python, in the directories of POINTSMAN_TOOLS, and on PATH. Paths of this machine
are replaced.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from pointsman.checks import environment
from pointsman.checks.tool import plain
from support.projects import write

CASES = Path(__file__).resolve().parents[1] / "cases" / "checks"
PLUGIN = Path(environment.__file__).parent / "injected"
BIN = Path(os.path.normpath(sys.prefix)) / "bin"
TOOLS = [place for place in os.environ.get("POINTSMAN_TOOLS", "").split(os.pathsep) if place]
VERSIONS = {
    "cargo build": "cargo --version",
    "cargo check": "cargo --version",
    "cargo clippy": "cargo clippy --version",
    "cargo fmt": "rustfmt --version",
    "cargo test": "cargo --version",
    "clang": "clang-19 --version",
    "clang-tidy": "clang-tidy-19 --version",
    "go build": "go version",
    "go test": "go version",
    "go vet": "go version",
    "gofmt": "go version",
    "googletest": "dpkg-query -W -f ${Version} libgtest-dev",
    "javac": "javac -version",
    "maven": "mvn --version",
    "minitest": "gem list -e minitest",
    "node --test": "node --version",
    "perl": "perl -MConfig -e 'print qq(perl $Config{version})'",
    "ruff format": "ruff --version",
    "sh": "dpkg-query -W -f ${Version} dash",
    "unittest": "python --version",
    "compileall": "python --version",
}
FIELDS = ("tool", "version", "format", "argv", "setup", "wanted", "env", "merged", "modules", "root", "exit_code")


def capture(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        root, artefacts = Path(folder, "project").resolve(), Path(folder, "out").resolve()
        artefacts.mkdir()
        write(root, case["files"])
        if case.get("modules"):
            (root / "node_modules").symlink_to(next(Path(place).parent for place in TOOLS if "node_modules" in place))
        env = _environment(case, artefacts)
        if case.get("setup"):
            subprocess.run(case["setup"], shell=True, cwd=root, env=env, capture_output=True, check=False)
        words = [word.replace(environment.ARTEFACTS, str(artefacts)) for word in case["argv"]]
        errors = subprocess.STDOUT if case.get("merged") else subprocess.PIPE
        done = subprocess.run(words, cwd=root, env=env, stdout=subprocess.PIPE, stderr=errors, check=False)
        reports = [*artefacts.iterdir(), *(found for each in case.get("wanted", ()) for found in root.glob(each))]
        found = {place.name: place.read_text("utf-8", "replace") for place in sorted(reports)}
        ask = shlex.split(VERSIONS.get(case["tool"], f"{case['tool']} --version"))
        version = subprocess.run(ask, env=env, capture_output=True, check=False)
        said = _neutral((version.stdout or version.stderr).decode(), {})
        case |= {
            "version": next(line for line in plain(said).splitlines() if re.search(r"\d", line)).strip(),
            "root": "/project",
            "exit_code": done.returncode,
        }
        names = {str(root): "/project", str(artefacts): "/artefacts"}
        told = {"stdout": done.stdout, "stderr": done.stderr or b""}
        told = {name: _neutral(text.decode("utf-8", "replace"), names) for name, text in told.items()}
        texts = {"artefacts": {name: _neutral(text, names) for name, text in found.items()}, "files": case["files"]}
    kept = {name: case[name] for name in FIELDS if name in case}
    path.write_text(json.dumps(kept | told | texts, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _environment(case: dict[str, Any], artefacts: Path) -> dict[str, str]:
    extra = {"PATH": os.pathsep.join([str(BIN), *TOOLS, os.environ["PATH"]]), **case.get("env", {})}
    if case["format"] == "pytest-lines":
        extra |= {"PYTHONPATH": str(PLUGIN), "POINTSMAN_REPORT": f"{artefacts}/pytest.jsonl"}
    return environment.clean(extra=extra)


def _neutral(text: str, names: dict[str, str]) -> str:
    names = names | {
        sysconfig.get_path("purelib"): "/venv/site-packages",
        sysconfig.get_path("stdlib"): "/python/lib",
        str(BIN.parent): "/venv",
        sys.base_prefix: "/python",
        **{str(Path(place).parent): "/tools" for place in TOOLS},
    }
    for here, there in sorted(names.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(here, there) if len(here) > len("/usr") else text
    text = re.sub(r"(\.\./)+\S*site-packages", "/venv/site-packages", text)
    return re.sub(r'hostname="[^"]*"', 'hostname="host"', text)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        capture(CASES / f"{wanted}.json")
