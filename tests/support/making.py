"""Values for tests that do not care how they came to be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from ingest.model import Article, Block, Page, Provenance, Record, Seed, UrlKey
from ingest.pipeline import make_record
from ingest.urls import canonicalize, url_key

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def make_article(text: str, url: str = "https://courier.example/story", hours: float = 0, **fields: Any) -> Article:
    """An article whose blocks are the paragraphs of a text, captured some hours after noon."""
    known: dict[str, Any] = {
        "key": url_key(canonicalize(url)),
        "url": url,
        "requested_url": url,
        "canonical_url": None,
        "source": None,
        "publisher": "courier.example",
        "title": None,
        "blocks": tuple(Block(text=paragraph) for paragraph in text.split("\n\n")),
        "provenance": Provenance(
            status=200,
            content_type="text/html",
            charset="utf-8",
            body_sha256=sha256(f"{fields.get('title')}\n{text}".encode()).hexdigest(),
            fetched_at=NOON + timedelta(hours=hours),
            extractor="test",
        ),
    }
    return Article(**(known | fields))


def make_stored(text: str, url: str = "https://courier.example/story", **fields: Any) -> Record:
    """A record of a text, its languages and fingerprint made by the real stages."""
    return make_record(make_article(text, url, **fields))


def make_page(body: bytes, url: str = "https://courier.example/story", content_type: str = "text/html") -> Page:
    """A page as a fetcher gives it."""
    return Page(
        seed=Seed(url=url),
        final_url=url,
        body=body,
        fetched_at=NOON,
        status=200,
        headers=(("Content-Type", content_type),),
    )


def key_of(url: str) -> UrlKey:
    """The identity of a page."""
    return url_key(canonicalize(url))
