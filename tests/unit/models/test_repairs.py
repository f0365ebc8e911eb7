"""A 400 that names a parameter is mended once on the same model, and remembered; any other 400 is an error."""

import json
from dataclasses import replace

import pytest

from pointsman.cli.demo.provider import Reply, ScriptedProvider
from pointsman.errors import Refused
from pointsman.models import Repairs, wires
from pointsman.models.repairs import KEPT_SECONDS, Repair, find
from support.dialogue import lease, request, turn
from support.faults import body

SENT = {"model": "m", "messages": [], "stream": True, "temperature": 0.1, "top_p": 0.9, "max_tokens": 8000}


@pytest.mark.parametrize(
    ("said", "sent", "repair"),
    [
        ({"message": "Unsupported value", "param": "temperature"}, {}, Repair("temperature")),
        ({"message": "Unsupported parameter: 'top_p' is not supported with this model."}, {}, Repair("top_p")),
        (
            {"message": "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."},
            {},
            Repair("max_tokens", rename="max_completion_tokens"),
        ),
        (
            {"message": "max_tokens: 8000 > 4096, which is the maximum allowed number of output tokens"},
            {},
            Repair("max_tokens", limit=4096),
        ),
        ({"message": "`temperature` and `top_p` cannot both be specified for this model."}, {}, Repair("top_p")),
        (
            {"message": "bad", "param": "reasoning.effort"},
            {"reasoning": {"effort": "none"}},
            Repair("reasoning"),
        ),
        (
            {"message": "", "detail": [{"loc": ["body", "top_p"], "msg": "extra fields not permitted"}]},
            {},
            Repair("top_p"),
        ),
        (
            {"message": "This model does not support structured outputs"},
            {"response_format": {}},
            Repair("response_format"),
        ),
        (
            {"message": "No endpoints found that can handle the requested parameters."},
            {"response_format": {}, "provider": {"require_parameters": True}},
            Repair("response_format"),
        ),
        ({"message": 'Unknown name "reasoning_effort"'}, {"reasoning_effort": "none"}, Repair("reasoning_effort")),
        ({"message": "thinking: this model cannot"}, {"thinking": {}}, Repair("thinking")),
        ({"message": "The model `m` does not exist", "param": "model"}, {}, None),
        ({"message": "messages: must alternate"}, {}, None),
        ({"message": "Invalid text in the request"}, {"text": {}}, None),
        ({"message": "seed is not supported"}, {}, None),
        ({"message": "maximum context length is 4096 tokens; reduce max_tokens"}, {}, None),
        ({}, {}, None),
    ],
)
def test_what_a_refusal_asks_for(said, sent, repair):
    assert find(SENT | sent, said) == repair


def test_a_repair_takes_its_companions_along():
    sent = {"tools": [], "tool_choice": {}, "x": 1}
    assert Repair("tools").applied(sent) == {"x": 1}
    require = {"response_format": {}, "provider": {"require_parameters": True, "order": ["a"]}}
    assert Repair("response_format").applied(require) == {"provider": {"order": ["a"]}}
    assert Repair("max_tokens", limit=9).applied({"max_tokens": 5}) == {"max_tokens": 5}


def picky(*refused):
    """A provider that refuses some parameters, the first first."""

    def answer(asked):
        for name in refused:
            if name in asked.body:
                return body({"error": {"message": f"Unsupported parameter: '{name}'", "param": name}}, 400)
        return Reply("done")

    return answer


class TestTurns:
    async def ask(self, provider, repairs, **parameters):
        speaker = wires(None, repairs)["openai-chat"]()
        try:
            return await turn(speaker, request(lease(provider.url, parameters=parameters)))
        finally:
            await speaker.aclose()

    async def test_it_is_mended_on_the_same_model_and_said(self):
        async with ScriptedProvider(picky("temperature")) as provider:
            got = await self.ask(provider, Repairs(), temperature=0.1, top_p=0.9)
        assert got.text == "done"
        assert [asked.model for asked in provider.requests] == ["vendor/coder-1"] * 2
        assert "temperature" not in provider.requests[1].body
        assert provider.requests[1].body["top_p"] == 0.9
        assert "`temperature` is left out" in " ".join(got.end.warnings)

    async def test_it_is_remembered_by_another_process(self, tmp_path):
        file = tmp_path / "state" / "repairs.json"
        async with ScriptedProvider(picky("temperature", "top_p")) as provider:
            await self.ask(provider, Repairs(file), temperature=0.1, top_p=0.9)
            assert len(provider.requests) == 3
            got = await self.ask(provider, Repairs(file), temperature=0.1, top_p=0.9)
        assert len(provider.requests) == 4
        assert not got.end.warnings
        assert "sk-test" not in file.read_text()

    async def test_of_this_model_only(self, tmp_path):
        known = Repairs(tmp_path / "repairs.json")
        known.learn(lease("http://127.0.0.1/v1"), Repair("temperature"))
        assert known.mended(lease("http://127.0.0.1/v1", model="other"), SENT) == SENT
        assert known.mended(lease("http://127.0.0.2/v1"), SENT) == SENT
        assert "temperature" not in known.mended(lease("http://127.0.0.1/v1?key=1"), SENT)

    async def test_a_provider_that_refuses_whatever_is_sent(self):
        refusal = body({"error": {"message": "no", "param": "temperature"}}, 400)
        async with ScriptedProvider(lambda _: refusal) as provider:
            with pytest.raises(Refused):
                await self.ask(provider, Repairs(), temperature=0.1)
            assert len(provider.requests) == 2

    async def test_a_provider_without_end(self):
        async with ScriptedProvider(picky("a_1", "b_1", "c_1", "d_1", "e_1")) as provider:
            with pytest.raises(Refused):
                await self.ask(provider, Repairs(), a_1=1, b_1=1, c_1=1, d_1=1, e_1=1)
            assert len(provider.requests) == 4


class TestMemory:
    def test_it_fades(self, tmp_path):
        now = [1e9]
        held, file = lease("http://h/"), tmp_path / "repairs.json"
        Repairs(file, lambda: now[0]).learn(held, Repair("top_p"))
        now[0] += KEPT_SECONDS - 1
        assert "top_p" not in Repairs(file, lambda: now[0]).mended(held, SENT)
        now[0] += 2
        assert "top_p" in Repairs(file, lambda: now[0]).mended(held, SENT)

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"version": "0", "models": {}}', '{"models": 7}', "\xff"])
    def test_a_broken_file_is_no_memory(self, tmp_path, text):
        file = tmp_path / "repairs.json"
        file.write_text(text, "latin-1")
        assert Repairs(file).mended(lease("http://h/"), SENT) == SENT

    def test_strange_rows_are_passed_over(self, tmp_path):
        file = tmp_path / "repairs.json"
        held = lease("http://h/")
        Repairs(file).learn(held, Repair("top_p"))
        document = json.loads(file.read_text())
        document["models"] = {subject: rows | {"x": 1} for subject, rows in document["models"].items()}
        file.write_text(json.dumps(document))
        assert "top_p" not in Repairs(file).mended(held, SENT)

    def test_two_processes_add_up(self, tmp_path):
        file, held = tmp_path / "repairs.json", lease("http://h/")
        one, two = Repairs(file), Repairs(file)
        assert (one.mended(held, SENT), two.mended(held, SENT)) == (SENT, SENT)
        one.learn(held, Repair("top_p"))
        two.learn(replace(held), Repair("temperature"))
        assert set(SENT) - set(Repairs(file).mended(held, SENT)) == {"top_p", "temperature"}

    def test_a_folder_that_cannot_be_written_is_no_error(self, tmp_path):
        (tmp_path / "file").write_text("")
        repairs, held = Repairs(tmp_path / "file" / "repairs.json"), lease("http://h/")
        repairs.learn(held, Repair("top_p"))
        assert "top_p" not in repairs.mended(held, SENT)
