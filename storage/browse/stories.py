"""Stories by the page: a cluster and all records that tell it, or a record that is alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storage.authors import has_author
from storage.runs import stored_ids
from storage.stats import Copy, clusters
from storage.store import Transaction, chunks
from storage.tables import TITLE, duplicate, record, translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Some clusters, by name; `total` is how many there are, `after` the name to go on behind, if there are more."""

    clusters: dict[str, list[Copy]]
    total: int
    after: str | None


def list_clusters(tx: Transaction, after: str, limit: int) -> Clusters:
    """The clusters behind the one named, `limit` at most, each with its canonical record first."""
    distinct = select(duplicate.c.cluster).distinct()
    behind = distinct.where(duplicate.c.cluster > after).order_by(duplicate.c.cluster).limit(limit + 1)
    names = list(tx.execute(behind).scalars())
    total = tx.execute(select(func.count()).select_from(distinct.subquery())).scalar_one()
    found = clusters(tx, names[:limit])
    more = names[limit - 1] if len(names) > limit else None
    return Clusters(clusters=dict(sorted(found.items())), total=total, after=more)


def named_clusters(tx: Transaction, names: Sequence[str]) -> dict[str, list[Copy]]:
    """These clusters with their members."""
    return clusters(tx, names) if names else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """A record that tells a story. `fresh`: the run stored it; `revision` is above 1 once its text has changed."""

    id: str
    title: str | None
    translated_title: str | None
    url: str
    outlet: str | None
    language: str
    dated: str
    published: bool
    revision: int
    relation: str
    is_canonical: bool
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """Stories of a run, each with its tellers, the canonical record first; how many there are, in how many records."""

    stories: Sequence[Sequence[Teller]]
    total: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which stories of a run: those of which a record that it stored meets all that is given."""

    source: str | None = None
    language: str | None = None
    author: str | None = None


def stories_of_run(
    tx: Transaction, run_id: str, wanted: Wanted, target: str, *, limit: int | None, offset: int
) -> Stories:
    """The stories that a run brought, those that most records tell first, then the newest."""
    story = func.coalesce(duplicate.c.cluster, record.c.id)
    query = (
        select(story.label("story"), func.count().label("told"), func.max(record.c.dated).label("newest"))
        .select_from(record.outerjoin(duplicate, duplicate.c.record_id == record.c.id))
        .where(record.c.id.in_(stored_ids(run_id)))
        .group_by(story)
    )
    if wanted.source is not None:
        query = query.where(record.c.source == wanted.source)
    if wanted.language is not None:
        query = query.where(record.c.language == wanted.language)
    if wanted.author is not None:
        query = query.where(has_author(wanted.author))
    found = query.subquery()
    total, records = tx.execute(select(func.count(), func.sum(found.c.told)).select_from(found)).one()
    order = (found.c.told.desc(), found.c.newest.desc(), found.c.story)
    keys = list(tx.execute(select(found.c.story).order_by(*order).limit(limit).offset(offset)).scalars())
    tellers = _tellers(tx, keys, run_id, target)
    return Stories(stories=[tellers[key] for key in keys if key in tellers], total=total, records=records or 0)


def _tellers(tx: Transaction, stories: Sequence[str], run_id: str, target: str) -> dict[str, list[Teller]]:
    """The records of these stories."""
    of_cluster = select(duplicate.c.record_id, duplicate.c.cluster).where(duplicate.c.cluster.in_(stories))
    story_of = {row.record_id: row.cluster for row in tx.execute(of_cluster)}
    clustered = set(story_of.values())
    story_of |= {key: key for key in stories if key not in clustered}
    known, title = record.c, translation.alias()
    made = (title.c.record_id == known.id) & (title.c.target == target) & (title.c.position == TITLE)
    columns = (known.id, known.title, known.url, known.language, known.dated, known.revision)
    query = (
        select(
            *columns,
            title.c.text.label("translated_title"),
            func.coalesce(known.source, known.publisher).label("outlet"),
            known.published_at.is_not(None).label("published"),
            func.coalesce(duplicate.c.relation, "original").label("relation"),
            func.coalesce(duplicate.c.is_canonical, True).label("is_canonical"),
            known.id.in_(stored_ids(run_id)).label("fresh"),
        )
        .select_from(record.outerjoin(title, made).outerjoin(duplicate, duplicate.c.record_id == known.id))
        .order_by(known.dated, known.id)
    )
    found: dict[str, list[Teller]] = {}
    for chunk in chunks(sorted(story_of)):
        for row in tx.execute(query.where(known.id.in_(chunk))).mappings():
            found.setdefault(story_of[row["id"]], []).append(Teller(**row))
    return {
        story: sorted(tellers, key=lambda one: (not one.is_canonical, one.dated, one.id))
        for story, tellers in found.items()
    }
