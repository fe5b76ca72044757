"""A query answered: the best records first, the newer of two that are as good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import CursorResult, Row, select, text

from ingest.errors import InputError
from ingest.model import LOW
from storage.authors import author_key
from storage.search.index import indexed
from storage.search.query import Query, for_postgresql, for_sqlite, parse_query
from storage.search.snippets import Passages, Snippets, Span
from storage.selection import Selection
from storage.store import Store, Transaction
from storage.tables import TITLE, record, translation

# A word in a title weighs as much as ten in the text. A name in another spelling, or another form of a word, weighs
# little: who has the very word comes first. Rounded, so that of two that are as good the newer one comes first.
# PostgreSQL divides by the words of the query, of which all forms count.
_SEARCH = {
    "sqlite": """
        SELECT search_doc.record_id, search_doc.instant,
            round(-bm25(search_index, 10.0, 1.0, 0.2, 2.0, 2.0, 0.2), 1) AS score
        FROM search_index JOIN search_doc ON search_doc.id = search_index.rowid
        WHERE search_index MATCH :query {narrowed}
        """,
    "postgresql": """
        SELECT search_doc.record_id, search_doc.instant, round(
            CAST(5 * (1 + numnode(CAST(:query AS tsquery))) AS numeric)
            * CAST(ts_rank('{0.02, 0.1, 0.2, 1.0}', vector, CAST(:query AS tsquery), 1) AS numeric), 1
        ) AS score
        FROM search_doc
        WHERE vector @@ CAST(:query AS tsquery) {narrowed}
        """,
}
# Of a query that so many records meet that ranking them would take longer than a tenth of a second: those that have it
# in their titles before the others, of both the last that were indexed.
_MANY = {
    "sqlite": """
        SELECT record_id, instant, max(score) AS score FROM (
            SELECT * FROM (
                SELECT search_doc.record_id, search_doc.instant, 2 AS score
                FROM search_index JOIN search_doc ON search_doc.id = search_index.rowid
                WHERE search_index MATCH :in_titles {narrowed} ORDER BY search_index.rowid DESC LIMIT :most
            ) UNION ALL SELECT * FROM (
                SELECT search_doc.record_id, search_doc.instant, 1 AS score
                FROM search_index JOIN search_doc ON search_doc.id = search_index.rowid
                WHERE search_index MATCH :query {narrowed} ORDER BY search_index.rowid DESC LIMIT :most
            )
        ) GROUP BY record_id, instant
        """,
    "postgresql": """
        SELECT record_id, instant, max(score) AS score FROM (
            (
                SELECT record_id, instant, 2 AS score FROM search_doc
                WHERE vector @@ CAST(:in_titles AS tsquery) {narrowed} ORDER BY id DESC LIMIT :most
            ) UNION ALL (
                SELECT record_id, instant, 1 AS score FROM search_doc
                WHERE vector @@ CAST(:query AS tsquery) {narrowed} ORDER BY id DESC LIMIT :most
            )
        ) AS newest GROUP BY record_id, instant
        """,
}
RANKED = 3_000
"""How many records are ranked by what they say; of more, `_MOST` of either kind are told apart by their titles."""
_MOST = RANKED // 2
# Of a cluster what was found stands together: its canonical record first, and its place is that of the best of it.
_TOGETHER = """
    WITH found AS MATERIALIZED ({search}),
    placed AS (
        SELECT found.*, coalesce(duplicate.cluster, found.record_id) AS story,
            coalesce(duplicate.is_canonical, true) AS canonical
        FROM found LEFT JOIN duplicate ON duplicate.record_id = found.record_id
    ),
    ranked AS (
        SELECT placed.*,
            max(score) OVER (PARTITION BY story) AS best,
            max(instant) OVER (PARTITION BY story) AS newest,
            count(*) OVER (PARTITION BY story) AS members,
            row_number() OVER (PARTITION BY story ORDER BY canonical DESC, score DESC, instant, record_id) AS place
        FROM placed
    )
    SELECT record_id, score, members, story,
        (SELECT count(*) FROM found) AS records, (SELECT count(DISTINCT story) FROM placed) AS stories
    FROM ranked WHERE place = 1 OR NOT :folded
    ORDER BY best DESC, newest DESC, story, place LIMIT :limit OFFSET :offset
"""
_COUNT = """
    SELECT count(*), count(DISTINCT coalesce(duplicate.cluster, found.record_id))
    FROM ({search}) AS found LEFT JOIN duplicate ON duplicate.record_id = found.record_id
"""
_MATCH = {
    "sqlite": "SELECT search_doc.record_id FROM search_index JOIN search_doc ON search_doc.id = search_index.rowid "
    "WHERE search_index MATCH :query {narrowed}",
    "postgresql": "SELECT search_doc.record_id FROM search_doc WHERE vector @@ CAST(:query AS tsquery) {narrowed}",
}
_ALL = 2**31 - 1
_FILTERS = {
    "language": "(search_doc.language = :language OR search_doc.language LIKE :language || '-%')",
    "source": "(search_doc.source = :source OR (search_doc.source IS NULL AND search_doc.record_id IN "
    "(SELECT id FROM record WHERE source IS NULL AND coalesce(publisher, 'files') = :source)))",
    "first_day": "search_doc.day >= :first_day",
    "last_day": "search_doc.day <= :last_day",
    "author": "search_doc.record_id IN (SELECT record_id FROM author WHERE key = :author)",
    "run_id": "search_doc.record_id IN (SELECT record_id FROM outcome WHERE run_id = :run_id AND outcome = 'stored')",
    "unsure": "search_doc.record_id IN (SELECT id FROM record WHERE text_confidence < :unsure)",
    "pending": "search_doc.record_id IN "
    "(SELECT record_id FROM translation_state WHERE target = :pending AND status = 'pending')",
    "duplicates": "search_doc.record_id IN (SELECT record_id FROM duplicate WHERE NOT is_canonical)",
    "originals": "search_doc.record_id NOT IN (SELECT record_id FROM duplicate WHERE NOT is_canonical)",
}
# By the numbers that the index itself has, looked up once an answer: what a common word finds need not be looked up to
# be passed over.
_OF_RUN = "+search_index.rowid IN (SELECT value FROM json_each(:of_run))"
_IN_RUN = text(
    "SELECT json_group_array(search_doc.id) FROM outcome JOIN search_doc ON search_doc.record_id = outcome.record_id "
    "WHERE outcome.run_id = :run_id AND outcome.outcome = 'stored'"
)
_NARROWED = {"postgresql": _FILTERS, "sqlite": _FILTERS | {"run_id": _OF_RUN}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Where to look: the days are of the publication as the page dates it, YYYY-MM-DD, both included.

    `originals` leaves out what has an original elsewhere in its cluster, `duplicates` all else, `unsure` all but texts
    of which little is sure. `pending` is a language into which records wait to be translated, `run_id` of the run that
    stored them, `author` one of their authors, in any case.
    """

    language: str | None = None
    source: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    originals: bool = False
    author: str | None = None
    run_id: str | None = None
    duplicates: bool = False
    unsure: bool = False
    pending: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found.

    `marks` are where the words stand in `snippet`: (start, end) in characters. `duplicates` is how many more records of
    its cluster were found.
    """

    id: str
    score: float
    title: str | None
    translated_title: str | None
    url: str
    source: str | None
    language: str
    published_at: str | None
    snippet: str
    marks: Sequence[Span]
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found: `stories` are clusters, a record without duplicates being one; `records` are all.

    With `more`, over `RANKED` records have the words; these are the last of them, those with the words in their titles
    first.
    """

    hits: Sequence[Hit]
    stories: int
    records: int
    more: bool = False


EVERYWHERE: Within = Within()


def within(selection: Selection) -> Within:
    """Where to look for those of the selected records that have some words."""
    return Within(
        language=selection.language,
        source=selection.source,
        first_day=selection.first_day,
        last_day=selection.last_day,
        originals=selection.canonical_only,
        author=selection.author,
        run_id=selection.run_id,
        duplicates=selection.duplicates_only,
        unsure=selection.unsure_only,
        pending=selection.pending,
    )


def find(
    store: Store,
    wanted: str,
    where: Within = EVERYWHERE,
    *,
    target: str = "en",
    limit: int = 10,
    offset: int = 0,
    folded: bool = True,
) -> Found:
    """The records that a query describes (see `storage.search.query.parse_query`), the best first.

    What has changed since the last `update_index` is found as it was then.

    Args:
        store: the database.
        wanted: the query.
        where: where to look.
        target: the language of translated titles and passages.
        limit: how many hits at most.
        offset: how many to leave out before them.
        folded: one hit a cluster, the original if it was found; else all, duplicates behind their original.

    Raises:
        InputError: the query says nothing that could be searched, or there is no index yet.
    """
    query = parse_query(wanted)
    with store.reading() as tx:
        search, given = _asked(tx, query, where)
        more = _are_many(tx, given, where)
        if more:
            search = _narrowed(tx, where, _MANY)
        rows = _ranked(tx, search, given, folded=folded, limit=limit, offset=offset).all()
        if rows or offset == 0:
            records, stories = (rows[0].records, rows[0].stories) if rows else (0, 0)
        else:  # behind the last page
            records, stories = tx.execute(text(_COUNT.format(search=search)), given).one()
        return Found(hits=_shown(tx, query, rows, target), stories=stories, records=records, more=more)


def found_ids(store: Store, wanted: str, where: Within = EVERYWHERE) -> list[str]:
    """The ids of all records that a query describes, in the order of `find`, duplicates behind their original.

    Raises:
        InputError: the query says nothing that could be searched, or there is no index yet.
    """
    query = parse_query(wanted)
    with store.reading() as tx:
        search, given = _asked(tx, query, where)
        return list(_ranked(tx, search, given, folded=False, limit=_ALL, offset=0).scalars())


def _are_many(tx: Transaction, given: Mapping[str, Any], where: Within) -> bool:
    """Whether more records meet a query than are ranked."""
    match = _narrowed(tx, where, _MATCH)
    those = text(f"SELECT count(*) FROM ({match} LIMIT {RANKED + 1}) AS those")  # noqa: S608 - our own words
    return bool(tx.execute(those, given).scalar_one() > RANKED)


def _ranked(
    tx: Transaction, search: str, given: Mapping[str, Any], *, folded: bool, limit: int, offset: int
) -> CursorResult[Any]:
    """The hits in their order, with the numbers of all records and stories beside each."""
    together = text(_TOGETHER.format(search=search))
    return tx.execute(together, {**given, "folded": folded, "limit": limit, "offset": offset})


def _asked(tx: Transaction, query: Query, where: Within) -> tuple[str, dict[str, Any]]:
    """What a database is asked, and with which values."""
    if indexed(tx) is None:
        raise InputError("nothing is indexed yet: call update_index first")
    is_postgresql = tx.dialect.name == "postgresql"
    given = {name: value for name, value in asdict(where).items() if value}
    if where.author:
        given["author"] = author_key(where.author)
    if where.unsure:
        given["unsure"] = LOW
    if where.run_id and not is_postgresql:
        given["of_run"] = tx.execute(_IN_RUN, {"run_id": where.run_id}).scalar_one()
    said = for_postgresql if is_postgresql else for_sqlite
    given |= {"query": said(query), "in_titles": said(query, in_titles=True), "most": _MOST}
    return _narrowed(tx, where, _SEARCH), given


def _narrowed(tx: Transaction, where: Within, kind: Mapping[str, str]) -> str:
    """A statement of some kind that looks there alone."""
    dialect = tx.dialect.name
    conditions = [_NARROWED[dialect][name] for name, value in asdict(where).items() if value]
    return kind[dialect].replace("{narrowed}", "\n".join(f"AND {one}" for one in conditions))


def _shown(tx: Transaction, query: Query, rows: Sequence[Row[Any]], target: str) -> list[Hit]:
    ids = [row.record_id for row in rows]
    columns = (record.c.id, record.c.title, record.c.url, record.c.source, record.c.language, record.c.published_at)
    more = (record.c.text, record.c.languages)
    known = {row.id: row for row in tx.execute(select(*columns, *more).where(record.c.id.in_(ids)))}
    titles, texts = _translated(tx, ids, target)
    snippets = Snippets(query)
    hits = []
    for found in rows:
        key = found.record_id
        row = known[key]
        passages = [Passages(text=row.text, languages=tuple(row.languages) or (row.language,))]
        if key in texts:
            passages.insert(0, Passages(text=texts[key], languages=(target,)))
        passage, marks = snippets.of(passages)
        hits.append(
            Hit(
                id=key,
                score=float(found.score),
                title=row.title,
                translated_title=titles.get(key),
                url=row.url,
                source=row.source,
                language=row.language,
                published_at=row.published_at,
                snippet=passage,
                marks=marks,
                duplicates=found.members - 1,
            )
        )
    return hits


def _translated(tx: Transaction, ids: Sequence[str], target: str) -> tuple[dict[str, str], dict[str, str]]:
    """Of these records the translated titles, and the translated texts as far as there are some."""
    titles: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    query = select(translation.c.record_id, translation.c.position, translation.c.text)
    query = query.where(translation.c.record_id.in_(ids), translation.c.target == target)
    for key, position, made in tx.execute(query.order_by(translation.c.record_id, translation.c.position)):
        if position == TITLE:
            titles[key] = made
        else:
            parts.setdefault(key, []).append(made)
    return titles, {key: "\n\n".join(made) for key, made in parts.items()}
