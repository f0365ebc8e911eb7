"""A patch's form is forced the way each wire has, in fields that the providers' own types take."""

import json
from dataclasses import replace

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.models import wires
from pointsman.models.anthropic_messages import AnthropicMessages
from pointsman.models.ollama import Ollama
from pointsman.models.openai_chat import OpenAIChat
from pointsman.models.openai_responses import OpenAIResponses
from pointsman.patch import applypatch, contract, forms
from pointsman.terms import Patch, Question
from pointsman.text import Snapshot
from support.dialogue import lease, request, turn

SCHEMA = applypatch.SCHEMA
LARK = forms.LARK
PATCH = contract.example("applypatch-text")


def body(speaker, kind, wire="openai-chat", url="http://127.0.0.1:1/", **parameters):
    asked = request(lease(url, wire, parameters=parameters, form=kind))
    return speaker.body(replace(asked, form=forms.form(kind, {})))


class TestSchema:
    def test_chat(self):
        fields = body(OpenAIChat(), "schema")["response_format"]
        assert fields == {
            "type": "json_schema",
            "json_schema": {"name": "apply_patch", "strict": True, "schema": SCHEMA},
        }

    def test_responses_keep_what_else_is_said_of_the_text(self):
        text = body(OpenAIResponses(), "schema", text={"verbosity": "low"})["text"]
        assert text["verbosity"] == "low"
        assert text["format"] == {"type": "json_schema", "name": "apply_patch", "strict": True, "schema": SCHEMA}

    def test_messages_keep_the_effort(self):
        config = body(AnthropicMessages(), "schema", output_config={"effort": "low"})["output_config"]
        assert config == {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}}

    def test_ollama(self):
        assert body(Ollama(), "schema")["format"] == SCHEMA

    def test_openrouter_may_only_choose_hosts_that_force_it(self):
        url = "https://openrouter.ai/api/v1/chat/completions"
        fields = body(OpenAIChat(), "schema", url=url, provider={"order": ["x"]})
        assert fields["provider"] == {"require_parameters": True, "order": ["x"]}
        assert "provider" not in body(OpenAIChat(), "schema")


class TestGrammar:
    def test_chat(self):
        fields = body(OpenAIChat(), "lark")
        (tool,) = fields["tools"]
        grammar = {"type": "grammar", "grammar": {"syntax": "lark", "definition": LARK}}
        assert (tool["type"], tool["custom"]["name"], tool["custom"]["format"]) == ("custom", "apply_patch", grammar)
        assert fields["tool_choice"] == {"type": "custom", "custom": {"name": "apply_patch"}}

    def test_responses(self):
        fields = body(OpenAIResponses(), "lark")
        (tool,) = fields["tools"]
        assert tool["format"] == {"type": "grammar", "syntax": "lark", "definition": LARK}
        assert fields["tool_choice"] == {"type": "custom", "name": "apply_patch"}

    @pytest.mark.parametrize("wire", ["openai-chat", "openai-responses"])
    async def test_the_tools_input_is_the_answer(self, wire):
        async with ScriptedProvider(lambda _: Reply(PATCH, reasoning="Hm.", piece=7)) as provider:
            speaker = wires()[wire]()
            asked = request(lease(provider.url_for(wire), wire))
            got = await turn(speaker, replace(asked, form=forms.form("lark", {})))
            await speaker.aclose()
        assert (got.text, got.reasoning) == (PATCH, "Hm.")
        assert isinstance(contract.read(got.text), Patch)


def test_grammars_of_local_engines_have_fields_of_their_own():
    files = {"a.py": Snapshot("", None, "x = 1\n")}
    for kind, read in (
        ("gbnf", lambda body: body["grammar"]),
        ("ebnf", lambda body: body["structured_outputs"]["grammar"]),
    ):
        asked = replace(request(lease("http://127.0.0.1:1/")), form=forms.form(kind, files))
        assert '"-x = 1\\n"' in read(OpenAIChat().body(asked))


@pytest.mark.parametrize("speaker", [OpenAIChat(), OpenAIResponses(), AnthropicMessages(), Ollama()])
def test_words_are_not_forced(speaker):
    fields = speaker.body(request(lease("http://127.0.0.1:1/")))
    assert not {"response_format", "tools", "tool_choice", "text", "output_config", "format"} & set(fields)


@pytest.mark.parametrize(
    "text",
    [
        PATCH,
        "QUESTION: Which of the two?",
        "*** Begin Patch\n*** Add File: new.py\n+x = 1\n+\n*** Delete File: old.py\n*** End Patch\n",
        "*** Begin Patch\n*** Update File: a.py\n*** Move to: b.py\n@@\n-x\n+y\n \n*** End of File\n*** End Patch",
    ],
)
def test_the_grammar_has_every_reply_the_contract_reads(text):
    lark = pytest.importorskip("lark")
    lark.Lark(LARK, parser="earley").parse(text)
    assert isinstance(contract.read(text), Patch | Question)


@pytest.mark.parametrize("text", ["Sure!\n" + PATCH, PATCH + "\nDone.", "QUESTION: a\nQUESTION: b", "```\n```"])
def test_the_grammar_has_nothing_else(text):
    lark = pytest.importorskip("lark")
    with pytest.raises(lark.exceptions.UnexpectedInput):
        lark.Lark(LARK, parser="earley").parse(text)


def test_the_schema_is_of_the_common_subset():
    """Every key required, nothing else allowed, and no limits, which some providers refuse."""
    text = json.dumps(SCHEMA)
    assert not [word for word in ("minimum", "maximum", "maxItems", "pattern", "oneOf", "$ref", "null") if word in text]

    def objects(node):
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)

    for node in objects(SCHEMA):
        assert node["additionalProperties"] is False
        assert sorted(node["required"]) == sorted(node["properties"])
