"""Texts stored and linked as a run does it, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from support.making import make_stored

from flows.link import link_texts
from ingest.dedup.fingerprint import fingerprint
from ingest.model import Record
from storage import links, records, runs
from storage.store import Store
from storage.views import all_ids, read_records


def keep(store: Store, made: Sequence[Record], batch: int = 50) -> None:
    """Store records as a run does, a transaction a batch."""
    for start in range(0, len(made), batch):
        some = made[start : start + batch]
        with store.writing() as tx:
            records.add_records(tx, some, runs.start_run(tx, "urls", "en"))
            link_texts(tx, {(one.article.key, links.ORIGINAL_SIDE): one.fingerprint for one in some})


def edition(name: str, text: str, language: str | None = None) -> Record:
    """A text under an address of its own, in a language that is told or given."""
    made = make_stored(text, f"https://{name}.example/story")
    if language is None:
        return made
    labels = replace(made.labels, language=language, languages=((language, 1.0),))
    return replace(made, labels=labels, fingerprint=fingerprint(text, language))


def groups(store: Store) -> set[frozenset[str]]:
    """The clusters of more than one record, by the names of their sites."""
    with store.reading() as tx:
        found: dict[str, set[str]] = {}
        for one in read_records(tx, all_ids(tx), "en"):
            name = one["url"].partition("//")[2].partition(".")[0]
            found.setdefault(one["duplicate"]["cluster"], set()).add(name)
    return {frozenset(names) for names in found.values() if len(names) > 1}
