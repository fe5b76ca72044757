"""Short texts: headlines, and a headline with a sentence below it."""

from __future__ import annotations

from itertools import combinations

import pytest

from ingest.dedup.compare import Text, compare, prepare
from ingest.link import Link, Relation
from ingest.model import UrlKey

OPENING = (
    "The harbour town of Brantwick will lose its last ferry to the island of Skerrow in October, the operator Calder "
    "Line said on Tuesday."
)
# One event as six newsrooms would put it: the names are the same, the sentences are not.
SAME_EVENT = (
    "Skerrow ferry to close. Calder Line ends the crossing from Brantwick in October, blaming falling numbers.",
    "Last boat to Skerrow. Islanders learned on Tuesday that Calder Line is giving up the Brantwick service.",
    "Calder Line sinks island link. After half a century nobody will sail from Brantwick to Skerrow this winter.",
    "Brantwick stunned by ferry news. The mayor wants talks with Calder Line before the Skerrow boat stops in October.",
    "Island fears for its dairy. Without the Brantwick ferry the milk of Skerrow will not reach the mainland.",
    "October farewell. Calder Line's Skerrow ferry, which left Brantwick daily since 1974, makes its last crossing.",
)


def relate(a: str, b: str) -> Link | None:
    """The link between two English texts."""
    one, other = (Text(key=UrlKey(key), text=text, language="en") for key, text in (("a", a), ("b", b)))
    return compare(prepare(one), prepare(other))


@pytest.mark.parametrize("text", ["", "..."])
def test_nothing_is_no_copy_of_nothing(text: str) -> None:
    """A text without words is compared with none."""
    assert relate(text, text) is None


def test_headlines_alone_are_copies_only_if_they_are_the_same() -> None:
    """Of a handful of words half are shared by chance."""
    found = relate("Ferry to Skerrow closes in October", "Ferry to Skerrow closes in October!")
    assert found is not None
    assert found.relation is Relation.EXACT
    assert relate("Ferry to Skerrow closes in October", "Ferry to Skerrow closes in November") is None


def test_short_texts_need_more() -> None:
    """An opening in other words is not linked by itself, as two newsrooms may well open alike; the same words are."""
    reworded = "The last ferry from the harbour town of Brantwick to Skerrow stops in October, said Calder Line."
    assert relate(OPENING, reworded) is None
    exact = relate(OPENING, OPENING.lower())
    assert exact is not None
    assert exact.relation is Relation.EXACT


def test_a_short_copy_with_a_word_changed_is_found() -> None:
    """Caution is not blindness."""
    found = relate(OPENING, OPENING.replace("Tuesday", "Wednesday"))
    assert found is not None
    assert found.relation is Relation.NEAR


def test_short_reports_of_one_event_are_not_linked() -> None:
    """Names in common make no copy."""
    assert [pair for pair in combinations(SAME_EVENT, 2) if relate(*pair)] == []
