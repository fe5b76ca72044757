"""Where a text was met: the addresses and files that gave it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, and_, or_, select, union

from ingest.link import Relation
from storage.store import chunks
from storage.tables import link, record, sighting, url


def met_at(tx: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """For each of these records the other addresses and files under which its text was met, sorted.

    They are those that gave the record and this text of it last, and those of the records that have the same words.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    shown = and_(
        sighting.c.record_id == record.c.id,
        sighting.c.captured_at == record.c.captured_at,
        sighting.c.body_sha256 == record.c.body_sha256,
    )
    same_text = or_(url.c.text_sha256 == record.c.text_sha256, url.c.text_sha256 == sighting.c.as_read)
    given = (
        select(record.c.id, url.c.url)
        .join(url, and_(url.c.record_id == record.c.id, url.c.key != record.c.id, url.c.url != record.c.url))
        .outerjoin(sighting, shown)
        .where(same_text)
    )
    for chunk in chunks(ids):
        copies = [
            select(own, record.c.url)
            .join(record, record.c.id == other)
            .where(link.c.relation == str(Relation.EXACT), own.in_(chunk))
            for own, other in ((link.c.a, link.c.b), (link.c.b, link.c.a))
        ]
        for key, address in tx.execute(union(given.where(record.c.id.in_(chunk)), *copies)):
            found[key].append(address)
    return {key: sorted(set(addresses)) for key, addresses in found.items()}
