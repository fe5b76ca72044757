"""What the benchmarks of de-duplication share: the texts of labelled sets made records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from ingest.dedup.fingerprint import fingerprint
from ingest.model import Article, Block, Labels, Provenance, Record, Segment
from ingest.urls import url_key

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)

# Texts of which so many begin with the same line come from one site, and the line is of its template.
_SITE_TEXTS = 20


def addresses(entries: Sequence[dict[str, Any]]) -> list[str]:
    """An address for each entry of a set: a site of its own, but one site for the texts with one template.

    In sets that name families of templates each text has a site of its own: what they share must be told by itself.
    """
    if "family" in entries[0]:
        return [f"https://{entry['id']}.example/{entry['id']}" for entry in entries]
    first = [entry["text"].lstrip().partition("\n")[0] for entry in entries]
    shared = Counter(first)
    return [
        f"https://{'site-' + _short(line) if shared[line] >= _SITE_TEXTS else entry['id']}.example/{entry['id']}"
        for entry, line in zip(entries, first, strict=True)
    ]


def make_record(address: str, text: str, language: str = "en") -> Record:
    """A record of a text in one language, without the cost of telling it."""
    article = Article(
        key=url_key(address),
        url=address,
        requested_url=address,
        canonical_url=None,
        source=None,
        publisher=None,
        title=None,
        blocks=tuple(Block(text=part) for part in text.split("\n") if part.strip()),
        provenance=Provenance(
            status=200,
            content_type=None,
            charset=None,
            body_sha256="0" * 64,
            fetched_at=NOON,
            extractor="bench",
        ),
    )
    segments = tuple(Segment(text=block.text, language=language, confidence=1.0) for block in article.blocks)
    labels = Labels(segments=segments, title_language=None, language=language, languages=((language, 1.0),))
    return Record(article=article, labels=labels, fingerprint=fingerprint(article.text, language), detector="bench")


def _short(line: str) -> str:
    return blake2b(line.encode(), digest_size=4).hexdigest()
