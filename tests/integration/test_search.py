"""Search: what is found, in which order, and that the index keeps up with what changes, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from support.databases import KINDS, empty_database
from support.making import key_of, make_article, make_stored

from ingest.errors import InputError
from ingest.model import Only, Seed, UrlKey
from ingest.outcome import Outcome
from storage import queue, records, runs, seeds, translations
from storage.authors import set_authors
from storage.browse.listing import listed_ids
from storage.search import Within, find, finding, found_ids, update_index, within
from storage.seeds import Settled, Task
from storage.selection import Selection
from storage.store import Store
from storage.tables import duplicate, record, run
from storage.translations import Translated

TEXTS = {
    "ferry": ("Ingen färja till Lindö", "Rederiet väntar på reservdelar. I går sade Kassym Tokajev att bron är klar."),
    "visit": ("Токаев в Астане", "Вчера президент Токаев встретил гостей. Потом все ушли домой пить чай с вареньем."),
    "talks": ("Talks go on", "Nobody but Tokayev spoke. The harbour master listened, and the ferry waited outside."),
    "bread": (
        "Bread and harbour",
        "The bakery opened at six. A ferry of buns, said the baker, is worth a fleet of oars.",
    ),
    "tennis": ("A final in the rain", "The crowd saw Tokaev serve nine aces; tennis in the mud is a sport of its own."),
    "fair": ("博览会在北京开幕", "第一天有三千名游客。北京大学的学生也来了,他们喜欢旧书。"),
}
RAN = {"started_at": "2026-03-15T00:00:00+00:00", "seeds": 2, "refresh": False, "source_delays": {}}
KEYS = {name: key_of(f"https://courier.example/{name}") for name in TEXTS}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Six records, one a day, each older than the one before; the Swedish one is translated."""
    with empty_database(request.param, tmp_path) as url, Store(url) as opened:
        fill(opened)
        yield opened


@pytest.fixture(scope="module", params=KINDS)
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same, for tests that change nothing."""
    with empty_database(request.param, tmp_path_factory.mktemp("stored")) as url, Store(url) as opened:
        fill(opened)
        yield opened


def fill(store: Store) -> None:
    """Store the records, and index them."""
    with store.writing() as tx:
        run_id = runs.start_run(tx, "urls", "en")
        first = datetime(2026, 3, 14, 12, tzinfo=UTC)
        for number, (name, (title, body)) in enumerate(TEXTS.items()):
            made = make_stored(
                body,
                f"https://courier.example/{name}",
                title=title,
                source="courier" if number % 2 else "post",
                published_at=first - timedelta(days=number),
            )
            records.add_records(tx, [made], run_id)
    translate(store, KEYS["ferry"], {-1: "No ferry to Lindö", 0: "The company waits for spare parts, Tokajev said."})
    update_index(store)


def translate(store: Store, key: UrlKey, rows: dict[int, str]) -> None:
    """Store translations of a record."""
    made = [Translated(record_id=key, position=at, text=english, model="m") for at, english in rows.items()]
    with store.writing() as tx:
        translations.add_translations(tx, "en", made)


def names(store: Store, query: str, within: Within | None = None) -> list[str]:
    """What is found, best first, by the names above."""
    known = {key: name for name, key in KEYS.items()}
    return [known[UrlKey(hit.id)] for hit in find(store, query, within or Within()).hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("färja", {"ferry"}),
        ("FARJA", {"ferry"}),
        ("ferry", {"ferry", "talks", "bread"}),  # one of them only in translation
        ("ferry harbour", {"talks", "bread"}),
        ("ferry AND harbour -bakery", {"talks"}),
        ('ferry -"spare parts"', {"talks", "bread"}),
        ("aces OR buns", {"tennis", "bread"}),
        ('"harbour master"', {"talks"}),
        ('"master harbour"', set()),
        ("harb*", {"talks", "bread"}),
        ("зятавшийся", set()),
        ("варень*", {"visit"}),
        ("北京", {"fair"}),
        ("北京大学", {"fair"}),
        ("京北", set()),
    ],
)
def test_words_are_found_in_all_languages(stored: Store, query: str, expected: set[str]) -> None:
    """Words of titles and texts, original and translated, with phrases, OR, minus and beginnings."""
    assert set(names(stored, query)) == expected


@pytest.mark.parametrize("name", ["Tokayev", "Tokajev", "Tokaev", "Токаев", "tokayev", "Tokajew"])
def test_a_name_is_found_in_any_spelling(stored: Store, name: str) -> None:
    """Whichever spelling is asked for, all records with the name are found; those with the very word come first."""
    found = names(stored, name)
    assert set(found) == {"ferry", "visit", "talks", "tennis"}
    exact = {"Tokayev": "talks", "tokayev": "talks", "Tokajev": "ferry", "Tokaev": "tennis", "Токаев": "visit"}
    assert found[0] == exact.get(name, found[0])


def test_quotation_marks_ask_for_the_very_word(stored: Store) -> None:
    """A quoted name is not looked for in other spellings."""
    assert names(stored, '"Tokayev"') == ["talks"]
    assert set(names(stored, 'Tokayev -"tokaev"')) == {"ferry", "visit", "talks"}


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (Within(language="sv"), {"ferry"}),
        (Within(source="post"), {"ferry", "talks"}),
        (Within(first_day="2026-03-13"), {"ferry"}),
        (Within(last_day="2026-03-12"), {"talks", "bread"}),
        (Within(first_day="2026-03-12", last_day="2026-03-12", language="en", source="post"), {"talks"}),
    ],
)
def test_a_search_can_be_narrowed(stored: Store, within: Within, expected: set[str]) -> None:
    """By language, source and days of publication."""
    assert set(names(stored, "ferry", within)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ferries", {"ferry", "talks", "bread"}),
        ("färjan", {"ferry"}),
        ("гости", {"visit"}),
        ("stories", set()),
        ('"ferries"', set()),
    ],
)
def test_other_forms_of_a_word_are_found(stored: Store, query: str, expected: set[str]) -> None:
    """By their stems, in the language of the text or its translation; quotation marks ask for the very word."""
    assert set(names(stored, query)) == expected
    for hit in find(stored, query).hits:
        assert hit.marks or hit.id == KEYS["ferry"], hit  # which has it in its title


def test_authors_and_sources_are_found(store: Store) -> None:
    """Who wrote a text finds it, in any spelling of the name, and so do its source and publisher."""
    made = make_stored("Nothing of note.", "https://courier.example/by", source="courier")
    article = replace(made.article, authors=("Ofelia Tjebysjova",), byline="By Ofelia Tjebysjova, Ystad")
    with store.writing() as tx:
        records.add_records(tx, [replace(made, article=article)], runs.start_run(tx, "urls", "en"))
    update_index(store)
    for query in ("Ofelia", '"ofelia tjebysjova"', "Чебышева", "Ofelia courier -ferry", "ystad"):
        assert [hit.url for hit in find(store, query).hits] == ["https://courier.example/by"], query


NARROWED = {
    "a language": Selection(language="en"),
    "a source": Selection(source="courier"),
    "days": Selection(first_day="2026-03-11", last_day="2026-03-13"),
    "originals": Selection(canonical_only=True),
    "duplicates": Selection().only(Only.DUPLICATES, "en"),
    "what waits": Selection().only(Only.PENDING, "en"),
    "what is unsure": Selection().only(Only.UNSURE, "en"),
    "an author": Selection(author="ÅSA  ek-lind"),
    "a run": Selection(run_id="later"),
    "several at once": Selection(author="åsa Ek-Lind", run_id="later", language="en"),
}


@pytest.fixture(scope="module", params=KINDS)
def narrowable(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same with a second run, an author, a duplicate, one that waits and one whose text is not sure."""
    with empty_database(request.param, tmp_path_factory.mktemp("narrowable")) as url, Store(url) as opened:
        fill(opened)
        narrow(opened)
        yield opened


def narrow(store: Store) -> None:
    """Let the records differ in all that lists are filtered by."""
    later = ("bread", "tennis")
    with store.writing() as tx:
        tx.execute(run.insert().values(id="later", kind="urls", target="en", status="finished", host="", **RAN))
        queue.accept(tx, "later", [Task(key=KEYS[name], seed=Seed(url=f"https://{name}.example")) for name in later])
        done = [Settled(key=KEYS[name], outcome=Outcome.STORED, record_id=KEYS[name]) for name in later]
        seeds.settle(tx, "later", done)
        set_authors(tx, {KEYS[name]: ["Åsa Ek-Lind", "Bo Holm"] for name in ("talks", "bread")})
        translations.set_states(tx, [KEYS["visit"], KEYS["talks"]], "en")
        cluster = {"cluster": "c", "canonical_id": KEYS["talks"], "evidence": [], "certainty": "yes"}
        for name in ("talks", "bread"):
            relation = "original" if name == "talks" else "near"
            row = {"record_id": KEYS[name], "is_canonical": name == "talks", "relation": relation, **cluster}
            tx.execute(duplicate.insert().values(row))
        tx.execute(update(record).where(record.c.id == KEYS["visit"]).values(text_confidence=0.2))
        tx.execute(update(record).where(record.c.id == KEYS["fair"]).values(source=None, publisher="Other"))
    update_index(store)


@pytest.mark.parametrize("what", NARROWED)
def test_a_search_is_narrowed_as_a_list_is(narrowable: Store, what: str) -> None:
    """Each filter leaves of what a query finds exactly those records that a list has with it, and leaves some out."""
    every = "ferry OR чай OR aces OR harbour OR färja OR 北京"
    with narrowable.reading() as tx:
        listed = set(listed_ids(tx, NARROWED[what]))
    found = set(found_ids(narrowable, every))
    assert set(found_ids(narrowable, every, within(NARROWED[what]))) == found & listed
    assert 0 < len(found & listed) < len(found)


def test_an_author_is_known_as_long_as_a_record_names_him(store: Store) -> None:
    """In any case and way of writing letters; another version with other authors is found by those alone."""
    made = make_stored("The tower is open again.", "https://courier.example/tower")
    with store.writing() as tx:
        run_id = runs.start_run(tx, "urls", "en")
        for hour, names_of in enumerate((("Zoë Ångström", "José Straße"), ("Ann Bee", "ANN BEE"))):
            at = datetime(2026, 3, 14, hour, tzinfo=UTC)
            proof = replace(made.article.provenance, fetched_at=at, body_sha256=str(hour) * 64)
            article = replace(made.article, authors=names_of, provenance=proof)
            records.add_records(tx, [replace(made, article=article)], run_id, refresh=True)
            asked = ("zoe\u0308 A\u030angström", "JOSÉ STRASSE", "ann bee", "Ann")
            by = [name for name in asked if listed_ids(tx, Selection(author=name)) == [made.article.key]]
            assert by == (["zoe\u0308 A\u030angström", "JOSÉ STRASSE"] if hour == 0 else ["ann bee"])


def test_duplicates_are_folded_behind_their_original(store: Store) -> None:
    """One hit a cluster, the original even where a copy matches better; unfolded, copies stand behind it."""
    with store.writing() as tx:
        cluster = {"cluster": "c", "canonical_id": KEYS["talks"], "evidence": [], "certainty": "yes"}
        for name, relation in (("talks", "original"), ("bread", "near")):
            canonical = name == "talks"
            row = {"record_id": KEYS[name], "is_canonical": canonical, "relation": relation, **cluster}
            tx.execute(duplicate.insert().values(row))
    found = find(store, "harbour")  # which the title of the copy has
    assert [hit.id for hit in found.hits] == [KEYS["talks"]]
    assert (found.hits[0].duplicates, found.stories, found.records) == (1, 1, 2)
    unfolded = find(store, "ferry", folded=False)
    order = [hit.id for hit in unfolded.hits]
    assert order.index(KEYS["bread"]) == order.index(KEYS["talks"]) + 1
    assert (unfolded.stories, unfolded.records, len(order)) == (2, 3, 3)


def test_pages_of_results_are_the_whole(stored: Store) -> None:
    """Page by page the same as at once, and each page knows how many there are."""
    whole = [hit.id for hit in find(stored, "ferry OR tea OR aces OR чай").hits]
    pages = [find(stored, "ferry OR tea OR aces OR чай", limit=2, offset=at) for at in range(0, 8, 2)]
    assert [hit.id for page in pages for hit in page.hits] == whole
    assert {page.stories for page in pages} == {len(whole)} == {5}


@pytest.mark.parametrize("query", ["harbour OR ferry OR crowd", "har* OR fer* OR crow*"])
def test_of_what_too_many_say_titles_come_first(stored: Store, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """More than can be weighed: those with the words in their titles, then others, both cut, and that is said."""
    assert not find(stored, query).more
    monkeypatch.setattr(finding, "RANKED", 3)
    monkeypatch.setattr(finding, "_MOST", 2)
    found = find(stored, query)
    assert found.more
    assert [hit.id for hit in found.hits][:2] == [KEYS["ferry"], KEYS["bread"]]  # the newer of the two titles first
    assert 2 < found.records == len(found.hits) <= 4
    assert find(stored, query, offset=50).records == found.records
    assert find(stored, query, Within(language="sv")).more is False
    assert len(found_ids(stored, query)) == 4


def test_titles_weigh_more_and_the_newer_comes_first(store: Store) -> None:
    """A word in a title beats one in a text; of two that are as good the newer comes first."""
    assert names(store, "harbour")[0] == "bread"
    with store.writing() as tx:
        run_id = runs.start_run(tx, "urls", "en")
        for day in (3, 9, 6):
            made = make_stored(
                "Herring is in the river again.",
                f"https://courier.example/herring-{day}",
                published_at=datetime(2026, 1, day, tzinfo=UTC),
            )
            records.add_records(tx, [made], run_id)
    update_index(store)
    assert [(hit.published_at or "")[:10] for hit in find(store, "herring").hits] == [
        "2026-01-09",
        "2026-01-06",
        "2026-01-03",
    ]


def test_a_snippet_shows_where(stored: Store) -> None:
    """The passage holds what was searched for, marked by its places; a name is marked as it is spelled there."""
    (hit,) = find(stored, '"spare parts"').hits
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["spare parts"]
    hit = next(hit for hit in find(stored, "Tokayev").hits if hit.language == "ru")
    assert {hit.snippet[start:end] for start, end in hit.marks} == {"Токаев"}
    assert (hit.url, hit.source, hit.title) == ("https://courier.example/visit", "courier", "Токаев в Астане")


def test_the_index_follows_what_changes(store: Store) -> None:
    """A new translation is found after the next update, and only what changed is indexed; old words are gone."""
    assert update_index(store) == 0
    translate(store, KEYS["visit"], {-1: "Tokayev in Astana", 0: "The president drank tea with marmalade."})
    assert names(store, "marmalade") == []
    assert update_index(store) == 1
    assert names(store, "marmalade") == ["visit"]
    translate(store, KEYS["visit"], {0: "The president drank tea with jam."})
    update_index(store)
    assert names(store, "marmalade") == []
    assert names(store, "jam") == ["visit"]


def test_an_endless_text_is_indexed(store: Store) -> None:
    """A text of more words than an index has places for does not stop the others from being indexed."""
    endless = " ".join(f"w{number}ord{number * 7919 % 100_000}" for number in range(90_000)) + " " + "y" * 3000
    with store.writing() as tx:
        made = replace(make_stored("Short."), article=make_article(f"zebra {endless}", "https://courier.example/log"))
        records.add_records(tx, [made], runs.start_run(tx, "urls", "en"))
    assert update_index(store) == 1
    assert [hit.url for hit in find(store, "zebra").hits] == ["https://courier.example/log"]


def test_an_update_that_was_cut_goes_on(store: Store) -> None:
    """What was indexed and not yet noted as done is neither indexed twice nor forgotten."""
    before = names(store, "ferry")
    with store.writing() as tx:
        tx.execute(text("UPDATE search_state SET number = 0"))
        tx.execute(text("DELETE FROM search_doc WHERE record_id = :key"), {"key": KEYS["bread"]})
    assert "bread" not in names(store, "ferry")
    assert update_index(store) == 1
    assert names(store, "ferry") == before


def test_an_index_of_another_version_is_made_anew(store: Store) -> None:
    """Without an index nothing can be found, and says so; a rebuilt one finds the same."""
    before = names(store, "ferry")
    with store.writing() as tx:
        tx.execute(text("UPDATE search_state SET version = '0'"))
    with pytest.raises(InputError, match="update_index"):
        find(store, "ferry")
    assert update_index(store) == len(TEXTS)
    assert update_index(store, rebuild=True) == len(TEXTS)
    assert names(store, "ferry") == before


def test_dead_documents_do_not_pile_up(tmp_path: Path) -> None:
    """Where more documents are dead than alive, the index is made anew by itself."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        for day in range(1, 8):
            with store.writing() as tx:
                made = make_stored(f"The ferry left on day {day}.")
                records.add_records(tx, [made], runs.start_run(tx, "urls", "en"))
            update_index(store)
        with store.reading() as tx:
            dead = tx.execute(text("SELECT forgotten FROM search_state")).scalar_one()
        assert dead <= 1
        assert find(store, "ferry").records == 1
