"""The values that pass through the pipeline, in the order they appear.

    Seed ── fetch ──> Page ── extract, clean ──> Article ── segment, detect, fingerprint ──> Record
      └───────────────── at any point ──> Rejection

All are frozen, and their strings well-formed (`ingest.value`); a stage returns new values and changes none. What cannot
become a record is a `Rejection` (`ingest.outcome`): a value that is counted and kept, never an exception. Instants
carry an offset; unknown is ``None``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType, TypeAlias

from ingest.findings import NOTHING_FOUND, Findings
from ingest.value import Value, well_formed

UrlKey = NewType("UrlKey", str)
"""Hex SHA-256 of a canonical URL, or of the content of a local file: identity of a record across runs."""

Wire: TypeAlias = tuple[tuple[str, str], ...]
"""Header fields as they went over the wire, in their order."""

UNDETERMINED = "und"
"""BCP-47's code for a text whose language cannot be told (ISO 639-2)."""

LOW_CONFIDENCE = "low_confidence"
"""The flag of a record whose text is expected to be worse than `LOW`."""

LOW = 0.8
"""The confidence of a text from which on it is not flagged."""

WITHDRAWAL_NOTICE = "withdrawal_notice"
"""The flag of a text that says in the place of an article that it was taken away."""

WITHDRAWN_ARTICLE = "withdrawn_article"
"""The flag of a record that shows the last known text of an article that is there no more."""

RULE_FAILED = "site_rule_failed"
"""The flag of a record whose site has a rule that found nothing to be believed: the general reading stands."""

JOINED_PAGES = "joined_pages"
"""The flag of a record whose text was read from several pages."""

PAGES_MISSING = "pages_missing"
"""The flag of a record whose article has more pages than could be had."""

TRANSLATABLE = frozenset({
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fr",
    "ga", "gl", "gu", "he", "hi", "hr", "hu", "id", "is", "it", "ja", "kn", "ko", "ky", "lt", "lv", "ml", "ms", "mt",
    "nl", "no", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "te", "th", "tl", "tr", "uk",
    "ur", "vi", "zh-Hans", "zh-Hant",
})  # fmt: skip
"""Languages of which an Argos package or a model of Firefox is published: what is in another waits in vain for one."""


class Via(StrEnum):
    """How a seed was heard of."""

    LIST = "list"
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    FILE = "file"
    WARC = "warc"


class Role(StrEnum):
    """What a block of an article is."""

    BODY = "body"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    CAPTION = "caption"


class Kind(StrEnum):
    """What sort of piece an article is."""

    ARTICLE = "article"
    BRIEF = "brief"
    LIVE = "live"
    GALLERY = "gallery"
    VIDEO = "video"
    AUDIO = "audio"
    POST = "post"


class MarkKind(StrEnum):
    """What is marked in a text."""

    LINK = "link"
    BOLD = "bold"
    ITALIC = "italic"
    CELL = "cell"


class Precision(StrEnum):
    """How exactly a publication time is known."""

    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators(Value):
    """What tells whether a response that we hold is still the newest: the server's words for it (RFC 9110, 8.8).

    `etag` and `last_modified` are sent back as they came; `body_sha256` (hex) is of the decoded body, for servers that
    give neither.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed(Value):
    """A URL and how we heard of it.

    `title` and `published_at` are what the feed said, kept as a witness; `language` is what the source mostly writes
    in. With `validators` the response is wanted only if it is another one than we hold.
    """

    url: str
    source: str | None = None
    via: Via = Via.LIST
    title: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePointer(Value):
    """Where a raw response lies: a WARC file and the byte offset of its record."""

    file: str
    offset: int


class Only(StrEnum):
    """What a list of records can be narrowed to: duplicates of others, those awaiting translation, unsure texts."""

    DUPLICATES = "duplicates"
    PENDING = "pending"
    UNSURE = "unsure"


class Use(StrEnum):
    """What a record may be used for: to be found and shown in parts, to be counted and compared, to train models."""

    SEARCH = "search"
    MINING = "mining"
    TRAINING = "training"

    @property
    def subjects(self) -> tuple[str, ...]:
        """What must not be reserved for it (`Evidence.about`)."""
        return {"search": ("search",), "mining": ("tdm",), "training": ("ai", "tdm")}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Value):
    """A word on what a page may be used for.

    `about` is "search", "tdm", "ai", "images", "licence" or "copyright", `says` "reserved", "permitted" or "stated",
    `origin` where it stands ("robots.txt", "header", "meta", ...), `text` the words, and `seen_at` when they were seen.
    """

    about: str
    says: str
    origin: str
    text: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights(Value):
    """What all the words come to: of mining and of models "reserved", "permitted" or ``None``, and the licence.

    `reserved` is all that is and that a use hangs on (`Use.subjects`), sorted.
    """

    tdm: str | None = None
    ai: str | None = None
    licence: str | None = None
    reserved: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule(Value):
    """How pages of one site are to be read, by a person who looked: tried before the general reading, checked by it.

    All but `date_format`, `data` and `replace` are XPath 1.0; of several the first that finds something counts. `host`
    is the site, `version` a digest of all that it says. `data` are paths into the JSON of a page ("article.body"),
    `renders` tags that elements are read as, `replace` literal changes of the source, `only_if` what a page must hold
    for the rule to be meant for it, `next_page` the links to the article's further pages, `single_page` those to all of
    it on one. A `trusted` rule is right however little it finds.
    """

    host: str
    version: str
    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    date_format: str | None = None
    strip: tuple[str, ...] = ()
    dissolve: tuple[str, ...] = ()
    renders: tuple[tuple[str, str], ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    data: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    next_page: tuple[str, ...] = ()
    single_page: tuple[str, ...] = ()
    trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Value):
    """One raw response, decompressed. What belongs to HTTP is empty for a local file.

    `redirects` are the URLs that were asked for before `final_url`, in order; `request` are the headers that were
    sent, `address` is the IP address that answered. Headers are as they were on the wire, a character for a byte: they
    go into the archive. `header` gives them as text. `sha256` is the hash of the body, where somebody has taken it.
    `terms` are what its origin says of the use of all its pages.
    `rule` is how its site is read, where a person has said so. `parts` are the further pages of its article, in order,
    as far as they are at hand.
    `saved_at` is when a local file was written, `fetched_at` when it was read; `captured_at` is when the page was as it
    is here.
    """

    seed: Seed
    final_url: str
    body: bytes
    fetched_at: datetime
    status: int | None = None
    headers: Wire = ()
    redirects: tuple[str, ...] = ()
    request: Wire = ()
    address: str | None = None
    archive: ArchivePointer | None = None
    terms: tuple[Evidence, ...] = ()
    sha256: str | None = None
    saved_at: datetime | None = None
    rule: SiteRule | None = None
    parts: tuple[Page, ...] = ()

    @property
    def body_sha256(self) -> str:
        """Hex SHA-256 of the body: as it is known already, else computed."""
        return self.sha256 or hashlib.sha256(self.body).hexdigest()

    @property
    def captured_at(self) -> datetime:
        """The time that puts the captures of a page in order."""
        return self.saved_at or self.fetched_at

    def header(self, name: str) -> str | None:
        """The first value of a response header, by case-insensitive name."""
        wanted = name.lower()
        return next((well_formed(value) for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor(Value):
    """A hyperlink inside a block: its words, and the absolute URL that it leads to."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Value):
    """Characters `start` to `end` of a text that the page links, emphasises or sets in a cell of a table.

    `words` are those characters, so that a mark shows by itself whether it still fits a text that was changed; `url` is
    where a link leads, absolute (http, https or mailto).
    """

    kind: MarkKind
    start: int
    end: int
    words: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Value):
    """A run of text of one role: a paragraph, a heading, an item of a list.

    `origin` names what took it from the page ("trafilatura", "json-ld", "plain", ...); `anchors` are its hyperlinks in
    reading order; `probability` is how probable it is that it is text of the article, where that was asked. In a live
    ticker `time` (ISO 8601, without offset where the page tells none) and `author` are those of its post. `level` is
    that of a heading (1 to 6), or how deep an item of a list stands (from 1), where the page says it. `number` is its
    place among the blocks as they were read, by which pictures find theirs when some of these are gone.
    """

    text: str
    role: Role = Role.BODY
    origin: str = "plain"
    anchors: tuple[Anchor, ...] = ()
    probability: float | None = None
    time: str | None = None
    author: str | None = None
    marks: tuple[Mark, ...] = ()
    level: int | None = None
    number: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Value):
    """A picture of an article: its address, what stands below it, and after which block (its number) it comes."""

    url: str
    caption: str | None = None
    credit: str | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue(Value):
    """A block that was taken out of the text, and why: an entry of a log that people read, and no stage.

    `rule` is the code of the rule; `value` is the fact in it, if it holds one (the name in "By: Ann Lee"); `moved_to`
    names the field that holds it now, if any. The facts themselves are handed on as `Findings`.
    """

    text: str
    rule: str
    value: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline(Value):
    """Who is named in a by-line, each once, in order, and how the page prints it.

    `people` wrote it; `photographers` and `others` (translators, editors, illustrators) are people too, but no authors.
    `organisations` are newsrooms, outlets and offices, agencies among them; `agency` are the news agencies as printed
    ("AFP/dpa"), `initials` what stands in parentheses behind the names ("mho/dpa"), `label` the name beside "Editor" or
    "Redaktion": a site's, not a person's ("" where none stands there).
    """

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    agency: str | None = None
    initials: str | None = None
    label: str | None = None
    printed: str | None = None

    def __bool__(self) -> bool:
        return bool(self.people or self.organisations)

    @classmethod
    def joined(cls, bylines: Sequence[Byline]) -> Byline:
        """Several by-lines as one, the first first.

        A name that one takes for a person's and another for an organisation's is a person's if it has two words.
        """
        people = _once(one.people for one in bylines)
        organisations = _once(one.organisations for one in bylines)
        return cls(
            people=tuple(name for name in people if " " in name or name not in organisations),
            organisations=tuple(name for name in organisations if " " not in name or name not in people),
            photographers=_once(one.photographers for one in bylines),
            others=_once(one.others for one in bylines),
            roles=_once(one.roles for one in bylines),
            places=_once(one.places for one in bylines),
            agency=next((one.agency for one in bylines if one.agency), None),
            initials=next((one.initials for one in bylines if one.initials), None),
            label=next((one.label for one in bylines if one.label is not None), None),
            printed=", ".join(_once((one.printed,) for one in bylines if one.printed)) or None,
        )


def _once(rows: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Value):
    """An outlet or page that the text cites.

    `date` is ISO 8601, "2022-04-01", or "--04-01" where the text gives no year and none can be told.
    """

    name: str | None
    date: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution(Value):
    """Who wrote it first, and who passed it on. Each field is ``None`` where the page does not say.

    `reposted_at` is when the copy went up, as against `published_at` of the article; `reworded` says whether words look
    exchanged for synonyms.
    """

    original_name: str | None = None
    original_url: str | None = None
    original_language: str | None = None
    reposted_by: str | None = None
    reposted_at: datetime | None = None
    dateline: str | None = None
    agency: str | None = None
    photo_credits: tuple[str, ...] = ()
    machine_translated: bool | None = None
    reworded: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Value):
    """A further page that a text was read from: its address, its body's hash, and where it lies."""

    url: str
    body_sha256: str
    archive: ArchivePointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Value):
    """The other pages of an article, as far as its page tells and they are not at hand: addresses.

    `first` is the first page where this is a later one, or one before it, `further` are those that follow, in order,
    `single` is a page that shows all of them as one. `onward` may follow: it is believed of a page that is known to be
    one of several.
    """

    first: str | None = None
    further: tuple[str, ...] = ()
    single: str | None = None
    onward: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance(Value):
    """How a record came to be: the response it was read from, and what read it.

    `captured_at` is when the page was as it was read, where that is not `fetched_at`: of a local file. `parts` are the
    further pages of an article over several.
    """

    status: int | None
    content_type: str | None
    charset: str | None
    body_sha256: str
    fetched_at: datetime
    extractor: str
    archive: ArchivePointer | None = None
    captured_at: datetime | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Value):
    """The text of a page without boilerplate, and what the page says about it.

    `authors` are the names that the page gives for them, `organisations` the newsrooms, agencies and offices among them
    and in the byline. `is_free` is what the page says of its paywall. `origins` tells for each field where its value
    was found: (("title", "json-ld"), ...). `expected_length` is how many characters of text the page is likely to hold,
    `witnesses` how many places of the page agree with title, date and authors.
    `kind` is what sort of piece it is, by what the page declares and holds. `is_twin` says that it was read from
    another layout than that at its own address. `series` are pages of it that are still to be had.
    `twins` are addresses at which its page says that it stands in another layout.
    """

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
    organisations: tuple[str, ...] = ()
    byline: str | None = None
    published_at: datetime | None = None
    published_precision: Precision | None = None
    modified_at: datetime | None = None
    declared_language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    licence: str | None = None
    rights: Rights = Rights()
    is_free: bool | None = None
    origins: tuple[tuple[str, str], ...] = ()
    residue: tuple[Residue, ...] = ()
    findings: Findings = NOTHING_FOUND
    attribution: Attribution = Attribution()
    citations: tuple[Citation, ...] = ()
    flags: tuple[str, ...] = ()
    expected_length: float | None = None
    witnesses: tuple[tuple[str, int], ...] = ()
    kind: Kind = Kind.ARTICLE
    pictures: tuple[Picture, ...] = ()
    is_twin: bool = False
    series: Series | None = None
    twins: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The clean text as published: blocks parted by a blank line, captions left out."""
        return "\n\n".join(block.text for block in self.blocks if block.role is not Role.CAPTION)

    def logged(self, fields: Mapping[str, str]) -> Article:
        """The article whose residue says which field a fact has come to, by the fact."""
        residue = tuple(replace(one, moved_to=fields.get(one.value or "", one.moved_to)) for one in self.residue)
        return replace(self, residue=residue) if residue != self.residue else self

    def flagged(self, *flags: str) -> Article:
        """The article with these flags too, each once."""
        new = dict.fromkeys(flag for flag in flags if flag not in self.flags)
        return replace(self, flags=(*self.flags, *new)) if new else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Value):
    """A paragraph in one language. `confidence` is the detector's posterior probability, 0 to 1.

    In a live ticker `time` and `author` are those of its post.
    `marks` and `level` are those of its block.
    """

    text: str
    language: str
    confidence: float
    role: Role = Role.BODY
    time: str | None = None
    author: str | None = None
    marks: tuple[Mark, ...] = ()
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint(Value):
    """What is stored of a text to find its copies.

    `exact` is a hash of the token sequence, `keys` are signed hashes (32 bits) of rare words and of pairs of
    neighbouring rare words (sorted, distinct), `language` is the language the text was read in; `words` is what a
    comparison needs of the text (`ingest.dedup.words`).
    """

    language: str
    exact: str
    tokens: int
    keys: tuple[int, ...]
    words: bytes
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence(Value):
    """How sure the record is of its text (expected F1 over its words), title, date and authors: 0 to 1 each.

    ``None`` where there is nothing to be sure of, or nobody to ask: of a plain text that came as it is.
    """

    text: float | None = None
    title: float | None = None
    date: float | None = None
    authors: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels(Value):
    """The languages of an article: of its segments, its title and the whole.

    `languages` are shares of characters by language, largest first, summing to 1; `title_language` is ``None`` where
    there is no title.
    """

    segments: tuple[Segment, ...]
    title_language: str | None
    language: str
    languages: tuple[tuple[str, float], ...]


MOST_SITE_LINES = 48
"""Of so many lines of a page it is worth counting which other pages of its site have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Value):
    """An article with its languages and fingerprint: what is stored.

    `site_lines` are keys of the lines that may be its site's (`ingest.clean.candidate_lines`), sorted and distinct: of
    all short lines, or of the `MOST_SITE_LINES` that are nearest to its ends.
    """

    article: Article
    labels: Labels
    fingerprint: Fingerprint
    detector: str
    site_lines: tuple[int, ...] = ()
    confidence: Confidence = Confidence()
