"""Real projects of many languages, checked by their real tools: what is found, and that no file of the user changes."""

import asyncio
import json
import shutil
from dataclasses import dataclass

import pytest

from support.projects import fingerprint, write
from support.shell import pointsman


@dataclass(frozen=True)
class Language:
    """A project with trouble, and where it is: `check path:line` for each problem."""

    programs: tuple[str, ...]
    files: dict[str, str]
    path: str
    expected: set[str]
    setup: tuple[str, ...] = ()


LANGUAGES = {
    "javascript": Language(
        ("node",),
        {
            "package.json": '{"type": "module", "scripts": {"test": "node --test"}}\n',
            "sum.js": "export const sum = (a, b) => a - b;\n",
            "sum.test.js": "import assert from 'node:assert';\nimport { test } from 'node:test';\n"
            "import { sum } from './sum.js';\n\ntest('adds', () => {\n  assert.strictEqual(sum(1, 2), 3);\n});\n",
        },
        "sum.js",
        {"node sum.test.js:6"},
    ),
    "go": Language(
        ("go", "gofmt"),
        {
            "go.mod": "module demo\n\ngo 1.18\n",
            "calc/calc.go": 'package calc\n\nimport "fmt"\n\n// Add adds.\nfunc Add(a, b int) int {\n'
            '\tfmt.Printf("%s\\n", a)\n\treturn a - b\n}\n',
            "calc/ugly.go": "package calc\n\nvar  One = 1\n",
        },
        "calc",
        {"go vet calc/calc.go:7", "go test calc/calc.go:7", "gofmt calc/ugly.go:None"},
    ),
    "rust": Language(
        ("cargo",),
        {
            "Cargo.toml": '[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2021"\n',
            "src/lib.rs": 'pub fn add(a: i32, b: i32) -> i32 {\n    let é: i32 = "😀";\n    a - b\n}\n',
        },
        "src/lib.rs",
        {"cargo check src/lib.rs:2", "cargo test src/lib.rs:2"},
    ),
    "c": Language(
        ("make", "cc"),
        {
            "Makefile": "test: main\n\t./main\nmain: main.c\n\t$(CC) -Wall -o main main.c\n",
            "main.c": 'int main(void) {\n    int unused;\n    return "no";\n}\n',
        },
        "main.c",
        {"make main.c:2", "make main.c:3"},
    ),
    "shell": Language(
        ("shellcheck", "bats"),
        {
            ".shellcheckrc": "",
            "run.sh": "#!/bin/sh\nfor f in $(ls); do echo $f; done\n",
            "test/run.bats": '@test "runs" {\n  false\n}\n',
        },
        "run.sh",
        {"shellcheck run.sh:2", "bats test/run.bats:2"},
    ),
    "ruby": Language(
        ("rspec",),
        {
            ".rspec": "--color\n",
            "lib/calc.rb": "def add(a, b)\n  a.nope(b)\nend\n",
            "spec/calc_spec.rb": "require_relative '../lib/calc'\n\nRSpec.describe 'calc' do\n  it 'adds' do\n"
            "    expect(add(1, 2)).to eq(3)\n  end\nend\n",
        },
        "lib/calc.rb",
        {"rspec lib/calc.rb:2"},
    ),
    "php": Language(
        ("phpunit",),
        {
            "composer.json": "{}\n",
            "phpunit.xml": "<phpunit><testsuites><testsuite name='all'><directory>tests</directory></testsuite>"
            "</testsuites></phpunit>\n",
            "tests/CalcTest.php": "<?php\nuse PHPUnit\\Framework\\TestCase;\nfinal class CalcTest extends TestCase {\n"
            "    public function testAdd(): void {\n        $this->assertSame(3, 1 - 2);\n    }\n}\n",
        },
        "tests/CalcTest.php",
        {"phpunit tests/CalcTest.php:5"},
    ),
    "perl": Language(
        ("prove",),
        {
            "cpanfile": "",
            "lib/Calc.pm": "package Calc;\nsub add { return $_[0] - $_[1]; }\n1;\n",
            "t/calc.t": "use strict;\nuse Test::More tests => 1;\nuse Calc;\nis(Calc::add(1, 2), 3, 'adds');\n",
        },
        "lib/Calc.pm",
        {"prove t/calc.t:4"},
    ),
    "lua": Language(
        ("luacheck",),
        {".luacheckrc": "", "calc.lua": "local calc = {}\nlocal unused = 1\nreturn calc\n"},
        "calc.lua",
        {"luacheck calc.lua:2"},
    ),
    "c++": Language(
        ("cmake", "c++"),
        {
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(demo CXX)\n"
            "add_executable(demo main.cpp)\n",
            "main.cpp": "int main() {\n  return missing;\n}\n",
        },
        "main.cpp",
        {"cmake main.cpp:2"},
        ("cmake", "-S", ".", "-B", "build"),
    ),
    "python": Language(
        (),
        {
            "pyproject.toml": "[tool.ruff.lint]\nselect = ['F']\n\n[tool.mypy]\n",
            "calc.py": "import os\n\nONE: int = 'one'\n\n\ndef add(a, b):\n    return a - b\n",
            "test_calc.py": "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
        },
        ".",
        {"ruff calc.py:1", "mypy calc.py:3", "pytest test_calc.py:5"},
    ),
}


def missing(language):
    return [program for program in language.programs if shutil.which(program) is None]


@pytest.mark.parametrize("name", LANGUAGES)
async def test_a_project_is_checked_by_its_own_tools_and_stays_as_it_is(tmp_path, name):
    language = LANGUAGES[name]
    if absent := missing(language):
        pytest.skip(f"not installed: {', '.join(absent)}")
    root = write(tmp_path / "project", language.files)
    (root / ".git").mkdir()
    if language.setup:
        made = await asyncio.create_subprocess_exec(*language.setup, cwd=root, stdout=asyncio.subprocess.DEVNULL)
        assert await made.wait() == 0
    config = tmp_path / "config.json"
    config.write_text("{}")
    before = fingerprint(root)
    done = await pointsman("check", "--json", "--trust", "--config", str(config), language.path, cwd=root)
    assert fingerprint(root) == before
    assert done.code == 1, done.err
    found = json.loads(done.out)
    assert found["outcome"] == "failed", found
    assert {f"{each['tool']} {each['path']}:{each['line']}" for each in found["problems"]} == language.expected, found
