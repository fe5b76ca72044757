"""The database: schema, transactions, records, runs."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select
from support.making import key_of, make_page, make_stored

from ingest.errors import StorageError
from ingest.model import ArchivePointer, Seed
from ingest.outcome import Outcome, Reason, Rejection, Stage
from storage import engine, queue, records, runs, seeds, translations, views
from storage.seeds import Settled, Task
from storage.store import SentenceMemory, Store, Transaction
from storage.tables import metadata, sighting

SWEDISH = "Bageriet vid torget har öppnat igen efter branden. Kunderna stod i kö redan klockan sex på morgonen."
ENGLISH = "The bakery on the square has opened again after the fire, and customers queued from six in the morning."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database on disk."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as opened:
        yield opened


def start(store: Store, kind: str = "urls") -> str:
    """A run that is under way."""
    with store.writing() as tx:
        return runs.start_run(tx, kind, "en")


def task(url: str = "https://courier.example/story", archive: ArchivePointer | None = None) -> Task:
    """A seed of a run."""
    return Task(key=key_of(url), seed=Seed(url=url), archive=archive)


def rejection(url: str, reason: Reason) -> Rejection:
    """A seed that came to nothing."""
    return Rejection(url=url, source=None, stage=Stage.FETCH, reason=reason, detail="HTTP 404")


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    """There is no difference between the migrated database and storage.tables."""
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_head_of_the_migrations_is_known() -> None:
    """`SCHEMA_HEAD` is the newest migration, or a database would never be brought up to date."""
    scripts = ScriptDirectory(str(Path(engine.__file__).parent / "migrations"))
    assert scripts.get_current_head() == engine.SCHEMA_HEAD


def test_a_database_from_the_future_is_refused(tmp_path: Path) -> None:
    """A schema that this version does not know is left alone, and no connection to it stays open."""
    path = tmp_path / "n.db"
    Store(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError, match="upgrade newsmill") as refusal:
        Store(f"sqlite:///{path}")
    # The error is still there, and with it the frames in which the database was opened.
    still_open = {str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()}
    assert refusal.tb is not None
    assert str(path) not in still_open


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    """Another program's file is not touched."""
    (tmp_path / "n.db").write_text("shopping list: flour, yeast, salt\n" * 100, encoding="utf-8")
    with pytest.raises(StorageError, match="cannot open the database"):
        Store(f"sqlite:///{tmp_path / 'n.db'}")


def test_a_locked_database_is_one_clear_line(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When another process writes for too long, the run stops with what to do, and nothing is damaged."""
    monkeypatch.setattr(engine, "_BUSY_TIMEOUT_S", 0.1)
    other = sqlite3.connect(tmp_path / "n.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        Store(f"sqlite:///{tmp_path / 'n.db'}") as impatient,
        pytest.raises(StorageError, match="try again"),
        impatient.writing(),
    ):
        pass
    other.execute("ROLLBACK")
    other.close()
    start(store)


def test_a_full_disk_is_one_clear_line(store: Store) -> None:
    """A database that cannot grow stops the run and keeps what it had."""
    run_id = start(store)
    long = make_stored("\n\n".join(f"{ENGLISH} Loaf number {number}." for number in range(3000)))

    def fill() -> None:
        with store.writing() as tx:
            tx.exec_driver_sql("PRAGMA max_page_count = 1")
            records.add_records(tx, [long], run_id)

    with pytest.raises(StorageError, match="make room"):
        fill()
    with store.reading() as tx:
        assert views.all_ids(tx) == []


def test_two_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    """The schema is made once; the second process waits and finds it."""
    script = f"from storage.store import Store; Store('sqlite:///{tmp_path}/n.db').close()"
    several = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in several] == [(b"", 0)] * 4


def test_a_record_is_stored_once(store: Store) -> None:
    """The same text under the same key is unchanged."""
    run_id = start(store)
    with store.writing() as tx:
        assert records.add_records(tx, [make_stored(ENGLISH)], run_id).outcomes == [Outcome.STORED]
        assert records.add_records(tx, [make_stored(ENGLISH)], run_id).outcomes == [Outcome.UNCHANGED]


def test_a_changed_article_is_a_new_version_and_the_old_text_is_kept(store: Store) -> None:
    """What an article said before stays readable; what was derived from it goes."""
    run_id = start(store)
    with store.writing() as tx:
        records.add_records(tx, [make_stored(SWEDISH)], run_id)
        key = key_of("https://courier.example/story")
        translations.set_states(tx, [key], "en")
        translations.add_translations(
            tx, "en", [translations.Translated(record_id=key, position=0, text="The bakery", model="test 1")]
        )
        longer = make_stored(f"{SWEDISH}\n\nI dag bjöds alla på kaffe.", hours=1)
        assert records.add_records(tx, [longer], run_id).outcomes == [Outcome.STORED]
    with store.reading() as tx:
        kept = tx.execute(select(sighting.c.number, sighting.c.content).order_by(sighting.c.number)).all()
        (now,) = views.read_records(tx, [key], "en")
        assert tx.exec_driver_sql("SELECT revision FROM record").scalar() == 2
    assert [(number, said and said["text"]) for number, said in kept] == [(1, SWEDISH), (2, None)]
    assert [segment["translation"] for segment in now["segments"]] == [None, None]


def test_the_state_of_a_translation_follows_from_what_is_there(store: Store) -> None:
    """Nothing: pending; some: partial; all: complete; nothing to do: not_needed."""
    run_id = start(store)
    mixed = make_stored(f"{SWEDISH}\n\n{ENGLISH}\n\n{SWEDISH} Limpan kostade tio kronor.")
    key = mixed.article.key
    english = make_stored(ENGLISH, "https://courier.example/english")
    with store.writing() as tx:
        for one in (mixed, english):
            records.add_records(tx, [one], run_id)
        seen = [translations.set_states(tx, [key, english.article.key], "en")]
        for position in (0, 2):
            made = translations.Translated(record_id=key, position=position, text="The bakery", model="test 1")
            translations.add_translations(tx, "en", [made])
            seen.append(translations.set_states(tx, [key], "en"))
        assert translations.untranslated(tx, [key], "en") == []
    assert [state[key] for state in seen] == ["pending", "partial", "complete"]
    assert seen[0][english.article.key] == "not_needed"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Քաղաքը ցանկանում է հաջորդ գարնանը նոր կամուրջ կառուցել գետի վրա։", "unsupported"),
        ("Gorodskoy sovet prinyal reshenie o stroitelstve novogo mosta cherez reku, soobshchaet merii.", "unsupported"),
        (SWEDISH, "pending"),
        (ENGLISH, "not_needed"),
        (f"{ENGLISH}\n\nSamsung, Nokia, Siemens, BMW, Xiaomi", "not_needed"),
    ],
)
def test_what_nobody_can_translate_is_unsupported(store: Store, text: str, state: str) -> None:
    """A language without any published model, or that cannot be told, is not "not needed": it is no English."""
    one = make_stored(text)
    run_id = start(store)
    with store.writing() as tx:
        records.add_records(tx, [one], run_id)
        assert translations.set_states(tx, [one.article.key], "en") == {one.article.key: state}
        (shown,) = views.read_records(tx, [one.article.key], "en")
    made = shown["translation"]
    assert made["status"] == state
    assert made["text"] == (one.article.text if state == "not_needed" else None)
    assert made["best_text"] == one.article.text


def test_a_new_target_is_asked_for_all_that_is_stored(store: Store) -> None:
    """Each record once; what older rules called "not needed" though it is in another language, again."""
    one, other = make_stored(SWEDISH), make_stored(ENGLISH, "https://courier.example/english")
    keys = sorted([one.article.key, other.article.key])
    run_id = start(store)
    with store.writing() as tx:
        records.add_records(tx, [one, other], run_id)
        translations.set_states(tx, keys, "en")
        assert translations.unasked(tx, "en", after="", limit=10) == []
        assert translations.unasked(tx, "sv", after="", limit=10) == keys
        assert translations.unasked(tx, "sv", after=keys[0], limit=10) == keys[1:]
        translations.set_states(tx, keys, "sv")
        assert translations.unasked(tx, "sv", after="", limit=10) == []
        tx.exec_driver_sql("UPDATE translation_state SET status = 'not_needed'")
        assert translations.unasked(tx, "en", after="", limit=10) == [one.article.key]


def test_what_stands_around_a_text_is_translated_with_it(store: Store) -> None:
    """Subtitle, section and tags have places of their own, and decide nothing about the state."""
    stored = make_stored(SWEDISH)
    one = replace(
        stored, article=replace(stored.article, subtitle="Kaffe åt alla", section="Lokalt", tags=("bageri", "mat"))
    )
    key = one.article.key
    run_id = start(store)
    with store.writing() as tx:
        records.add_records(tx, [one], run_id)
        translations.set_states(tx, [key], "en")
        margins = translations.untranslated_margins(tx, [key], "en")
        assert [part.text for part in margins] == ["Kaffe åt alla", "Lokalt", "bageri", "mat"]
        made = [
            translations.Translated(record_id=key, position=part.position, text=f"<{part.text}>", model="test 1")
            for part in margins
        ]
        translations.add_translations(tx, "en", made)
        assert translations.untranslated_margins(tx, [key], "en") == []
        assert translations.set_states(tx, [key], "en") == {key: "pending"}
        body = translations.Translated(
            record_id=key,
            position=0,
            text="The bakery",
            model="test 1",
            kept=(("Limpan.", "number"),),
            doubtful=(("Ingen limpa.", "negation"),),
        )
        translations.add_translations(tx, "en", [body])
        assert translations.set_states(tx, [key], "en") == {key: "partial"}
        (shown,) = views.read_records(tx, [key], "en")
    whole = shown["translation"]
    assert (whole["subtitle"], whole["section"], whole["tags"]) == (
        "<Kaffe åt alla>",
        "<Lokalt>",
        ["<bageri>", "<mat>"],
    )
    assert whole["text"] == "The bakery"
    assert whole["kept"] == [{"segment": 0, "sentence": "Limpan.", "reason": "number"}]
    assert whole["doubtful"] == [{"segment": 0, "sentence": "Ingen limpa.", "reason": "negation"}]


def test_translations_into_two_languages_stand_side_by_side(store: Store) -> None:
    """A second target language does not disturb the first."""
    run_id = start(store)
    one = make_stored(SWEDISH)
    with store.writing() as tx:
        records.add_records(tx, [one], run_id)
        for target in ("en", "de"):
            translations.set_states(tx, [one.article.key], target)
            made = translations.Translated(record_id=one.article.key, position=0, text=f"in {target}", model="test 1")
            translations.add_translations(tx, target, [made])
            translations.set_states(tx, [one.article.key], target)
        texts = [
            next(views.read_records(tx, [one.article.key], target))["translation"]["text"] for target in ("en", "de")
        ]
    assert texts == ["in en", "in de"]


def test_sentences_are_remembered(store: Store) -> None:
    """A sentence is recalled by its key; the first translation of a key stays."""
    memory = SentenceMemory(store)
    memory.remember({"a": "one", "b": "two"})
    memory.remember({"a": "another"})
    memory.remember({})
    assert memory.recall(["a", "b", "c"]) == {"a": "one", "b": "two"}
    assert memory.recall([str(number) for number in range(2000)]) == {}


def test_every_seed_has_one_outcome_and_the_last_word_counts(store: Store) -> None:
    """Settling twice, as after a kill between two commits, leaves one outcome."""
    run_id = start(store)
    one = task()
    gone = rejection(one.seed.url, Reason.NOT_FOUND)
    with store.writing() as tx:
        assert queue.accept(tx, run_id, [one]) == (one,)
        for _ in range(2):
            seeds.settle(tx, run_id, [Settled(key=one.key, outcome=gone.outcome, rejection=gone)])
        assert dict(runs.outcome_counts(tx, run_id)) == {"rejected": 1}
        assert runs.seed_count(tx, run_id) == 1


def test_a_dead_run_is_taken_over_with_what_it_left(store: Store) -> None:
    """Seeds without outcome go to the next run of the kind, those that were fetched with their place in the archive."""
    place = ArchivePointer(file="/archive/one.warc.gz", offset=77)
    fetched, queued, done = (task(f"https://courier.example/{name}") for name in ("fetched", "queued", "done"))
    dead = start(store)
    with store.writing() as tx:
        queue.accept(tx, dead, [fetched, queued, done])
        seeds.mark_fetched(tx, [(fetched.key, replace(make_page(b"x"), archive=place))])
        seeds.settle(tx, dead, [Settled(key=done.key, outcome=Outcome.STORED, record_id="0" * 64, text_sha256="1")])
    next_run = start(store)
    with store.writing() as tx:
        closed = runs.dead_runs(tx, next_run, ("urls",))
        left = queue.inherit(tx, next_run, closed)
        todo = queue.accept(tx, next_run, [*left, done], closed)
        counted = runs.outcome_counts(tx, next_run)
        again = runs.dead_runs(tx, start_in(tx, "urls"), ("urls",))
        runs.finish_run(tx, next_run, {}, closed)
        after = runs.dead_runs(tx, start_in(tx, "urls"), ("urls",))
    assert closed == (dead,)
    assert dead in again, "a run that has not finished closes nothing: the next one must see both"
    assert dead not in after
    assert {(one.key, one.archive) for one in todo} == {(fetched.key, place), (queued.key, None)}
    assert counted == {"unchanged": 1}


def test_a_run_of_another_kind_is_left_alone(store: Store) -> None:
    """Ingesting files does not go on with a nightly crawl."""
    start(store, "nightly")
    with store.writing() as tx:
        assert runs.dead_runs(tx, start_in(tx), ("files",)) == ()


def start_in(tx: Transaction, kind: str = "files") -> str:
    """A run begun in this transaction."""
    return runs.start_run(tx, kind, "en")


def test_a_living_run_is_not_taken_over(store: Store) -> None:
    """A run whose process is alive keeps its seeds; one on a silent machine loses them after a while."""
    alive, silent = start(store), start(store)
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with store.writing() as tx:
            tx.exec_driver_sql("UPDATE worker SET pid = ? WHERE id = ?", (other.pid, alive))
            long_ago = "2020-01-01T00:00:00+00:00"
            tx.exec_driver_sql(
                "UPDATE worker SET host = 'elsewhere', heartbeat_at = ? WHERE id = ?", (long_ago, silent)
            )
            assert runs.dead_runs(tx, start_in(tx), ("urls",)) == (silent,)
    finally:
        other.communicate()


def test_a_zombie_is_dead(store: Store) -> None:
    """A killed process that its parent has not buried yet does not count as alive."""
    dead = start(store)
    child = os.fork()
    if child == 0:
        os._exit(0)
    try:
        with store.writing() as tx:
            tx.exec_driver_sql("UPDATE worker SET pid = ? WHERE id = ?", (child, dead))
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            assert runs.dead_runs(tx, start_in(tx), ("urls",)) == (dead,)
    finally:
        os.waitpid(child, 0)


def test_a_retry_takes_what_failed_last(store: Store) -> None:
    """Only seeds whose newest outcome is a failure are tried again."""
    mended, broken, gone = (task(f"https://courier.example/{name}") for name in ("mended", "broken", "gone"))
    first = start(store)
    outcomes = {mended: Reason.TIMEOUT, broken: Reason.SERVER_ERROR, gone: Reason.NOT_FOUND}
    with store.writing() as tx:
        queue.accept(tx, first, list(outcomes))
        for one, reason in outcomes.items():
            failure = rejection(one.seed.url, reason)
            seeds.settle(tx, first, [Settled(key=one.key, outcome=failure.outcome, rejection=failure)])
        second = runs.start_run(tx, "urls", "en")
        queue.accept(tx, second, [mended])
        seeds.settle(tx, second, [Settled(key=mended.key, outcome=Outcome.STORED)])
        assert [one.seed.url for one in seeds.failed_tasks(tx)] == [broken.seed.url]


def test_records_are_found_by_id_prefix_and_url(store: Store) -> None:
    """Six characters of an id are enough if they name one record; an unknown name finds nothing."""
    run_id = start(store)
    one = make_stored(ENGLISH)
    with store.writing() as tx:
        records.add_records(tx, [one], run_id)
        key = one.article.key
        names = (key, key[:6], one.article.url)
        assert [views.find_record(tx, name) for name in names] == [key] * 3
        assert [views.find_record(tx, name) for name in (key[:5], "zzzzzz", "")] == [None] * 3
