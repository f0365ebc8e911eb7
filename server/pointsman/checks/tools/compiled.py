"""Rust, Go, C and C++, and what builds and tests them."""

import re
from dataclasses import replace

from pointsman.checks import dialects, events, findings_xml, gotest, gtest, spans
from pointsman.checks.dialects import BYTES, DISPLAY
from pointsman.checks.matchers import Matcher, row
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import Reader, first, sarif_of, text, tool
from pointsman.checks.sections import Sections, sections
from pointsman.checks.tool import Output
from pointsman.terms import Problem

_RUST_TEST = sections(r"^---- (?P<test>.+?) (?:stdout|stderr) ----$", end=r"^failures:$|^test result:",
                      message=r"panicked at (?:'(?P<message>.*)', \S+|\S+:\n(?P<message2>.*))")  # fmt: skip

_RUST_ENDS = (
    row(r"^(?P<severity>error): (?P<message>linking with .+ failed.*)$"),
    row(r"^\s+(?P<message>process didn't exit successfully: .+ \(signal: .+)$"),
    row(r"^  thread '[^']*'(?: \(\d+\))? panicked at (?P<path>[^:]+):(?P<line>\d+):(?P<column>\d+):$", r"^  (?P<message>.+)$"),
)  # fmt: skip
"""The linker, a crash, and what a build script says."""
_BLOCK = re.compile(
    r"^(?P<level>error|warning): (?P<message>.+)\n(?P<rest> +--> .+\n(?:(?!error|warning).+\n)*)", re.MULTILINE
)
_LINT = re.compile(
    r"`#\[\w+\((?P<code>[\w:]+)\)\]`|`-[DWF] (?P<code2>[\w:-]+)`|rust-clippy/\S+#(?P<code3>\w+)$", re.MULTILINE
)


def _rust(*rows: Matcher | Sections) -> Reader:
    """The text of rustc, which names a lint in the notes after its finding."""
    plain = text(*rows, *_RUST_ENDS, *dialects.RUSTC)

    def coded(match: re.Match[str]) -> str:
        lint = _LINT.search(match["rest"])
        if lint is None:
            return match[0]
        code = f"clippy::{lint['code3']}" if lint["code3"] else (lint["code"] or lint["code2"]).replace("-", "_")
        return f"{match['level']}[{code}]: {match['message']}\n{match['rest']}"

    def read(name: str, output: Output) -> list[Problem]:
        run = output.run
        told = replace(run, stdout=_BLOCK.sub(coded, run.stdout), stderr=_BLOCK.sub(coded, run.stderr))
        return _doctests(plain(name, replace(output, run=told)))

    return read


def _doctests(found: list[Problem]) -> list[Problem]:
    """One that does not compile is told by the compiler too, which knows where."""
    placed = {each.message: each for each in found if each.path}
    for each in [each for each in found if each.test and not each.path]:
        compiled = placed.get(re.sub(r"^error(?:\[\w+\])?: ", "", each.message))
        if compiled:
            found = [
                replace(other, test=each.test) if other is compiled else other for other in found if other is not each
            ]
    return found


CARGO_CHECK = tool("cargo check", {"cargo-json": spans.cargo, "text": _rust()})
CARGO_CLIPPY = tool("cargo clippy", {"cargo-json": spans.cargo, "text": _rust()})
CARGO_BUILD = tool("cargo build", {"cargo-json": spans.cargo, "text": _rust()})
CARGO_TEST = tool("cargo test", {"text": _rust(_RUST_TEST)})
CARGO_FMT = tool("cargo fmt", {"text": _rust(dialects.RUSTFMT)})
RUSTC = tool("rustc", {"cargo-json": spans.cargo, "text": _rust()})

_GO = (
    dialects.plain(BYTES, suffix=r"\.go"),
    row(r"^\s+imports (?P<message>.+: import cycle not allowed.*)$"),
)
GO_BUILD = tool("go build", {"text": text(*_GO), "go-build-json": gotest.read_json})
GO_VET = tool("go vet", {"go-vet-json": first(spans.go_vet, text(*_GO)), "text": text(*_GO)})
GO_TEST = tool("go test", {"go-test-json": gotest.read_json, "text": gotest.read_text})
GOFMT = tool("gofmt", {"text": text(*dialects.GOFMT)})

_SANITIZED = sections(r"^==\d+==\s*ERROR: (?P<message>(?P<code>\w+Sanitizer): .+)$", end=r"^SUMMARY: ")
GCC = tool("gcc", {"text": text(*dialects.COMPILERS), "gcc-json": spans.gcc})
CLANG = tool(
    "clang",
    {
        "text": text(*dialects.parenthesized(BYTES), dialects.gnu(BYTES), *dialects.COMPILERS),
        "sarif": sarif_of(BYTES, notes=True),
    },
)
CLANG_TIDY = tool("clang-tidy", {"text": text(dialects.gnu(BYTES))})
CPPCHECK = tool("cppcheck", {"cppcheck-xml": findings_xml.cppcheck, "text": text(*dialects.CPPCHECK)})
MAKE = tool("make", {"text": first(text(_SANITIZED, *dialects.COMPILERS), text(dialects.RECIPE))})
NINJA = tool("ninja", {"text": text(_SANITIZED, *dialects.COMPILERS)})
CMAKE = tool(
    "cmake",
    {"text": text(dialects.CMAKE, dialects.CMAKE_PARSE, dialects.gnu(DISPLAY), *dialects.LINKER, *dialects.MAKE)},
)
CTEST = tool("ctest", {"text": first(gtest.ctest, text())}, Exits(nothing=frozenset()))
GTEST = tool("googletest", {"gtest-json": events.gtest, "text": first(gtest.read, text())})
ALL = (
    CARGO_CHECK, CARGO_CLIPPY, CARGO_BUILD, CARGO_TEST, CARGO_FMT, RUSTC, GO_BUILD, GO_VET, GO_TEST, GOFMT,
    GCC, CLANG, CLANG_TIDY, CPPCHECK, MAKE, NINJA, CMAKE, CTEST, GTEST,
)  # fmt: skip
