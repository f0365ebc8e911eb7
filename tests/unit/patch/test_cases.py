"""The engine by cases: files, a reply, and what comes of it, with the receipt or the whole text the model is told.

A case is text in sections. `=== before PATH ===`, `=== base PATH ===` and `=== reply ===` are given, what follows
`=== expected ===` is made by `UPDATE=1`. A section's flags: [crlf] its lines end with CR LF, [open] the last has no
line end, [bom] it starts with a byte order mark, [json] what follows is a JSON string.
"""

import json
import os
import re
from pathlib import Path

import pytest

from pointsman.cli.apply_lines import answer
from pointsman.patch import contract
from pointsman.patch.codes import Code

FOLDER = Path(__file__).parents[2] / "cases" / "patch"
CASES = sorted(FOLDER.glob("*.case"))
MARK = "=== expected ===\n"
SECTION = re.compile(r"^=== (before|base|reply)(?: ([^\[\n]+?))?((?: \[\w+\])*) ===\n", re.MULTILINE)
FORMAT = re.compile(r"^=== format (\w+) ===\n", re.MULTILINE)


def sections(text):
    found = list(SECTION.finditer(text))
    for number, head in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        yield head[1], head[2] or "", content(text[head.end() : end], head[3])


def content(text, flags):
    if "[json]" in flags:
        return json.loads(text)
    if "[open]" in flags:
        text = text.removesuffix("\n")
    if "[crlf]" in flags:
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if "[bom]" in flags else text


def asked(given):
    request = {"id": 1, "before": {}, "base": {}, "patch": ""}
    if form := FORMAT.search(given):
        request["format"] = form[1]
    for kind, path, text in sections(given):
        if kind == "reply":
            request["patch"] = text
        else:
            request[kind][path] = text
    return request


def shown(said):
    if "error" in said:
        return f"error {said['error']['code']}\n{said['error']['message']}\n"
    parts = []
    for line in said["receipt"]:
        parts += [line["warning"]] if "warning" in line else ["{path} hunk {hunk} line {line}: {how}".format(**line)]
    for path, text in said["after"].items():
        if text is None:
            parts.append(f"--- {path} deleted")
            continue
        plain = all(char == "\n" or char.isprintable() or char == "\t" for char in text) and text.endswith("\n")
        parts += [f"--- {path}", text.removesuffix("\n") if plain else json.dumps(text, ensure_ascii=True)]
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case(case):
    given, _, expected = case.read_bytes().decode().partition(MARK)
    said = answer(json.dumps(asked(given)))
    if os.environ.get("UPDATE"):
        case.write_bytes((given + MARK + shown(said)).encode())
        return
    assert shown(said) == expected


def test_every_code_has_a_case_and_is_documented():
    told = {
        match[1] for case in CASES for match in re.finditer(r"^error (\w+)$", case.read_text("utf-8"), re.MULTILINE)
    }
    elsewhere = {Code.INTERNAL, Code.INPUT, Code.TOO_LARGE, Code.WHOLE_FILE, Code.LICENSE_HEADER}
    assert set(Code) - told == elsewhere, "these have tests of their own"
    page = (Path(__file__).parents[3] / "docs" / "patch-codes.md").read_text("utf-8")
    assert {match[1] for match in re.finditer(r"^\| `(\w+)` \|", page, re.MULTILINE)} == set(Code)


def test_without_the_second_reader_a_reply_with_two_meanings_would_be_taken(monkeypatch):
    case = (FOLDER / "two-readings.case").read_bytes().decode().partition(MARK)[0]
    assert answer(json.dumps(asked(case)))["error"]["code"] == Code.TWO_READINGS
    monkeypatch.setattr(contract, "contradiction", lambda *_args, **_keywords: None)
    assert "after" in answer(json.dumps(asked(case)))
