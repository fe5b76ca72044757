"""Politeness: one request at a time to a host, some time apart, and so many at once over all hosts."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from ingest.fetch.failure import FetchError
from ingest.outcome import Reason


class Clock(Protocol):
    """A clock that never goes back, and a way to wait by it. Tests bring one that does not really wait."""

    def now(self) -> float:
        """Seconds since some fixed moment."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a negative time is none."""
        ...


class MonotonicClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait; a negative time is none."""
        await asyncio.sleep(seconds)


# The longest distances: by refusals one request a minute, as long as a Retry-After is waited for; by answers that take
# their time one in ten seconds.
_SLOWEST_S = 60.0
_LONGEST_ANSWER_S = 10.0
# Each refusal doubles the distance, four answers halve it again: a host that refuses every fifth request stays slow.
_SLOWER, _FASTER, _MOST_SLOWDOWN = 2.0, 0.84, 16.0
# Weight of the newest answer in the mean time to answer.
_NEWEST = 0.3


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = -float("inf")
    held_until: float = -float("inf")
    refusals: int = 0
    slowdown: float = 1.0
    answer_s: float = 0.0

    def next_start(self, distance_s: float) -> float:
        return max(self.last_start + distance_s, self.held_until)


class Hosts:
    """The state of every host that was spoken to: when last, how it fares, and whether it asked to be left alone.

    The distance between the starts of two requests to a host is the longest of

    - the delay that is asked for, doubled for each 429 and 503 of late (at least `step_s` before it is doubled, at most
      a minute after it), and
    - the time that the host takes to answer: a mean of which the newest answer makes three tenths, at most ten seconds.
      A quick refusal does not make a slow host a fast one.

    Args:
        clock: What distances are measured by.
        concurrency: Most requests at once over all hosts.
        patience_s: The longest that is waited for a host that asks to be left alone.
        step_s: What is doubled where there is no delay.
    """

    def __init__(self, clock: Clock, *, concurrency: int, patience_s: float, step_s: float = 0.0) -> None:
        self._clock = clock
        self._patience_s = patience_s
        self._step_s = step_s
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._places = asyncio.Semaphore(concurrency)

    @asynccontextmanager
    async def slot(self, host: str, delay_s: float) -> AsyncIterator[None]:
        """Wait for the right to send one request to a host, and keep it until the request is over.

        The request before it began at least `delay_s` seconds earlier and is over.

        Raises:
            FetchError: TOO_MANY_REQUESTS, where the host asked for a longer rest than one run waits for.
        """
        state = self._hosts[host]
        async with state.lock:
            await self.ready(host, delay_s)
            async with self._places:
                state.last_start = self._clock.now()
                yield

    async def ready(self, host: str, delay_s: float) -> None:
        """Wait until a slot may be had without a wait, without taking it; raises like `slot`."""
        state = self._hosts[host]
        # Again after each sleep: meanwhile another request may have begun, or the host asked to be left alone.
        while (wait_s := state.next_start(self.distance_s(host, delay_s)) - self._clock.now()) > 0:
            held_s = state.held_until - self._clock.now()
            if held_s > self._patience_s:
                raise FetchError(Reason.TOO_MANY_REQUESTS, f"{host} asks to be left alone for {held_s:.0f} s")
            await self._clock.sleep(wait_s)

    def distance_s(self, host: str, delay_s: float) -> float:
        """What is kept between the starts of two requests to a host where `delay_s` is asked for."""
        state = self._hosts[host]
        if state.slowdown == 1.0:
            return max(delay_s, state.answer_s)
        slowed_s = min(max(delay_s, self._step_s) * state.slowdown, _SLOWEST_S)
        return max(delay_s, slowed_s, state.answer_s)

    def note_sending(self, host: str) -> None:
        """Note, within its slot, that a request only begins now, because it waited for its connection."""
        self._hosts[host].last_start = self._clock.now()

    def note_answer(self, host: str) -> None:
        """Note, within its slot, that a host gave a real answer."""
        state = self._hosts[host]
        state.refusals = 0
        state.slowdown = max(state.slowdown * _FASTER, 1.0)
        took_s = self._took_s(state)
        state.answer_s += (took_s - state.answer_s) * (_NEWEST if state.answer_s else 1.0)

    def note_failure(self, host: str) -> None:
        """Note, within its slot, that a request came to nothing: only a long wait for that says something."""
        state = self._hosts[host]
        state.answer_s += _NEWEST * max(self._took_s(state) - state.answer_s, 0.0)

    def slow_down(self, host: str) -> None:
        """Note that a host is asked for more than it can or will answer."""
        state = self._hosts[host]
        state.slowdown = min(state.slowdown * _SLOWER, _MOST_SLOWDOWN)

    def hold(self, host: str, seconds: float) -> None:
        """Let no request to a host begin for some time."""
        state = self._hosts[host]
        state.held_until = max(state.held_until, self._clock.now() + seconds)

    def count_refusal(self, host: str) -> int:
        """Note that a host refused for there being too many requests; how often it did so in a row."""
        self._hosts[host].refusals += 1
        return self._hosts[host].refusals

    def forget_refusals(self, host: str) -> None:
        """Note that a host gave an answer that is final, if not a page."""
        self._hosts[host].refusals = 0

    def _took_s(self, state: _Host) -> float:
        return min(self._clock.now() - state.last_start, _LONGEST_ANSWER_S)
