"""What is to be pasted into an editor is what that editor reads, and starts the server of this installation."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pointsman.cli.doctor import EDITORS, doctor_command
from pointsman.cli.setups import SETUPS, Machine, this_machine

ODD = ('/opt/a "b"\\c/pointsman', "serve")
LANGUAGES = ("python", "rust", "cpp")
HERE = Machine(ODD, LANGUAGES, Path("/home/me"), {}, which=lambda name: "/x" if name in {"ruff", "clangd"} else None)


def text(name):
    return SETUPS[name](HERE).text


def test_every_editor_that_can_be_named_has_a_set_up():
    assert set(EDITORS) == set(SETUPS)


def test_helix_keeps_the_servers_that_are_here():
    read = tomllib.loads(text("helix"))
    server = read["language-server"]["pointsman"]
    assert (server["command"], *server["args"]) == ODD
    assert {each["name"]: each["language-servers"] for each in read["language"]} == {
        "python": ["ruff", "pointsman"],
        "rust": ["pointsman"],
        "cpp": ["clangd", "pointsman"],
    }


def test_zed_keeps_all_of_its_own():
    read = json.loads(text("zed"))
    assert read["lsp"]["pointsman"]["binary"] == {"path": ODD[0], "arguments": ["serve"]}
    assert set(read["languages"]) == {"Python", "Rust", "C++"}
    assert all(each["language_servers"] == ["pointsman", "..."] for each in read["languages"].values())


def test_vscode_runs_this_server():
    assert json.loads(text("vscode")) == {"pointsman.server.path": ODD[0]}


def test_emacs_gets_one_form_that_is_closed():
    found = text("emacs")
    bare = re.sub(r'"(\\.|[^"\\])*"', "", found)
    depth = 0
    for char in bare:
        depth += {"(": 1, ")": -1}.get(char, 0)
        assert depth >= 0
    assert (depth, bare.count("(with-eval-after-load")) == (0, 1)
    assert json.loads(re.search(r'"(\\.|[^"\\])*"', found)[0]) == ODD[0]
    assert "(python-mode python-ts-mode)" in found
    assert "(c++-mode c++-ts-mode)" in found


def test_neovim_gets_both_ways():
    found = text("neovim")
    assert 'vim.lsp.config("pointsman"' in found
    assert "vim.lsp.start(" in found
    assert len(re.findall(re.escape('{ "/opt/a \\"b\\"\\\\c/pointsman", "serve" }'), found)) == 3


@pytest.mark.parametrize(
    ("platform", "environment", "name", "file"),
    [
        ("linux", {}, "helix", "/home/me/.config/helix/languages.toml"),
        ("linux", {"XDG_CONFIG_HOME": "/c"}, "zed", "/c/zed/settings.json"),
        ("linux", {}, "vscode", "/home/me/.config/Code/User/settings.json"),
        ("darwin", {}, "vscode", "/home/me/Library/Application Support/Code/User/settings.json"),
        ("win32", {"APPDATA": "/r"}, "helix", "/r/helix/languages.toml"),
        ("linux", {}, "emacs", "/home/me/.emacs.d/init.el"),
    ],
)
def test_the_file_is_the_one_this_system_has(platform, environment, name, file):
    machine = Machine(ODD, LANGUAGES, Path("/home/me"), environment, platform=platform)
    assert SETUPS[name](machine).file == Path(file)


def test_the_languages_are_those_of_the_project_the_commonest_first():
    paths = ["a.rs", "b.rs", "c.py", "d.tsx", "e.ts", "f.ts", "README.md", "x.unknown"]
    assert this_machine(paths).languages == ("typescript", "rust", "python")
    assert this_machine([]).languages == ("python",)


@pytest.mark.parametrize("name", EDITORS)
def test_doctor_prints_the_configuration_and_nothing_else(tmp_path, name):
    (tmp_path / "a.py").touch()
    (tmp_path / "pyproject.toml").touch()
    done = CliRunner().invoke(doctor_command, [str(tmp_path), "--editor", name])
    assert done.exit_code == 0, done.output
    told = json.loads(CliRunner().invoke(doctor_command, [str(tmp_path), "--editor", name, "--json"]).output)
    assert done.stdout == told["text"] + "\n"
    assert told["file"] in done.stderr
    assert "pointsman" in told["text"]
