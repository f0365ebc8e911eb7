"""The pages an answer rests on, as each host tells them in its stream."""

import pytest

from pointsman.models.sources import Sources

PAGE = ("A page", "https://example.com/a")
CITED = {"title": "A page", "url": "https://example.com/a"}
EVENTS = {
    "chat": [{"choices": [{"delta": {"annotations": [{"type": "url_citation", "url_citation": CITED}]}}]}],
    "chat, flat": [{"choices": [{"delta": {"annotations": [{"type": "url_citation", **CITED}]}}]}],
    "responses": [{"type": "response.output_text.annotation.added", "annotation": {"type": "url_citation", **CITED}}],
    "messages": [
        {
            "type": "content_block_start",
            "content_block": {
                "type": "web_search_tool_result",
                "content": [{"title": "B", "url": "https://b.example"}],
            },
        },
        {"type": "content_block_delta", "delta": {"type": "citations_delta", "citation": CITED}},
    ],
    "messages, nothing cited": [
        {"type": "content_block_start", "content_block": {"type": "web_search_tool_result", "content": [CITED]}}
    ],
    "perplexity": [{"citations": ["https://example.com/a"], "search_results": [CITED], "choices": []}] * 2,
}


@pytest.mark.parametrize("name", EVENTS)
def test_each_host(name):
    sources = Sources()
    for event in EVENTS[name]:
        sources.take(event)
    assert sources.found == (PAGE,)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"citations": None, "search_results": "x", "annotation": [], "choices": [None, {"delta": None}]},
        {"citations": [1, None, "ftp://x", "javascript:alert(1)"]},
        {"content_block": {"content": {"type": "web_search_tool_result_error"}}},
        {"choices": [{"delta": {"annotations": ["x", {"url_citation": {"url": 3}}]}}]},
        {"delta": "text"},
    ],
)
def test_odd_events_bring_none(event):
    sources = Sources()
    sources.take(event)
    assert sources.found == ()
