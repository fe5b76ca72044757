"""The record as other programs get it: the one specification of its fields.

Each field stands here once, in the order of the export, with its type, whether it may be ``None``, what it means and
its column in the CSV (`storage.record_spec` says how). JSON Schema, CSV, Parquet and the tables of docs/record.md and
docs/export.md are made from it; `make pages` writes the pages anew.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, TypedDict

from storage.record_spec import Column, Field, Kind

RECORD_SCHEMA = "newsmill/record@2"
"""The name and version of this specification."""

_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

Words: TypeAlias = Annotated[str, Kind("string", {"type": "string", "minLength": 1})]
Address: TypeAlias = Annotated[str, Kind("address", {"type": "string", "format": "uri"}, many="addresses")]
INSTANT = Kind("instant", {"type": "string", "format": "date-time"}, shared="instant")
Instant: TypeAlias = Annotated[str, INSTANT]
"""A point in time in ISO 8601, with its offset."""
Code: TypeAlias = Annotated[
    str, Kind("code", {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z]{2,4})?$"}, shared="language")
]
Side: TypeAlias = Annotated[
    str, Kind("string", {"type": "string", "pattern": "^(original|[a-z]{2,3}(-[A-Za-z]{2,4})?)$"}, shared="side")
]
Id: TypeAlias = Annotated[str, Kind("id", _SHA256, shared="id")]
Digest: TypeAlias = Annotated[str, Kind("64 hex digits", _SHA256, shared="id")]
Day: TypeAlias = Annotated[
    str,
    Kind(
        "string",
        {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{2}|[0-9]{4}|--[0-9]{2}-[0-9]{2})$"},
    ),
]
Natural: TypeAlias = Annotated[int, Kind("integer", {"type": "integer", "minimum": 0})]
Share: TypeAlias = Annotated[float, Kind("number", {"type": "number", "minimum": 0, "maximum": 1})]
Places: TypeAlias = Annotated[
    list[int],
    Kind(
        "4 integers",
        {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 4, "maxItems": 4},
        many="lists of 4 integers",
    ),
]
Rule: TypeAlias = Literal[
    "names_source", "machine_translated", "reworded", "reposted", "published_first", "not_names_source",
    "not_machine_translated", "not_reworded", "not_reposted", "not_published_first", "names_outside_source", "undated",
    "shorter", "central", "local_file",
]  # fmt: skip


def _noted(sentences: list[KeptDict] | list[DoubtDict]) -> str:
    return "; ".join(f"{one['reason']}: {one['sentence']}" for one in sentences)


def _shares(shares: dict[str, float]) -> str:
    return "; ".join(f"{language} {share}" for language, share in shares.items())


def _cited(citations: list[CitationDict]) -> str:
    return "; ".join(cited for one in citations if (cited := one["url"] or one["name"]))


def _addresses(images: list[ImageDict]) -> str:
    return "; ".join(one["url"] for one in images)


def _quoted(links: list[LinkDict]) -> str:
    return "; ".join(one["id"] for one in links if one["relation"] == "quotes")


def _linked(links: list[LinkDict]) -> str:
    return "; ".join(f"{one['relation']} {one['id']}" for one in links)


class MarkDict(TypedDict):
    """Characters of a paragraph that the page links, emphasises or sets in a cell of a table."""

    type: Annotated[
        Literal["link", "bold", "italic", "cell"],
        Field("What is marked. The cells of a row stand in order; one without words has `start` = `end`."),
    ]
    start: Annotated[Natural, Field("The first character in `text`, from 0.")]
    end: Annotated[Natural, Field("The character behind the last one.")]
    href: Annotated[str | None, Field("Of a link: where it leads, absolute: http, https or mailto.")]


class ImageDict(TypedDict):
    """A picture of the article."""

    url: Annotated[Address, Field("Where it lies: the largest that the page offers.")]
    caption: Annotated[str | None, Field("The words below it, without the credit.")]
    credit: Annotated[str | None, Field("Who made it, as printed.")]
    after: Annotated[Natural | None, Field("The segment that it follows, from 0; `null` above all of them.")]


class SegmentDict(TypedDict):
    """A paragraph."""

    text: Annotated[Words, Field("One paragraph.")]
    language: Annotated[Code, Field("Its language, one of 47, or another that can be told; `und` for none of them.")]
    confidence: Annotated[Share, Field("The detector's posterior probability, 0 to 1.")]
    role: Annotated[Literal["body", "heading", "quote", "list", "caption"], Field("See [roles](#roles).")]
    time: Annotated[
        str | None,
        Field("Of a post in a live ticker: when it was written, in ISO 8601; without offset if none is told."),
    ]
    author: Annotated[str | None, Field("Of a post in a live ticker: who wrote it, where the page tells.")]
    level: Annotated[
        int | None,
        Field(
            "Of a heading, 1 to 6; of an item of a list how deep it stands, from 1. `null` where the page does not say."
        ),
    ]
    marks: Annotated[list[MarkDict], Field("Links and emphasis in the text, which is the same with and without them:")]
    translation: Annotated[str | None, Field("In the target language; `null` where not needed or still missing.")]


class KeptDict(TypedDict):
    """A sentence that stayed in its language: in which segment (`None`: around the text), and why."""

    segment: Annotated[Natural | None, Field("In which of the segments, from 0; `null`: in what stands around them.")]
    sentence: Annotated[str, Field("The sentence.")]
    reason: Annotated[str, Field("What was wrong with every try: [the reasons](models.md#how-a-text-is-translated).")]


class DoubtDict(TypedDict):
    """A sentence whose translation is there and may mislead: in which segment (`None`: around the text), and why."""

    segment: Annotated[Natural | None, Field("In which of the segments, from 0; `null`: in what stands around them.")]
    sentence: Annotated[str, Field("The sentence, as it was written.")]
    reason: Annotated[
        Literal["negation", "quotation", "separator"],
        Field("What its translation seems to have lost: [the doubts](models.md#how-a-text-is-translated)."),
    ]


class TranslationDict(TypedDict):
    """The record in the target language."""

    language: Annotated[Code, Field("That language.")]
    title: Annotated[
        str | None,
        Field("The title in it; `null` where it has no translation yet. So are these:", (Column("translated_title"),)),
    ]
    subtitle: Annotated[str | None, Field("The subtitle.", (Column("translated_subtitle"),))]
    section: Annotated[str | None, Field("The section.", (Column("translated_section"),))]
    tags: Annotated[list[str] | None, Field("The tags, in order.", (Column("translated_tags"),))]
    text: Annotated[
        str | None,
        Field(
            "The text in it: of a `partial` one with the sentences that stayed as they were; `null` while `pending` or "
            "`unsupported`.",
            (Column("translated_text"),),
        ),
    ]
    best_text: Annotated[
        str,
        Field(
            "For reading: each segment in the target language where it is, else as it is (its `translation` is "
            "`null`).",
            (Column("best_text"),),
        ),
    ]
    kept: Annotated[
        list[KeptDict],
        Field(
            "The sentences that stayed in their language:",
            (Column("kept", "`reason: sentence`, separated by `; `", _noted),),
        ),
    ]
    doubtful: Annotated[
        list[DoubtDict],
        Field(
            "The sentences whose translation is there and may mislead:",
            (Column("doubtful", "`reason: sentence`, separated by `; `", _noted),),
        ),
    ]
    status: Annotated[
        Literal["complete", "partial", "pending", "unsupported", "not_needed"],
        Field("See [translation states](#translation-states)."),
    ]
    models: Annotated[list[str], Field("The packages that made it, for example `translate-sv_en 1.5`.")]


class AttributionDict(TypedDict):
    """Who wrote it first, and who passed it on."""

    original_name: Annotated[
        str | None,
        Field(
            'The outlet that a line such as "Source: ..." or "First published in ..." names; else the host of '
            "`original_url`.",
            (Column("original_name"),),
        ),
    ]
    original_url: Annotated[
        Address | None,
        Field(
            'Where a "Source link" leads, or a lone address at the end of the text, if that is a page of another site.',
            (Column("original_url"),),
        ),
    ]
    original_language: Annotated[
        Code | None,
        Field(
            'In which it was written: as the page says ("translated from the Polish"), or told by the address of the '
            "original.",
            (Column("original_language"),),
        ),
    ]
    reposted_by: Annotated[
        str | None,
        Field(
            "Of a text that names its original: the site that passed it on, or its label in the byline.",
            (Column("reposted_by"),),
        ),
    ]
    reposted_at: Annotated[
        Instant | None,
        Field(
            "When the copy went up, as against `published_at`: an aggregator's stamp, or the time that the copy "
            "declares."
        ),
    ]
    dateline: Annotated[str | None, Field('The places that the text opens with: "Oslo/Turku".', (Column("dateline"),))]
    agency: Annotated[
        str | None,
        Field(
            'The news agency of the dateline, the byline, the source line or the initials: "dpa".',
            (Column("agency"),),
        ),
    ]
    photo_credits: Annotated[list[Words], Field('Who took the pictures: "Ann Lee/TT".')]
    machine_translated: Annotated[
        bool | None,
        Field(
            "`true`: the page says that a machine translated it, or the text shows it ([flag](#flags) "
            "`machine_translated_by_cues`)."
        ),
    ]
    reworded: Annotated[bool | None, Field("`true`: words look exchanged for synonyms by a machine. English only.")]


class CitationDict(TypedDict):
    """An outlet or page that the text cites."""

    name: Annotated[
        str | None,
        Field('The outlet; an expert with the institution: "Ann Lee, Kiln House"; else the host of the address.'),
    ]
    date: Annotated[
        Day | None,
        Field("The day that a reference gives: `2022-04-01`; `--04-01` where the year is not known."),
    ]
    url: Annotated[str | None, Field("The address, where the text has a link or shows one.")]


class ClueDict(TypedDict):
    """Something that tells who has a text from whom."""

    rule: Annotated[Rule, Field("The rule.")]
    detail: Annotated[str, Field("The fact, in plain words.")]


class DuplicateDict(TypedDict):
    """A record's place among its duplicates."""

    cluster: Annotated[
        Id,
        Field(
            "The group; equal for all duplicates of one article. A record without any is alone in its own.",
            (Column("cluster"),),
        ),
    ]
    is_canonical: Annotated[
        bool, Field("Whether it stands for the group.", (Column("is_canonical", "`true` or `false`."),))
    ]
    canonical_id: Annotated[Id, Field("The record that does.", (Column("canonical_id"),))]
    relation: Annotated[
        Literal["original", "exact", "near", "reworded", "translated", "update"],
        Field("What it is to the group; see [relations](#relations).", (Column("relation"),)),
    ]
    score: Annotated[
        Share | None,
        Field("How sure that is, 0.5 to 1; `null` for the canonical record.", (Column("score"),)),
    ]
    overlap: Annotated[
        Share | None,
        Field(
            "The share of the shorter text in common with the canonical record, 0 to 1; where these two are not "
            "linked, with its strongest link in the cluster.",
            (Column("overlap"),),
        ),
    ]
    evidence: Annotated[list[ClueDict], Field("What tells who has the text from whom; see [evidence](#evidence).")]
    certain: Annotated[
        Literal["yes", "likely", "no"],
        Field(
            "Whether the evidence tells the original: of a copy, that it is younger than the canonical record; of "
            "that, that all copies are."
        ),
    ]


class ConflictDict(TypedDict):
    """A fact that two texts give otherwise in the same place."""

    fact: Annotated[Literal["number", "name"], Field("What it is.")]
    own: Annotated[str, Field("The words of this record, in small letters.")]
    other: Annotated[str, Field("The words of the other.")]
    span: Annotated[Places, Field("The places of both, as in [spans](#spans).")]


class LinkDict(TypedDict):
    """A record that shares text with this one, seen from this one."""

    relation: Annotated[
        Literal[
            "exact", "near", "reworded", "translated", "update", "quotes", "quoted_by", "contains",
            "retold", "same_template",
        ],
        Field("What this record is to the other; see [relations](#relations)."),
    ]  # fmt: skip
    id: Annotated[Id, Field("The other record.")]
    version: Annotated[Natural, Field("The number of the version of this record in which the passages stand.")]
    other_version: Annotated[Natural, Field("The same of the other record.")]
    score: Annotated[Share, Field("How sure it is that one is made from the other, 0.5 to 1.")]
    overlap: Annotated[Share, Field("The share of the shorter text that is in the passages, 0 to 1.")]
    side: Annotated[
        Side,
        Field("Which text of this record was compared: `original`, or the language of a translation."),
    ]
    other_side: Annotated[Side, Field("The same of the other record.")]
    spans: Annotated[list[Places], Field("The passages in common; see [spans](#spans).")]
    conflicts: Annotated[
        list[ConflictDict],
        Field("What the two texts give otherwise in the same place, each difference once, at most 40:"),
    ]


class ArchiveDict(TypedDict):
    """Where a raw response lies."""

    file: Annotated[str, Field("The WARC file. A relative path starts at the folder in which the run was started.")]
    offset: Annotated[Natural, Field("The byte at which its record begins.")]


class PartDict(TypedDict):
    """A further page that the text was read from."""

    url: Annotated[Address, Field("Its address.")]
    body_sha256: Annotated[Digest, Field("Of its body, decompressed.")]
    archive: Annotated[ArchiveDict | None, Field("Where it lies:")]


class ProvenanceDict(TypedDict):
    """The response that a record was read from, and what read it."""

    run_id: Annotated[str | None, Field("The run that stored it; `null` where none did.", (Column("run_id"),))]
    status: Annotated[int | None, Field("HTTP status; `null` for a local file.")]
    content_type: Annotated[str | None, Field("As the server sent it; of a file by its name.")]
    charset: Annotated[str | None, Field("In which it was read, which may be another than the page claims.")]
    body_sha256: Annotated[Digest, Field("Of the response's body, decompressed.", (Column("body_sha256"),))]
    archive: Annotated[ArchiveDict | None, Field("Where the raw response lies:")]
    parts: Annotated[
        list[PartDict], Field("Of an article over several pages, or shown whole on another: these pages, in order:")
    ]
    extractor: Annotated[str, Field("What took the article out: trafilatura's version, or the reader of plain text.")]
    detector: Annotated[str, Field("What told the languages.")]
    deduplicator: Annotated[str, Field("The version of the fingerprint.")]


class ConfidenceDict(TypedDict):
    """How sure a record is of its text and of three of its facts, 0 to 1."""

    text: Annotated[
        Share | None,
        Field(
            "The F1 over the words of the text that is expected, by how probable each line of the page is to be text; "
            "`null` of plain texts and of texts from JSON-LD. See [confidence](#confidence).",
            (Column("text_confidence"),),
        ),
    ]
    title: Annotated[
        Share | None,
        Field(
            "How often a title was right with which as many places of the page agree.", (Column("title_confidence"),)
        ),
    ]
    date: Annotated[Share | None, Field("The same of the day of publication.", (Column("date_confidence"),))]
    authors: Annotated[Share | None, Field("The same of the authors.", (Column("authors_confidence"),))]


class EvidenceDict(TypedDict):
    """A word on what a page may be used for."""

    about: Annotated[
        Literal["search", "tdm", "ai", "images", "licence", "copyright"],
        Field("Of which use it speaks; `images` is models and their pictures alone."),
    ]
    says: Annotated[
        Literal["reserved", "permitted", "stated"], Field("`stated`: the words are given, and nothing is concluded.")
    ]
    origin: Annotated[
        str,
        Field("Where it stands: `robots.txt`, `tdmrep.json`, `header`, `meta`, `text`, or as in [origins](#origins)."),
    ]
    text: Annotated[str, Field("The words, at most 200 characters: `x-robots-tag`'s directive, a group, a line.")]
    seen_at: Annotated[Instant, Field("When the page was fetched with it.")]


class RightsDict(TypedDict):
    """What a page may be used for, as far as its origin and the page say so."""

    tdm: Annotated[
        Literal["reserved", "permitted"] | None,
        Field("Text and data mining; `null` where nothing is said.", (Column("rights_tdm", "`rights.tdm`"),)),
    ]
    ai: Annotated[
        Literal["reserved", "permitted"] | None,
        Field("Training and feeding of models; `null` where nothing is said.", (Column("rights_ai", "`rights.ai`"),)),
    ]
    licence: Annotated[str | None, Field("As `licence`.")]
    evidence: Annotated[list[EvidenceDict], Field("Every word that was found, 30 at most:")]


class VersionDict(TypedDict):
    """What the record is among the versions of its article."""

    number: Annotated[Natural, Field("Its number, from 1.", (Column("version", "`version.number`"),))]
    of: Annotated[Natural, Field("How many versions are known.")]
    captured_at: Annotated[Instant, Field("When it was first captured.")]
    change: Annotated[
        Literal["withdrawn", "restored", "correction", "substance", "headline", "growth", "style"] | None,
        Field(
            "What has changed since the one before; `null` of the first. See [versions](#versions).",
            (Column("change", "`version.change`"),),
        ),
    ]
    previous: Annotated[Instant | None, Field("When the one before was first captured.")]


class RecordDict(TypedDict):
    """A record; docs/record.md explains the fields."""

    schema: Annotated[Literal["newsmill/record@2"], Field("Always `newsmill/record@2`.")]
    id: Annotated[
        Digest,
        Field(
            "SHA-256 of the canonical URL: the same in every run and database. Of a local file: of its content.",
            (Column("id", "See [record.md](record.md), as for all that are not explained here."),),
        ),
    ]
    url: Annotated[
        Address,
        Field("Where the page was in the end, after redirects. Of a local file: its `file:` URI.", (Column("url"),)),
    ]
    requested_url: Annotated[Address, Field("The address that was asked for.")]
    canonical_url: Annotated[
        Address | None,
        Field(
            "What the page names as its own address, believed only within its site (see [flags](#flags)).",
            (Column("canonical_url"),),
        ),
    ]
    also_at: Annotated[
        list[Address],
        Field(
            "Every other address and file under which the same text was met: those that gave this record, and the "
            "`url` of each record with the same words (`exact` in `links`). Sorted.",
            (Column("also_at"),),
        ),
    ]
    source: Annotated[
        str | None,
        Field("The outlet's name in `sources.toml`; `null` for lists of URLs and for files.", (Column("source"),)),
    ]
    publisher: Annotated[
        str | None, Field("The name of the site as the page gives it, else its host.", (Column("publisher"),))
    ]
    kind: Annotated[
        Literal["article", "brief", "live", "gallery", "video", "audio", "post"],
        Field("What sort of piece it is; see [kinds](#kinds).", (Column("kind"),)),
    ]
    title: Annotated[
        str | None,
        Field("The headline, without the name of the site; the feed's where the page has none.", (Column("title"),)),
    ]
    subtitle: Annotated[str | None, Field("The page's description of itself.", (Column("subtitle"),))]
    authors: Annotated[
        list[Words],
        Field("Names of people who wrote it, without role, place and degree.", (Column("authors"),)),
    ]
    organisations: Annotated[
        list[Words],
        Field("Newsrooms, teams, agencies and offices that the byline names.", (Column("organisations"),)),
    ]
    byline: Annotated[
        str | None, Field("The line as the page prints or declares it; initials in parentheses behind it.")
    ]
    published_at: Annotated[
        Instant | None,
        Field(
            "From JSON-LD, microdata, OpenGraph and other meta elements, `<time>`, the address, a line marked as the "
            "date; else from the feed; else from a stamp in the text.",
            (Column("published_at"),),
        ),
    ]
    published_precision: Annotated[
        Literal["instant", "day"] | None,
        Field(
            "`day`: the page gives a date, or a time without a zone; `published_at` is then midnight UTC of that day.",
            (Column("published_precision"),),
        ),
    ]
    modified_at: Annotated[Instant | None, Field("When the page says it was changed.", (Column("modified_at"),))]
    fetched_at: Annotated[Instant, Field("When the response arrived, or the file was read.", (Column("fetched_at"),))]
    section: Annotated[str | None, Field('The part of the site: "Sport".', (Column("section"),))]
    tags: Annotated[list[Words], Field("What the page says it is about, 30 at most.", (Column("tags"),))]
    image: Annotated[Address | None, Field("Its main picture.", (Column("image"),))]
    images: Annotated[
        list[ImageDict],
        Field("The pictures in the text, in order:", (Column("images", "The addresses of the pictures.", _addresses),)),
    ]
    licence: Annotated[
        str | None,
        Field("The licence or terms of use that the page names: an address or a text.", (Column("licence"),)),
    ]
    rights: Annotated[
        RightsDict,
        Field(
            "What the origin and the page say of its use; what is reserved in one place counts. See [rights](#rights).",
        ),
    ]
    is_free: Annotated[
        bool | None,
        Field(
            "What the page says of its paywall: `false` is behind one.",
            (Column("is_free", "`true`, `false` or empty."),),
        ),
    ]
    language: Annotated[
        Code, Field("The language with the most letters; `und` where none can be told.", (Column("language"),))
    ]
    languages: Annotated[
        dict[Code, Share],
        Field(
            "The share of the letters in each language, largest first, 0 to 1, summing to 1.",
            (Column("languages", "Language and share: `en 0.88; sv 0.12`.", _shares),),
        ),
    ]
    text: Annotated[
        Words,
        Field(
            "The clean text as published: the segments, separated by blank lines, captions left out.",
            (Column("text", "Paragraphs separated by an empty line."),),
        ),
    ]
    segments: Annotated[list[SegmentDict], Field("The paragraphs, in order:", schema={"minItems": 1})]
    translation: Annotated[
        TranslationDict,
        Field(
            "The record in the target language: `--target` of the export, by default `en`.",
            (
                Column("translation_language", "`translation.language`", lambda made: made["language"]),
                Column("translation_status", "`translation.status`", lambda made: made["status"]),
            ),
        ),
    ]
    attribution: Annotated[
        AttributionDict, Field("Who wrote it first and who passed it on, as far as the page says so:")
    ]
    citations: Annotated[
        list[CitationDict],
        Field(
            "What the text cites: outlets, experts, other pages, each once:",
            (
                Column(
                    "cited",
                    "The addresses that the text cites, or the names where it gives none.",
                    _cited,
                ),
            ),
        ),
    ]
    version: Annotated[VersionDict, Field("Which version of the article it is, the newest:")]
    duplicate: Annotated[DuplicateDict, Field("The record's place among its duplicates:")]
    links: Annotated[
        list[LinkDict],
        Field(
            "Every record that shares text with this one, whether both are duplicates or not:",
            (
                Column("quotes", "The ids of the records that it quotes.", _quoted),
                Column("links", "Every link: the relation and the id of the other record.", _linked),
            ),
        ),
    ]
    flags: Annotated[list[str], Field("What a reader should know; see [flags](#flags).", (Column("flags"),))]
    confidence: Annotated[
        ConfidenceDict,
        Field(
            "How sure the record is, 0 to 1, each `null` where there is nothing to be sure of. Nothing is refused for "
            "it: filter by it, or by the flag `low_confidence`."
        ),
    ]
    origins: Annotated[
        dict[str, str], Field("For each field that the page or the feed told: where; see [origins](#origins).")
    ]
    provenance: Annotated[ProvenanceDict, Field("The response it was read from, and what read it:")]
