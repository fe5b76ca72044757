"""Stories that very many sites carry, and the order in which texts arrive."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.making import key_of, make_stored
from support.texts import MARKET_NEWS, RADIO_NEWS

from flows.link import link_texts
from ingest.dedup.fingerprint import CANDIDATE_CAP, CANDIDATE_LIMIT, STAND_INS
from ingest.model import Record
from storage import links, records, runs
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


def wire_copy(number: int) -> Record:
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
    return make_stored("\n\n".join(texts[number % 6]()), f"https://site-{number}.example/story")


@pytest.mark.parametrize(("seed", "size"), [(1, 50), (2, 200), (3, 13)])
def test_two_hundred_copies_are_one_cluster(tmp_path: Path, seed: int, size: int) -> None:
    """In whatever order and batches they come, and a text of another story stays outside."""
    made = [wire_copy(number) for number in range(200)]
    random.Random(seed).shuffle(made)
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        keep(store, [made[start : start + size] for start in range(0, 200, size)])
        keep(store, [[make_stored(RADIO_NEWS, "https://other.example/")]])
        clusters = rows(store, "SELECT cluster, count(*) FROM duplicate GROUP BY cluster")
        assert [count for _, count in clusters] == [200]
        most = rows(store, "SELECT key, count(*) AS n FROM anchor GROUP BY key HAVING n > 1 ORDER BY n DESC LIMIT 1")
        assert int(str(most[0][1])) <= CANDIDATE_CAP + 1


def test_a_late_copy_is_compared_with_a_bounded_number(tmp_path: Path) -> None:
    """The hundredth copy of a story meets no more texts than the thirtieth, and still its own kind."""
    made = [wire_copy(6 * number + 3) for number in range(100)]
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        keep(store, [made[:50], made[50:]])
        for record in made[-5:]:
            key = record.article.key
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
        common = rows(store, "SELECT key FROM anchor WHERE text_id = 0")
        assert common
        assert all(key % 2 == 0 for (key,) in common if isinstance(key, int))
        held = rows(store, "SELECT count(*) FROM anchor WHERE key IN (SELECT key FROM anchor WHERE text_id = 0)")
        assert held == [(len(common),)]
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
