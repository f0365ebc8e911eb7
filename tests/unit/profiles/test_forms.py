import pytest

from pointsman.profiles import form_of

OPENAI = "https://api.openai.com/v1/chat/completions"
RESPONSES = "https://api.openai.com/v1/responses"
OPENROUTER = "https://openrouter.ai/api/v1/chat/completions"
ANTHROPIC = "https://api.anthropic.com/v1/messages"
LOCAL = "http://127.0.0.1:8080/v1/chat/completions"
VLLM = "http://127.0.0.1:8000/v1/chat/completions"
OLLAMA = "http://localhost:11434/api/chat"
ELSEWHERE = "https://llm.example/v1/chat/completions"


@pytest.mark.parametrize(
    ("model", "wire", "url", "contract", "form"),
    [
        ("gpt-5.4", "openai-chat", OPENAI, "auto", "lark"),
        ("gpt-5.4", "openai-responses", RESPONSES, "auto", "lark"),
        ("gpt-4.1", "openai-chat", OPENAI, "auto", "schema"),
        ("gpt-5-chat-latest", "openai-chat", OPENAI, "auto", "schema"),
        ("gpt-3.5-turbo", "openai-chat", OPENAI, "auto", ""),
        ("openai/gpt-5.4", "openai-chat", OPENROUTER, "auto", "schema"),
        ("anthropic/claude-sonnet-5", "openai-chat", OPENROUTER, "auto", "schema"),
        ("qwen/qwen3-coder", "openai-chat", OPENROUTER, "auto", ""),
        ("claude-sonnet-5", "anthropic-messages", ANTHROPIC, "auto", "schema"),
        ("claude-3-5-haiku-latest", "anthropic-messages", ANTHROPIC, "auto", ""),
        (
            "gemini-2.5-flash",
            "openai-chat",
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
            "auto",
            "schema",
        ),
        ("deepseek-v4-flash", "openai-chat", "https://api.deepseek.com/chat/completions", "auto", ""),
        ("gpt-5.4", "openai-chat", ELSEWHERE, "auto", ""),
        ("gpt-5.4", "openai-chat", ELSEWHERE, "schema", "schema"),
        ("qwen3-coder:30b", "ollama", OLLAMA, "auto", "schema"),
        ("my-own-model", "openai-chat", LOCAL, "auto", "gbnf"),
        ("my-own-model", "openai-chat", VLLM, "auto", "ebnf"),
        ("my-own-model", "openai-chat", "http://127.0.0.1:1234/v1/chat/completions", "auto", "schema"),
        ("gpt-oss-20b", "openai-chat", LOCAL, "auto", ""),
        ("gpt-oss:20b", "ollama", OLLAMA, "auto", ""),  # must think first
        ("coder", "anthropic-messages", "http://127.0.0.1:8080/v1/messages", "auto", ""),
        ("coder", "openai-chat", LOCAL, "grammar", "gbnf"),
        ("coder", "openai-chat", VLLM, "grammar", "ebnf"),
        ("gpt-5.4", "openai-chat", OPENAI, "grammar", "lark"),
        ("claude-sonnet-5", "anthropic-messages", ANTHROPIC, "grammar", "schema"),
        ("gpt-5.4", "openai-chat", OPENAI, "text", ""),
        ("coder", "openai-chat", LOCAL, "text", ""),
    ],
)
def test_the_form_goes_by_model_wire_and_host(model, wire, url, contract, form):
    assert form_of(model, wire, url, contract) == form
