"""Every server of a test lives in a home of its own, without the keys of whoever runs the test."""

import os

import pytest


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder; `os.environ` of the test, and so of its servers, points there."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in [
        name for name in os.environ if name.endswith(("_KEY", "_TOKEN")) or name.startswith(("XDG_", "POINTSMAN_"))
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _home(home):
    return home
