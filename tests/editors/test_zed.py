"""The extension for Zed, as far as it can be tried without Zed: its manifest, and its types against an outline.

It cannot be built here: its crate is in none of the registries that the tests may use.
"""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ZED = HERE.parents[1] / "editors/zed"
NAMED = {"id", "name", "version", "schema_version", "description", "repository", "authors", "language_servers"}
"""What a manifest of schema 1 may say of such an extension."""


def test_the_manifest_registers_the_server_for_languages_by_their_names_in_zed():
    manifest = tomllib.loads((ZED / "extension.toml").read_text())
    crate = tomllib.loads((ZED / "Cargo.toml").read_text())
    project = tomllib.loads((ZED.parents[1] / "pyproject.toml").read_text())["project"]
    assert manifest.keys() <= NAMED
    assert {"id", "name", "version", "schema_version"} <= manifest.keys()
    assert (manifest["id"], manifest["schema_version"]) == ("pointsman", 1)
    assert manifest["version"] == crate["package"]["version"] == project["version"]
    (server,) = manifest["language_servers"]
    assert server == "pointsman"
    languages = manifest["language_servers"][server]["languages"]
    assert "Python" in languages
    assert "C#" not in languages, "which Zed calls CSharp"
    assert crate["lib"]["crate-type"] == ["cdylib"]


def test_its_code_has_the_types_of_zeds_interface(tmp_path):
    rustc = shutil.which("rustc") or shutil.which("rustc", path=Path("~/.cargo/bin").expanduser())
    if rustc is None:
        pytest.skip("there is no rustc on this machine")

    def compile_(source, *options):
        kind = ["--edition=2021", "--crate-type=lib", "--emit=metadata", "--deny=warnings", f"--out-dir={tmp_path}"]
        argv = [rustc, *kind, *options, str(source)]
        return subprocess.run(argv, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)

    outline = compile_(HERE / "zed_api.rs", "--crate-name=zed_extension_api")
    assert outline.returncode == 0, outline.stderr
    beside = f"--extern=zed_extension_api={tmp_path}/libzed_extension_api.rmeta"
    ours = compile_(ZED / "src/lib.rs", "--crate-name=zed_pointsman", beside)
    assert ours.returncode == 0, ours.stderr
