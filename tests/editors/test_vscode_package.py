"""The package of the extension: what is made for it, and its own unit tests."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import vscode_setup
from debian import CannotInstallError

sys.path.insert(0, str(vscode_setup.EXTENSION))

import make_settings

from pointsman.lsp import names


def test_the_settings_of_the_extension_are_made_from_the_code():
    if os.environ.get("UPDATE"):
        make_settings.PACKAGE.write_text(make_settings.package(), "utf-8")
    assert make_settings.PACKAGE.read_text("utf-8") == make_settings.package(), "run make docs"


def test_the_extension_never_registers_a_command_of_the_server():
    package = make_settings.PACKAGE.read_text("utf-8")
    own = set(re.findall(r'"command": "([^"]+)"', package))
    assert own
    assert all(command.startswith("pointsman.ui.") for command in own)
    assert not own & set(names.COMMANDS)


def test_every_command_of_the_package_is_registered():
    package = make_settings.PACKAGE.read_text("utf-8")
    source = (vscode_setup.EXTENSION / "src/commands.ts").read_text("utf-8")
    table = source.partition("return {")[2].partition("\n  };")[0]
    registered = set(re.findall(r"^    (\w+):", table, re.MULTILINE))
    assert {
        command.removeprefix("pointsman.ui.") for command in re.findall(r'"command": "([^"]+)"', package)
    } == registered


def test_the_units_of_the_extension_hold():
    try:
        vscode_setup.dependencies()
    except CannotInstallError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    tests = sorted(str(path) for path in Path(vscode_setup.EXTENSION, "test").glob("*.test.ts"))
    command = [str(vscode_setup.node() / "node"), "--test", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", *tests]
    done = subprocess.run(command, env=vscode_setup.environment(), capture_output=True, text=True, check=False)
    assert tests
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_holds_every_file_that_it_names():
    try:
        made = vscode_setup.package()
    except CannotInstallError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    with zipfile.ZipFile(made) as archive:
        names = set(archive.namelist())
        package = archive.read("extension/package.json").decode()
    named = set(re.findall(r'"(?:\./)?((?:dist|media)/[^"]+)"', package))
    assert {"dist/extension.js", "media/icon.png"} < named
    assert {f"extension/{name}" for name in named} < names
    assert {f"extension/{name}" for name in ("readme.md", "changelog.md", "LICENSE.txt")} < names
