"""JUnit XML, as far as tools agree on it: the cases that did not pass, and how many did.

It comes from an untrusted run: its size is bounded, and a document with entities of its own is refused.
"""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

SIZE_LIMIT = 32 << 20
CASE_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Case:
    """`kind` is "passed", "failure", "error" or "skipped"; `line` as the tool wrote it, whatever it counts from."""

    classname: str
    name: str
    kind: str
    file: str = ""
    line: int | None = None
    message: str = ""
    text: str = ""


def cases(document: str) -> list[Case] | None:
    """Every case of a document; None if it is not one. Some tools put cases outside of any suite."""
    if len(document) > SIZE_LIMIT or re.search(r"<!(DOCTYPE|ENTITY)", document[:4096]):
        return None
    try:
        root = ET.fromstring(document)  # noqa: S314 - bounded, and without entities: see above
    except ET.ParseError:
        return None
    if root.tag not in {"testsuites", "testsuite"}:
        return None
    return [case for element in list(root.iter("testcase"))[:CASE_LIMIT] for case in _read(element)]


def _read(element: ET.Element) -> list[Case]:
    """One case an entry; a test that fails and then fails to tear down has two."""
    line = element.get("line", "")
    common = {
        "classname": element.get("classname", ""),
        "name": element.get("name", ""),
        "file": element.get("file", ""),
        "line": int(line) if line.isdecimal() else None,
    }
    found = [
        Case(**common, kind=child.tag, message=child.get("message", ""), text=child.text or "")  # type: ignore[arg-type]
        for child in element
        if child.tag in {"failure", "error", "skipped"}
    ]
    return found or [Case(**common, kind="passed")]  # type: ignore[arg-type]
