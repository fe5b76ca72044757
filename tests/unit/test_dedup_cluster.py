"""ingest.dedup.cluster"""

from __future__ import annotations

from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ingest.dedup.cluster import clusters
from ingest.dedup.fingerprint import CANDIDATE_LIMIT
from ingest.link import Link, Relation
from ingest.model import UrlKey


def link(a: str, b: str, relation: Relation = Relation.NEAR, score: float = 0.9) -> Link:
    """A link without passages."""
    return Link(a=UrlKey(a), b=UrlKey(b), relation=relation, compared=relation, score=score, spans=())


def complete(keys: str) -> list[Link]:
    """Links between all single-letter keys."""
    return [link(a, b) for a, b in combinations(keys, 2)]


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


def test_what_shares_a_template_only_speaks_against_a_group() -> None:
    """A reworded copy that is taken for one of the next report, too, does not bring that in; one pair may err."""
    against = link("a", "b", Relation.SAME_TEMPLATE)
    assert clusters([link("a", "c"), link("b", "c", score=0.6), against]) == (frozenset("ac"),)
    assert clusters([*complete("acx"), *(link("b", each) for each in "cx"), against]) == (frozenset("abcx"),)


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


def test_records_kept_apart_share_no_cluster() -> None:
    """A pair that a person parted stays parted, though a third record is linked with both."""
    links = [link("a", "c"), link("b", "c", score=0.8)]
    apart = [(UrlKey("a"), UrlKey("b"))]
    assert clusters(links) == (frozenset("abc"),)
    assert clusters(links, apart) == (frozenset("ac"),)


@given(some_links, st.sets(pairs))
def test_no_cluster_holds_a_pair_kept_apart(links: list[Link], apart: set[tuple[str, str]]) -> None:
    """Whatever the links are."""
    keys = [(UrlKey(a), UrlKey(b)) for a, b in sorted(apart)]
    for group in clusters(links, keys):
        assert not any(a in group and b in group for a, b in keys)
