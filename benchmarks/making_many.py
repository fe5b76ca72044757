"""A database of many records, made quickly: a few thousand articles of news size, copied under other ids and days."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import wordfreq
from sqlalchemy import text

from ingest.dedup.fingerprint import fingerprint
from ingest.model import Article, Block, Labels, Provenance, Record, Segment
from ingest.urls import url_key
from storage import records, runs, translations
from storage.store import Store, Transaction
from storage.translations import Translated

ORIGINALS = 2000
LANGUAGES = ("en", "sv", "de", "ru", "fr")
_COPIED = {
    "record": "id",
    "author": "record_id",
    "segment": "record_id",
    "translation": "record_id",
    "translation_state": "record_id",
}


def fill(path: Path, count: int) -> None:
    """Make an SQLite database with so many records, each in one of five languages and on one of a hundred days."""
    with Store(f"sqlite:///{path}") as store:
        with store.writing() as tx:
            run_id = runs.start_run(tx, "urls", "en")
        add_originals(store, run_id)
        for copy in range(1, count // ORIGINALS):
            with store.writing() as tx:
                for table, key in _COPIED.items():
                    _copy(tx, table, key, copy)


def add_originals(store: Store, run_id: str) -> None:
    """Store the first records, as a run does: a hundred a transaction."""
    made = [_record(number) for number in range(ORIGINALS)]
    for start in range(0, ORIGINALS, 100):
        batch = made[start : start + 100]
        foreign = [one for one in batch if one.labels.language != "en"]
        parts = [
            Translated(record_id=one.article.key, position=at, text=segment.text[::-1], model="bench")
            for one in foreign
            for at, segment in enumerate(one.labels.segments)
        ]
        with store.writing() as tx:
            records.add_records(tx, batch, run_id)
            translations.add_translations(tx, "en", parts)
            translations.set_states(tx, [one.article.key for one in batch], "en")


def _copy(tx: Transaction, table: str, key: str, copy: int) -> None:
    columns = [row.name for row in tx.execute(text(f"PRAGMA table_info({table})"))]
    values = {
        key: f"printf('%08x', {copy}) || substr({key}, 9)",
        "url": f"url || '/{copy}'",
        "published_at": f"date('2026-01-01', '+{copy % 100} days') || substr(published_at, 11)",
        "dated": f"date('2026-01-01', '+{copy % 100} days') || substr(published_at, 11)",
    }
    chosen = ", ".join(values.get(name, name) for name in columns)
    # The originals' ids are hashes; those of copies begin with a small number.
    query = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} WHERE substr({key}, 1, 4) <> '0000'"
    )
    tx.execute(text(query))


def _record(number: int) -> Record:
    chance = random.Random(number)
    language = LANGUAGES[number % len(LANGUAGES)]
    vocabulary = wordfreq.top_n_list(language, 20_000)
    paragraphs = [_paragraph(chance, vocabulary) for _ in range(chance.randint(6, 14))]
    address = f"https://bench.example/{number}"
    at = datetime(2026, 1, 1, number % 24, tzinfo=UTC)
    article = Article(
        key=url_key(address),
        url=address,
        requested_url=address,
        canonical_url=address,
        source=f"outlet-{number % 7}",
        publisher="bench.example",
        title=" ".join(chance.choices(vocabulary, k=8)).capitalize(),
        authors=(" ".join(chance.choices(vocabulary, k=2)).title(),),
        published_at=at,
        blocks=tuple(Block(text=paragraph) for paragraph in paragraphs),
        provenance=Provenance(
            status=200,
            content_type="text/html",
            charset="utf-8",
            body_sha256="0" * 64,
            fetched_at=at,
            extractor="bench",
        ),
    )
    segments = tuple(Segment(text=paragraph, language=language, confidence=1.0) for paragraph in paragraphs)
    labels = Labels(segments=segments, title_language=language, language=language, languages=((language, 1.0),))
    return Record(article=article, labels=labels, fingerprint=fingerprint("", language), detector="bench")


def _paragraph(chance: random.Random, vocabulary: list[str]) -> str:
    """Some forty words, words at the front of the list more often, a name here and there."""
    words = [vocabulary[int(len(vocabulary) * chance.random() ** 3)] for _ in range(chance.randint(25, 55))]
    for at in range(3, len(words), 12):
        words[at] = words[at].capitalize()
    return " ".join(words).capitalize() + "."
