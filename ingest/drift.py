"""Whether pages of a site come out otherwise than they used to: its template may have changed, or a rule is worn out.

Of each host the newest pages are compared with those before them: how many lack a title, a date or authors, are hardly
sure of their text, were rejected as no article, or have a rule that failed; and how long their texts are. A change is
told where chance alone would hardly give it (Fisher's exact test; the rank sum of Mann and Whitney for lengths), and
where no stretch of the host's own past is like it: pages of one night resemble each other, so that their number alone
proves little. Fifty hosts that change nothing give no alarm in thirty nights.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, lgamma, sqrt
from statistics import median
from typing import Final

LEAST_PAST: Final = 30
"""Pages of a host that are needed before it can be said what is usual there."""
WINDOWS: Final = (20, 10)
"""Of how many of the newest pages a change is told: the second for changes in the middle of a night."""

_CHANCE: Final = 1e-7
_Z: Final = 4.9
_LEAST_RISE: Final = 0.25
_SHORTER: Final = 0.6
_LONGER: Final = 1 / _SHORTER
_MOST_PAST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page came to: `lacks` names what is wrong with it, `length` is that of its text (0: there is none)."""

    lacks: frozenset[str] = frozenset()
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A change: of the newest `pages` of a host a share `now` shows a sign that a share `before` of those before did.

    Of "length" both are the median number of characters.
    """

    host: str
    sign: str
    pages: int
    before: float
    now: float


def drifts(host: str, pages: Sequence[Seen], fresh: int) -> tuple[Drift, ...]:
    """Tell what has changed among the newest pages of a host.

    Args:
        host: the host.
        pages: its pages in the order in which they were met, the oldest first.
        fresh: how many of them are new: none is told of that lies wholly before them.
    """
    found: dict[str, Drift] = {}
    for window in WINDOWS:
        if fresh < window // 2 or len(pages) < LEAST_PAST + window:
            continue
        past, now = pages[-_MOST_PAST - window : -window], pages[-window:]
        for drift in (*_of_signs(host, past, now), *_of_length(host, past, now)):
            found.setdefault(drift.sign, drift)
    return tuple(found.values())


def _of_signs(host: str, past: Sequence[Seen], now: Sequence[Seen]) -> Iterator[Drift]:
    for sign in sorted({sign for page in now for sign in page.lacks}):
        has = [sign in page.lacks for page in past]
        count, before = sum(sign in page.lacks for page in now), sum(has)
        share, usual = count / len(now), before / len(past)
        if (
            share - usual >= _LEAST_RISE
            and count > max(_stretches(has, len(now), sum))
            and _fisher(count, len(now), before, len(past)) < _CHANCE
        ):
            yield Drift(host=host, sign=sign, pages=len(now), before=usual, now=share)


def _of_length(host: str, past: Sequence[Seen], now: Sequence[Seen]) -> Iterator[Drift]:
    before, after = [page.length for page in past if page.length], [page.length for page in now if page.length]
    if len(before) < LEAST_PAST or len(after) < len(now) // 2:
        return
    usual, middle = median(before), median(after)
    stretches = _stretches(before, len(after), median)
    apart = middle < min(_SHORTER * usual, *stretches) or middle > max(_LONGER * usual, *stretches)
    if apart and abs(_rank_sum(after, before)) > _Z:
        yield Drift(host=host, sign="length", pages=len(now), before=usual, now=middle)


def _stretches(past: Sequence[int], size: int, told: Callable[[Sequence[int]], float]) -> list[float]:
    """What each stretch of the past that is as long as this comes to, in steps of half its length."""
    step = max(1, size // 2)
    return [told(past[start : start + size]) for start in range(0, max(1, len(past) - size + 1), step)]


def _fisher(hits: int, drawn: int, past_hits: int, past: int) -> float:
    """The chance of so many hits or more in a sample, if it and the past are drawn from one urn."""
    total, marked = drawn + past, hits + past_hits
    whole = _choose(total, drawn)
    return sum(
        exp(_choose(marked, more) + _choose(total - marked, drawn - more) - whole)
        for more in range(hits, min(drawn, marked) + 1)
        if drawn - more <= total - marked
    )


def _choose(among: int, taken: int) -> float:
    """The logarithm of a binomial coefficient."""
    return lgamma(among + 1) - lgamma(taken + 1) - lgamma(among - taken + 1)


def _rank_sum(some: Sequence[int], others: Sequence[int]) -> float:
    """How many standard deviations the ranks of some numbers lie from the middle of all (Mann and Whitney)."""
    ordered = sorted(others)
    wins = sum((bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 for one in some)
    pairs = len(some) * len(others)
    return (wins - pairs / 2) / sqrt(pairs * (len(some) + len(others) + 1) / 12)
