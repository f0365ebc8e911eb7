"""A program on a leash outlives nobody."""

import subprocess
import sys
from pathlib import Path

LEASH = Path(__file__).parent / "leash.py"
TALKS = "import subprocess, sys, time; subprocess.Popen(['sleep', '600']); print('up', flush=True); time.sleep(600)"
HOLDER = f"""
import subprocess, sys, time
held = subprocess.Popen([sys.executable, {str(LEASH)!r}, sys.executable, "-c", {TALKS!r}], stdin=subprocess.PIPE)
time.sleep(600)
"""


def test_when_its_holder_is_killed_a_program_ends_with_all_it_started():
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"up\n"
        holder.kill()
        holder.communicate(timeout=60)  # whose end comes when nobody has the pipe any more


def test_its_exit_code_is_passed_on():
    argv = [sys.executable, str(LEASH), sys.executable, "-c", "raise SystemExit(3)"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as held:
        assert held.wait(60) == 3
