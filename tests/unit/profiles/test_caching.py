from pointsman.profiles import cache_key, marks, session_fields

OPENAI = "https://api.openai.com/v1/chat/completions"
OPENROUTER = "https://openrouter.ai/api/v1/chat/completions"


def test_a_session_is_a_folder_and_a_model_and_does_not_tell_the_folder():
    key = cache_key("/home/ada/secret", "p,m")
    assert key == cache_key("/home/ada/secret", "p,m")
    assert len({key, cache_key("/home/ada/secret", "p,n"), cache_key("/home/ada", "p,m")}) == 3
    assert "ada" not in key
    assert len(key) <= 64


def test_each_host_has_its_own_word_for_it():
    assert session_fields("openai-chat", OPENAI, "k") == {"prompt_cache_key": "k"}
    assert session_fields("openai-responses", "https://api.x.ai/v1/responses", "k") == {"prompt_cache_key": "k"}
    assert session_fields("openai-chat", OPENROUTER, "k") == {"session_id": "k"}
    assert session_fields("openai-chat", "http://127.0.0.1:8080/v1/chat/completions", "k") == {}
    assert session_fields("anthropic-messages", "https://api.anthropic.com/v1/messages", "k") == {}


def test_marks_are_for_those_who_read_them():
    assert marks("claude-sonnet-5", "anthropic-messages", "https://api.anthropic.com/v1/messages")
    assert marks("anthropic/claude-sonnet-5", "openai-chat", OPENROUTER)
    assert not marks("openai/gpt-5.4", "openai-chat", OPENROUTER)
    assert not marks("claude-sonnet-5", "openai-chat", "https://llm.example/v1/chat/completions")
