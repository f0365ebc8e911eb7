import json
import os
import sys
import types
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointsman.config.load import load, user_file
from pointsman.terms import Severity, Slot

LOCAL = {"name": "p", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "models": ["m", "n"]}
SHAPE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["p,m", "$X", "ask"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Providers",
                    "Router",
                    "fallback",
                    "apply",
                    "checks",
                    "default",
                    "quickEdit",
                    "name",
                    "models",
                    "api_base_url",
                    "api_key",
                    "transformer",
                    "use",
                    "parameters",
                    "PROXY_URL",
                    "PORT",
                    "m",
                    "$schema",
                    "enabled",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@pytest.fixture
def write(tmp_path):
    def write(data, name="config.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
        path.chmod(0o600)
        return path

    return write


@given(SHAPE, SHAPE, SHAPE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_files_say_there_is_a_config(tmp_path, user, workspace, option):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(user), "utf-8")
    (tmp_path / ".pointsman.json").write_text(json.dumps(workspace), "utf-8")
    options = [option] if isinstance(option, dict) else []
    found = load(path, [str(tmp_path)], options, {})
    own = load(path, environ={})
    assert found.config.Providers == own.config.Providers
    assert found.config.PROXY_URL == own.config.PROXY_URL
    assert found.config.checks.python == own.config.checks.python


def test_no_file_is_no_mistake_unless_it_was_named(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load(environ={}).findings == ()
    named = {"POINTSMAN_CONFIG": str(tmp_path / "other.json")}
    assert user_file(named) == tmp_path / "other.json"
    assert [finding.code for finding in load(environ=named).findings] == ["no-file"]


def test_each_folder_has_its_own_choices(write, tmp_path):
    path = write({"Providers": [LOCAL], "Router": {"default": "p,m"}})
    roots = [str(write({"Router": {"quickEdit": "p,n"}}, f"{name}/.pointsman.json").parent) for name in ("a", "b")]
    write({"apply": "never"}, "b/.pointsman.json")
    found = load(path, roots, [{"builtinFixers": "always"}], {})
    assert found.at(roots[0]).config.Router.quickEdit == "p,n"
    assert found.at(roots[0]).config.apply == "verified"
    assert found.at(roots[1]).config.Router.quickEdit == ""
    assert found.at(roots[1]).config.apply == "never"
    assert found.at(str(tmp_path)).config == found.config
    assert {found.at(root).config.builtinFixers for root in roots} == {"always"}
    assert found.files == (path, *(tmp_path / name / ".pointsman.json" for name in ("a", "b")))


def test_a_workspace_value_that_does_not_fit_leaves_the_users(write, tmp_path):
    path = write({"apply": "never", "checks": {"timeout": 7}})
    write({"apply": 5, "checks": {"timeout": "soon"}}, ".pointsman.json")
    config = load(path, [str(tmp_path)], environ={}).config
    assert (config.apply, config.checks.timeout) == ("never", 7)


PIPES = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")


@PIPES
@pytest.mark.parametrize("name", ["config.json", ".pointsman.json"])
def test_a_pipe_keeps_nobody_waiting(write, tmp_path, name):
    write({})
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    (finding,) = load(tmp_path / "config.json", [str(tmp_path)], environ={}).findings
    assert finding.code == "unreadable"
    assert "it is a pipe, not a file" in finding.message
    assert "move away what is there" in finding.hint


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such devices")
@pytest.mark.parametrize("device", ["null", "zero"])
def test_a_device_is_no_file(device):
    (finding,) = load(Path("/dev", device), environ={}).findings
    assert (finding.code, "it is a device" in finding.message) == ("unreadable", True)


def test_a_huge_file_is_not_read(write):
    path = write("[" + " " * (1 << 20) + "]")
    assert ["larger" in finding.message for finding in load(path, environ={}).findings] == [True]


def test_a_directory_is_named(tmp_path):
    assert [finding.code for finding in load(tmp_path, environ={}).findings] == ["unreadable"]


def test_thousands_of_mistakes_are_not_all_told(write):
    found = load(write({f"key{n}": n for n in range(5000)}), environ={})
    assert 0 < len(found.findings) <= 300


def test_an_error_touches_only_what_it_is_about(write):
    remote = {"name": "r", "api_base_url": "https://example.com/v1/chat/completions", "api_key": "$NO", "models": ["x"]}
    path = write({"Providers": [{"name": "cut"}, remote, LOCAL], "Router": {"default": "p,m", "webSearch": "p,zzz"}})
    found = load(path, environ={})
    assert found.broken is None
    assert found.broken_provider("R").code == "unset-variable"
    assert found.broken_provider("cut").code == "misfit"
    assert found.broken_provider("p") is None
    assert found.broken_slot(Slot.WEB_SEARCH).code == "unknown-model"
    assert found.broken_slot(Slot.REFACTOR) is None


@pytest.mark.parametrize(
    "data", ["{", {"PROXY_URL": "$NO"}, {"Router": {"default": "x,y"}}, {"checks": {"timeout": "x"}}]
)
def test_other_errors_touch_everything(write, data):
    assert load(write(data), environ={}).broken.severity is Severity.ERROR


def test_a_workspace_breaks_nothing_for_the_user(write, tmp_path):
    path = write({"Providers": [LOCAL], "Router": {"default": "p,m"}})
    write("{", ".pointsman.json")
    found = load(path, [str(tmp_path)], [{"apply": 1}], {})
    assert len(found.findings) == 2
    assert found.broken is None


def test_keys_come_from_the_keyring(write, monkeypatch):
    keyring = types.SimpleNamespace(
        get_password=lambda service, user: "sk-9" if (service, user) == ("s", "u") else None
    )
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    remote = {"name": "r", "api_base_url": "https://example.com/v1/chat/completions", "models": ["x"]}
    good, bad = remote | {"api_key": "keyring:s/u"}, remote | {"name": "q", "api_key": "keyring:s/other"}
    found = load(write({"Providers": [good, bad], "Router": {"default": "r,x"}}), environ={})
    assert found.config.provider("r").api_key == "sk-9"
    assert found.broken_provider("r") is None
    assert found.broken_provider("q").code == "keyring"


def test_a_workspace_reads_nothing_from_the_environment(write, tmp_path):
    path = write({"Providers": [LOCAL], "Router": {"default": "p,m"}})
    write({"Router": {"default": "$SECRET,m"}}, ".pointsman.json")
    found = load(path, [str(tmp_path)], environ={"SECRET": "s3cret-value"})
    assert "s3cret" not in repr(found)
