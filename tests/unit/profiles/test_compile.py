import pytest

from pointsman.profiles import compile_parameters, profile_of
from pointsman.profiles.table import table
from pointsman.terms import Slot

OPENROUTER = "https://openrouter.ai/api/v1/chat/completions"
OPENAI = "https://api.openai.com/v1/chat/completions"
LOCAL = "http://127.0.0.1:8080/v1/chat/completions"
CALM = {"temperature": 0.1, "top_p": 0.9}


def compiled(model, url=LOCAL, wire="openai-chat", slot=Slot.QUICK_EDIT, **overrides):
    return compile_parameters(model, wire, url, slot, overrides)


@pytest.mark.parametrize(
    ("model", "url", "expected"),
    [
        ("coder", LOCAL, CALM | {"max_tokens": 8000}),
        ("gpt-4.1", OPENAI, CALM | {"max_tokens": 8000}),
        ("gpt-5.4-mini", OPENAI, CALM | {"max_completion_tokens": 8000, "reasoning_effort": "none"}),
        ("gpt-5.5", OPENAI, CALM | {"max_completion_tokens": 8000, "reasoning_effort": "none"}),
        ("gpt-5-mini", OPENAI, {"max_completion_tokens": 16000, "reasoning_effort": "minimal"}),
        ("gpt-5.5-pro", OPENAI, {"max_completion_tokens": 16000, "reasoning_effort": "medium"}),
        ("openai/gpt-5.4", OPENROUTER, CALM | {"max_tokens": 8000, "reasoning": {"enabled": False}}),
        ("openai/gpt-5", OPENROUTER, {"max_tokens": 16000, "reasoning": {"effort": "minimal"}}),
        ("anthropic/claude-sonnet-5", OPENROUTER, {"max_tokens": 8000, "reasoning": {"enabled": False}}),
        ("anthropic/claude-haiku-4.5", OPENROUTER, {"max_tokens": 8000, "temperature": 0.1}),
        ("claude-3-5-sonnet-20241022", LOCAL, CALM | {"max_tokens": 8000}),
        ("deepseek-chat", "https://api.deepseek.com/chat/completions", CALM | {"max_tokens": 8000}),
        (
            "deepseek-v4-flash",
            "https://api.deepseek.com/chat/completions",
            CALM | {"max_tokens": 8000, "thinking": {"type": "disabled"}},
        ),
        (
            "qwen3:8b",
            LOCAL,
            CALM | {"max_tokens": 8000, "reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}},
        ),
        ("qwen/qwen3-coder:free", OPENROUTER, CALM | {"max_tokens": 8000}),
    ],
)
def test_hot_paths_are_calm_and_do_not_think_where_the_model_lets_them(model, url, expected):
    assert compiled(model, url) == expected


def test_other_wires_write_it_their_way():
    anthropic = compiled("claude-opus-5", "https://api.anthropic.com/v1/messages", "anthropic-messages")
    assert anthropic == {"max_tokens": 8000, "thinking": {"type": "disabled"}}
    responses = compiled("gpt-5.5", "https://api.openai.com/v1/responses", "openai-responses")
    assert responses == CALM | {"max_output_tokens": 8000, "reasoning": {"effort": "none"}}
    ollama = compiled("qwen3:8b", "http://localhost:11434/api/chat", "ollama", temperature=0.0, keep_alive="1h")
    options = {"temperature": 0.0, "top_p": 0.9, "num_predict": 8000}
    assert ollama == {"options": options, "think": False, "keep_alive": "1h"}


def test_a_planner_may_think():
    plan = Slot.REASON_PLAN
    assert compiled("gpt-5.4", OPENAI, slot=plan) == {"max_completion_tokens": 24000, "reasoning_effort": "medium"}
    assert compiled("claude-opus-5", OPENROUTER, slot=plan) == {"max_tokens": 24000}
    assert compiled("coder", slot=plan) == CALM | {"max_tokens": 16000}


def test_the_user_has_the_last_word():
    changed = compiled("gpt-5.4", OPENAI, max_tokens=500, top_p=None, reasoning_effort="low", seed=7)
    assert changed == {"temperature": 0.1, "max_completion_tokens": 500, "reasoning_effort": "low", "seed": 7}
    assert compiled("claude-haiku-4-5", top_p=0.5) == {"top_p": 0.5, "max_tokens": 8000}
    assert compiled("x", OPENROUTER, provider={"only": ["a"]})["provider"] == {"only": ["a"]}


def test_an_answer_is_not_longer_than_the_model_allows():
    assert compiled("deepseek-chat", slot=Slot.REFACTOR)["max_tokens"] == 8192


def test_every_row_can_be_reached():
    """Each row has a model of its own: no pattern before it takes them all."""
    names = {
        row.patterns: row.patterns[0].replace("[-.]", "-").replace("[56]", "5").replace("*", "") for row in table()
    }
    examples = {
        "gpt-5-pro", "gpt-5-chat-latest", "gpt-5-codex", "gpt-5.1", "gpt-5.6", "gpt-5", "o3", "gpt-oss:20b", "gpt-4.1",
        "gpt-4o", "claude-3-7-sonnet", "claude-3-opus", "claude-opus-4-8", "claude-opus-4.1", "claude-sonnet-4-6",
        "claude-fable-5", "claude-opus-5", "gemini-3.6-flash", "gemini-3-pro", "gemini-2.5-pro",
        "gemini-2.5-flash-lite", "gemini-2.5-flash", "deepseek-v4-pro", "deepseek-r1", "deepseek-chat",
        "deepseek-v3.1", "deepseek-v3", "grok-code-fast-1", "grok-4-fast-non-reasoning", "grok-4.5", "grok-3-mini",
        "grok-3", "grok-4", "qwen3-coder", "qwq-32b", "qwen3-32b", "glm-4.6", "kimi-k2-thinking", "kimi-k2.5",
        "kimi-k3", "minimax-m2", "magistral-small", "codestral-latest",
    }  # fmt: skip
    assert {profile_of(name).patterns for name in examples} == set(names)


@pytest.mark.parametrize("model", ["gemini-4-argon", "gemini-flash-latest", "zai-glm-5", "ministral-8b-2512"])
def test_models_of_the_price_list_have_a_row(model):
    assert profile_of(model).known


def test_the_table_holds_together():
    for row in table():
        assert row.known
        assert row.effort or row.least == "none"
        if row.thinking == "always" and row.effort:
            assert row.least != "none"
    assert not profile_of("some-model-nobody-knows").known
