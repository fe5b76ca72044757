"""Series, collections and copies in the database: the same whatever the order of arrival."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from support.databases import KINDS, empty_database
from support.linking import edition, groups, keep
from support.making import key_of
from support.series import report
from support.texts import MARKET_NEWS, RADIO_NEWS
from support.unmarked import UNMARKED, reworded, siblings

from flows.clusters import recluster
from flows.link import relink, unlink
from flows.reprocess import redo_links
from ingest.model import Record, UrlKey
from storage import clusters
from storage.store import Store, Transaction
from storage.tables import duplicate, link
from storage.views import all_ids, read_records

FEW_SLOTS = tomllib.loads((Path(__file__).parents[1] / "fixtures" / "few_slots.toml").read_text("utf-8"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database on disk."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as opened:
        yield opened


def read(store: Store, name: str) -> list[dict[str, Any]]:
    """The record of a site."""
    with store.reading() as tx:
        return list(read_records(tx, [key_of(f"https://{name}.example/story")], "en"))


def relations(store: Store, name: str) -> dict[str, str]:
    """What a record is to each of those it is linked with, by the names of their sites."""
    (one,) = read(store, name)
    with store.reading() as tx:
        names = {
            each["id"]: each["url"].partition("//")[2].partition(".")[0] for each in read_records(tx, all_ids(tx), "en")
        }
    return {names[each["id"]]: each["relation"] for each in one["links"]}


@pytest.mark.parametrize("siblings", [2, 5, 200])
def test_a_series_makes_no_clusters(store: Store, siblings: int) -> None:
    """Two lone siblings, a few, and a crowd; a true copy among them is found, and only that."""
    series = [edition(f"sale-{number}", report("en", number)) for number in range(siblings)]
    copied = siblings // 2
    copy = edition("copy", f"Menu\n\n{report('en', copied)}\n\nContact us")
    keep(store, [*series[: siblings // 2 + 1], copy, *series[siblings // 2 + 1 :]])
    assert groups(store) == {frozenset({f"sale-{copied}", "copy"})}
    others = relations(store, "copy")
    assert others.pop(f"sale-{copied}") == "near"
    assert set(others.values()) == {"same_template"}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 0, 1, 3), (3, 1, 2, 0)])
def test_a_digest_joins_none_of_its_articles(store: Store, order: tuple[int, ...]) -> None:
    """Whether it comes before them, between them or after: it contains both, with the passages."""
    made = [
        edition("market", MARKET_NEWS.strip()),
        edition("radio", RADIO_NEWS.strip()),
        edition("digest", f"Good morning\n\n{MARKET_NEWS.strip()}\n\n{RADIO_NEWS.strip()}\n\nUntil tomorrow"),
        edition("copy", f"{MARKET_NEWS.strip()}\n\nShare this"),
    ]
    keep(store, [made[place] for place in order], batch=1)
    assert groups(store) == {frozenset({"market", "copy"})}
    assert relations(store, "digest") == {"market": "contains", "radio": "contains", "copy": "contains"}
    assert relations(store, "radio") == {"digest": "quoted_by"}


def test_names_are_told_where_no_script_marks_them(store: Store) -> None:
    """Five reports of a series with equal numbers, one of them reworded and one copied, in eight languages."""
    made, expected = [], set()
    for language in UNMARKED:
        names = [f"{language}{number}" for number in range(5)]
        made += [edition(name, text, language) for name, text in zip(names, siblings(language), strict=True)]
        made.append(edition(f"{language}-reworded", reworded(language), language))
        made.append(edition(f"{language}-copy", f"1\n\n{siblings(language)[1]}", language))
        expected |= {frozenset({names[0], f"{language}-reworded"}), frozenset({names[1], f"{language}-copy"})}
    keep(store, Random(7).sample(made, len(made)), batch=20)
    assert groups(store) == expected
    (one,) = read(store, "ja0")
    other = key_of("https://ja2.example/story")
    (told,) = [each for each in one["links"] if each["id"] == other]
    assert told["relation"] == "same_template"
    assert ("高崎", "延岡") in {(each["own"], each["other"]) for each in told["conflicts"]}


def few_slots() -> Iterator[tuple[list[Record], set[frozenset[str]]]]:
    """Each series of the fixture with a framed and a cut copy of its first report, and what is one article of it."""
    for name, series in FEW_SLOTS.items():
        names = [f"{name}-{number}" for number in range(len(series["slots"]))]
        texts = [series["frame"].format(*facts) for facts in series["slots"]]
        copies = {f"{name}-framed": f"1\n\n{texts[0]}\n\n2", f"{name}-cut": texts[0][: len(texts[0]) * 4 // 5]}
        told = [*zip(names, texts, strict=True), *copies.items()]
        first = frozenset(names) if series.get("story") else frozenset({names[0]})
        yield [edition(each, text, series["language"]) for each, text in told], {frozenset(first | copies.keys())}


def test_a_series_of_few_slots_makes_no_clusters(store: Store) -> None:
    """Bulletins of one place, notices, facts in plain words, lone pairs; a story whose count rises is one."""
    made, expected = [], set()
    for series, one_article in few_slots():
        made += series
        expected |= one_article
    keep(store, Random(11).sample(made, len(made)), batch=20)
    assert groups(store) == expected


def corpus() -> list[Record]:
    """Series in three languages with copies of some, a story with a reordered and a corrected copy, and a digest."""
    made = [edition(f"{language}-{n}", report(language, n)) for language in ("en", "de", "zh") for n in range(7)]
    made += [edition(f"{language}-2-copy", f"Start\n\n{report(language, 2)}") for language in ("en", "de", "zh")]
    story = MARKET_NEWS.strip()
    made += [edition("story", story), edition("corrected", story.replace("1884", "1879"))]
    made += [edition("turned", "\n\n".join(reversed(story.split("\n\n")))), edition("radio", RADIO_NEWS.strip())]
    return [*made, edition("digest", f"{story}\n\n{RADIO_NEWS.strip()}")]


CORPUS = corpus()
EXPECTED = {
    frozenset({"story", "corrected", "turned"}),
    *(frozenset({f"{language}-2", f"{language}-2-copy"}) for language in ("en", "de", "zh")),
}


def places(store: Store) -> list[tuple[object, ...]]:
    """The place of each record in its cluster, and how each two are linked."""
    with store.reading() as tx:
        return [
            *sorted(map(tuple, tx.execute(select(duplicate)).all()), key=str),
            *sorted(map(tuple, tx.execute(select(link.c.a, link.c.b, link.c.relation)).all())),
        ]


def form_anew(store: Store) -> None:
    """Settle all links and form all clusters from them."""
    with store.writing() as tx:
        tx.execute(delete(duplicate))
        recluster(tx, all_ids(tx))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("seed", "batch"), [(1, 4), (2, 50)])
def test_clusters_that_grew_are_those_formed_anew(kind: str, seed: int, batch: int, tmp_path: Path) -> None:
    """A link touches its own cluster only, and nothing is missed by that, nor after links have gone and come."""
    with empty_database(kind, tmp_path) as url, Store(url) as store:
        keep(store, Random(seed).sample(CORPUS, len(CORPUS)), batch)
        grown = places(store)
        form_anew(store)
        assert places(store) == grown
        one, other = (key_of(f"https://{name}.example/story") for name in ("story", "turned"))
        with store.writing() as tx:
            unlink(tx, one, other)
        parted = places(store)
        form_anew(store)
        assert places(store) == parted
        with store.writing() as tx:
            relink(tx, one, other)
        assert places(store) == grown


def test_a_link_touches_only_its_own_cluster(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quotation of a story forms no cluster anew, one more report of a series none of the others' copies."""
    keep(store, [edition(f"copy-{number}", f"{number}\n\n{MARKET_NEWS.strip()}") for number in range(6)])
    keep(store, [edition("sale-1", report("en", 1)), edition("sale-1-copy", f"Menu\n\n{report('en', 1)}")])
    formed: set[str] = set()

    def noted(tx: Transaction, ids: Iterable[UrlKey], rows: Sequence[clusters.ClusterRow]) -> None:
        formed.update(ids)
        set_clusters(tx, ids, rows)

    set_clusters = clusters.set_clusters
    monkeypatch.setattr(clusters, "set_clusters", noted)
    quoted = "\n\n".join(MARKET_NEWS.strip().split("\n\n")[2:4])
    keep(store, [edition("post", f"{RADIO_NEWS.strip()}\n\n{quoted}\n\n{RADIO_NEWS.strip()[::-1]}")])
    keep(store, [edition("sale-2", report("en", 2))])
    assert relations(store, "post").keys() >= {"copy-0"}
    assert relations(store, "sale-2")["sale-1"] == "same_template"
    assert formed == {key_of(f"https://{name}.example/story") for name in ("post", "sale-2")}


@given(st.randoms(use_true_random=False), st.sampled_from([1, 7, 50]), st.booleans())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_gives_the_same_clusters(tmp_path: Path, random: Random, batch: int, redo: bool) -> None:
    """In any batches, and after all is compared anew."""
    made = random.sample(CORPUS, len(CORPUS))
    with Store(f"sqlite:///{tmp_path / f'{random.random()}.db'}") as store:
        keep(store, made, batch)
        if redo:
            redo_links(store, None)
        assert groups(store) == EXPECTED
