"""A record as other programs get it (docs/record.md): the values of a page as JSON has them, and what is put together.

The database keeps exactly these values, so what `ingest.read` gives of a page is what an export gives of it. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from ingest.link import Certain
from ingest.model import UNDETERMINED, Article, Attribution, Mark, MarkKind, Record, Rights, Role, Segment
from ingest.value import flat

SCHEMA = "newsmill/record@2"

TITLE = -1
"""The position under which a title's translation is kept; those of segments begin at 0."""
SUBTITLE = -2
SECTION = -3
FIRST_TAG = -10
"""Tags go down from here: the second is at -11."""

PENDING, PARTIAL, COMPLETE, NOT_NEEDED, UNSUPPORTED = "pending", "partial", "complete", "not_needed", "unsupported"
STATES = (COMPLETE, PARTIAL, PENDING, UNSUPPORTED, NOT_NEEDED)
"""How far the translation of a record is.

`pending` waits for a model, `unsupported` waits in vain: nobody publishes one for its language, or that cannot be told;
`not_needed` is in the target language.
"""

UNSTABLE_NAMES = "unstable_names"
"""The flag of a record in whose translation a name has more than one spelling."""

_WITHOUT_TEXT = frozenset({PENDING, UNSUPPORTED})


def values_of(record: Record) -> dict[str, Any]:
    """The fields of a record that it has by itself, but for its segments."""
    article = record.article
    return {
        "id": article.key,
        "url": article.url,
        "requested_url": article.requested_url,
        "canonical_url": article.canonical_url,
        "source": article.source,
        "publisher": article.publisher,
        "kind": article.kind.value,
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": list(article.authors),
        "organisations": list(article.organisations),
        "byline": article.byline,
        "published_at": iso(article.published_at),
        "published_precision": article.published_precision.value if article.published_precision else None,
        "modified_at": iso(article.modified_at),
        "fetched_at": iso(article.provenance.fetched_at),
        "section": article.section,
        "tags": list(article.tags),
        "image": article.image,
        "images": _images(article),
        "licence": article.licence,
        "rights": rights_value(article.rights),
        "is_free": article.is_free,
        "origins": dict(article.origins),
        "language": record.labels.language,
        "languages": dict(record.labels.languages),
        "text": article.text,
        "attribution": _attribution(article.attribution),
        "citations": [flat(one) for one in article.citations],
        "flags": list(article.flags),
        "confidence": flat(record.confidence),
        "provenance": provenance_value(record),
    }


def segment_values(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    """The segments of a record as the database has them, `position` counting from 0."""
    return [
        {
            "position": position,
            "text": one.text,
            "language": one.language,
            "confidence": round(one.confidence, 4),
            "role": one.role.value,
            "time": one.time,
            "author": one.author,
            "level": one.level,
            "marks": [mark_value(mark) for mark in one.marks],
        }
        for position, one in enumerate(segments)
    ]


def rights_value(known: Rights) -> dict[str, Any]:
    """The rights of a page as the record has them."""
    evidence = [{**flat(one), "seen_at": iso(one.seen_at)} for one in known.evidence]
    return {"tdm": known.tdm, "ai": known.ai, "licence": known.licence, "evidence": evidence}


def mark_value(mark: Mark) -> dict[str, Any]:
    """A mark as the record has it."""
    return {"type": mark.kind.value, "start": mark.start, "end": mark.end, "href": mark.url}


def mark_of(value: Mapping[str, Any], text: str) -> Mark:
    """The mark of a text that `mark_value` wrote."""
    start, end = value["start"], value["end"]
    return Mark(kind=MarkKind(value["type"]), start=start, end=end, words=text[start:end], url=value["href"])


def assembled(  # noqa: PLR0913 - what a record is put together from
    values: Mapping[str, Any],
    title_language: str | None,
    segments: Sequence[Mapping[str, Any]],
    made: Sequence[Mapping[str, Any]],
    target: str,
    status: str,
    *,
    run_id: str | None,
    version: Mapping[str, Any] | None = None,
    duplicate: Mapping[str, Any] | None = None,
    links: Sequence[Mapping[str, Any]] = (),
    also_at: Sequence[str] = (),
) -> dict[str, Any]:
    """The record as docs/record.md describes it.

    Args:
        values: what `values_of` gave.
        title_language: the language of its title, if it has one.
        segments: what `segment_values` gave.
        made: its translations, {"position", "text", "model", "kept": [[sentence, reason], ...], "doubtful": the
            same} each.
        target: the language of these.
        status: one of `STATES`.
        run_id: the run that stored it, if one did.
        version: which of its versions it is; ``None`` where no other is known.
        duplicate: its place among its copies; ``None`` where it stands alone.
        links: the records that share text with it.
        also_at: other addresses and files under which its text was met.
    """
    return {
        "schema": SCHEMA,
        **values,
        **_translated(values, title_language, segments, made, target, status),
        "version": dict(version or _first_version(values["fetched_at"])),
        "duplicate": dict(duplicate or alone(values["id"])),
        "links": list(links),
        "also_at": list(also_at),
        "provenance": {"parts": [], **values["provenance"], "run_id": run_id},
    }


def _first_version(captured_at: str) -> dict[str, Any]:
    return {"number": 1, "of": 1, "captured_at": captured_at, "change": None, "previous": None}


def alone(key: str) -> dict[str, Any]:
    """The place of a record that has no copies."""
    known = {"cluster": key, "is_canonical": True, "canonical_id": key, "relation": "original", "score": None}
    return known | {"overlap": None, "evidence": [], "certain": str(Certain.YES)}


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be translated of a record: a segment, the title, or (below `TITLE`) what stands around the text."""

    position: int
    language: str
    text: str


def captions_of(segments: Sequence[Mapping[str, Any]], images: Iterable[Mapping[str, Any]]) -> list[int | None]:
    """For each picture of a record the segment that is its caption, among those right behind it; ``None`` for none."""
    found: list[int | None] = []
    for one in images:
        behind = range(0 if one["after"] is None else one["after"] + 1, len(segments))
        run = takewhile(lambda place: segments[place]["role"] == Role.CAPTION, behind)
        found.append(next((place for place in run if segments[place]["text"] == one["caption"]), None))
    return found


def parts_of(
    values: Mapping[str, Any], title_language: str | None, segments: Iterable[Mapping[str, Any]], target: str
) -> list[Part]:
    """What of a record is in another language than `target`.

    What stands around the text is in the language of the record as far as anybody can tell, and decides nothing about
    its state.
    """
    told = [Part(one["position"], one["language"], one["text"]) for one in segments]
    told.append(Part(TITLE, title_language or UNDETERMINED, values["title"] or ""))
    around = {SUBTITLE: values["subtitle"], SECTION: values["section"]}
    around |= {FIRST_TAG - number: tag for number, tag in enumerate(values["tags"])}
    told += [Part(position, values["language"], text) for position, text in around.items() if text]
    return [one for one in told if one.language not in (target, UNDETERMINED)]


def state_of(missing: int, hopeless: int, there: int) -> str:
    """How far the translation of a record is.

    Args:
        missing: how many of its parts wait for a model, or were not translated whole.
        hopeless: how many wait in vain.
        there: how many are translated.
    """
    if missing == 0 and hopeless == 0:
        return COMPLETE if there else NOT_NEEDED
    if there:
        return PARTIAL
    return PENDING if missing else UNSUPPORTED


def iso(instant: datetime | None) -> str | None:
    """An instant in ISO 8601."""
    return instant.isoformat() if instant is not None else None


def _translated(
    values: Mapping[str, Any],
    title_language: str | None,
    parts: Sequence[Mapping[str, Any]],
    made: Sequence[Mapping[str, Any]],
    target: str,
    status: str,
) -> dict[str, Any]:
    known = {one["position"]: one["text"] for one in made}
    segments = [
        {name: part[name] for name in ("text", "language", "confidence", "role", "time", "author", "level", "marks")}
        | {"translation": known.get(part["position"])}
        for part in parts
    ]
    best = "\n\n".join(one["translation"] or one["text"] for one in segments if one["role"] != Role.CAPTION)
    is_there = status not in _WITHOUT_TEXT
    own = values["language"] == target  # what stands around the text is in its language
    tags = [known.get(FIRST_TAG - number, tag if own else None) for number, tag in enumerate(values["tags"])]
    whole = {
        "language": target,
        "title": known.get(TITLE, values["title"] if title_language == target else None),
        "subtitle": known.get(SUBTITLE, values["subtitle"] if own else None),
        "section": known.get(SECTION, values["section"] if own else None),
        "tags": None if None in tags else tags,
        "text": best if is_there else None,
        "best_text": best,
        "kept": _listed(made, "kept"),
        "doubtful": _listed(made, "doubtful"),
        "status": status,
        "models": sorted({one["model"] for one in made}),
    }
    return {"segments": segments, "translation": whole}


def _listed(made: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """The sentences that translations note under a name, each with its segment and the reason."""
    return [
        {"segment": one["position"] if one["position"] >= 0 else None, "sentence": sentence, "reason": reason}
        for one in sorted(made, key=lambda one: int(one["position"]))
        for sentence, reason in one[name]
    ]


def _images(article: Article) -> list[dict[str, Any]]:
    """The pictures, each with the segment that it follows: the last that is left of those before it."""
    numbers = [-1 if block.number is None else block.number for block in article.blocks]
    images = []
    for one in article.pictures:
        before = 0 if one.after is None else bisect_right(numbers, one.after)
        images.append(
            {"url": one.url, "caption": one.caption, "credit": one.credit, "after": before - 1 if before else None}
        )
    return images


def _attribution(known: Attribution) -> dict[str, Any]:
    return {**flat(known), "reposted_at": iso(known.reposted_at), "photo_credits": list(known.photo_credits)}


def provenance_value(record: Record) -> dict[str, Any]:
    """How a record was made, as it is stored."""
    known = record.article.provenance
    return {
        "status": known.status,
        "content_type": known.content_type,
        "charset": known.charset,
        "body_sha256": known.body_sha256,
        "archive": flat(known.archive) if known.archive else None,
        "parts": [{**flat(one), "archive": flat(one.archive) if one.archive else None} for one in known.parts],
        "extractor": known.extractor,
        "detector": record.detector,
        "deduplicator": record.fingerprint.version,
    }
