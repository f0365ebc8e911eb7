"""What `make dist` makes, used as its users use it: with nothing of this tree on any path."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import vscode_setup

pytestmark = pytest.mark.slow


def run(*argv, cwd):
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(list(map(str, argv)), cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, vscode_setup.ROOT, cwd=folder)
    return folder


def test_the_wheel_plays_its_demo_in_an_environment_of_its_own(dist, tmp_path, monkeypatch):
    (wheel,) = dist.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env/bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", f"{wheel}[demo]", cwd=tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    where = run(programs / "python", "-c", "import pointsman; print(pointsman.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(tmp_path / "env")
    run(programs / "pointsman", "demo", cwd=tmp_path)
    assert str(programs / "pointsman") in run(programs / "pointsman", "doctor", "--editor", "neovim", cwd=tmp_path)


def test_the_extension_brings_its_server(dist):
    vscode_setup.distribute(dist)
    (made,) = dist.glob("*.vsix")
    with zipfile.ZipFile(made) as archive:
        (inside,) = [name for name in archive.namelist() if name.endswith(".whl")]
        assert archive.read(inside) == next(dist.glob("*.whl")).read_bytes()
