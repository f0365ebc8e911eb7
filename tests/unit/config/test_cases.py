"""What is found in config files: one file a case in tests/cases/config; UPDATE=1 rewrites what is expected.

A case has sections: `user` (the user's file, readable by the user alone unless a mode is named; an encoding may be
named), `workspace`, `editor` (settings as an editor sends them), `environ`, `prompt`
(with its file's name), and last `findings`.
"""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from pointsman.config import prompts
from pointsman.config.finding import CODES
from pointsman.config.load import WORKSPACE_FILE, load
from pointsman.text import Encoding, Snapshot

CASES = Path(__file__).parents[2] / "cases/config"
SECTION = re.compile(r"^--- (user|workspace|editor|environ|prompt|findings)(.*)\n", re.MULTILINE)
NAMES = sorted(path.stem for path in CASES.glob("*.case"))


def sections(text):
    parts = SECTION.split(text)[1:]
    return {name: (words.split(), body) for name, words, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)}


def write(path, words, body):
    encoding = next((word for word in words if not word.isdecimal()), "utf-8")
    path.write_bytes(body.encode(encoding))
    path.chmod(int(next((word for word in words if word.isdecimal()), "600"), 8))


def loaded(case, folder):
    user, workspace = folder / "config.json", folder / WORKSPACE_FILE
    if "user" in case:
        write(user, *case["user"])
    if "workspace" in case:
        write(workspace, *case["workspace"])
    if "prompt" in case:
        (name, *_), body = case["prompt"]
        (folder / "prompts").mkdir()
        write(folder / "prompts" / name, [], body)
    options = [json.loads(case["editor"][1])] if "editor" in case else []
    environ = dict(line.split("=", 1) for line in case.get("environ", ([], ""))[1].splitlines() if line)
    return load(user, [str(folder)], options, environ)


def shown(finding, folder):
    names = {str(folder / "config.json"): "USER", str(folder / WORKSPACE_FILE): "WORKSPACE"}
    names |= {str(file): "PROMPT" for file in prompts.overridden()}
    place = names.get(str(finding.path), "-")
    text = finding.path.read_bytes().decode("utf-8-sig", "replace") if finding.path else ""
    if finding.span:
        snapshot = Snapshot("", None, text)
        start, end = (snapshot.position(at, Encoding.UTF32) for at in (finding.span.start, finding.span.end))
        place += f" {start.line + 1}:{start.character + 1}-{end.line + 1}:{end.character + 1}"
    lines = [f"{place} {finding.severity} {finding.code}", f"  {finding.message}"]
    lines += [f"  {finding.hint}"] * bool(finding.hint)
    for fix in finding.fixes:
        lines += [f"  fix: {fix.title}: {text[fix.edit.span.start : fix.edit.span.end]} -> {fix.edit.new}"]
    found = "\n".join(lines)
    for path, name in names.items():
        found = found.replace(path, name)
    return found + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_findings(name, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr(prompts, "folder", lambda: tmp_path / "prompts")
    file = CASES / f"{name}.case"
    text = file.read_text("utf-8")
    result = loaded(sections(text), tmp_path)
    found = "".join(shown(finding, tmp_path) for finding in result.findings) or "none\n"
    head = text[: text.rindex("--- findings\n")] + "--- findings\n"
    if os.environ.get("UPDATE"):
        file.write_text(head + found, "utf-8")
    assert head + found == file.read_text("utf-8")


def test_every_code_has_a_case():
    seen = set()
    for name in NAMES:
        body = sections((CASES / f"{name}.case").read_text("utf-8"))["findings"][1]
        seen |= {line.split()[-1] for line in body.splitlines() if not line.startswith(" ")}
    assert set(CODES) <= seen
