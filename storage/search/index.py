"""The index: one document a record, brought up to date by the numbers of what has changed.

It is no part of the schema, since it can be made anew at any time: `update_index` does so where there is none, or one
of another version. In SQLite the words lie in an FTS5 table without content, from which nothing can be taken out again:
a record that changes gets a new document, and `search_doc` forgets the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, inspect, literal, select, text, tuple_

from storage.changes import numbered
from storage.search.documents import Document, Said, Words, Writer, written
from storage.store import CHUNK, Store, Transaction, by_key, chunks
from storage.tables import TITLE, change, record, segment, translation

VERSION = "3"
"""Of what is written below; another one makes the index anew."""

# In PostgreSQL words of titles have the weight A, those about the record B and those of texts C; keys of names have D,
# and so have stems, with a mark before them, but for those of titles, which have B.
_COLUMNS = "title, text, names, about, title_stems, stems"
_DOC = """
    record_id TEXT NOT NULL UNIQUE, number BIGINT NOT NULL, language TEXT NOT NULL, source TEXT, day TEXT,
    instant TEXT NOT NULL
"""
_STATE = "CREATE TABLE search_state (version TEXT NOT NULL, number BIGINT NOT NULL, forgotten BIGINT NOT NULL)"
# With an index of the first two letters of words: of "re*" the words are hundreds, and the longer ones are few enough.
_TOKENS = "unicode61 remove_diacritics 0 categories 'L* N* M*'"
_CREATE = {
    "sqlite": (
        f"CREATE TABLE search_doc (id INTEGER PRIMARY KEY AUTOINCREMENT, {_DOC})",
        f"CREATE VIRTUAL TABLE search_index USING fts5({_COLUMNS}, content='', prefix='2', tokenize=\"{_TOKENS}\")",
        _STATE,
    ),
    "postgresql": (
        f"CREATE TABLE search_doc (id BIGINT GENERATED ALWAYS AS IDENTITY, {_DOC}, vector TSVECTOR NOT NULL)",
        "CREATE INDEX search_doc_vector ON search_doc USING gin (vector)",
        _STATE,
    ),
}
_TABLES = ("search_index", "search_doc", "search_state")


def update_index(store: Store, *, rebuild: bool = False, write: Writer = written) -> int:
    """Index what is new or has changed since the last time; a process that dies here goes on there the next time.

    Args:
        store: the database.
        rebuild: forget the index, and make it anew.
        write: makes the words of documents, perhaps in other processes.

    Returns:
        How many records were indexed.
    """
    with numbered(store) as (tx, newest):
        done = indexed(tx)
    if rebuild or done is None:
        with store.writing() as tx:
            _create(tx, rebuild)
        done = 0
    if done == newest:
        return 0
    count = 0
    after = (done, "g")  # behind all ids, which are hex digits, whatever the collation
    while True:
        with store.reading() as tx:
            keys = _changed(tx, after)
            made = _documents(tx, _unknown(tx, keys))
        if not keys:
            break
        told = write(made, store.engine.dialect.name)  # nobody else has to wait for it
        with store.writing() as tx:
            count += _put(tx, made, told)
        after = (keys[-1][1], keys[-1][0])
    with store.writing() as tx:
        tx.execute(text("UPDATE search_state SET number = :n WHERE number < :n"), {"n": newest})
        wasted = tx.execute(text("SELECT forgotten > (SELECT count(*) FROM search_doc) FROM search_state")).scalar()
    return update_index(store, rebuild=True, write=write) if wasted else count


def indexed(tx: Transaction) -> int | None:
    """The number up to which everything is indexed; ``None`` where there is no index of this version."""
    if not inspect(tx).has_table("search_state"):
        return None
    row = tx.execute(text("SELECT version, number FROM search_state")).first()
    return row.number if row and row.version == VERSION else None


def take_out(tx: Transaction, ids: Sequence[str]) -> bool:
    """Take records out of the index, with all their words.

    Returns:
        Whether it is to be made anew by `update_index`: from a table without content nothing can be taken out.
    """
    if not inspect(tx).has_table("search_doc"):
        return False
    if tx.dialect.name != "postgresql":
        _drop(tx)
        return True
    pass_over(tx, ids)
    return False


def pass_over(tx: Transaction, ids: Sequence[str]) -> None:
    """Let records that there are no more be found no more; their words stay until the index is made anew."""
    if inspect(tx).has_table("search_doc"):
        for chunk in chunks(ids):
            _forget(tx, chunk)


def _forget(tx: Transaction, ids: Sequence[str]) -> None:
    gone = text("DELETE FROM search_doc WHERE record_id IN :keys").bindparams(bindparam("keys", expanding=True))
    forgotten = tx.execute(gone, {"keys": list(ids)}).rowcount
    if forgotten and tx.dialect.name != "postgresql":
        tx.execute(text("UPDATE search_state SET forgotten = forgotten + :n"), {"n": forgotten})


def _drop(tx: Transaction) -> None:
    for table in _TABLES:
        tx.execute(text(f"DROP TABLE IF EXISTS {table}"))


def _create(tx: Transaction, rebuild: bool) -> None:
    if not rebuild and indexed(tx) is not None:
        return  # another process was faster
    _drop(tx)
    for statement in _CREATE[tx.dialect.name]:
        tx.execute(text(statement))
    tx.execute(text("INSERT INTO search_state VALUES (:version, 0, 0)"), {"version": VERSION})


def _changed(tx: Transaction, after: tuple[int, str]) -> list[tuple[str, int]]:
    """The next records to index, with their numbers, by number and id."""
    order = (change.c.number, change.c.record_id)
    query = (
        select(change.c.record_id, change.c.number)
        .where(tuple_(*order) > tuple_(literal(after[0]), literal(after[1])))
        .order_by(*order)
    )
    return [(key, number) for key, number in tx.execute(query.limit(CHUNK))]


def _unknown(tx: Transaction, keys: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Those of them that are not indexed yet, by an update that was cut."""
    if not keys:
        return {}
    query = text("SELECT record_id, number FROM search_doc WHERE record_id IN :keys")
    rows = tx.execute(query.bindparams(bindparam("keys", expanding=True)), {"keys": [key for key, _ in keys]})
    known: dict[str, int] = by_key(rows)
    return {key: number for key, number in keys if known.get(key, 0) < number}


def _documents(tx: Transaction, numbers: dict[str, int]) -> list[Document]:
    known = record.c
    columns = (known.id, known.title, known.title_language, known.text, known.language, known.published_at)
    by_whom = (known.source, known.publisher, known.byline, known.authors, known.organisations)
    titles, paragraphs = _pieces(tx, numbers)
    made = []
    for row in tx.execute(select(*columns, known.fetched_at, *by_whom).where(known.id.in_(numbers)).order_by(known.id)):
        about = (row.source, row.publisher, row.byline, *row.authors, *row.organisations)
        own = (Said(row.title, row.title_language or row.language),) if row.title else ()
        made.append(
            Document(
                record_id=row.id,
                number=numbers[row.id],
                language=row.language,
                source=row.source,
                day=row.published_at and row.published_at[:10],
                instant=datetime.fromisoformat(row.published_at or row.fetched_at).astimezone(UTC).isoformat(),
                titles=(*own, *titles.get(row.id, ())),
                texts=(row.text, *(one.text for one in paragraphs.get(row.id, ()) if one.translated)),
                paragraphs=tuple(paragraphs.get(row.id, ())),
                about=tuple(dict.fromkeys(one for one in about if one)),
            )
        )
    return made


def _pieces(tx: Transaction, numbers: dict[str, int]) -> tuple[dict[str, list[Said]], dict[str, list[Said]]]:
    """Of these records the translated titles, and the paragraphs, those of the page before the translated ones."""
    titles: dict[str, list[Said]] = {}
    texts: dict[str, list[Said]] = {}
    own = select(segment.c.record_id, segment.c.text, segment.c.language).where(segment.c.record_id.in_(numbers))
    for key, text_of, language in tx.execute(own.order_by(segment.c.record_id, segment.c.position)).all():
        texts.setdefault(key, []).append(Said(text_of, language))
    columns = (translation.c.record_id, translation.c.position, translation.c.text, translation.c.target)
    order = (translation.c.record_id, translation.c.target, translation.c.position)
    made = select(*columns).where(translation.c.record_id.in_(numbers)).order_by(*order)
    for key, position, translated, target in tx.execute(made):
        (titles if position == TITLE else texts).setdefault(key, []).append(Said(translated, target, translated=True))
    return titles, texts


def _put(tx: Transaction, made: Sequence[Document], told: Sequence[Words]) -> int:
    """Let these documents take the places of what was known of their records; a newer one stays. Returns how many."""
    numbers = _unknown(tx, [(one.record_id, one.number) for one in made])
    fresh = [(one, words) for one, words in zip(made, told, strict=True) if one.record_id in numbers]
    if not fresh:
        return 0
    _forget(tx, list(numbers))
    if tx.dialect.name == "postgresql":
        tx.execute(text(_INSERT_POSTGRESQL), [{**_row(one), **words} for one, words in fresh])
    else:
        last = tx.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'search_doc'")).scalar() or 0
        tx.execute(text(_INSERT_SQLITE), [{**_row(one), "id": last + n} for n, (one, _) in enumerate(fresh, 1)])
        tx.execute(text(_INSERT_WORDS), [{**words, "id": last + n} for n, (_, words) in enumerate(fresh, 1)])
    return len(fresh)


_INSERT_WORDS = (
    "INSERT INTO search_index (rowid, title, text, names, about, title_stems, stems) "
    "VALUES (:id, :title, :text, :names, :about, :title_stems, :stems)"
)
_INSERT_SQLITE = (
    "INSERT INTO search_doc (id, record_id, number, language, source, day, instant) "
    "VALUES (:id, :record_id, :number, :language, :source, :day, :instant)"
)
_INSERT_POSTGRESQL = (
    "INSERT INTO search_doc (record_id, number, language, source, day, instant, vector) "
    "VALUES (:record_id, :number, :language, :source, :day, :instant, CAST(:vector AS tsvector))"
)


def _row(one: Document) -> dict[str, Any]:
    names = ("record_id", "number", "language", "source", "day", "instant")
    return {name: getattr(one, name) for name in names}
