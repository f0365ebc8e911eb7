"""For every test: no test measures time, so properties have no deadline and may be slow on a busy machine."""

from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


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
