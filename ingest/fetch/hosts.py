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


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = -float("inf")
    held_until: float = -float("inf")
    refusals: int = 0

    def next_start(self, delay_s: float) -> float:
        return max(self.last_start + delay_s, self.held_until)


class Hosts:
    """The state of every host that was spoken to: when last, and whether it asked to be left alone."""

    def __init__(self, clock: Clock, *, concurrency: int, patience_s: float) -> None:
        self._clock = clock
        self._patience_s = patience_s
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
        while (wait_s := state.next_start(delay_s) - self._clock.now()) > 0:
            held_s = state.held_until - self._clock.now()
            if held_s > self._patience_s:
                raise FetchError(Reason.TOO_MANY_REQUESTS, f"{host} asks to be left alone for {held_s:.0f} s")
            await self._clock.sleep(wait_s)

    def hold(self, host: str, seconds: float) -> None:
        """Let no request to a host begin for some time."""
        state = self._hosts[host]
        state.held_until = max(state.held_until, self._clock.now() + seconds)

    def count_refusal(self, host: str) -> int:
        """Note that a host refused for there being too many requests; how often it did so in a row."""
        self._hosts[host].refusals += 1
        return self._hosts[host].refusals

    def forget_refusals(self, host: str) -> None:
        """Note that a host gave a real answer."""
        self._hosts[host].refusals = 0
