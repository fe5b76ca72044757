"""The values that pass through the pipeline, in the order they appear.

    Seed ── fetch ──> Page ── extract, clean ──> Article ── segment, detect, fingerprint ──> Record
      └───────────────── at any point ──> Rejection

All are frozen; a stage returns new values and changes none. What cannot become a record is a `Rejection`: a value that
is counted and kept, never an exception. Instants carry an offset; unknown is ``None``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

UrlKey = NewType("UrlKey", str)
"""Hex SHA-256 of a canonical URL, or of the content of a local file: identity of a record across runs."""

UNDETERMINED = "und"
"""BCP-47's code for a text whose language cannot be told (ISO 639-2)."""


class Via(StrEnum):
    """How a seed was heard of."""

    LIST = "list"
    FEED = "feed"
    FILE = "file"
    WARC = "warc"


class Stage(StrEnum):
    """Where in the pipeline something was rejected."""

    DISCOVER = "discover"
    FETCH = "fetch"
    EXTRACT = "extract"
    STORE = "store"


class Reason(StrEnum):
    """Why a seed did not become a record. The values label counters and reports; docs/record.md explains each."""

    BAD_URL = "bad_url"
    BAD_FEED = "bad_feed"
    BAD_TYPE = "bad_type"
    BAD_WARC = "bad_warc"
    BLOCKED = "blocked"
    EMPTY = "empty"
    EXTRACT_TIMEOUT = "extract_timeout"
    EXTRACT_CRASH = "extract_crash"
    GONE = "gone"
    HTTP_ERROR = "http_error"
    NO_TEXT = "no_text"
    NOT_FOUND = "not_found"
    PRIVATE_ADDRESS = "private_address"
    REDIRECTS = "redirects"
    ROBOTS = "robots"
    TOO_BIG = "too_big"
    UNREADABLE = "unreadable"
    # From here on the world was at fault for the moment, and a retry may help.
    CONNECT = "connect"
    DNS = "dns"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    TLS = "tls"
    TOO_MANY_REQUESTS = "too_many_requests"

    @property
    def transient(self) -> bool:
        """Whether trying again later may succeed: such a seed counts as `failed`, the others as `rejected`."""
        return self in _TRANSIENT


_TRANSIENT = frozenset(
    {
        Reason.CONNECT,
        Reason.DNS,
        Reason.ROBOTS_UNREACHABLE,
        Reason.SERVER_ERROR,
        Reason.TIMEOUT,
        Reason.TLS,
        Reason.TOO_MANY_REQUESTS,
    }
)


class Outcome(StrEnum):
    """What became of a seed in a run. Every seed of a run ends in exactly one."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    FAILED = "failed"


class Role(StrEnum):
    """What a block of an article is."""

    BODY = "body"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    CAPTION = "caption"


class Precision(StrEnum):
    """How exactly a publication time is known."""

    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A URL and how we heard of it. `title` and `published_at` are what the feed said, kept as a witness."""

    url: str
    source: str | None = None
    via: Via = Via.LIST
    title: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePointer:
    """Where a raw response lies: a WARC file and the byte offset of its record."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One raw response, decompressed. `status` and `headers` are empty for a local file."""

    seed: Seed
    final_url: str
    body: bytes
    fetched_at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    archive: ArchivePointer | None = None

    def header(self, name: str) -> str | None:
        """The first value of a response header, by case-insensitive name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text of one role: a paragraph, a heading, an item of a list."""

    text: str
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """A block that was taken out of the text, and why. `moved_to` names the field that holds it now, if any."""

    text: str
    rule: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An outlet or page that the text cites."""

    name: str | None
    date: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who wrote it first, and who passed it on. Each field is ``None`` where the page does not say."""

    original_name: str | None = None
    original_url: str | None = None
    original_language: str | None = None
    reposted_by: str | None = None
    dateline: str | None = None
    agency: str | None = None
    machine_translated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a record came to be: the response it was read from, and what read it."""

    status: int | None
    content_type: str | None
    charset: str | None
    body_sha256: str
    fetched_at: datetime
    extractor: str
    archive: ArchivePointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text of a page without boilerplate, and what the page says about it."""

    key: UrlKey
    url: str
    requested_url: str
    canonical_url: str | None
    source: str | None
    publisher: str | None
    title: str | None
    blocks: tuple[Block, ...]
    provenance: Provenance
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    byline: str | None = None
    published_at: datetime | None = None
    published_precision: Precision | None = None
    modified_at: datetime | None = None
    declared_language: str | None = None
    residue: tuple[Residue, ...] = ()
    attribution: Attribution = Attribution()
    citations: tuple[Citation, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The clean text as published: blocks parted by a blank line."""
        return "\n\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A paragraph in one language. `confidence` is the detector's posterior probability, 0 to 1."""

    text: str
    language: str
    confidence: float
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is stored of a text to find its copies.

    `exact` is a hash of the token sequence, `keys` are signed 64-bit hashes of rare words and of pairs of
    neighbouring rare words (sorted, distinct), `language` is the language the text was read in.
    """

    language: str
    exact: str
    tokens: int
    keys: tuple[int, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article with its languages and fingerprint: what is stored.

    `languages` are shares of characters by language, largest first, summing to 1; `title_language` is ``None`` where
    there is no title.
    """

    article: Article
    segments: tuple[Segment, ...]
    language: str
    languages: tuple[tuple[str, float], ...]
    title_language: str | None
    fingerprint: Fingerprint
    detector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A seed that did not become a record, where and why."""

    url: str
    source: str | None
    stage: Stage
    reason: Reason
    detail: str = ""

    @property
    def outcome(self) -> Outcome:
        """`failed` where a retry may help, else `rejected`."""
        return Outcome.FAILED if self.reason.transient else Outcome.REJECTED


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
