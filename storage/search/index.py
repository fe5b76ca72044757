"""The index: one document a record, brought up to date by the numbers of what has changed.

It is no part of the schema, since it can be made anew at any time: `update_index` does so where there is none, or one
of another version. In SQLite the words lie in an FTS5 table without content, from which nothing can be taken out again:
a record that changes gets a new document, and `search_doc` forgets the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, inspect, literal, select, text, tuple_

from storage.changes import numbered
from storage.search.folding import distinct_words, fold, folded_words, spaced, words
from storage.search.names import keys_of_names, name_keys
from storage.search.query import LONGEST, STEM
from storage.search.stems import stems_of
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

# What PostgreSQL can hold: positions of a word, the last position, and bytes in all (1 MB, with some room).
_POSITIONS, _LAST, _BYTES = 256, 16_383, 900_000


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text, and what it is written in."""

    text: str
    language: str
    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is searched of a record: its title and text, original and translated, and by whom it is.

    The words are those of `texts`; a paragraph has a language, by which its words are stemmed.

    `day` is that of its publication as the page has it, `instant` in UTC sorts.
    """

    record_id: str
    number: int
    language: str
    source: str | None
    day: str | None
    instant: str
    titles: tuple[Said, ...]
    texts: tuple[str, ...]
    paragraphs: tuple[Said, ...]
    about: tuple[str, ...]


def update_index(store: Store, *, rebuild: bool = False) -> int:
    """Index what is new or has changed since the last time; a process that dies here goes on there the next time.

    Args:
        store: the database.
        rebuild: forget the index, and make it anew.

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
        with store.writing() as tx:
            count += _put(tx, made)
        after = (keys[-1][1], keys[-1][0])
    with store.writing() as tx:
        tx.execute(text("UPDATE search_state SET number = :n WHERE number < :n"), {"n": newest})
        wasted = tx.execute(text("SELECT forgotten > (SELECT count(*) FROM search_doc) FROM search_state")).scalar()
    return update_index(store, rebuild=True) if wasted else count


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
    gone = text("DELETE FROM search_doc WHERE record_id IN :keys").bindparams(bindparam("keys", expanding=True))
    for chunk in chunks(ids):
        tx.execute(gone, {"keys": list(chunk)})
    return False


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
    for key, text_of, language in tx.execute(own.order_by(segment.c.record_id, segment.c.position)):
        texts.setdefault(key, []).append(Said(text_of, language))
    columns = (translation.c.record_id, translation.c.position, translation.c.text, translation.c.target)
    order = (translation.c.record_id, translation.c.target, translation.c.position)
    made = select(*columns).where(translation.c.record_id.in_(numbers)).order_by(*order)
    for key, position, translated, target in tx.execute(made):
        (titles if position == TITLE else texts).setdefault(key, []).append(Said(translated, target, translated=True))
    return titles, texts


def _put(tx: Transaction, made: Iterable[Document]) -> int:
    """Let these documents take the places of what was known of their records; a newer one stays. Returns how many."""
    numbers = _unknown(tx, [(one.record_id, one.number) for one in made])
    fresh = [one for one in made if one.record_id in numbers]
    if not fresh:
        return 0
    gone = text("DELETE FROM search_doc WHERE record_id IN :keys").bindparams(bindparam("keys", expanding=True))
    forgotten = tx.execute(gone, {"keys": list(numbers)}).rowcount
    if tx.dialect.name == "postgresql":
        tx.execute(text(_INSERT_POSTGRESQL), [_row(one) | {"vector": _vector(one)} for one in fresh])
    else:
        last = tx.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'search_doc'")).scalar() or 0
        rows = [_row(one) | {"id": number} for number, one in enumerate(fresh, last + 1)]
        tx.execute(text(_INSERT_SQLITE), rows)
        columns = [{"id": row["id"], **_columns(one)} for row, one in zip(rows, fresh, strict=True)]
        tx.execute(text(_INSERT_WORDS), columns)
        tx.execute(text("UPDATE search_state SET forgotten = forgotten + :n"), {"n": forgotten})
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


def _columns(one: Document) -> dict[str, str]:
    """The words by column, as FTS5 takes them apart again."""
    return {
        "title": _folded(each.text for each in one.titles),
        "text": _folded(one.texts),
        "names": " ".join(_name_keys(one)),
        "about": _folded(one.about),
        "title_stems": " ".join(_stems(one.titles)),
        "stems": " ".join(_stems(one.paragraphs)),
    }


def _folded(texts: Iterable[str]) -> str:
    return spaced(fold("\n".join(texts)))


def _name_keys(one: Document) -> list[str]:
    """Those of names within texts, and of all who made it: a by-line may be a name alone."""
    makers = {key for line in one.about for start, end in words(line) for key in name_keys(line[start:end])}
    return sorted(makers.union(keys_of_names(one.texts)))


def _stems(said: Iterable[Said]) -> list[str]:
    """Each stem once."""
    wanted: dict[str, set[str]] = {}
    for one in said:
        wanted.setdefault(one.language, set()).update(distinct_words(one.text))
    return sorted({stem for language, of in wanted.items() for stem in stems_of(of, language)})


def _vector(one: Document) -> str:
    """The words with places and weights, as PostgreSQL writes a tsvector: its own parser would cut them otherwise."""
    places: dict[str, list[str]] = {key: [f"{_LAST}D"] for key in _name_keys(one)}
    titles = [each.text for each in one.titles]
    said = [
        (word, weight)
        for parts, weight in ((titles, "A"), (one.about, "B"), (one.texts, "C"))
        for part in parts
        for word in folded_words(part)
        if len(word) <= LONGEST
    ]
    room = _BYTES
    for at, (word, weight) in enumerate(said, 1):
        held = places.setdefault(word, [])
        room -= 2 if held else len(word.encode()) + 8
        if room < 0:
            break
        # All that comes behind the last place shares the one before it: names have the last for themselves.
        if len(held) < _POSITIONS - 1:
            held.append(f"{min(at, _LAST - 1)}{weight}")
    for part, weight in ((one.titles, "B"), (one.paragraphs, "D")):
        for stem in _stems(part):
            held = places.setdefault(STEM + stem, [])
            room -= len(stem.encode()) + 16
            if room > 0:
                held.append(f"{_LAST}{weight}")
    return " ".join(f"'{word}':{','.join(held)}" for word, held in places.items() if held)
