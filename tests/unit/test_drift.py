"""Hosts that come out otherwise: told soon after they change, and never where nothing has changed."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from flows.drift import changes, said
from ingest.drift import Drift, Seen, drifts
from storage.drift import Met

SIGNS = ("article", "title", "date", "authors", "confidence", "rule")


def _page(chance: random.Random, rates: dict[str, float], scale: float = 1.0) -> Seen:
    lacks = frozenset(sign for sign, rate in rates.items() if chance.random() < rate)
    return Seen(lacks=lacks, length=0 if "article" in lacks else int(chance.lognormvariate(8, 0.6) * scale))


def _host(chance: random.Random) -> tuple[dict[str, float], float]:
    """How often pages of a host lack what, and how long its texts are."""
    return {sign: chance.betavariate(0.4, 2) for sign in SIGNS}, chance.uniform(0.3, 3)


def _night(chance: random.Random, rates: dict[str, float], scale: float) -> list[Seen]:
    """The pages of a night: few or many, more galleries one night, more long reads another."""
    tonight = {sign: min(1.0, rate * chance.uniform(0.4, 1.8)) for sign, rate in rates.items()}
    return [_page(chance, tonight, scale * chance.uniform(0.8, 1.25)) for _ in range(chance.choice((3, 8, 15, 40)))]


def test_quiet_hosts_give_no_alarm() -> None:
    """Of fifty hosts that change nothing, none is named in thirty nights, though no night is like another."""
    alarms: list[Drift] = []
    for number in range(50):
        chance = random.Random(number)
        rates, scale = _host(chance)
        pages: list[Seen] = []
        for night in range(40):
            new = _night(chance, rates, scale)
            pages += new
            if night >= 10:
                alarms += drifts(f"host-{number}", pages, len(new))
    assert alarms == []


def _without(sign: str) -> Callable[[Seen], Seen]:
    return lambda page: Seen(lacks=page.lacks | {sign}, length=0 if sign == "article" else page.length)


BREAKS: dict[str, Callable[[Seen], Seen]] = {
    **{sign: _without(sign) for sign in SIGNS},
    "length": lambda page: Seen(lacks=page.lacks, length=page.length // 6),
}


@pytest.mark.parametrize("sign", sorted(BREAKS))
@pytest.mark.parametrize("usual", [0.0, 0.1, 0.25])
def test_a_break_in_mid_night_is_told_within_twenty_pages(sign: str, usual: float) -> None:
    """Once twenty pages lack what the host's pages used to have, its change is told, by what it is, and not before."""
    chance = random.Random(f"{sign}{usual}")
    rates = dict.fromkeys(SIGNS, usual)
    pages = [_page(chance, rates) for _ in range(150)]
    first = None
    for count in range(21):
        found = [one.sign for one in drifts("a", pages, 30 + count)]
        assert set(found) <= {sign, "length"} if count else found == []
        if sign in found:
            first = count
            break
        pages.append(BREAKS[sign](_page(chance, rates)))
    assert first is not None
    assert 5 <= first <= 20


def test_little_past_tells_nothing() -> None:
    """Of a host with fewer than thirty pages before, nothing can be said, nor of one that the night met little of."""
    good, bad = [Seen(length=900)] * 29, [Seen(lacks=frozenset({"date"}), length=900)] * 10
    assert drifts("a", good + bad, 10) == ()
    assert drifts("a", [*good, good[0], *bad], 4) == ()
    (told,) = drifts("a", [*good, good[0], *bad], 10)
    assert told == Drift(host="a", sign="date", pages=10, before=0.0, now=1.0)
    assert said(told) == "no date on 100% of the newest 10 pages, 0% before"


def test_hosts_are_told_apart() -> None:
    """Only the host that has changed is named, whatever the order in which the pages of several were met."""
    met = []
    for number in range(120):
        for host in ("one", "two"):
            broken = host == "two" and number >= 100
            met.append(
                Met(
                    url=f"https://www.{host}.example/{number}",
                    lacks=frozenset({"authors"} if broken else ()),
                    length=1000 + number % 7,
                    fresh=number >= 90,
                )
            )
    assert [(one.host, one.sign) for one in changes(met)] == [("two.example", "authors")]
    assert changes(met[:200]) == ()


def test_an_old_change_is_not_told_for_ever() -> None:
    """Once the new way is the usual one, a host is not named for it."""
    pages = [Seen(length=900)] * 100
    told = []
    for _ in range(6):
        pages += [Seen(lacks=frozenset({"date"}), length=900)] * 20
        told.append(bool(drifts("a", pages, 20)))
    assert told[0]
    assert not any(told[2:])
