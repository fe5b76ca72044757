"""How two records are related: which is a copy of which, and what they share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.model import UrlKey


class Relation(StrEnum):
    """How two records are related. All but `quotes` make duplicates."""

    ORIGINAL = "original"
    EXACT = "exact"
    NEAR = "near"
    REWORDED = "reworded"
    TRANSLATED = "translated"
    QUOTES = "quotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A passage that two texts share: half-open character offsets into each text."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two records that share text, with the evidence. `a` < `b`, except that for `quotes` `a` quotes `b`.

    `score` is between 0 and 1. `spans` are offsets into the texts that were compared (see `side_a`, `side_b`:
    "original" or the target language of a translation).
    """

    a: UrlKey
    b: UrlKey
    relation: Relation
    score: float
    spans: tuple[Span, ...]
    side_a: str = "original"
    side_b: str = "original"
