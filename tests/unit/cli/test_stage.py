import subprocess
import sys

import pytest
from click.testing import CliRunner

from pointsman.cli.demo import stage
from pointsman.cli.demo.command import demo_command


def test_the_sample_fails_as_the_demo_needs_it(tmp_path):
    root = stage.lay_out(tmp_path)
    argv = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    tests = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
    assert "1 failed" in tests.stdout
    lint = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", "."]
    found = subprocess.run(lint, cwd=root, capture_output=True, text=True, check=False).stdout
    assert [line for line in found.splitlines() if "[*]" in line and "F401" in line]


@pytest.mark.parametrize("missing", [["pytest"], ["ruff"], ["pytest", "ruff"]])
def test_without_its_tools_it_says_what_to_install(monkeypatch, missing):
    monkeypatch.setattr(stage, "find_spec", lambda name: None if name in missing else object())
    done = CliRunner().invoke(demo_command)
    assert done.exit_code == 1
    assert "pip install 'pointsman[demo]'" in done.output
    assert all(name in done.output for name in missing)
