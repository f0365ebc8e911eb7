"""For every test: no test measures time, so properties have no deadline and may be slow on a busy machine."""

import os
import pwd
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell sets it for what it starts in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_plugins_in_projects():
    """The projects that tests make have their checks run without our plugins, which take seconds of each start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield


@pytest.fixture(scope="session", autouse=True)
def _tools_at_home():
    """Whoever runs the tests with a home of their own has Rust all the same, where it was installed."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    with pytest.MonkeyPatch.context() as patch:
        for name, place in (("RUSTUP_HOME", home / ".rustup"), ("CARGO_HOME", home / ".cargo")):
            if name not in os.environ and place.is_dir():
                patch.setenv(name, str(place))
        yield


def pytest_collection_modifyitems(items):
    """What one process must do alone, an editor's scenes, is begun first: nobody waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_terminal_summary(terminalreporter):
    """A table of what every real editor was driven through, and how that went."""
    seen = {}
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, ()):
            editor = dict(getattr(report, "user_properties", ())).get("editor")
            if editor and report.when == "call":
                scenario = report.nodeid.rpartition("::")[2].partition("[")[0].removeprefix("test_").replace("_", " ")
                seen.setdefault(scenario, {})[editor] = outcome
    if not seen:
        return
    editors = sorted({editor for row in seen.values() for editor in row})
    terminalreporter.section("real editors")
    width = max(map(len, seen))
    terminalreporter.line("  ".join([" " * width, *editors]))
    for scenario, row in sorted(seen.items(), key=lambda item: (-len(item[1]), item[0])):
        cells = [row.get(editor, "-").ljust(len(editor)) for editor in editors]
        terminalreporter.line("  ".join([scenario.ljust(width), *cells]))
