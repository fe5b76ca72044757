"""ingest.dedup.origin and ingest.dedup.dates"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dedup.dates import Published
from ingest.dedup.origin import Member, canonical, explain
from ingest.dedup.standing import Standing, centrality, has_trailer
from ingest.link import Certain
from ingest.model import UrlKey

EARLY, LATE = (Published(at=datetime(2025, 3, 1, hour, tzinfo=UTC)) for hour in (8, 9))
DAY = Published(at=datetime(2025, 3, 1, tzinfo=UTC), by_day=True)
NEXT_DAY = Published(at=datetime(2025, 3, 2, tzinfo=UTC), by_day=True)


def member(key: str, published: Published | None = None, **known: Any) -> Member:
    """A record of a site of its own."""
    addresses = (f"https://{key}.example/story",)
    return Member(**{"key": UrlKey(key), "published": published, "addresses": addresses, "tokens": 100, **known})


def rules(members: list[Member], key: str) -> list[str]:
    """The rules that speak about a member."""
    return [clue.rule for clue in explain(members, canonical(members))[UrlKey(key)].clues]


def certain(members: list[Member], key: str) -> bool:
    """Whether they settle its place."""
    return explain(members, canonical(members))[UrlKey(key)].certain is Certain.YES


def test_instants_are_told_apart_and_days_only_from_other_days() -> None:
    """Two dates of one day say nothing unless both are instants; midnight belongs to its own offset."""
    assert EARLY.before(LATE)
    assert not LATE.before(EARLY)
    assert not any(one.before(other) for one in (DAY, EARLY) for other in (DAY, EARLY))
    assert EARLY.before(NEXT_DAY)
    tokyo = Published(at=datetime(2025, 3, 1, 9, tzinfo=timezone(timedelta(hours=9))))
    assert tokyo.before(EARLY)


def test_the_earliest_is_the_original() -> None:
    """Where all are dated the dates decide, and say so."""
    members = [member("a", LATE, tokens=900), member("b", EARLY)]
    assert canonical(members) == "b"
    assert explain(members, UrlKey("b"))[UrlKey("a")].clues[0].detail == (
        "2025-03-01T08:00+00:00 before 2025-03-01T09:00+00:00"
    )
    assert certain(members, "a")
    assert certain(members, "b")


def test_equal_days_are_no_evidence() -> None:
    """The record is chosen all the same, but the original is unknown."""
    members = [member("a", DAY, tokens=120), member("b", DAY)]
    assert canonical(members) == "a"
    assert rules(members, "b") == ["shorter"]
    assert not certain(members, "b")
    assert not certain(members, "a")


@pytest.mark.parametrize(
    "said",
    [
        {"original_url": "https://www.b.example/story"},
        {"original_url": "https://b.example/another-page"},
        {"original_name": "B.example"},
        {"original_name": "The Harbour-Post"},
    ],
)
def test_who_names_another_member_has_it_from_there(said: dict[str, str]) -> None:
    """By address, by site or by name, whatever the dates say; a date that says otherwise takes the certainty away."""
    named = member("b", names=("the harbour post",))
    assert canonical([member("a", EARLY, **said), named]) == "b"
    assert certain([member("a", EARLY, **said), named], "a")
    dated = member("b", LATE, names=("the harbour post",))
    assert canonical([member("a", EARLY, **said), dated]) == "b"
    assert rules([member("a", EARLY, **said), dated], "a")[:2] == ["names_source", "not_published_first"]
    assert not certain([member("a", EARLY, **said), dated], "a")


def test_a_record_does_not_name_itself() -> None:
    """A page that gives its own site as the source is no copy; two that name each other tell nothing."""
    own = member("a", original_url="https://a.example/", original_name="a.example")
    assert rules([own, member("b", original_name="nobody known")], "b") == []
    mutual = [member("a", original_name="b.example"), member("b", original_name="a.example")]
    assert "names_source" not in rules(mutual, "b")


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"machine_translated": True}, "machine_translated"),
        ({"reworded": True}, "reworded"),
        ({"reposted_by": "b.example"}, "reposted"),
    ],
)
def test_what_is_done_to_texts_that_exist_makes_copies(known: dict[str, Any], rule: str) -> None:
    """Translating, rewording and reposting come after writing."""
    members = [member("a", **known, tokens=500), member("b")]
    assert canonical(members) == "b"
    assert rules(members, "a") == [rule]
    assert certain(members, "a")


def test_a_text_that_names_a_source_outside_comes_after_one_that_does_not() -> None:
    """Also where the latter is undated: but both may be copies, so nothing is certain."""
    members = [member("a", EARLY, original_name="News Agency"), member("b")]
    assert canonical(members) == "b"
    assert rules(members, "a") == ["names_outside_source"]
    assert not certain(members, "a")
    assert canonical([member("a", EARLY, original_name="News Agency"), member("b", EARLY)]) == "b"


def test_a_dated_text_comes_before_an_undated_one() -> None:
    """Of texts that name no source the earliest dated is the better witness."""
    members = [member("a"), member("b", LATE), member("c", EARLY)]
    assert canonical(members) == "c"
    assert rules(members, "a") == ["undated"]
    assert (certain(members, "a"), certain(members, "b"), certain(members, "c")) == (False, True, False)


def test_completeness_and_then_the_key_break_ties() -> None:
    """The longer text, then the smaller key."""
    assert canonical([member("a"), member("b", tokens=120)]) == "b"
    assert canonical([member("b"), member("a")]) == "a"


members = st.builds(
    lambda key, at, name, machine, tokens: member(
        key, at, original_name=name, machine_translated=machine, tokens=tokens
    ),
    st.sampled_from("abcdef"),
    st.sampled_from([None, EARLY, LATE, DAY, NEXT_DAY]),
    st.sampled_from([None, "a.example", "b.example", "elsewhere"]),
    st.booleans(),
    st.integers(1, 3),
)


@given(st.lists(members, min_size=1, unique_by=lambda each: each.key))
def test_the_choice_does_not_depend_on_order(listed: list[Member]) -> None:
    """Any order gives the same member and the same clues; only it can be the original of a settled cluster."""
    first = canonical(listed)
    assert first == canonical(reversed(listed))
    places = explain(listed, first)
    assert places == explain(reversed(listed), first)
    assert places.keys() == {each.key for each in listed}
    others = [places[each.key].certain for each in listed if each.key != first]
    assert (places[first].certain is Certain.YES) == all(each is Certain.YES for each in others)


def test_an_empty_cluster_has_no_canonical() -> None:
    """There is nothing to choose from."""
    with pytest.raises(ValueError, match="empty"):
        canonical([])


def test_the_text_in_the_middle_is_likely_the_original() -> None:
    """Of three texts without dates or with one day; a lead of a tenth makes it likely, less does not."""
    for published in (None, DAY):
        members = [member(key, published, central=central) for key, central in (("a", 0.7), ("b", 0.9), ("c", 0.75))]
        assert canonical(members) == "b"
        assert rules(members, "a") == ["central"]
        assert {each.certain for each in explain(members, UrlKey("b")).values()} == {Certain.LIKELY}
        close = [member("a", published, central=0.85), *members[1:]]
        assert explain(close, canonical(close))[UrlKey("b")].certain is Certain.NO
        assert explain(members[:2], UrlKey("b"))[UrlKey("b")].certain is Certain.NO


def test_a_page_comes_before_a_file() -> None:
    """Whatever the dates say: the file was saved from somewhere."""
    members = [member("a", EARLY, local=True), member("b")]
    assert canonical(members) == "b"
    assert rules(members, "a") == ["local_file"]


def test_one_known_by_the_day_makes_instants_of_that_day_tell_nothing() -> None:
    """Then the middle decides."""
    members = [member("a", EARLY, central=0.4), member("b", DAY, central=0.9), member("c", LATE, central=0.5)]
    assert canonical(members) == "b"


def test_what_the_others_were_made_from_lies_in_their_middle() -> None:
    """Cut, framed and changed copies have it in common; a line of a site speaks against a text."""
    original, cut = Standing(trigrams=frozenset(range(100))), Standing(trigrams=frozenset(range(60)))
    framed = Standing(trigrams=frozenset(range(130)))
    changed = Standing(trigrams=frozenset([*range(20, 100), *range(200, 220)]))
    found = centrality([cut, framed, original, changed])
    assert max(found) == found[2]
    plain, odd = centrality([original, replace(original, odd=True)])
    assert odd < plain


@pytest.mark.parametrize(
    "line",
    ["Subscribe to our newsletter", "Originally published by the Post", "Prenumerera på vårt nyhetsbrev", "版权所有"],
)
def test_lines_of_sites_are_known(line: str) -> None:
    """In many languages; not within a long paragraph."""
    assert has_trailer(f"A boat sank.\n{line}\nNobody was hurt.")
    assert not has_trailer("A boat sank. " * 30 + line)
    assert not has_trailer("A boat sank. The aviator was unhurt.")
