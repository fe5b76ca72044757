"""Stored texts made ready for a comparison, without the lines that many texts of their site have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

from ingest.dedup.compare import Prepared, Text, prepare, prepared, shown
from ingest.dedup.dates import published
from ingest.dedup.fingerprint import FINGERPRINT_VERSION
from ingest.dedup.lines import FREQUENT_LINE, blank_lines, line_keys
from ingest.dedup.words import unpack
from ingest.urls import site_of
from storage import links as stored
from storage.lines import frequent_lines
from storage.links import Side
from storage.store import Transaction

# Texts that were made ready for a comparison are kept for the next: copies of one story come in several batches. Some
# 60 kB each.
_KEPT_TEXTS = 1024


def made_ready(tx: Transaction, texts: Mapping[Side, stored.SideText]) -> dict[Side, Prepared]:
    """Texts without the lines that many texts of their site have: the template must not make copies of them all."""
    known = stored.side_words(tx, texts, FINGERPRINT_VERSION)
    frequent = frequent_lines(tx, {key for one in known.values() for key in one.lines}, most=FREQUENT_LINE)
    ready: dict[Side, Prepared] = {}
    for side, one in texts.items():
        kept = known.get(side)
        blanked: frozenset[int] = frozenset()
        if kept and not frequent.isdisjoint(kept.lines):
            blanked = frozenset(number for key, number in scoped_lines(one).items() if key in frequent)
        ready[side] = _prepared(_text(one), *((kept.exact, kept.words) if kept else ("", b"")), blanked)
    return ready


def scoped_lines(one: stored.SideText) -> dict[int, int]:
    """The lines of a text, by keys of its site alone: the keys that `blank_lines` takes. Files have no site."""
    site = site_of(one.url)
    if not site:
        return {}
    scope = f"{site}\0{one.side}\0".encode()
    return {_signed_hash(scope + number.to_bytes(8, "big", signed=True)): number for number in line_keys(one.text)}


def _signed_hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def _text(one: stored.SideText) -> Text:
    return Text(
        key=one.key,
        text=one.text,
        language=one.language,
        side=one.side,
        published=published(one.published_at, one.published_precision),
        written=one.written,
    )


@lru_cache(maxsize=_KEPT_TEXTS)
def _prepared(text: Text, exact: str, words: bytes, blanked: frozenset[int]) -> Prepared:
    left = replace(text, text=blank_lines(text.text, blanked)) if blanked else text
    if not words:
        return prepare(left)
    return prepared(text, unpack(words), exact) if left.text == text.text else shown(left, unpack(words))
