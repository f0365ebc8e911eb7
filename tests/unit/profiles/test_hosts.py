import pytest

from pointsman.profiles.hosts import VENDORS, is_host, is_loopback, split, vendor_at, wire_of


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1/x", True),
        ("http://127.9.9.9/x", True),
        ("http://[::1]:1/x", True),
        ("http://localhost/x", True),
        ("http://engine.localhost/x", True),
        ("http://localhost.evil.example/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("http://0.0.0.0/x", False),
        ("http://user@127.0.0.1:1@evil.example/x", False),
        ("http://[::1/x", False),
        ("ftp://localhost/x", False),
    ],
)
def test_this_machine(url, loopback):
    assert is_loopback(url) is loopback


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        ("https://openrouter.ai/api/v1/chat/completions", "openai-chat"),
        ("https://api.openai.com/v1/responses/", "openai-responses"),
        ("https://api.anthropic.com/v1/messages?beta=true", "anthropic-messages"),
        ("http://localhost:11434/api/chat", "ollama"),
        ("http://localhost:11434/v1", ""),
    ],
)
def test_the_wire_is_told_by_the_end_of_the_url(url, wire):
    assert wire_of(url) == wire
    assert wire_of(url, "ollama") == "ollama"


def test_a_host_and_what_is_below_it():
    assert is_host("https://api.openai.com/v1", "openai.com")
    assert not is_host("https://notopenai.com/v1", "openai.com")
    assert split("http://localhost:port/") is None
    assert all(vendor_at(vendor.url) is vendor and wire_of(vendor.url) for vendor in VENDORS)
