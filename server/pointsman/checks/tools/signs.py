"""By which files each tool is found in a project, and how it is called then: one row each.

Tools write their reports into the place for them, where they can: what a test prints is no report.
"""

from collections.abc import Mapping

from pointsman.checks import related
from pointsman.checks.detection import Detection
from pointsman.checks.environment import ARTEFACTS
from pointsman.checks.tool import Stage

_GO = {"GOPROXY": "off"}
_CARGO = ("--offline", "--quiet")
_JS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")
_PY = (".py", ".pyi")
_C = (".c", ".cc", ".cpp", ".cxx")
_STYLED = (*_JS, ".css", ".scss", ".json", ".md", ".yaml", ".yml", ".html", ".vue")
_EVERYTHING = (".",)
_MYPY = ("pyproject.toml:[tool.mypy", "mypy.ini:[mypy", ".mypy.ini:[mypy", "setup.cfg:[mypy")
_MAVEN = ("-B", "-o", "-ntp", "-Dstyle.color=never", "-DtrimStackTrace=false")
_BUNDLE = ("Gemfile", ("bundle", "exec"))


def _built(name: str) -> tuple[str, ...]:
    """A file that a project's own configuring leaves, where builds are made by habit."""
    return (f"build/{name}", name, f"*/{name}", f"build/*/{name}", f"out/*/{name}")


FOUND: Mapping[str, Detection] = {
    "mypy": Detection(
        Stage.TYPES, "mypy", ("--output", "json"),
        ("mypy.ini", ".mypy.ini", "pyproject.toml:[tool.mypy", "setup.cfg:[mypy"), "mypy-json", _PY, everything=_EVERYTHING,
        told=tuple(f"{config}]{key}" for config in _MYPY for key in ("files", "packages", "modules")),
    ),
    "pyright": Detection(
        Stage.TYPES, "pyright", ("--outputjson",), ("pyrightconfig.json", "pyproject.toml:[tool.pyright"), "pyright-json", _PY,
    ),
    "ty": Detection(
        Stage.TYPES, "ty", ("check", "--output-format", "concise"), ("ty.toml", "pyproject.toml:[tool.ty"), "text", _PY,
    ),
    "pyrefly": Detection(
        Stage.TYPES, "pyrefly", ("check", "--output-format", "json"), ("pyrefly.toml", "pyproject.toml:[tool.pyrefly"),
        "pyrefly-json", _PY,
    ),
    "flake8": Detection(Stage.LINT, "flake8", (), (".flake8", "setup.cfg:[flake8]", "tox.ini:[flake8]"), "text", _PY,
                        everything=_EVERYTHING),
    "pylint": Detection(
        Stage.LINT, "pylint", ("--output-format=json2",), (".pylintrc", "pylintrc", "pyproject.toml:[tool.pylint"),
        "pylint-json2", _PY, everything=("--recursive=y", "."),
    ),
    "bandit": Detection(
        Stage.LINT, "bandit", ("-q", "-f", "json"), (".bandit", "pyproject.toml:[tool.bandit"), "bandit-json", _PY,
        everything=("-r", "."),
    ),
    "black": Detection(Stage.LINT, "black", ("--check",), ("pyproject.toml:[tool.black",), "text", _PY, everything=_EVERYTHING),
    "tsc": Detection(Stage.TYPES, "tsc", ("--noEmit", "--pretty", "false"), ("tsconfig.json",), "text"),
    "eslint": Detection(
        Stage.LINT, "eslint", ("-f", "json"), ("eslint.config.*", ".eslintrc*", "package.json#eslintConfig"), "eslint-json",
        _JS, everything=_EVERYTHING,
    ),
    "biome": Detection(
        Stage.LINT, "biome", ("check", "--reporter=json", "--no-errors-on-unmatched"), ("biome.json", "biome.jsonc"),
        "biome-json", (*_JS, ".json", ".css"),
    ),
    "oxlint": Detection(Stage.LINT, "oxlint", ("-f", "json"), (".oxlintrc.json", "package.json#oxlint"), "oxlint-json", _JS),
    "prettier": Detection(
        Stage.LINT, "prettier", ("--check", "--ignore-unknown"),
        (".prettierrc*", "prettier.config.*", "package.json#prettier"), "text", _STYLED, everything=_EVERYTHING,
    ),
    "jest": Detection(
        Stage.TEST, "jest", ("--ci", "--json", "--testLocationInResults", f"--outputFile={ARTEFACTS}/jest.json"),
        ("jest.config.*", "package.json#jest"), "jest-json",
        narrow=lambda argv: related.by_changes((*argv, "--passWithNoTests", "--findRelatedTests"), _JS), scripted=True,
    ),
    "vitest": Detection(
        Stage.TEST, "vitest", ("run", "--reporter=json", f"--outputFile={ARTEFACTS}/vitest.json"),
        ("vitest.config.*", "package.json#vitest"), "vitest-json",
        narrow=lambda argv: related.by_changes((argv[0], "related", "--passWithNoTests", *argv[1:]), _JS), scripted=True,
    ),
    "mocha": Detection(
        Stage.TEST, "mocha", ("--reporter", "json"), (".mocharc.*", "package.json#mocha"), "mocha-json",
        narrow=lambda argv: related.by_files(argv, _JS), scripted=True,
    ),
    "node": Detection(
        Stage.TEST, "node", ("--test", "--test-reporter=tap"), ("package.json#node --test",), "tap",
        narrow=lambda argv: related.by_files(argv, _JS), scripted=True,
    ),
    "shellcheck": Detection(
        Stage.LINT, "shellcheck", ("-f", "json1"), (".shellcheckrc",), "shellcheck-json", (".sh", ".bash")
    ),
    "yamllint": Detection(
        Stage.LINT, "yamllint", ("-f", "parsable"), (".yamllint", ".yamllint.yaml", ".yamllint.yml"), "text",
        (".yaml", ".yml"), everything=_EVERYTHING,
    ),
    "cargo fmt": Detection(Stage.LINT, "cargo", ("fmt", "--check"), ("rustfmt.toml", ".rustfmt.toml"), "text"),
    "cargo check": Detection(
        Stage.BUILD, "cargo", ("check", "--all-targets", "--message-format=json", "--offline"), ("Cargo.toml",), "cargo-json"
    ),
    "cargo clippy": Detection(
        Stage.LINT, "cargo", ("clippy", "--all-targets", "--message-format=json", "--offline"),
        ("clippy.toml", ".clippy.toml", "Cargo.toml:[lints.clippy", "Cargo.toml:[workspace.lints.clippy"), "cargo-json",
    ),
    "cargo test": Detection(Stage.TEST, "cargo", ("test", "--no-fail-fast", *_CARGO), ("Cargo.toml",), "text"),
    "gofmt": Detection(Stage.LINT, "gofmt", ("-l",), ("go.mod",), "text", (".go",), everything=_EVERYTHING),
    "go vet": Detection(Stage.BUILD, "go", ("vet", "./..."), ("go.mod",), "text", env=_GO),
    "go test": Detection(
        Stage.TEST, "go", ("test", "-json", "./..."), ("go.mod",), "go-test-json", env=_GO,
        narrow=lambda argv: related.by_folders(argv[:-1], ".go"),
    ),
    "clang-tidy": Detection(
        Stage.LINT, "clang-tidy", ("--quiet", "-p", "{there}"), (".clang-tidy",), "text", _C,
        also=_built("compile_commands.json"),
    ),
    "cmake": Detection(Stage.BUILD, "cmake", ("--build", "{there}"), ("CMakeLists.txt",), "text", also=_built("CMakeCache.txt")),
    "ctest": Detection(
        Stage.TEST, "ctest", ("--test-dir", "{there}", "--output-on-failure"), ("CMakeLists.txt",), "text",
        also=_built("CTestTestfile.cmake"),
    ),
    "make": Detection(Stage.TEST, "make", ("-k", "test"), ("Makefile:test:", "makefile:test:", "GNUmakefile:test:"), "text",
                      instead=True),
    "maven": Detection(Stage.TEST, "mvn", (*_MAVEN, "test"), ("pom.xml",), "text", timeout=600),
    "gradle": Detection(
        Stage.TEST, "gradle", ("--offline", "--no-daemon", "--console=plain", "--continue", "test"),
        ("build.gradle", "build.gradle.kts"), "text", timeout=600,
    ),
    "rubocop": Detection(
        Stage.LINT, "rubocop", ("--format", "json", "--cache", "false", "--force-exclusion"), (".rubocop.yml",),
        "rubocop-json", (".rb", ".rake", ".gemspec"), through=_BUNDLE,
    ),
    "rspec": Detection(
        Stage.TEST, "rspec", ("--format", "json", "--out", f"{ARTEFACTS}/rspec.json"), (".rspec", "spec/spec_helper.rb"),
        "rspec-json", through=_BUNDLE, narrow=lambda argv: related.by_files(argv, ("_spec.rb",)),
    ),
    "minitest": Detection(
        Stage.TEST, "rake", ("test",), ("test/test_helper.rb", "test/helper.rb"), "text", also=("Rakefile",), through=_BUNDLE
    ),
    "phpunit": Detection(
        Stage.TEST, "phpunit", ("--log-junit", f"{ARTEFACTS}/phpunit.xml"), ("phpunit.xml", "phpunit.xml.dist"), "junit-xml"
    ),
    "luacheck": Detection(
        Stage.LINT, "luacheck", ("--no-color", "--formatter", "plain", "--codes", "--ranges"), (".luacheckrc",), "text",
        (".lua",), everything=_EVERYTHING,
    ),
    "busted": Detection(Stage.TEST, "busted", ("-o", "json"), (".busted",), "busted-json"),
    "bats": Detection(
        Stage.TEST, "bats", ("--tap", "test"), ("test/*.bats", "test/test_helper.bash", "test/test_helper"), "tap",
        narrow=lambda argv: related.by_files(argv[:-1], (".bats",)),
    ),
    "prove": Detection(Stage.TEST, "prove", ("-l", "-r", "t"), ("Makefile.PL", "Build.PL", "cpanfile", "dist.ini"), "text",
                       also=("t",)),
    "dotnet": Detection(
        Stage.TEST, "dotnet", ("test", "--nologo", "--no-restore"), ("*.sln", "*.slnx", "*.csproj", "*.fsproj"), "text",
        timeout=600,
    ),
    "npm": Detection(Stage.TEST, "npm", ("test", "--silent"), ("package.json#scripts.test",), "", instead=True),
}  # fmt: skip
