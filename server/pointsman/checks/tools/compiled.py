"""Rust, Go, C and C++, and what builds and tests them."""

from pointsman.checks import detection, dialects, gotest, streams
from pointsman.checks.dialects import BYTES, DISPLAY
from pointsman.checks.outcomes import Exits
from pointsman.checks.readers import sarif_of, text, tool
from pointsman.checks.sections import sections

_RUST_TEST = sections(r"^---- (?P<test>.+?) (?:stdout|stderr) ----$", end=r"^failures:$|^test result:",
                      message=r"panicked at (?:'(?P<message>.*)', \S+|\S+:\n(?P<message2>.*))")  # fmt: skip

CARGO_CHECK = tool(
    "cargo check", {"cargo-json": streams.cargo, "text": text(dialects.RUSTC)}, detect=detection.CARGO_CHECK
)
CARGO_CLIPPY = tool("cargo clippy", {"cargo-json": streams.cargo, "text": text(dialects.RUSTC)})
CARGO_BUILD = tool("cargo build", {"cargo-json": streams.cargo, "text": text(dialects.RUSTC)})
CARGO_TEST = tool("cargo test", {"text": text(_RUST_TEST, dialects.RUSTC)}, detect=detection.CARGO_TEST)
CARGO_FMT = tool("cargo fmt", {"text": text(dialects.RUSTFMT, dialects.RUSTC)})
RUSTC = tool("rustc", {"cargo-json": streams.cargo, "text": text(dialects.RUSTC)})

_GO = dialects.plain(BYTES, suffix=r"\.go")
GO_BUILD = tool("go build", {"text": text(_GO), "go-build-json": gotest.read_json})
GO_VET = tool("go vet", {"go-vet-json": streams.go_vet, "text": text(_GO)}, detect=detection.GO_VET)
GO_TEST = tool("go test", {"go-test-json": gotest.read_json, "text": gotest.read_text}, detect=detection.GO_TEST)
GOFMT = tool("gofmt", {"text": text(*dialects.GOFMT)})

GCC = tool("gcc", {"text": text(*dialects.COMPILERS), "gcc-json": streams.gcc})
CLANG = tool("clang", {"text": text(dialects.gnu(BYTES), *dialects.COMPILERS), "sarif": sarif_of(BYTES)})
CLANG_TIDY = tool("clang-tidy", {"text": text(dialects.gnu(BYTES))})
CPPCHECK = tool("cppcheck", {"cppcheck-xml": streams.cppcheck, "text": text(*dialects.CPPCHECK)})
MAKE = tool("make", {"text": text(*dialects.COMPILERS)})
NINJA = tool("ninja", {"text": text(*dialects.COMPILERS)})
CMAKE = tool(
    "cmake",
    {"text": text(dialects.CMAKE, dialects.CMAKE_PARSE, dialects.gnu(DISPLAY), *dialects.LINKER, *dialects.MAKE)},
)
_GTEST = sections(
    r"^(?P<path>\S.*):(?P<line>\d+): Failure$|^unknown file: Failure$", end=r"^\[ +(?:FAILED|OK) +\]|^\[=+\]"
)
CTEST = tool("ctest", {"text": text(_GTEST)}, Exits(nothing=frozenset()))
GTEST = tool("googletest", {"gtest-json": streams.gtest, "text": text(_GTEST)})
ALL = (
    CARGO_CHECK, CARGO_CLIPPY, CARGO_BUILD, CARGO_TEST, CARGO_FMT, RUSTC, GO_BUILD, GO_VET, GO_TEST, GOFMT,
    GCC, CLANG, CLANG_TIDY, CPPCHECK, MAKE, NINJA, CMAKE, CTEST, GTEST,
)  # fmt: skip
