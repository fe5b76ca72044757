"""Stories that very many sites carry, and the order in which texts arrive."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.databases import first_schema
from support.making import key_of, make_stored
from support.texts import MARKET_NEWS, RADIO_NEWS

from flows.link import link_texts
from flows.reprocess import redo_links
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, STAND_INS
from ingest.model import Record
from storage import links, records, runs, stats
from storage.store import Store

SPUN = {
    "opened": "started",
    "council": "assembly",
    "sell": "vend",
    "found": "discovered",
    "town": "city",
    "day": "date",
}
FOOTER = "The Gazette is printed by Marlowe and Daughters at the old tannery, where visitors are welcome on Thursdays."
WEATHER = (
    "Gales are expected along the coast between Fellmouth and Gannet Head from Wednesday, the harbour office at "
    "Stonebridge warned, and the ferry Corrigan will stay in port until the swell has fallen below three metres. "
    "Skippers were told to double their moorings; the lifeboat crew of Aldersyke is on call through the night."
)

TRAILER = (
    "Subscribe to the Lantern of Hallowmere for tidal charts, crossword riddles and beekeeping columns, delivered "
    "before breakfast every Thursday by carrier pigeon."
)

BRIEFS = (
    "The ferry Corrigan sailed twice on Monday with nobody aboard but a goat and its owner, Mrs Ellwood.",
    "A choir of nineteen plumbers sang in the drained reservoir, and the echo was heard as far as Stonebridge.",
    "The lighthouse at Gannet Head has been painted green by mistake, and the keeper rather likes it.",
    "Snow fell on the beach for the first time since 1963; ice cream was sold all the same, by Mr Pinder.",
)


def keep(store: Store, batches: Sequence[Sequence[Record]]) -> None:
    """Store records as a run does, a transaction a batch."""
    for batch in batches:
        with store.writing() as tx:
            records.add_records(tx, batch, runs.start_run(tx, "urls", "en"))
            texts = {(record.article.key, links.ORIGINAL_SIDE): record.fingerprint for record in batch}
            link_texts(tx, texts, [record.article.key for record in batch])


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """What a query finds, as sorted tuples."""
    with store.reading() as tx:
        return sorted(tuple(row) for row in tx.exec_driver_sql(query))


def lead(number: int) -> str:
    """A short story like no other."""
    return " ".join(chr(97 + (number * 7 + place * place * 5) % 26) * 3 + f"on{number}x{place}" for place in range(40))


def wire_copy(number: int, trailer: str = "") -> Record:
    """One of many copies of a story: as it came, typeset, cut, framed, thinned out or with words exchanged."""
    chance = random.Random(number)
    paragraphs = MARKET_NEWS.strip().split("\n\n")
    texts = [
        lambda: paragraphs,
        lambda: [paragraph.replace('"', "”") for paragraph in paragraphs],
        lambda: paragraphs[: chance.randint(4, 6)],
        lambda: [f"Our correspondent {number} writes from the coast.", *paragraphs, f"More on page {number}."],
        lambda: [paragraph for paragraph in paragraphs if chance.random() > 0.15],
        lambda: [re.sub(r"\w+", lambda word: SPUN.get(word[0], word[0]), paragraph) for paragraph in paragraphs],
    ]
    said = "\n\n".join([*texts[number % 6](), trailer]).strip()
    return make_stored(said, f"https://site-{number}.example/story")


def crowd_of(made: Sequence[Record]) -> dict[int, set[str]]:
    """The texts of each key that more have than are kept."""
    holders: defaultdict[int, set[str]] = defaultdict(set)
    for one in made:
        for key in one.fingerprint.keys:
            holders[key].add(one.article.key)
    return {key: texts for key, texts in holders.items() if len(texts) > CANDIDATE_CAP}


def kept_of(store: Store) -> tuple[dict[int, set[str]], dict[int, int]]:
    """The texts that are kept of each key, and how many have those of which not all are."""
    kept: defaultdict[int, set[str]] = defaultdict(set)
    for key, text in rows(store, "SELECT key, record_id FROM anchor JOIN fingerprint ON id = text_id"):
        kept[int(str(key))].add(str(text))
    counted = rows(store, "SELECT key, -text_id FROM anchor WHERE text_id < 0")
    return kept, {int(str(key)): int(str(count)) for key, count in counted}


@pytest.mark.parametrize(("seed", "size", "redo"), [(1, 50, False), (2, 150, True), (3, 13, False)])
def test_a_hundred_and_thirty_copies_are_one_cluster(tmp_path: Path, seed: int, size: int, *, redo: bool) -> None:
    """In whatever order and batches they come; twenty stories that share only a trailer with them stay outside.

    Of a pair that more texts have the same ones are kept each time, and all are counted.
    """
    made = [wire_copy(number, TRAILER) for number in range(130)]
    made += [make_stored(f"{lead(number)}\n\n{TRAILER}", f"https://o-{number}.example/") for number in range(20)]
    random.Random(seed).shuffle(made)
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        keep(store, [made[start : start + size] for start in range(0, len(made), size)])
        if redo:
            redo_links(store, None)
        clusters = rows(store, "SELECT cluster, count(*) FROM duplicate GROUP BY cluster")
        assert [count for _, count in clusters] == [130]
        crowded = crowd_of(made)
        kept, counted = kept_of(store)
        assert counted == {key: len(texts) for key, texts in crowded.items()}
        pairs = {key: texts for key, texts in crowded.items() if key % 2}
        assert len(pairs) > 10
        assert {key: kept[key] for key in pairs} == {
            key: set(sorted(texts)[:CANDIDATE_CAP]) for key, texts in pairs.items()
        }
        assert not any(kept.get(key) for key in crowded.keys() - pairs.keys())
        with store.reading() as tx:
            totals = stats.totals(tx)
        assert totals["most_crowded"] == max(map(len, crowded.values()))
        assert (totals["crowded_words"], totals["crowded_pairs"]) == (len(crowded) - len(pairs), len(pairs))


KEYS = st.lists(st.frozensets(st.integers(-4, 5), min_size=1), min_size=8, max_size=8)


@settings(max_examples=15, deadline=None)
@given(keys=KEYS, order=st.permutations(range(8)), cuts=st.sets(st.integers(1, 7)), again=st.sets(st.integers(0, 7)))
def test_what_is_kept_of_a_crowded_key_depends_on_what_is_stored_alone(
    tmp_path_factory: pytest.TempPathFactory,
    keys: list[frozenset[int]],
    order: list[int],
    cuts: set[int],
    again: set[int],
) -> None:
    """In any order and batches, and when texts are taken out and come back: the smallest ids of each pair, no words."""
    cap = 3
    made = [make_stored(WEATHER, f"https://coast.example/{number}") for number in range(8)]
    side = {number: (one.article.key, links.ORIGINAL_SIDE) for number, one in enumerate(made)}
    prints = {number: replace(one.fingerprint, keys=tuple(sorted(keys[number]))) for number, one in enumerate(made)}
    holders = {key: sorted(side[number][0] for number in range(8) if key in keys[number]) for key in range(-4, 6)}
    with Store(f"sqlite:///{tmp_path_factory.mktemp('keys') / 'n.db'}") as store:
        with store.writing() as tx:
            records.add_records(tx, made, runs.start_run(tx, "urls", "en"))
        bounds = [0, *sorted(cuts), 8]
        for batch in [*(order[start:end] for start, end in pairwise(bounds)), sorted(again)]:
            with store.writing() as tx:
                links.forget_texts(tx, links.text_ids(tx, [side[number] for number in batch]).values())
                links.add_fingerprints(tx, {side[number]: prints[number] for number in batch}, {}, cap=cap)
        kept, counted = kept_of(store)
    assert counted == {key: len(texts) for key, texts in holders.items() if len(texts) > cap}
    for key, texts in holders.items():
        assert kept.get(key, set()) == set(texts if len(texts) <= cap else texts[:cap] if key % 2 else ())


def test_a_database_that_kept_who_came_first_keeps_the_smallest_ids_once_opened(tmp_path: Path) -> None:
    """Its crowded keys are counted by what is kept of each text, so that nothing has to be compared anew."""
    made = [make_stored(f"{WEATHER} {TRAILER}", f"https://site-{number}.example/") for number in range(70)]
    with Store(f"sqlite:///{tmp_path / 'new.db'}") as store:
        keep(store, [made])
    first_schema(tmp_path / "new.db", tmp_path / "n.db", ("fingerprint", "anchor", "line"))
    with closing(sqlite3.connect(tmp_path / "n.db")) as old, old:
        first = [number for (number,) in old.execute("SELECT id FROM fingerprint ORDER BY id LIMIT 61")]
        counted = [key for (key,) in old.execute("SELECT key FROM anchor WHERE text_id < 0")]
        old.execute("DELETE FROM anchor")
        came = [(key, number) for key in counted for number in (first if key % 2 else [0])]
        old.executemany("INSERT INTO anchor VALUES (?, ?)", came)
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        kept, counts = kept_of(store)
    smallest = set(sorted(one.article.key for one in made)[:CANDIDATE_CAP])
    assert {key % 2 for key in counted} == {0, 1}
    assert counts == dict.fromkeys(counted, 70)
    assert kept == {key: smallest for key in counted if key % 2}


def test_a_late_copy_is_compared_with_a_bounded_number(tmp_path: Path) -> None:
    """Of a hundred copies of a story each meets no more than others do, and still its own kind.

    But for the few that stand for all.
    """
    made = [wire_copy(6 * number + 3) for number in range(100)]
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        keep(store, [made[:50], made[50:]])
        for key in sorted(record.article.key for record in made)[-5:]:
            with store.reading() as tx:
                near = links.candidates(
                    tx,
                    [(key, links.ORIGINAL_SIDE)],
                    cap=CANDIDATE_CAP,
                    limit=CANDIDATE_LIMIT,
                    stand_ins=STAND_INS,
                    min_score=1.0,
                )
            assert 6 <= len(near[key, links.ORIGINAL_SIDE]) <= CANDIDATE_LIMIT + STAND_INS


def test_a_word_that_everybody_has_is_no_key(tmp_path: Path) -> None:
    """Sixty-one texts that name one man are not compared with one another for it, and his name takes one row."""
    stories = [f"Zoltan Quigley met the {word} of number {number}." for number, word in enumerate(["baker"] * 70)]
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        made = [make_stored(story, f"https://site-{number}.example/") for number, story in enumerate(stories)]
        keep(store, [made[:40], made[40:]])
        kept, counted = kept_of(store)
        words = {key for key in counted if key % 2 == 0}
        assert words
        assert not words & kept.keys()
        assert rows(store, "SELECT * FROM link") == []


def newsroom() -> list[Record]:
    """Stories with copies, a quotation, a template that becomes frequent, and one page under three addresses."""
    paragraphs = MARKET_NEWS.strip().split("\n\n")
    radio = RADIO_NEWS.strip().split("\n\n")
    made = [
        make_stored(MARKET_NEWS.strip(), "https://gazette.example/market"),
        make_stored(MARKET_NEWS.strip().replace('"', "”"), "https://mirror.example/market"),
        make_stored("\n\n".join(paragraphs[:5]), "https://digest.example/market"),
        make_stored(f"{WEATHER}\n\n{paragraphs[3]}\n\n{paragraphs[4]}\n\n{radio[1]}", "https://forum.example/post"),
        make_stored(RADIO_NEWS.strip(), "https://gazette.example/radio"),
        make_stored("\n\n".join(radio[:-1]), "https://mirror.example/radio"),
    ]
    made += [
        make_stored(f"{line}\n\n{FOOTER}", f"https://gazette.example/{number}") for number, line in enumerate(BRIEFS)
    ]
    return made + [make_stored(WEATHER, f"https://coast.example/{number}") for number in range(5)]


NEWSROOM = newsroom()
STATE = (
    "SELECT a, b, relation, round(score, 6), side_a, side_b, spans FROM link",
    "SELECT record_id, cluster, canonical_id, relation, round(score, 6), evidence, certainty FROM duplicate",
)


def state(store: Store) -> list[list[tuple[object, ...]]]:
    """All links and clusters."""
    return [rows(store, query) for query in STATE]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple[object, ...]]]:
    """The links and clusters of the newsroom stored at once."""
    with Store(f"sqlite:///{tmp_path_factory.mktemp('once') / 'n.db'}") as store:
        keep(store, [NEWSROOM])
        return state(store)


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(range(len(NEWSROOM))), cuts=st.sets(st.integers(1, len(NEWSROOM) - 1)))
def test_order_and_batches_change_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    expected: list[list[tuple[object, ...]]],
    order: list[int],
    cuts: set[int],
) -> None:
    """Links, spans, clusters, canonical records and evidence are a function of what is stored; a rerun adds none."""
    shuffled = [NEWSROOM[number] for number in order]
    bounds = [0, *sorted(cuts), len(shuffled)]
    with Store(f"sqlite:///{tmp_path_factory.mktemp('order') / 'n.db'}") as store:
        keep(store, [shuffled[start:end] for start, end in pairwise(bounds)])
        assert state(store) == expected
        keep(store, [NEWSROOM])
        assert state(store) == expected


def test_the_newsroom_has_what_it_is_for(expected: list[list[tuple[object, ...]]]) -> None:
    """Two stories and the five equal pages are clusters, the post quotes, and the template links nothing."""
    found, places = expected
    gazette = {key_of(f"https://gazette.example/{number}") for number in range(4)}
    clusters: dict[object, set[object]] = {}
    for record_id, cluster, *_ in places:
        clusters.setdefault(cluster, set()).add(record_id)
    quotes = [row for row in found if row[2] == "quotes" and row[0] == key_of("https://forum.example/post")]
    assert quotes
    assert {3, 2} <= {len(group) for group in clusters.values()}
    assert any({key_of(f"https://coast.example/{n}") for n in range(5)} <= group for group in clusters.values())
    assert not any(len(group & gazette) > 1 for group in clusters.values())
