"""ingest.dedup.cluster"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dedup.cluster import Member, canonical, clusters
from ingest.dedup.fingerprint import CANDIDATE_LIMIT
from ingest.model import Link, Relation, UrlKey

EARLY, LATE = datetime(2025, 3, 1, 8, tzinfo=UTC), datetime(2025, 3, 1, 9, tzinfo=UTC)


def link(a: str, b: str, relation: Relation = Relation.NEAR, score: float = 0.9) -> Link:
    """A link without passages."""
    return Link(a=UrlKey(a), b=UrlKey(b), relation=relation, score=score, spans=())


def complete(keys: str) -> list[Link]:
    """Links between all single-letter keys."""
    return [link(a, b) for a, b in combinations(keys, 2)]


def member(key: str, at: datetime | None = None, *, attributed: bool = False, tokens: int = 100) -> Member:
    """A member of a cluster."""
    return Member(key=UrlKey(key), published_at=at, attributed=attributed, tokens=tokens)


def test_linked_records_are_one_cluster() -> None:
    """Groups come by their smallest key."""
    assert clusters([link("x", "y"), *complete("abc")]) == (frozenset("abc"), frozenset("xy"))


def test_no_links_no_clusters() -> None:
    """A record by itself is no cluster."""
    assert clusters([]) == ()


def test_quotes_do_not_join() -> None:
    """Who quotes is no copy."""
    assert clusters([link("a", "b", Relation.QUOTES)]) == ()


def test_one_stray_link_does_not_join_two_groups() -> None:
    """A post that copies from two articles must not make them one."""
    assert clusters([*complete("abcd"), *complete("wxyz"), link("a", "w", score=1.0)]) == (
        frozenset("abcd"),
        frozenset("wxyz"),
    )


def test_half_of_the_pairs_join_two_groups() -> None:
    """Agreement, not unanimity."""
    across = [link(a, b, score=0.6) for a, b in ("cx", "cy", "dx")]
    assert clusters([*complete("cd"), *complete("xy"), *across]) == (frozenset("cdxy"),)


def test_a_cluster_may_be_larger_than_the_number_of_candidates() -> None:
    """A wire story on two hundred sites is one cluster, though each copy was compared with 25 others only."""
    links = [
        link(f"{number:03}", f"{other:03}")
        for number in range(200)
        for other in range(max(0, number - CANDIDATE_LIMIT), number)
    ]
    (found,) = clusters(links)
    assert len(found) == 200


pairs = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")).filter(lambda pair: pair[0] < pair[1])
some_links = st.lists(
    st.builds(
        lambda pair, relation, score: link(pair[0], pair[1], relation, score),
        pairs,
        st.sampled_from([Relation.NEAR, Relation.REWORDED, Relation.QUOTES]),
        st.sampled_from([0.6, 0.9, 1.0]),
    )
)


@given(some_links, st.randoms(use_true_random=False))
def test_clusters_are_a_function_of_the_set_of_links(links: list[Link], random: Random) -> None:
    """Order of arrival and repetition change nothing."""
    shuffled = random.sample(links, len(links))
    assert clusters(links) == clusters([*shuffled, *links])


@given(some_links)
def test_clusters_are_disjoint_and_linked(links: list[Link]) -> None:
    """No record is in two clusters, and each is linked to another member of its own."""
    found = clusters(links)
    assert sum(len(group) for group in found) == len(frozenset().union(*found))
    ends = {frozenset((each.a, each.b)) for each in links if each.relation is not Relation.QUOTES}
    for group in found:
        for key in group:
            assert any(frozenset((key, other)) in ends for other in group - {key})


def test_the_earliest_is_canonical() -> None:
    """Where all are dated the dates decide, whatever else there is."""
    assert canonical([member("a", LATE, tokens=900), member("b", EARLY, attributed=True)]) == "b"


def test_a_text_that_names_its_source_comes_after_one_that_does_not() -> None:
    """Also where the latter is undated: what a text says of itself is better than one date alone."""
    assert canonical([member("a", EARLY, attributed=True), member("b")]) == "b"
    assert canonical([member("a", EARLY, attributed=True), member("b", EARLY)]) == "b"


def test_a_dated_text_comes_before_an_undated_one() -> None:
    """Of texts that name no source the earliest dated is the better witness."""
    assert canonical([member("a"), member("b", LATE), member("c", EARLY)]) == "c"


def test_completeness_and_then_the_key_break_ties() -> None:
    """The longer text, then the smaller key."""
    assert canonical([member("a"), member("b", tokens=120)]) == "b"
    assert canonical([member("b"), member("a")]) == "a"


@given(
    st.lists(
        st.builds(
            lambda key, at, attributed, tokens: member(key, at, attributed=attributed, tokens=tokens),
            st.sampled_from("abcdef"),
            st.sampled_from([None, EARLY, LATE]),
            st.booleans(),
            st.integers(1, 3),
        ),
        min_size=1,
        unique_by=lambda each: each.key,
    )
)
def test_the_choice_does_not_depend_on_order(members: list[Member]) -> None:
    """Any order gives the same member."""
    assert canonical(members) == canonical(reversed(members))
    assert canonical(members) in {each.key for each in members}


def test_an_empty_cluster_has_no_canonical() -> None:
    """There is nothing to choose from."""
    with pytest.raises(ValueError, match="empty"):
        canonical([])
