"""A user's own prompts stand in for ours, and one that cannot be used is never passed over in silence."""

import pytest

from pointsman.config import prompts
from pointsman.errors import ConfigError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(prompts, "folder", lambda: tmp_path / "prompts")
    (tmp_path / "prompts").mkdir()
    return tmp_path / "prompts"


@pytest.mark.parametrize("name", prompts.names())
def test_ours_are_sound_by_our_own_rules(folder, name):
    (folder / f"{name}.md").write_text(prompts.shipped(name).template)
    assert list(prompts.lint()) == []
    assert prompts.template(name).template == prompts.shipped(name).template


def test_the_users_own_is_taken_at_once_and_ours_comes_back(folder):
    file = folder / "fix.md"
    file.write_text("Mend it. $instruction")
    assert prompts.template("fix").template == "Mend it. $instruction"
    file.write_text("Repair it. $instruction")
    assert prompts.template("fix").template == "Repair it. $instruction"
    file.unlink()
    assert prompts.template("fix") is prompts.shipped("fix")


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"\xff", b"$", b"$nothing $instruction", b"no words of the user", b"x" * 70_000]
)
def test_a_broken_one_is_an_error_that_names_it(folder, data):
    (folder / "fix.md").write_bytes(data)
    with pytest.raises(ConfigError, match=r"fix\.md"):
        prompts.template("fix")
    assert [finding.code for finding in prompts.lint()] == ["broken-prompt"]
