"""One record: its text beside the translation, where it comes from, its copies, and what was taken out."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.browse.site import Site
from flows.browse.texts import Mark, Piece, cut, joined, marked
from ingest.model import Role
from ingest.record import captions_of
from storage import stats
from storage.links import ORIGINAL_SIDE
from storage.store import Transaction
from storage.views import read_records, read_residue

# Of a story that hundreds have, the surest copies tell enough.
_MEMBERS = 50

# Of these the passages are marked in the text; what shares a template has nearly all of it in common.
_MARKED = frozenset({"quotes", "quoted_by", "contains"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph in pieces, and its translation; `translation` is empty where there is none.

    `pictures` are those that follow it, or the one that it is the caption of.
    """

    text: str
    role: str
    level: int | None
    language: str
    confidence: float
    original: Sequence[Piece]
    translation: Sequence[Piece]
    pictures: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A record that shares text with this one and is no copy; `number` marks its passages in the text."""

    number: int
    relation: str
    id: str
    title: str
    score: float
    overlap: float
    conflicts: int


def article(tx: Transaction, site: Site, record_id: str) -> dict[str, Any]:
    """What the page of a record shows.

    Args:
        tx: where to read.
        site: what every page knows.
        record_id: the id of a record that exists.
    """
    record = next(read_records(tx, [record_id], site.target))
    cluster = record["duplicate"]["cluster"]
    members = stats.clusters(tx, [cluster]).get(cluster, [])
    record["links"] = _outside(record["links"], {one.record_id for one in members})
    titles = stats.titles(tx, [link["id"] for link in record["links"]])
    linked = [
        Linked(
            number=number,
            relation=link["relation"],
            id=link["id"],
            title=titles.get(link["id"], link["id"]),
            score=link["score"],
            overlap=link["overlap"],
            conflicts=len(link["conflicts"]),
        )
        for number, link in enumerate(record["links"], 1)
    ]
    others = [one for one in members if one.record_id != record_id]
    return {
        "record": record,
        "target": site.target,
        "translated": any(one["translation"] for one in record["segments"]),
        "paragraphs": paragraphs(record, site.target),
        "above": [one for one, place in zip(record["images"], _places(record), strict=True) if place is None],
        "linked": linked,
        "own": next((one for one in members if one.record_id == record_id), None),
        "others": others[:_MEMBERS],
        "more": max(0, len(others) - _MEMBERS),
        "residue": read_residue(tx, record_id),
        "facts": _facts(record),
        "comes_from": _comes_from(record["attribution"]),
    }


def paragraphs(record: Mapping[str, Any], target: str) -> list[Paragraph]:
    """The paragraphs of a record, with the passages marked that others quote or that it quotes."""
    segments = record["segments"]
    # Captions are no part of the texts that were compared.
    inside = [one for one in segments if one["role"] != Role.CAPTION]
    places = iter(joined([one["text"] for one in inside]))
    translated = iter(joined([one["translation"] or one["text"] for one in inside]))
    own, other = _marks(record, ORIGINAL_SIDE), _marks(record, target)
    pictures: dict[int | None, list[Mapping[str, Any]]] = {}
    for image, at in zip(record["images"], _places(record), strict=True):
        pictures.setdefault(at, []).append(image)
    made = []
    for number, one in enumerate(segments):
        if one["role"] == Role.CAPTION:
            original, translation = _plain(one["text"]), _plain(one["translation"])
        else:
            original = _cut(one["text"], next(places)[0], own)
            # What stands as it is in the translated text, and is marked there, is shown on the left alone.
            start = next(translated)[0]
            translation = _cut(one["translation"], start, other) if one["translation"] else []
            if not one["translation"] and other:
                original = _cut(one["text"], start, other)
        made.append(
            Paragraph(
                text=one["text"],
                role=one["role"],
                level=one["level"],
                language=one["language"],
                confidence=one["confidence"],
                original=marked(original, one["marks"]),
                translation=translation,
                pictures=pictures.get(number, ()),
            )
        )
    return made


def _places(record: Mapping[str, Any]) -> list[int | None]:
    """With which segment each picture is shown: its caption, else the one that it follows, if any."""
    below = captions_of(record["segments"], record["images"])
    return [one["after"] if caption is None else caption for one, caption in zip(record["images"], below, strict=True)]


def _outside(links: Sequence[Mapping[str, Any]], members: Container[str]) -> list[Mapping[str, Any]]:
    """The links that lead out of the cluster, those of quotations first, then the surest."""
    found = [link for link in links if link["id"] not in members]
    return sorted(found, key=lambda link: (link["relation"] not in _MARKED, -link["score"], link["id"]))[:_MEMBERS]


def _marks(record: Mapping[str, Any], side: str) -> list[Mark]:
    return [
        Mark(start=span[0], end=span[1], number=number)
        for number, link in enumerate(record["links"], 1)
        if link["side"] == side and link["relation"] in _MARKED
        for span in link["spans"]
    ]


def _cut(text: str, start: int, marks: Sequence[Mark]) -> list[Piece]:
    """A paragraph that begins at `start` of the whole text."""
    moved = [Mark(start=mark.start - start, end=mark.end - start, number=mark.number) for mark in marks]
    return cut(text, (0, len(text)), moved)


def _plain(text: str | None) -> list[Piece]:
    return [Piece(text=text)] if text else []


def _facts(record: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What is known of a record, by name, as far as something is known: texts, or lists of them."""
    provenance = record["provenance"]
    free = {True: "yes", False: "no", None: None}[record["is_free"]]
    facts = {
        "Subtitle": record["subtitle"],
        "Authors": record["authors"],
        "Organisations": record["organisations"],
        "Byline": record["byline"],
        "Section": record["section"],
        "Tags": record["tags"],
        "Licence": record["licence"],
        "Free to read": free,
        "Modified": _instant(record["modified_at"]),
        "Fetched": _instant(record["fetched_at"]),
        "Address": record["url"],
        "Canonical address": record["canonical_url"],
        "Asked for": record["requested_url"],
        "Also at": record["also_at"],
        "Picture": record["image"],
        "Id": record["id"],
        "Run": provenance["run_id"],
    }
    same = {record["url"]} if record["requested_url"] == record["url"] else set()
    return [(name, value) for name, value in facts.items() if value and not (name == "Asked for" and value in same)]


def _instant(value: str | None) -> str | None:
    """An instant to the minute, with the zone in which it was given."""
    if value is None:
        return None
    zone = f"{datetime.fromisoformat(value):%Z}"
    return f"{value[:10]} {value[11:16]} {zone}".rstrip()


def _comes_from(said: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What the page says of its origin."""
    facts = {
        "Original": said["original_name"],
        "Its address": said["original_url"],
        "Its language": said["original_language"],
        "Republished by": said["reposted_by"],
        "Passed on at": _instant(said["reposted_at"]),
        "Dateline": said["dateline"],
        "Agency": said["agency"],
        "Pictures by": said["photo_credits"],
        "Translated by a machine": "yes" if said["machine_translated"] else None,
        "Reworded": "yes" if said["reworded"] else None,
    }
    return [(name, value) for name, value in facts.items() if value]
