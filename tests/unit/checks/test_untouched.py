"""Whatever a tool writes, the user's tree is the same before and after: content, mode and time of every file.

One test for each tool there is a reader or a fixer for. One that is not on this machine is skipped by name.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pointsman.checks.shadow.choose import Shadow
from pointsman.checks.toolchain import login_path
from pointsman.checks.tools import TOOLS
from pointsman.terms import Command
from support.projects import fingerprint, write

FILES = {
    "pyproject.toml": "[tool.mypy]\n[tool.ruff.lint]\nselect = ['F']\n",
    "app.py": "import os\nx   = {'a':1}\n",
    "test_app.py": "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self): pass\n",
    "package.json": '{"name": "app", "jest": {}}\n',
    "app.js": "let a  =  1\nmodule.exports = {a}\n",
    "app.test.js": "test('a', () => {})\n",
    "app.spec.mjs": "import { test } from 'vitest'\ntest('a', () => {})\n",
    "node.test.mjs": "import test from 'node:test'\ntest('a', () => {})\n",
    "test/app.js": "it('a', () => {})\n",
    "test/app.bats": '@test "a" { true; }\n',
    "test/test_app.rb": "require 'minitest/autorun'\nclass A < Minitest::Test; def test_a; end; end\n",
    "eslint.config.js": "module.exports = [{ rules: { 'prefer-const': 'error' } }]\n",
    "biome.json": "{}\n",
    "tsconfig.json": '{"compilerOptions": {"incremental": true, "types": []}, "include": ["app.ts"]}\n',
    "app.ts": "export const a: number = 1\n",
    "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": 'fn main() { let a = 1;  println!("{}", a); return; }\n#[test]\nfn t() {}\n',
    "go.mod": "module app\n\ngo 1.18\n",
    "main.go": "package main\nfunc main() {  }\n",
    "main_test.go": 'package main\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n',
    "c/main.c": "int main(void) { return 0; }\n",
    "c/Makefile": "main: main.c\n\tcc main.c -o main\n",
    "c/CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(p C)\nenable_testing()\n"
    "add_executable(p main.c)\nadd_test(a p)\n",
    "c/build.ninja": "rule cc\n  command = cc $in -o $out\nbuild main: cc main.c\n",
    "c/t.cc": "#include <gtest/gtest.h>\nTEST(A, b) {}\n",
    "A.java": "class A { }\n",
    "checks.xml": '<?xml version="1.0"?><!DOCTYPE module PUBLIC "-//Checkstyle//DTD Checkstyle Configuration 1.3//EN" '
    '"https://checkstyle.org/dtds/configuration_1_3.dtd"><module name="Checker"/>\n',
    "pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId>"
    "<version>1</version></project>\n",
    "build.gradle": "apply plugin: 'java'\n",
    "app.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>\n',
    "app.rb": 'x = "a"\n',
    "spec/app_spec.rb": "RSpec.describe('a') { it('b') {} }\n",
    "app.php": "<?php echo 1;\n",
    "tests/AppTest.php": "<?php class AppTest extends PHPUnit\\Framework\\TestCase { function testA() { "
    "$this->assertTrue(true); } }\n",
    "app.sh": "#!/bin/sh\necho $1\n",
    "app.lua": "local x = 1\n",
    "spec/app_spec.lua": "describe('a', function() it('b', function() end) end)\n",
    "app.pl": "use strict; print 1;\n",
    "t/app.t": "use Test::More tests => 1; ok(1);\n",
    "app.yaml": "a:   1\n",
}
CALLS = {
    "ruff": "ruff check --fix . ; ruff format .",
    "mypy": "mypy app.py",
    "pyright": "pyright app.py",
    "ty": "ty check",
    "pyrefly": "pyrefly check app.py",
    "flake8": "flake8 --tee --output-file=out.txt",
    "pylint": "pylint app.py",
    "bandit": "bandit -r . -o out.json -f json",
    "black": "black .",
    "isort": "isort .",
    "compileall": "python -m compileall -f .",
    "python": 'python -c \'open("app.py", "a").write("x")\'',
    "unittest": "python -m unittest",
    "pytest": "python -m pytest -q --junitxml=out.xml test_app.py",
    "tsc": "tsc -p .",
    "eslint": "eslint --fix --cache .",
    "biome": "biome check --write .",
    "oxlint": "oxlint --fix .",
    "prettier": "prettier --write .",
    "jest": "jest --ci --coverage app.test.js",
    "vitest": "vitest run app.spec.mjs",
    "mocha": "mocha test/app.js",
    "node": 'node --test node.test.mjs; node -e \'require("fs").writeFileSync("app.js", "")\'',
    "npm": "npm pkg set name=other",
    "cargo check": "cargo check --offline",
    "cargo clippy": "cargo clippy --fix --allow-no-vcs --allow-dirty --offline",
    "cargo build": "cargo build --offline",
    "cargo test": "cargo test --offline",
    "cargo fmt": "cargo fmt",
    "rustc": "rustc src/main.rs",
    "go build": "go build -o out main.go",
    "go vet": "go vet .",
    "go test": "go test -coverprofile=out .",
    "gofmt": "gofmt -w main.go",
    "gcc": "gcc c/main.c -o out",
    "clang": "clang c/main.c -o out",
    "clang-tidy": "clang-tidy --fix c/main.c --",
    "cppcheck": "cppcheck --cppcheck-build-dir=. c",
    "make": "make -C c",
    "ninja": "ninja -C c",
    "cmake": "cmake -S c -B out",
    "ctest": "cmake -S c -B out && cmake --build out && ctest --test-dir out",
    "googletest": "c++ c/t.cc -lgtest -lgtest_main -lpthread -o out && ./out --gtest_output=xml:out.xml",
    "javac": "javac A.java",
    "maven": "mvn -o -q package",
    "gradle": "gradle --offline --no-daemon build",
    "checkstyle": "checkstyle -c checks.xml -o out.xml A.java",
    "dotnet": "dotnet build --no-restore",
    "msbuild": "msbuild app.csproj",
    "ruby": "ruby -e 'File.write(%q(app.rb), %q())'",
    "rubocop": "rubocop -a .",
    "rspec": "rspec --only-failures; rspec -o out.txt",
    "minitest": "ruby test/test_app.rb",
    "phpunit": "phpunit --log-junit out.xml tests",
    "php": 'php -l app.php; php -r \'file_put_contents("app.php", "");\'',
    "shellcheck": "shellcheck app.sh",
    "bash": "bash -n app.sh; bash -c 'echo >> app.sh; touch -d 2001-01-01 app.py; chmod 777 app.js'",
    "bats": "bats -o . --report-formatter junit test/app.bats",
    "luacheck": "luacheck --cache .luacheckcache app.lua",
    "busted": "busted -o junit -Xoutput out.xml spec/app_spec.lua",
    "perl": "perl -pi -e 's/y/z/' app.py",
    "prove": "prove --state=save t",
    "yamllint": "yamllint .",
}
READERS = frozenset({
    "pyright", "ty", "pyrefly", "pylint", "unittest", "oxlint", "mocha", "go vet", "maven", "dotnet", "msbuild",
    "minitest", "shellcheck", "yamllint",
})  # fmt: skip
"""Those that may write nothing in these calls; of all others it is certain that they wrote."""
LIBRARIES = {"googletest": "echo '#include <gtest/gtest.h>' | c++ -E -x c++ -"}
"""What tells whether a tool is here that is no program."""
STATE = "find . -type f -exec cksum {} + | sort"


def test_every_tool_has_its_call():
    assert CALLS.keys() == TOOLS.keys()


def missing(tool, path):
    program = CALLS[tool].split()[0]
    if shutil.which(program, path=path) is None:
        return program
    library = LIBRARIES.get(tool, "true")
    return tool if subprocess.run(library, shell=True, capture_output=True, check=False).returncode else ""


@pytest.mark.parametrize("tool", CALLS)
async def test_no_tool_changes_the_users_tree(tmp_path, tool):
    call = CALLS[tool]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], login_path()])
    if lacking := missing(tool, path):
        pytest.skip(f"{lacking} is not installed")
    root = write(tmp_path / "project", FILES)
    before = fingerprint(root)
    script = f'before=$({STATE})\n{call}\necho; [ "$before" = "$({STATE})" ] || echo it wrote'
    command = Command(("/bin/sh", "-c", script), str(root), {"PATH": path})
    run = await Shadow(tmp_path / "cache").run(str(root), {"app.py": b"import sys\nimport os\ny   = 1\n"}, command)
    assert fingerprint(root) == before
    assert not run.trouble, run
    assert run.stdout.endswith("it wrote\n") or tool in READERS, run
