"""Where articles stand in another layout, as their own pages say; and records that turn out to be such a layout.

What is noted is never taken back: the same pages make the same rows in whatever order they come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, or_, select, update

from ingest.model import UrlKey
from storage.forgetting import WITH_RECORD
from storage.links import forget_texts, linked_with
from storage.store import by_key, chunks, upsert
from storage.tables import fingerprint, outcome, record, sighting, twin, url
from storage.timeline import State


def note_twins(tx: Connection, named: Mapping[UrlKey, Mapping[UrlKey, str]]) -> None:
    """Note the addresses that the pages of records name: for each record their keys and themselves."""
    rows = [{"key": key, "record_id": of, "url": one} for of, known in named.items() for key, one in known.items()]
    for chunk in chunks(rows):
        upsert(tx, twin, chunk)


def named_by(tx: Connection, keys: Collection[str]) -> dict[str, list[UrlKey]]:
    """The records whose pages name these addresses (keys) as another layout of theirs."""
    found: defaultdict[str, list[UrlKey]] = defaultdict(list)
    for chunk in chunks(sorted(keys)):
        query = select(twin.c.key, twin.c.record_id).where(twin.c.key.in_(chunk)).order_by(twin.c.record_id)
        for key, record_id in tx.execute(query):
            found[key].append(UrlKey(record_id))
    return dict(found)


def texts_of(tx: Connection, ids: Collection[str]) -> dict[str, str]:
    """The texts of those of these records that there are."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted(ids)):
        found |= by_key(tx.execute(select(record.c.id, record.c.text).where(record.c.id.in_(chunk))))
    return found


def texts_without_home(tx: Connection, ids: Collection[str]) -> dict[str, str]:
    """The same of those that name no address as their own, and no other layout."""
    alone = record.c.canonical_url.is_(None) & ~select(twin.c.key).where(twin.c.record_id == record.c.id).exists()
    found: dict[str, str] = {}
    for chunk in chunks(sorted(ids)):
        found |= by_key(tx.execute(select(record.c.id, record.c.text).where(record.c.id.in_(chunk), alone)))
    return found


def give_up(tx: Connection, owners: Mapping[str, UrlKey]) -> set[UrlKey]:
    """Take away records that are another layout of others (twin: owner), which get their captures and addresses.

    The captures stay under the twin's key, for nobody has a record of it any more, until the owner takes them in
    (`storage.records.add_records`).

    Returns:
        Records that were linked with those: they are to be compared anew.
    """
    from storage.search import pass_over  # late: runs without twins do not need what it takes to search

    gone = [UrlKey(key) for key in sorted(owners)]
    bound = linked_with(tx, gone) - set(gone)
    for chunk in chunks(gone):
        forget_texts(tx, tx.execute(select(fingerprint.c.id).where(fingerprint.c.record_id.in_(chunk))).scalars())
        for table, columns in WITH_RECORD.items():
            if table is not sighting:
                tx.execute(delete(table).where(or_(*(column.in_(chunk) for column in columns))))
        shown = sighting.c.record_id.in_(chunk) & (sighting.c.state == State.TEXT)
        tx.execute(update(sighting).where(shown).values(state=str(State.TWIN)))
    for key, owner in owners.items():
        for table in (url, outcome):
            tx.execute(update(table).where(table.c.record_id == key).values(record_id=owner))
    pass_over(tx, gone)
    return bound
