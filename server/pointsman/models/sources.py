"""The web pages an answer rests on, picked out of a stream: every host tells them in a place of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

from pointsman.models.values import record, rows, string

MOST = 30


class Sources:
    """`found` are (title, url), each page once: those cited, or without any those that the search brought."""

    def __init__(self) -> None:
        self._cited: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    @property
    def found(self) -> tuple[tuple[str, str], ...]:
        pages = self._cited or self._seen
        return tuple((title or self._seen.get(url, ""), url) for url, title in pages.items())[:MOST]

    def take(self, event: Mapping[str, Any]) -> None:
        for page in _cited(event):
            _keep(self._cited, page)
        block = record(event.get("content_block"))
        for page in (*rows(event.get("search_results")), *rows(block.get("content"))):
            _keep(self._seen, page)


def _cited(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield record(event.get("annotation"))  # Responses
    yield record(record(event.get("delta")).get("citation"))  # Messages
    for choice in rows(event.get("choices")):
        for annotation in rows(record(choice.get("delta")).get("annotations")):
            yield record(annotation.get("url_citation")) or annotation
    urls = event.get("citations")  # Perplexity: plain URLs
    yield from ({"url": url} for url in (urls if isinstance(urls, list) else ()) if isinstance(url, str))


def _keep(pages: dict[str, str], page: Mapping[str, Any]) -> None:
    url = string(page.get("url"))
    if url.startswith(("https://", "http://")):
        pages[url] = pages.get(url) or string(page.get("title"))
