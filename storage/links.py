"""Texts, and the links between them, in the database; what makes copies is decided in `ingest.dedup`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, or_, select, update

from ingest.link import COPIES, Conflict, Fact, Link, Relation, Span, Tie
from ingest.model import Fingerprint, Precision, Role, UrlKey
from storage import anchors
from storage.lines import forget_lines, pack_lines, unpack_lines
from storage.store import chunks, long_hash, short_hash
from storage.tables import fingerprint, link, record, segment, translation

ORIGINAL_SIDE = "original"

_CONFIDENT = 0.6  # of a text is in its language, as far as is known

_CONFLICTS = func.json_array_length(link.c.conflicts).label("conflicts")

Side = tuple[UrlKey, str]
"""A text of a record: its key, and "original" or the language it was translated into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideText:
    """One text of a record: as published, or its translation. `side` is "original" or the target language.

    `written` is the language of the original, if that was told with confidence.
    """

    key: UrlKey
    side: str
    language: str
    written: str | None
    url: str
    published_at: datetime | None
    published_precision: Precision | None
    original_url: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideWords:
    """What is kept of a text to compare it, by its fingerprint; `words` are empty where an older version made it."""

    exact: str
    language: str
    words: bytes
    lines: tuple[int, ...]


def add_fingerprints(
    tx: Connection, made: Mapping[Side, Fingerprint], lines: Mapping[Side, Collection[int]], *, cap: int
) -> dict[Side, int]:
    """Store what finds the copies of texts; what is stored already stays, another text of the same side is replaced.

    Args:
        tx: the transaction.
        made: the fingerprints.
        lines: the keys of the lines of each text. They are kept here, and counted by `add_lines`.
        cap: how many texts may have a key before it tells nothing.

    Returns:
        The numbers of the texts that are new, in the order in which they were stored.
    """
    packed = {side: (anchors.pack(one.keys), pack_lines(lines.get(side, ()))) for side, one in made.items()}
    known = _known(tx, made)
    same = {
        side
        for side, row in known.items()
        if (row.version, row.anchors, row.lines) == (made[side].version, *packed[side])
    }
    forget_texts(tx, [row.id for side, row in known.items() if side not in same])
    fresh = [side for side in made if side not in same]
    rows = [
        {
            "record_id": side[0],
            "side": side[1],
            "language": made[side].language,
            "exact": short_hash(made[side].exact),
            "tokens": made[side].tokens,
            "version": made[side].version,
            "anchors": packed[side][0],
            "lines": packed[side][1],
            "words": made[side].words,
            "collection": False,
        }
        for side in fresh
    ]
    if not rows:
        return {}
    tx.execute(fingerprint.insert(), rows)
    ids = text_ids(tx, fresh)
    anchors.add_anchors(tx, {ids[side]: made[side].keys for side in fresh}, cap=cap)
    return {side: ids[side] for side in fresh}


def forget_texts(tx: Connection, ids: Iterable[int]) -> None:
    """Take texts out of the search for copies."""
    for chunk in chunks(sorted(ids)):
        rows = tx.execute(
            select(fingerprint.c.id, fingerprint.c.anchors, fingerprint.c.lines).where(fingerprint.c.id.in_(chunk))
        ).all()
        anchors.forget_anchors(tx, {number: anchors.unpack(keys) for number, keys, _ in rows})
        forget_lines(tx, {number: unpack_lines(lines) for number, _, lines in rows})
        tx.execute(delete(fingerprint).where(fingerprint.c.id.in_(chunk)))


def text_ids(tx: Connection, sides: Iterable[Side]) -> dict[Side, int]:
    """The numbers under which the keys of these texts are stored."""
    return {side: row.id for side, row in _known(tx, sides).items()}


def candidates(
    tx: Connection, sides: Iterable[Side], *, cap: int, limit: int, stand_ins: int, min_score: float
) -> dict[Side, list[Side]]:
    """For each of these texts: those that may share a passage with it (see `anchors.nearest`).

    One that stands for a story of which not all texts are kept meets the others there, too: the copies of those that
    stand for it with it.
    """
    ids = text_ids(tx, sides)
    near = anchors.nearest(tx, ids.values(), cap=cap, limit=limit, stand_ins=stand_ins, min_score=min_score)
    sides_by_id = _sides_by_id(tx, {number for one in near.values() for number in one.others})
    found = {side: [sides_by_id[number] for number in near[own].others] for side, own in ids.items()}
    for side, own in ids.items():
        if near[own].stands_for:
            copies = _copies_of(tx, {sides_by_id[number][0] for number in near[own].stands_for})
            found[side] = list(dict.fromkeys([*found[side], *((key, each) for key, each in copies if key != side[0])]))
    return found


def _copies_of(tx: Connection, ids: Iterable[UrlKey]) -> list[Side]:
    """The texts by which records were found to be copies of these."""
    found: set[Side] = set()
    for chunk in chunks(sorted(ids)):
        for end, other, side in ((link.c.a, link.c.b, link.c.side_b), (link.c.b, link.c.a, link.c.side_a)):
            query = select(other, side).where(end.in_(chunk), link.c.compared.in_(COPIES))
            found |= {(UrlKey(key), each) for key, each in tx.execute(query)}
    return sorted(found)


def linked_with(tx: Connection, ids: Iterable[UrlKey]) -> set[UrlKey]:
    """The records that these are linked with."""
    found: set[UrlKey] = set()
    for chunk in chunks(sorted(ids)):
        for a, b in tx.execute(select(link.c.a, link.c.b).where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk)))):
            found |= {a, b}
    return found


def drop_links(tx: Connection, ids: Iterable[UrlKey]) -> None:
    """Forget the links of these records: they are to be found anew."""
    for chunk in chunks(sorted(ids)):
        tx.execute(delete(link).where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk))))


def links_of(tx: Connection, ids: Iterable[UrlKey]) -> list[Link]:
    """All links that have one of these records at an end."""
    found: dict[tuple[str, str], Link] = {}
    for chunk in chunks(sorted(ids)):
        for row in tx.execute(select(link).where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk)))):
            found[row.a, row.b] = read_link(row)
    return [found[pair] for pair in sorted(found)]


def ties_of(tx: Connection, ids: Iterable[UrlKey]) -> list[Tie]:
    """The same, as far as the relations of links are told from one another."""
    found: dict[tuple[str, str], Tie] = {}
    query = select(*(link.c[name] for name in Tie._fields if name != "conflicts"), _CONFLICTS)
    for chunk in chunks(sorted(ids)):
        for row in tx.execute(query.where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk)))).mappings():
            if (row["a"], row["b"]) not in found:
                one = Tie(**row)
                found[one.a, one.b] = one._replace(
                    relation=Relation(one.relation),
                    compared=Relation(one.compared),
                    exchanged=sorted((*place, ours, theirs) for _, *place, ours, theirs in row["exchanged"]),
                )
    return [found[pair] for pair in sorted(found)]


def read_link(row: Row[Any]) -> Link:
    """The link that a row of the table holds."""
    return Link(
        a=row.a,
        b=row.b,
        relation=Relation(row.relation),
        score=row.score,
        spans=tuple(Span(a_start=a, a_end=b, b_start=c, b_end=d) for a, b, c, d in row.spans),
        side_a=row.side_a,
        side_b=row.side_b,
        compared=Relation(row.compared),
        covered_a=row.covered_a,
        covered_b=row.covered_b,
        overlap=row.overlap,
        conflict=row.conflict,
        conflicts=_read_conflicts(row.conflicts),
        exchanged=_read_conflicts(row.exchanged),
    )


def _read_conflicts(rows: Iterable[Sequence[Any]]) -> tuple[Conflict, ...]:
    return tuple(
        Conflict(
            fact=Fact(fact), place=Span(a_start=a_start, a_end=a_end, b_start=b_start, b_end=b_end), a=one, b=other
        )
        for fact, a_start, a_end, b_start, b_end, one, other in rows
    )


def links_among(tx: Connection, ids: Iterable[UrlKey]) -> Iterator[tuple[UrlKey, UrlKey, Relation]]:
    """The pairs of these records that are linked, and how."""
    wanted = set(ids)
    for chunk in chunks(sorted(wanted)):
        for a, b, relation in tx.execute(select(link.c.a, link.c.b, link.c.relation).where(link.c.a.in_(chunk))):
            if b in wanted:
                yield a, b, Relation(relation)


def conflicting(tx: Connection, ids: Iterable[UrlKey], least: float) -> dict[UrlKey, int]:
    """With how many texts each of these records has conflicts of facts of more than `least`."""
    counts: defaultdict[UrlKey, int] = defaultdict(int)
    for chunk in chunks(sorted(ids)):
        for end in (link.c.a, link.c.b):
            query = select(end, func.count()).where(end.in_(chunk), link.c.conflict > least).group_by(end)
            for key, count in tx.execute(query):
                counts[key] += count
    return counts


def set_relations(tx: Connection, ties: Sequence[Tie]) -> None:
    """Give stored links the relations that they have here."""
    if ties:
        tx.execute(
            update(link)
            .where(link.c.a == bindparam("one"), link.c.b == bindparam("other"))
            .values(relation=bindparam("now")),
            [{"one": each.a, "other": each.b, "now": each.relation} for each in ties],
        )


def collections_among(tx: Connection, ids: Iterable[UrlKey]) -> set[UrlKey]:
    """Those of these records that hold several articles."""
    found: set[UrlKey] = set()
    for chunk in chunks(sorted(ids)):
        query = select(fingerprint.c.record_id).where(fingerprint.c.record_id.in_(chunk), fingerprint.c.collection)
        found |= set(tx.execute(query).scalars())
    return found


def set_collections(tx: Connection, ids: Iterable[UrlKey], several: Collection[UrlKey]) -> None:
    """Note of each of these records whether it holds several articles."""
    for chunk in chunks(sorted(ids)):
        for truth in (True, False):
            of_them = [key for key in chunk if (key in several) is truth]
            if of_them:
                tx.execute(update(fingerprint).where(fingerprint.c.record_id.in_(of_them)).values(collection=truth))


def languages(tx: Connection, ids: Iterable[UrlKey]) -> dict[UrlKey, str]:
    """The languages of records."""
    found: dict[UrlKey, str] = {}
    for chunk in chunks(sorted(ids)):
        query = select(record.c.id, record.c.language).where(record.c.id.in_(chunk))
        found |= {UrlKey(key): language for key, language in tx.execute(query)}
    return found


def sides_of(tx: Connection, ids: Iterable[UrlKey]) -> list[Side]:
    """The texts that these records have fingerprints of."""
    found: list[Side] = []
    for chunk in chunks(sorted(ids)):
        query = select(fingerprint.c.record_id, fingerprint.c.side).where(fingerprint.c.record_id.in_(chunk))
        found += [(UrlKey(key), side) for key, side in tx.execute(query)]
    return found


def side_texts(tx: Connection, sides: Sequence[Side]) -> dict[Side, SideText]:
    """The texts behind fingerprints."""
    found: dict[Side, SideText] = {}
    columns = (
        record.c.id,
        record.c.language,
        record.c.languages,
        record.c.url,
        record.c.published_at,
        record.c.published_precision,
    )
    for chunk in chunks(sorted({key for key, _ in sides})):
        query = select(*columns, record.c.attribution, record.c.text).where(record.c.id.in_(chunk))
        for row in tx.execute(query):
            found[row.id, ORIGINAL_SIDE] = SideText(
                key=row.id,
                side=ORIGINAL_SIDE,
                language=row.language,
                written=row.language if row.languages.get(row.language, 0) >= _CONFIDENT else None,
                url=row.url,
                published_at=datetime.fromisoformat(row.published_at) if row.published_at else None,
                published_precision=Precision(row.published_precision) if row.published_precision else None,
                original_url=row.attribution["original_url"],
                text=row.text,
            )
    for key, side in sides:
        if side != ORIGINAL_SIDE:
            text = _translated_text(tx, key, side)
            found[key, side] = replace(found[key, ORIGINAL_SIDE], side=side, language=side, text=text)
    return {side: found[side] for side in sides}


def side_words(tx: Connection, sides: Iterable[Side], version: str) -> dict[Side, SideWords]:
    """What is kept of texts to compare them; of those that have no fingerprint there is none."""
    columns = (fingerprint.c.record_id, fingerprint.c.side, fingerprint.c.exact, fingerprint.c.language)
    wanted = set(sides)
    found: dict[Side, SideWords] = {}
    for chunk in chunks(sorted({key for key, _ in wanted})):
        query = select(*columns, fingerprint.c.version, fingerprint.c.words, fingerprint.c.lines)
        for row in tx.execute(query.where(fingerprint.c.record_id.in_(chunk))):
            if (row.record_id, row.side) in wanted:
                found[row.record_id, row.side] = SideWords(
                    exact=long_hash(row.exact),
                    language=row.language,
                    words=row.words if row.version == version else b"",
                    lines=unpack_lines(row.lines),
                )
    return found


def add_links(tx: Connection, links: Sequence[Link]) -> set[frozenset[UrlKey]]:
    """Store links; of two between the same records the higher score stays, so a rerun adds and changes nothing.

    Returns:
        The pairs that were linked before.
    """
    best: dict[frozenset[str], tuple[float, str, Link | None]] = {}
    for chunk in chunks(sorted({one.a for one in links})):
        query = select(link.c.a, link.c.b, link.c.score, link.c.compared)
        # A quotation may be stored in either direction: both ends are looked at.
        for a, b, score, compared in tx.execute(query.where(or_(link.c.a.in_(chunk), link.c.b.in_(chunk)))):
            best[frozenset((a, b))] = (score, compared, None)
    before = {frozenset(map(UrlKey, pair)) for pair in best}
    for one in links:
        pair = frozenset((one.a, one.b))
        if pair not in best or best[pair][:2] < (one.score, one.compared):
            best[pair] = (one.score, one.compared, one)
    better = [one for _, _, one in best.values() if one is not None]
    if not better:
        return before
    ends = [{"one": x, "other": y} for one in better for x, y in ((one.a, one.b), (one.b, one.a))]
    tx.execute(delete(link).where(link.c.a == bindparam("one"), link.c.b == bindparam("other")), ends)
    tx.execute(link.insert(), [_row(one) for one in better])
    return before


def _row(one: Link) -> dict[str, object]:
    return {
        "a": one.a,
        "b": one.b,
        "relation": one.relation,
        "score": one.score,
        "side_a": one.side_a,
        "side_b": one.side_b,
        "spans": [_places(span) for span in one.spans],
        "compared": one.compared,
        "covered_a": round(one.covered_a, 4),
        "covered_b": round(one.covered_b, 4),
        "overlap": round(one.overlap, 4),
        "conflict": round(one.conflict, 4),
        "conflicts": _conflict_rows(one.conflicts),
        "exchanged": _conflict_rows(one.exchanged),
    }


def _conflict_rows(conflicts: Iterable[Conflict]) -> list[list[object]]:
    return [[each.fact, *_places(each.place), each.a, each.b] for each in conflicts]


def _places(span: Span) -> list[int]:
    return [span.a_start, span.a_end, span.b_start, span.b_end]


def _known(tx: Connection, sides: Iterable[Side]) -> dict[Side, Row[Any]]:
    """The rows of those of these texts that have a fingerprint."""
    wanted = set(sides)
    found: dict[Side, Row[Any]] = {}
    for chunk in chunks(sorted({key for key, _ in wanted})):
        for row in tx.execute(select(fingerprint).where(fingerprint.c.record_id.in_(chunk))):
            if (row.record_id, row.side) in wanted:
                found[row.record_id, row.side] = row
    return found


def _sides_by_id(tx: Connection, ids: Iterable[int]) -> dict[int, Side]:
    found: dict[int, Side] = {}
    for chunk in chunks(sorted(ids)):
        query = select(fingerprint.c.id, fingerprint.c.record_id, fingerprint.c.side)
        for number, key, side in tx.execute(query.where(fingerprint.c.id.in_(chunk))):
            found[number] = (UrlKey(key), side)
    return found


def _translated_text(tx: Connection, key: UrlKey, target: str) -> str:
    wanted = (translation.c.record_id == segment.c.record_id) & (translation.c.position == segment.c.position)
    query = (
        select(func.coalesce(translation.c.text, segment.c.text))
        .select_from(segment.outerjoin(translation, wanted & (translation.c.target == target)))
        .where(segment.c.record_id == key, segment.c.role != Role.CAPTION)
        .order_by(segment.c.position)
    )
    return "\n\n".join(tx.execute(query).scalars())
