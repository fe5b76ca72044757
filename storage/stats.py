"""What is stored, for people who look: counts, and who copied from whom. Each function is one small table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, literal_column, or_, select

from ingest.link import QUOTED_BY, told_from
from ingest.model import LOW, LOW_CONFIDENCE
from ingest.record import STATES
from storage.anchors import crowd
from storage.links import read_link
from storage.runs import stored_ids
from storage.seeds import poisoned
from storage.store import by_key, chunks
from storage.tables import duplicate, link, record, run, translation_state, url

Rows = list[tuple[Any, ...]]

_UNSURE = record.c.text_confidence < LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A member of a cluster. `score` is of its relation to the canonical record, whose own is ``None``.

    `evidence` are (rule, detail) of who has it from whom; `certain` is whether that tells the original.
    """

    record_id: str
    cluster: str
    is_canonical: bool
    relation: str
    score: float | None
    title: str | None
    source: str | None
    url: str
    language: str
    published_at: str | None
    evidence: tuple[tuple[str, str], ...]
    certain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Two records that share text and are no copies: what `a` is to `b`, and how many facts conflict."""

    a: str
    title_a: str
    relation: str
    b: str
    title_b: str
    score: float
    overlap: float
    conflicts: int


def totals(tx: Connection) -> dict[str, int]:
    """How many records, copies, runs and known addresses there are, and of these how many are set aside as poison.

    `low_confidence` are the records of whose text little is sure. Of keys that are crowded not all texts are kept
    (`storage.anchors`); the most frequent of them `most_crowded` texts have.
    """
    crowded = crowd(tx)
    copies = select(func.count()).select_from(duplicate).where(duplicate.c.is_canonical.is_(False))
    return {
        "records": tx.execute(select(func.count()).select_from(record)).scalar_one(),
        LOW_CONFIDENCE: tx.execute(select(func.count()).select_from(record).where(_UNSURE)).scalar_one(),
        "copies": tx.execute(copies).scalar_one(),
        "addresses": tx.execute(select(func.count()).select_from(url)).scalar_one(),
        "poison": len(poisoned(tx)),
        "runs": tx.execute(select(func.count()).select_from(run)).scalar_one(),
        "crowded_words": crowded.words,
        "crowded_pairs": crowded.pairs,
        "most_crowded": crowded.most,
    }


def languages(tx: Connection, target: str, run_id: str | None = None) -> Rows:
    """(language, records, and of these by `ingest.record.STATES`); all, or of one run."""
    status = translation_state.c.status
    states = [func.sum(case((status == name, 1), else_=0)) for name in STATES]
    state_of = (translation_state.c.record_id == record.c.id) & (translation_state.c.target == target)
    query = (
        select(record.c.language, func.count(), *states)
        .select_from(record.outerjoin(translation_state, state_of))
        .group_by(record.c.language)
        .order_by(func.count().desc(), record.c.language)
    )
    if run_id is not None:
        query = query.where(record.c.id.in_(stored_ids(run_id)))
    return [tuple(row) for row in tx.execute(query)]


def sources(tx: Connection) -> Rows:
    """(source, records, newest publication date), largest first."""
    # A literal, not a parameter: PostgreSQL must see the same expression twice.
    source = func.coalesce(record.c.source, record.c.publisher, literal_column("'files'"))
    query = select(source, func.count(), func.max(record.c.published_at)).group_by(source)
    return [tuple(row) for row in tx.execute(query.order_by(func.count().desc(), source))]


def unsure(tx: Connection, run_id: str) -> Rows:
    """(source, records of whose text little is sure, records) of what a run stored, most first; none without such."""
    source = func.coalesce(record.c.source, record.c.publisher, literal_column("'files'"))
    low = func.sum(case((_UNSURE, 1), else_=0))
    query = select(source, low, func.count()).where(record.c.id.in_(stored_ids(run_id))).group_by(source)
    return [tuple(row) for row in tx.execute(query.having(low > 0).order_by(low.desc(), source))]


def relations(tx: Connection, run_id: str | None = None) -> Rows:
    """(relation, copies), by name; of all records, or of those that a run stored."""
    query = (
        select(duplicate.c.relation, func.count())
        .where(duplicate.c.is_canonical.is_(False))
        .group_by(duplicate.c.relation)
        .order_by(duplicate.c.relation)
    )
    if run_id is not None:
        query = query.where(duplicate.c.record_id.in_(stored_ids(run_id)))
    return [tuple(row) for row in tx.execute(query)]


def clusters(tx: Connection, names: Sequence[str] | None = None) -> dict[str, list[Copy]]:
    """Clusters with their members, largest first; in each the canonical record first. All, or those named."""
    query = (
        select(
            duplicate.c.record_id,
            duplicate.c.cluster,
            duplicate.c.is_canonical,
            duplicate.c.relation,
            duplicate.c.score,
            record.c.title,
            func.coalesce(record.c.source, record.c.publisher).label("source"),
            record.c.url,
            record.c.language,
            record.c.published_at,
            duplicate.c.evidence,
            duplicate.c.certainty.label("certain"),
        )
        .join(record, record.c.id == duplicate.c.record_id)
        .order_by(duplicate.c.cluster, duplicate.c.is_canonical.desc(), duplicate.c.score.desc(), duplicate.c.record_id)
    )
    if names is not None:
        query = query.where(duplicate.c.cluster.in_(names))
    groups: dict[str, list[Copy]] = {}
    for row in tx.execute(query):
        clues = tuple((rule, detail) for rule, detail in row.evidence)
        groups.setdefault(row.cluster, []).append(Copy(**{**row._asdict(), "evidence": clues}))
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def cluster_of(tx: Connection, record_id: str) -> str | None:
    """The cluster a record belongs to, if it has copies."""
    return tx.execute(select(duplicate.c.cluster).where(duplicate.c.record_id == record_id)).scalar()


def titles(tx: Connection, ids: Iterable[str]) -> dict[str, str]:
    """What to call records: the title, else the address."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted(ids)):
        query = select(record.c.id, func.coalesce(record.c.title, record.c.url)).where(record.c.id.in_(chunk))
        found |= by_key(tx.execute(query))
    return found


def linked_outside(tx: Connection, record_id: str | None = None) -> list[Linked]:
    """The links between records that are no copies of one another, the surest first; all, or of one record."""
    one, other = record.alias("one"), record.alias("other")
    mine, yours = duplicate.alias("mine"), duplicate.alias("yours")
    names = [
        func.coalesce(each.c.title, each.c.url).label(name) for each, name in ((one, "title_a"), (other, "title_b"))
    ]
    query = (
        select(link, *names)
        .select_from(
            link.join(one, one.c.id == link.c.a)
            .join(other, other.c.id == link.c.b)
            .outerjoin(mine, mine.c.record_id == link.c.a)
            .outerjoin(yours, yours.c.record_id == link.c.b)
        )
        .where(or_(mine.c.cluster.is_(None), yours.c.cluster.is_(None), mine.c.cluster != yours.c.cluster))
        .order_by(link.c.score.desc(), link.c.a, link.c.b)
    )
    if record_id is not None:
        query = query.where(or_(link.c.a == record_id, link.c.b == record_id))
    found = []
    for row in tx.execute(query):
        known = read_link(row)
        relation = told_from(known, first=True)
        turned = relation == QUOTED_BY
        ends = [(row.a, row.title_a), (row.b, row.title_b)]
        (a, title_a), (b, title_b) = ends[::-1] if turned else ends
        told = told_from(known.turned(), first=False) if turned else relation
        found.append(
            Linked(
                a=a,
                title_a=title_a,
                relation=told,
                b=b,
                title_b=title_b,
                score=row.score,
                overlap=row.overlap,
                conflicts=len(known.told_conflicts),
            )
        )
    return found
