"""Who can search the web, and how each is told to."""

import pytest

from pointsman.profiles.search import search_fields, way_out

OPENROUTER = "https://openrouter.ai/api/v1/chat/completions"
OPENAI = "https://api.openai.com/v1/"
TOOL = {"tools": [{"type": "web_search"}]}


@pytest.mark.parametrize(
    ("model", "wire", "url", "fields"),
    [
        ("openai/gpt-5.4", "openai-chat", OPENROUTER, {"tools": [{"type": "openrouter:web_search"}]}),
        ("gpt-5.4", "openai-responses", f"{OPENAI}responses", TOOL),
        ("grok-4.5", "openai-responses", "https://api.x.ai/v1/responses", TOOL),
        ("gpt-5-search-api", "openai-chat", f"{OPENAI}chat/completions", {"web_search_options": {}}),
        ("gpt-4o-search-preview", "openai-chat", f"{OPENAI}chat/completions", {"web_search_options": {}}),
        ("sonar-pro", "openai-chat", "https://api.perplexity.ai/chat/completions", {}),
        ("perplexity/sonar", "openai-chat", OPENROUTER, {}),
        ("gpt-5.4", "openai-chat", f"{OPENAI}chat/completions", None),
        ("grok-4.5", "openai-chat", "https://api.x.ai/v1/chat/completions", None),
        ("qwen3-coder", "openai-chat", "http://127.0.0.1:8080/v1/chat/completions", None),
        ("qwen3", "ollama", "http://127.0.0.1:11434/api/chat", None),
        ("claude-sonnet-5", "anthropic-messages", "https://gateway.example.com/v1/messages", None),
        ("m", "openai-chat", "https://openrouter.ai.evil.example/v1/chat/completions", None),
    ],
)
def test_fields(model, wire, url, fields):
    assert search_fields(model, wire, url, {}) == fields


def test_anthropic_is_bounded():
    (tool,) = search_fields("claude-sonnet-5", "anthropic-messages", "https://api.anthropic.com/v1/messages", {})[
        "tools"
    ]
    assert tool["name"] == "web_search"
    assert 0 < tool["max_uses"] < 10


@pytest.mark.parametrize("name", ["tools", "plugins", "web_search_options"])
def test_what_the_user_turned_on_is_believed(name):
    assert search_fields("m", "openai-chat", "https://example.com/v1/chat/completions", {name: []}) == {}


@pytest.mark.parametrize("host", ["api.openai.com", "api.x.ai"])
def test_the_way_out_is_the_hosts_own(host):
    assert "/v1/responses" in way_out(f"https://{host}/v1/chat/completions")
