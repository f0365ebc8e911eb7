import json
import os
from pathlib import Path

import pytest

from pointsman.config import schema
from pointsman.config.model import Config
from pointsman.models.table import WIRES
from pointsman.profiles import hosts

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("config.schema.json", schema.schema_text),
        ("settings.md", schema.settings_page),
        ("config-findings.md", schema.findings_page),
    ],
)
def test_the_documentation_is_made_from_the_code(name, make):
    if os.environ.get("UPDATE"):
        (DOCS / name).write_text(make(), "utf-8")
    assert (DOCS / name).read_text("utf-8") == make(), "run UPDATE=1 pytest tests/unit/config"


def test_every_setting_is_described():
    made = schema.schema()
    for part in (made, *made["$defs"].values()):
        for name, field in part["properties"].items():
            assert name == "$schema" or field.get("description"), name


def test_the_schema_refuses_what_is_not_a_setting():
    made = schema.schema()
    assert made["additionalProperties"] is False
    assert {"Providers", "Router", "$schema"} <= set(made["properties"])
    assert json.loads(schema.schema_text()) == made


def test_a_config_does_not_show_its_keys():
    provider = {"name": "p", "api_base_url": "x", "models": ["m"], "api_key": "sk-1"}
    assert "sk-1" not in repr(Config.model_validate({"Providers": [provider]}))


def test_the_wires_that_can_be_named_are_those_that_are_spoken():
    made = schema.schema()["$defs"]["Provider"]["properties"]["wire"]["enum"]
    assert set(made) - {""} == set(hosts.WIRES) == set(WIRES)
