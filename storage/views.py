"""Records read back: found by name, and as the export has them (docs/record.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, or_, select

from ingest.link import Link, Span, told_from
from ingest.model import WITHDRAWN_ARTICLE, Block, Role, UrlKey
from ingest.record import assembled, mark_of
from storage.addresses import met_at
from storage.links import read_link
from storage.record_types import ConfidenceDict, RecordDict
from storage.store import by_key, chunks
from storage.tables import (
    duplicate,
    link,
    record,
    segment,
    translation,
    translation_state,
)
from storage.versions import newest_versions

_Known: TypeAlias = tuple[str | None, tuple[tuple[str, Role], ...]]
"""The language of a title, and language and role of each segment."""

FIELDS = tuple(RecordDict.__annotations__)
STORED = tuple(name for name in FIELDS if name in record.c)
"""The fields that are columns of `record`."""
_UNTOLD: dict[str, Any] = {"tdm": None, "ai": None, "licence": None, "evidence": []}
CONFIDENCES = tuple(ConfidenceDict.__annotations__)


def find_record(tx: Connection, name: str) -> str | None:
    """The id of the record with this URL or id (or the start of one, of 6 characters or more), if there is one."""
    query = select(record.c.id).where(
        or_(record.c.id == name, record.c.url == name, record.c.canonical_url == name, record.c.requested_url == name)
    )
    found = tx.execute(query.order_by(record.c.id).limit(1)).scalar()
    if found is None and len(name) >= 6 and all(character in "0123456789abcdef" for character in name):
        found = find_by_id(tx, name)
    return found


def find_by_id(tx: Connection, start: str) -> str | None:
    """The id of the one record that begins so, if there is exactly one."""
    # "g" stands behind all hex digits; a range, because not every database uses its index for LIKE.
    query = select(record.c.id).where(record.c.id >= start, record.c.id < start + "g").limit(2)
    found = list(tx.execute(query).scalars())
    return found[0] if len(found) == 1 else None


def read_records(tx: Connection, ids: Sequence[str], target: str) -> Iterator[dict[str, Any]]:
    """Records as the export has them (docs/record.md), in the order of `ids`, translations in language `target`."""
    for chunk in chunks(ids):
        rows = {row.id: row._asdict() for row in tx.execute(select(record).where(record.c.id.in_(chunk)))}
        segments = _grouped(tx, select(segment).where(segment.c.record_id.in_(chunk)).order_by(segment.c.position))
        wanted = translation.c.record_id.in_(chunk) & (translation.c.target == target)
        made = (
            translation.c.record_id,
            translation.c.position,
            translation.c.text,
            translation.c.model,
            translation.c.kept,
            translation.c.doubtful,
        )
        translations = _grouped(tx, select(*made).where(wanted))
        wanted = translation_state.c.record_id.in_(chunk) & (translation_state.c.target == target)
        states = _grouped(tx, select(translation_state).where(wanted))
        duplicates = _grouped(tx, select(duplicate).where(duplicate.c.record_id.in_(chunk)))
        links = _links(tx, chunk)
        versions = newest_versions(tx, chunk)
        elsewhere = met_at(tx, chunk)
        for key in chunk:
            if key in rows:
                status = states[key][0]["status"] if key in states else "pending"
                row = rows[key]
                version = versions.get(key)
                values = stored_values(row)
                if version is not None and version["change"] == "withdrawn":
                    flags = [*row["flags"], WITHDRAWN_ARTICLE]
                    values["flags"] = flags
                known = assembled(
                    values,
                    row["title_language"],
                    segments.get(key, []),
                    translations.get(key, []),
                    target,
                    status,
                    run_id=row["run_id"],
                    version=version,
                    duplicate=_duplicate(duplicates.get(key)),
                    links=links.get(key, ()),
                    also_at=elsewhere.get(key, ()),
                )
                yield {name: known[name] for name in FIELDS}


def stored_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a row of `record`, or what is kept of one, holds."""
    sure = {name: row[f"{name}_confidence"] for name in CONFIDENCES}
    told = row["rights"] or {**_UNTOLD, "licence": row["licence"]}
    return {name: row[name] for name in STORED} | {"confidence": sure, "rights": told}


def read_residue(tx: Connection, record_id: str) -> list[dict[str, Any]]:
    """What was taken out of a record's text: [{"text", "rule", "value", "moved_to"}, ...]."""
    found: list[dict[str, Any]] = tx.execute(select(record.c.residue).where(record.c.id == record_id)).scalar_one()
    return found


def read_blocks(tx: Connection, ids: Sequence[UrlKey]) -> dict[UrlKey, tuple[str | None, list[Block], _Known]]:
    """What languages are told from: of each record its title and blocks, and what was told of them before."""
    found: dict[UrlKey, tuple[str | None, list[Block], _Known]] = {}
    for chunk in chunks(ids):
        titles = select(record.c.id, record.c.title, record.c.title_language).where(record.c.id.in_(chunk))
        parts = _grouped(tx, select(segment).where(segment.c.record_id.in_(chunk)).order_by(segment.c.position))
        for key, title, title_language in tx.execute(titles):
            of_it = parts.get(key, [])
            blocks = [_block(part) for part in of_it]
            known = (title_language, tuple((part["language"], Role(part["role"])) for part in of_it))
            found[UrlKey(key)] = (title, blocks, known)
    return found


def _block(part: Mapping[str, Any]) -> Block:
    text = part["text"]
    marks = tuple(mark_of(one, text) for one in part["marks"])
    return Block(
        text=text,
        role=Role(part["role"]),
        time=part["time"],
        author=part["author"],
        marks=marks,
        level=part["level"],
    )


def all_ids(tx: Connection, *, since: datetime | None = None) -> list[UrlKey]:
    """The ids of all records, sorted; of those fetched since then, if it is given."""
    query = select(record.c.id).order_by(record.c.id)
    if since is not None:
        query = query.where(record.c.fetched_at >= since.astimezone(UTC).isoformat())
    return [UrlKey(key) for key in tx.execute(query).scalars()]


def _duplicate(rows: list[Mapping[str, Any]] | None) -> dict[str, Any] | None:
    if rows is None:
        return None
    names = ("cluster", "is_canonical", "canonical_id", "relation", "score", "overlap")
    known = {name: rows[0][name] for name in names}
    evidence = [{"rule": rule, "detail": detail} for rule, detail in rows[0]["evidence"]]
    return known | {"evidence": evidence, "certain": rows[0]["certainty"]}


def _links(tx: Connection, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """All links, seen from both ends; places are [own start, own end, other's start, other's end]."""
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = set(ids)
    rows = tx.execute(select(link).where(or_(link.c.a.in_(ids), link.c.b.in_(ids))).order_by(link.c.a, link.c.b))
    links = [read_link(row) for row in rows]
    # When a record shows another text its links are made anew: they are of what it shows.
    shown = _shown_versions(tx, {key for one in links for key in (one.a, one.b)})
    for one in links:
        for seen in (one, one.turned()):
            if seen.a in wanted:
                found.setdefault(seen.a, []).append(_link(seen, told_from(seen, first=seen is one), shown))
    return found


def _shown_versions(tx: Connection, ids: Set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(sorted(ids)):
        found |= by_key(tx.execute(select(record.c.id, record.c.revision).where(record.c.id.in_(chunk))))
    return found


def _link(seen: Link, relation: str, shown: Mapping[str, int]) -> dict[str, Any]:
    return {
        "relation": relation,
        "id": seen.b,
        "version": shown[seen.a],
        "other_version": shown[seen.b],
        "score": seen.score,
        "overlap": seen.overlap,
        "side": seen.side_a,
        "other_side": seen.side_b,
        "spans": [_places(span) for span in seen.spans],
        "conflicts": [
            {"fact": str(each.fact), "own": each.a, "other": each.b, "span": _places(each.place)}
            for each in seen.told_conflicts
        ],
    }


def _places(span: Span) -> list[int]:
    return [span.a_start, span.a_end, span.b_start, span.b_end]


def _grouped(tx: Connection, query: Any) -> dict[str, list[Mapping[str, Any]]]:  # noqa: ANN401 - any select
    groups: dict[str, list[Mapping[str, Any]]] = {}
    rows = tx.execute(query)
    names = tuple(rows.keys())
    key = names.index("record_id")
    for row in rows.all():
        groups.setdefault(row[key], []).append(dict(zip(names, row, strict=True)))
    return groups
