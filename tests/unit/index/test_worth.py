"""The map is worth more than the nearest folders, on the history of this repository: the bench's own verdict."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_a_map_is_worth_more_than_the_nearest_folders():
    log = subprocess.run(
        ["git", "log", "--format=%H", "-n", "300"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if len(log.stdout.split()) < 300:
        pytest.skip("this is no clone with history: `git fetch --unshallow` gets it")
    bench = [sys.executable, "bench/map.py", "--commits", "8", "--budget", "1000"]
    run = subprocess.run(bench, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "over 0" in run.stdout
