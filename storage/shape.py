"""The record as other programs get it, in types: what docs/record.schema.json says (a test compares the two)."""

from __future__ import annotations

from typing import Literal, NewType, TypedDict

Instant = NewType("Instant", str)
"""A point in time in ISO 8601, with its offset."""


class SegmentDict(TypedDict):
    """A paragraph."""

    text: str
    language: str
    confidence: float
    role: str
    translation: str | None


class KeptDict(TypedDict):
    """A sentence that stayed in its language: in which segment (`None`: around the text), and why."""

    segment: int | None
    sentence: str
    reason: str


class TranslationDict(TypedDict):
    """The record in the target language."""

    language: str
    title: str | None
    subtitle: str | None
    section: str | None
    tags: list[str] | None
    text: str | None
    best_text: str
    kept: list[KeptDict]
    status: Literal["complete", "partial", "pending", "unsupported", "not_needed"]
    models: list[str]


class AttributionDict(TypedDict):
    """Who wrote it first, and who passed it on."""

    original_name: str | None
    original_url: str | None
    original_language: str | None
    reposted_by: str | None
    reposted_at: Instant | None
    dateline: str | None
    agency: str | None
    photo_credits: list[str]
    machine_translated: bool | None
    reworded: bool | None


class CitationDict(TypedDict):
    """An outlet or page that the text cites."""

    name: str | None
    date: str | None
    url: str | None


class ClueDict(TypedDict):
    """Something that tells who has a text from whom."""

    rule: str
    detail: str


class DuplicateDict(TypedDict):
    """A record's place among its copies."""

    cluster: str
    is_canonical: bool
    canonical_id: str
    relation: Literal["original", "exact", "near", "reworded", "translated", "update"]
    score: float | None
    overlap: float | None
    evidence: list[ClueDict]
    certain: Literal["yes", "likely", "no"]


class ConflictDict(TypedDict):
    """A fact that two texts give otherwise in the same place."""

    fact: Literal["number", "name"]
    own: str
    other: str
    span: list[int]


class LinkDict(TypedDict):
    """A record that shares text with this one, seen from this one."""

    relation: Literal[
        "exact",
        "near",
        "reworded",
        "translated",
        "update",
        "quotes",
        "quoted_by",
        "contains",
        "retold",
        "same_template",
    ]
    id: str
    score: float
    overlap: float
    side: str
    other_side: str
    spans: list[list[int]]
    conflicts: list[ConflictDict]


class ArchiveDict(TypedDict):
    """Where a raw response lies."""

    file: str
    offset: int


class ProvenanceDict(TypedDict):
    """The response that a record was read from, and what read it."""

    run_id: str
    status: int | None
    content_type: str | None
    charset: str | None
    body_sha256: str
    archive: ArchiveDict | None
    extractor: str
    detector: str
    deduplicator: str


class ConfidenceDict(TypedDict):
    """How sure a record is of its text and of three of its facts, 0 to 1."""

    text: float | None
    title: float | None
    date: float | None
    authors: float | None


class RecordDict(TypedDict):
    """A record; docs/record.md explains the fields."""

    schema: Literal["newsmill/record@2"]
    id: str
    url: str
    requested_url: str
    canonical_url: str | None
    source: str | None
    publisher: str | None
    title: str | None
    subtitle: str | None
    authors: list[str]
    organisations: list[str]
    byline: str | None
    published_at: Instant | None
    published_precision: Literal["instant", "day"] | None
    modified_at: Instant | None
    fetched_at: Instant
    section: str | None
    tags: list[str]
    image: str | None
    licence: str | None
    is_free: bool | None
    language: str
    languages: dict[str, float]
    text: str
    segments: list[SegmentDict]
    translation: TranslationDict
    attribution: AttributionDict
    citations: list[CitationDict]
    duplicate: DuplicateDict
    links: list[LinkDict]
    flags: list[str]
    confidence: ConfidenceDict
    origins: dict[str, str]
    provenance: ProvenanceDict
