"""Links and clusters in the database: they are a function of what is stored, not of how it came."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.making import key_of, make_stored
from support.texts import MARKET_NEWS, RADIO_NEWS

from flows.demo.corpus import load_articles
from flows.link import link_texts
from ingest.model import Attribution, Record
from storage import links, records, runs
from storage.store import Store
from storage.views import all_ids, read_records

TEMPLATE = (
    "Subscribe to the Aldersyke Gazette and never miss a rumour from the harbour again, brought by bicycle at dawn.",
    "The Gazette is printed by Marlowe and Daughters at the old tannery, where visitors are welcome on Thursdays.",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database on disk."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as opened:
        yield opened


def keep(store: Store, *batches: Iterable[Record]) -> None:
    """Store records as a run does, a transaction a batch."""
    for batch in batches:
        with store.writing() as tx:
            run_id = runs.start_run(tx, "urls", "en")
            listed = list(batch)
            records.add_records(tx, listed, run_id)
            texts = {(record.article.key, links.ORIGINAL_SIDE): record.fingerprint for record in listed}
            link_texts(tx, texts, [record.article.key for record in listed])


def clusters(store: Store) -> dict[str, tuple[str, str]]:
    """The canonical record and relation of every copy."""
    with store.reading() as tx:
        found = list(read_records(tx, all_ids(tx), "en"))
    duplicates = {record["id"]: record["duplicate"] for record in found}
    return {
        key: (one["canonical_id"], one["relation"]) for key, one in duplicates.items() if one["relation"] != "original"
    }


def edition(text: str, site: str, number: int = 0, hours: float = 0) -> Record:
    """A text as a page of a site, captured some hours after noon."""
    return make_stored(text, f"https://{site}.example/{number}", hours=hours)


def variants() -> list[Record]:
    """Two stories, each with a copy and a truncated copy elsewhere."""
    made = []
    for number, text in enumerate((MARKET_NEWS, RADIO_NEWS)):
        paragraphs = text.strip().split("\n\n")
        made += [
            edition(text, "gazette", number),
            edition(text.replace("'", "’"), "mirror", number),
            edition("\n\n".join(paragraphs[: len(paragraphs) - 1]), "digest", number),
        ]
    return made


def test_copies_of_two_stories_form_two_clusters(store: Store) -> None:
    """Every copy belongs to its own story."""
    keep(store, variants())
    found = clusters(store)
    assert len(found) == 4
    assert len({canonical for canonical, _ in found.values()}) == 2


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), cuts=st.sets(st.integers(1, 5)))
def test_the_order_of_arrival_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, seed: int, cuts: set[int]
) -> None:
    """In whatever order and batches records come, the clusters are the same."""
    shuffled = variants()
    random.Random(seed).shuffle(shuffled)
    bounds = [0, *sorted(cuts), len(shuffled)]
    batches = [shuffled[start:end] for start, end in pairwise(bounds)]
    with Store(f"sqlite:///{tmp_path_factory.mktemp('order') / 'n.db'}") as one:
        keep(one, *batches)
        found = clusters(one)
    with Store(f"sqlite:///{tmp_path_factory.mktemp('order') / 'n.db'}") as other:
        keep(other, variants())
        assert clusters(other) == found


def test_a_template_makes_no_copies(store: Store) -> None:
    """Short articles of one site that share its template are not copies of one another, one by one or at once."""
    stories = [
        "The ferry Corrigan sailed twice on Monday with nobody aboard but a goat and its owner, Mrs Ellwood.",
        "A choir of nineteen plumbers sang in the drained reservoir, and the echo was heard as far as Stonebridge.",
        "Thieves returned the weathercock they stole in 1998, polished, with a letter of apology and six eggs.",
        "The lighthouse at Gannet Head has been painted green by mistake, and the keeper rather likes it.",
        "Snow fell on the beach for the first time since 1963; ice cream was sold all the same, by Mr Pinder.",
    ]
    pages = [edition("\n\n".join((TEMPLATE[0], story, TEMPLATE[1])), "gazette", n) for n, story in enumerate(stories)]
    keep(store, *[[page] for page in pages])
    assert clusters(store) == {}
    with store.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM link").scalar() == 0


def test_a_revision_that_is_no_copy_any_more_leaves_its_cluster(store: Store) -> None:
    """What an article was linked by goes with the text that it said."""
    keep(store, [edition(MARKET_NEWS, "gazette"), edition(MARKET_NEWS, "mirror")])
    assert len(clusters(store)) == 1
    keep(store, [edition(RADIO_NEWS, "mirror", hours=1)])
    assert clusters(store) == {}


def test_a_second_pass_adds_nothing(store: Store) -> None:
    """Linking what is linked already changes no row."""
    keep(store, variants())
    before = _rows(store)
    with store.writing() as tx:
        for record in variants():
            link_texts(tx, {(record.article.key, links.ORIGINAL_SIDE): record.fingerprint})
    assert _rows(store) == before


def test_the_earlier_one_is_canonical(store: Store) -> None:
    """Of two dated copies the one that was published first is the original."""
    (article,) = [one for one in load_articles() if one.key == "pellhaven-mercury/tide-mill-flour"]
    later = make_stored(article.text, "https://later.example/1", published_at=article.published.replace(year=2026))
    first = make_stored(article.text, "https://first.example/1", published_at=article.published)
    keep(store, [later], [first])
    assert clusters(store) == {key_of("https://later.example/1"): (key_of("https://first.example/1"), "exact")}


def _rows(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as tx:
        queries = ("SELECT * FROM link ORDER BY a, b", "SELECT * FROM duplicate ORDER BY record_id")
        return [tuple(row) for query in queries for row in tx.exec_driver_sql(query)]


def test_who_names_the_address_of_the_other_quotes_it(store: Store) -> None:
    """Of two undated texts that share a passage the one that gives the other's address is the one that quotes."""
    article = edition(MARKET_NEWS, "gazette")
    passage = "\n\n".join(MARKET_NEWS.split("\n\n")[1:4])
    own = "\n\n".join(RADIO_NEWS.split("\n\n"))
    named = Attribution(original_url="https://gazette.example/0", original_name="gazette.example")
    post = make_stored(f"{own}\n\n{passage}\n\n{own[:200]}", "https://forum.example/7", attribution=named)
    keep(store, [post, article])
    with store.reading() as tx:
        (found,) = tx.exec_driver_sql("SELECT a, b, relation, spans FROM link").all()
    assert (found[0], found[1], found[2]) == (post.article.key, article.article.key, "quotes")
    start, end = json.loads(found[3])[0][:2]
    assert post.article.text[start:end] in article.article.text
