"""Redo one stage for what is stored: from the archive or the database, never from the network.

Each is made of batches that are transactions of their own: killed at any moment, it leaves whole batches, and is run
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.intake import Plan
from flows.link import link_texts
from flows.run import Order
from flows.settings import Settings
from flows.stages import Work
from flows.tools import translation
from flows.translate import keep_translations, translate_parts
from flows.watch import Watch, silently
from ingest.dedup.fingerprint import FINGERPRINT_VERSION, fingerprint
from ingest.language import DETECTOR
from ingest.model import UrlKey
from ingest.pipeline import label
from storage import links, records, seeds, translations, views
from storage.store import Store, Transaction

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Redone:
    """How many records were looked at, and of how many something changed."""

    records: int
    changed: int


def extract_order(since: datetime | None, sources: Sequence[str] | None, *, translate: bool) -> Order:
    """Read what was fetched once more, from the archive: text, metadata, languages and links are made anew.

    A record whose text comes out the same keeps its translations; another text is a new revision.
    """

    def archived(work: Work) -> Plan:
        with work.store.reading() as tx:
            return Plan(tasks=seeds.archived_tasks(tx, since=since, sources=sources))

    return Order(kind="reprocess", plan=archived, translate=translate, refresh=True)


def redo_languages(store: Store, since: datetime | None, watch: Watch = silently) -> Redone:
    """Detect the languages of all stored texts anew. What was translated stays where text and language do."""

    def redo(tx: Transaction, ids: Sequence[UrlKey]) -> int:
        changed: list[UrlKey] = []
        for key, (title, blocks, known) in views.read_blocks(tx, ids).items():
            labels = label(title, blocks)
            told = (labels.title_language, tuple((one.language, one.role) for one in labels.segments))
            if told != known:
                changed.append(key)
            records.set_languages(tx, key, labels, DETECTOR)
        for target in translations.targets(tx):
            asked = translations.with_state(tx, changed, target)
            translations.set_states(tx, asked, target)
        _relink(tx, changed)
        return len(changed)

    return _in_batches(store, since, redo, watch)


def redo_links(store: Store, since: datetime | None, watch: Watch = silently) -> Redone:
    """Make all fingerprints anew, and find all copies by them."""

    def redo(tx: Transaction, ids: Sequence[UrlKey]) -> int:
        _relink(tx, ids)
        records.set_deduplicator(tx, ids, FINGERPRINT_VERSION)
        return len(ids)

    return _in_batches(store, since, redo, watch)


def redo_translations(settings: Settings, since: datetime | None, watch: Watch = silently) -> Redone:
    """Translate again what another package, or another version of it, translated; the old text stays until then."""
    with Store(settings.storage.url) as store:
        how = translation(settings, store)
        models = how.models()
        after, done = "", 0
        while models:
            with store.reading() as tx:
                due = translations.outdated(tx, how.target, models, after=after, since=since, limit=_BATCH)
                parts = translations.made_otherwise(tx, due, how.target, models)
            if not due:
                break
            keep_translations(store, how.target, translate_parts(how, parts))
            after, done = due[-1], done + len(due)
            watch("records", done, done)
    return Redone(records=done, changed=done)


def _relink(tx: Transaction, ids: Sequence[UrlKey]) -> None:
    sides = links.sides_of(tx, ids)
    texts = links.side_texts(tx, sides)
    neighbours = links.linked_with(tx, ids)
    links.drop_links(tx, ids)
    # Their keys go too, also where they would stay the same: what damaged these tables is mended as well.
    links.forget_texts(tx, links.text_ids(tx, sides).values())
    made = {side: fingerprint(one.text, one.language) for side, one in texts.items()}
    link_texts(tx, made, {*ids, *neighbours})


def _in_batches(
    store: Store, since: datetime | None, redo: Callable[[Transaction, Sequence[UrlKey]], int], watch: Watch
) -> Redone:
    with store.reading() as tx:
        ids = views.all_ids(tx, since=since)
    done = changed = 0
    watch("records", 0, len(ids))
    for batch in _slices(ids):
        with store.writing() as tx:
            changed += redo(tx, batch)
        done += len(batch)
        watch("records", done, len(ids))
    return Redone(records=done, changed=changed)


def _slices(ids: Sequence[UrlKey]) -> Iterator[Sequence[UrlKey]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
