"""How far the run of this process is, URL by URL: one line, for the terminal, the log and Prefect's UI.

What is known batch by batch is told by `flows.watch`. This is between batches, and the state of the process, not of a
run: a process has one run at a time, and whoever shows it asks when he is ready to.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

_LONGEST_SITE = 26
# Before so many events and seconds nobody can say how long it will take.
_EVENTS, _SECONDS = 4, 2.0
_MB = 1_000_000
_OUTCOMES = ("stored", "unchanged", "rejected", "failed")


class Tally:
    """Counts of a run. Any thread may tell it something, or ask.

    Args:
        clock: seconds that only grow.

    Attributes:
        more: whether more seeds may come.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self.begin()

    def begin(self, sites: Sequence[str] = (), *, more: bool = False) -> None:
        """Begin a run with a seed for each of these; a site stands as often as it has seeds.

        Perhaps `more` are to come, of files that are looked through; how far is known by the bytes of archives.
        """
        with self._lock:
            self.more = more
            self._started = self._clock()
            self._seeds = Counter(sites)
            self._total = len(sites)
            self._records = self._bytes = self._all_bytes = 0
            self._got: Counter[str] = Counter()
            self._fetched = 0
            self._outcomes: Counter[str] = Counter()
            self._last = ""
            self._extracted = 0
            self._guess: tuple[float, float] | None = None  # when something came last, and seconds left by then

    def add(self, sites: Sequence[str]) -> None:
        """More seeds have come."""
        with self._lock:
            self._seeds.update(sites)
            self._total += len(sites)

    def sees(self, size: int) -> None:
        """So many bytes of archives more are to be looked through (or less, below 0)."""
        with self._lock:
            self._all_bytes += size

    def looked(self, size: int, records: int = 1) -> None:
        """So many bytes and records of archives were looked through."""
        with self._lock:
            self._bytes += size
            self._records += records

    def sees_all(self) -> None:
        """No more seeds are to come."""
        with self._lock:
            self.more = False
            self._look_ahead()

    @property
    def share(self) -> float | None:
        """How much of a run is done, between 0 and 1; ``None`` where nobody knows."""
        with self._lock:
            return self._share(sum(self._outcomes.values()) / self._total if self._total else 0.0)

    def fetched(self, site: str) -> None:
        """A response of this site came, or will not come."""
        with self._lock:
            self._fetched += 1
            self._got[site] += 1
            self._last = site
            self._look_ahead()

    def extracted(self) -> None:
        """A page was read."""
        with self._lock:
            self._extracted += 1

    def settled(self, outcomes: Iterable[str]) -> None:
        """These seeds have their outcomes."""
        with self._lock:
            self._outcomes.update(outcomes)
            self._look_ahead()

    def line(self) -> str:
        """`fetched 23/64 · stored 19 · rejected 2 · svt.se 4/12 · 0:40 left`; empty before a run begins.

        While more seeds may come: `fetched 230/600+ · stored 190 · 9,120 records · 12 of 980 MB · 14:20 left`.
        """
        with self._lock:
            if not (self._total or self._records):
                return ""
            done = sum(self._outcomes.values())
            parts = [f"fetched {self._fetched}/{self._total}{'+' if self.more else ''}"]
            if self._extracted > done:
                parts.append(f"extracted {self._extracted}")
            parts += [f"{name} {self._outcomes[name]}" for name in _OUTCOMES if self._outcomes[name]]
            if self._records and self.more:
                parts.append(f"{self._records:,} records")
                parts.append(f"{self._bytes / _MB:,.0f} of {self._all_bytes / _MB:,.0f} MB")
            elif self._last and done < self._total:
                parts.append(f"{_short(self._last)} {self._got[self._last]}/{self._seeds[self._last]}")
            left = self._left()
            return " · ".join([*parts, f"{_clock_time(left)} left"] if left is not None else parts)

    def _look_ahead(self) -> None:
        """Guess how long it takes, if the rest goes as what is done; fetching is half of it."""
        now, done = self._clock(), sum(self._outcomes.values())
        passed, events = now - self._started, self._fetched + done
        known = (done < self._total or self.more) and events >= _EVENTS and passed >= _SECONDS
        share = self._share(events / (2 * self._total)) if known else None
        self._guess = (now, passed * max(0.0, 1 / share - 1)) if share else None

    def _share(self, of_seeds: float) -> float | None:
        """The share of all that is done, by that of the seeds that have come."""
        if not self.more:
            return of_seeds
        return of_seeds * min(1.0, self._bytes / self._all_bytes) if self._all_bytes > 0 else None

    def _left(self) -> int | None:
        """Seconds; none once they have passed and nothing came."""
        if self._guess is None:
            return None
        at, seconds = self._guess
        return round(seconds - (self._clock() - at)) if self._clock() - at < seconds else None


def _clock_time(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def _short(site: str) -> str:
    return site if len(site) <= _LONGEST_SITE else f"…{site[-_LONGEST_SITE + 1 :]}"


TALLY = Tally()
"""That of the run of this process."""
