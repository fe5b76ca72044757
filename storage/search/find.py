"""A query answered: the best records first, the newer of two that are as good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select, text

from ingest.errors import InputError
from storage.search.index import indexed
from storage.search.query import Query, for_postgresql, for_sqlite, parse_query
from storage.search.snippets import Span, snippet
from storage.store import Store, Transaction
from storage.tables import TITLE, record, translation

# A word in a title weighs as much as ten in the text. A name in another spelling weighs little: who has the very word
# comes first. Rounded, so that of two that are as good the newer one comes first.
_SEARCH = {
    "sqlite": """
        SELECT search_doc.record_id, round(-bm25(search_index, 10.0, 1.0, 0.2), 1) AS score
        FROM search_index JOIN search_doc ON search_doc.id = search_index.rowid
        WHERE search_index MATCH :query
        """,
    "postgresql": """
        SELECT search_doc.record_id, round(
            CAST(10 * ts_rank('{0.02, 0.1, 0.1, 1.0}', vector, CAST(:query AS tsquery), 1) AS numeric), 1
        ) AS score
        FROM search_doc
        WHERE vector @@ CAST(:query AS tsquery)
        """,
}
_FILTERS = {
    "language": "(search_doc.language = :language OR search_doc.language LIKE :language || '-%')",
    "source": "search_doc.source = :source",
    "first_day": "search_doc.day >= :first_day",
    "last_day": "search_doc.day <= :last_day",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Where to look: the days are of the publication as the page dates it, YYYY-MM-DD, both included."""

    language: str | None = None
    source: str | None = None
    first_day: str | None = None
    last_day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found. `marks` are where the words stand in `snippet`: (start, end) in characters."""

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


EVERYWHERE = Within()


def find(store: Store, wanted: str, within: Within = EVERYWHERE, *, target: str = "en", limit: int = 10) -> list[Hit]:
    """The records that a query describes (see `storage.search.query.parse_query`), the best first.

    What has changed since the last `update_index` is found as it was then.

    Raises:
        InputError: the query says nothing that could be searched, or there is no index yet.
    """
    query = parse_query(wanted)
    with store.reading() as tx:
        if indexed(tx) is None:
            raise InputError("nothing is indexed yet: call update_index first")
        rows = _rank(tx, query, within, limit)
        return _shown(tx, query, rows, target)


def _rank(tx: Transaction, query: Query, within: Within, limit: int) -> list[tuple[str, float]]:
    dialect = tx.dialect.name
    given = {name: value for name, value in asdict(within).items() if value is not None}
    parts = [_SEARCH[dialect], *(f"AND {_FILTERS[name]}" for name in given)]
    parts.append("ORDER BY score DESC, instant DESC, search_doc.record_id LIMIT :limit")
    said = for_postgresql(query) if dialect == "postgresql" else for_sqlite(query)
    rows = tx.execute(text("\n".join(parts)), {"query": said, "limit": limit, **given})
    return [(key, float(score)) for key, score in rows]


def _shown(tx: Transaction, query: Query, rows: Sequence[tuple[str, float]], target: str) -> list[Hit]:
    ids = [key for key, _ in rows]
    columns = (record.c.id, record.c.title, record.c.url, record.c.source, record.c.language, record.c.published_at)
    known = {row.id: row for row in tx.execute(select(*columns, record.c.text).where(record.c.id.in_(ids)))}
    titles, texts = _translated(tx, ids, target)
    hits = []
    for key, score in rows:
        row = known[key]
        passage, marks = snippet([texts[key], row.text] if key in texts else [row.text], query)
        hits.append(
            Hit(
                id=key,
                score=score,
                title=row.title,
                translated_title=titles.get(key),
                url=row.url,
                source=row.source,
                language=row.language,
                published_at=row.published_at,
                snippet=passage,
                marks=marks,
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
