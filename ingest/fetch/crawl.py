"""Many seeds: shared out to hosts, each host's seeds one after the other, what failed once more at the end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ingest.fetch.failure import FetchError
from ingest.fetch.hosts import Clock
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.targets import host_of, parse_url
from ingest.fetch.visit import Visitor
from ingest.model import Page, Seed
from ingest.outcome import Rejection, Stage, Unmodified

Result = Page | Unmodified | Rejection

# Most hosts of the queue are waiting for their turn to come round; so many times `concurrency` of them are kept open.
_LANES_PER_PLACE = 8
# Sorting a long list must not hold up what else the loop has under way: so many seeds take some 20 ms.
_SORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A seed and how often it was tried."""

    seed: Seed
    attempt: int = 1
    not_before: float = -float("inf")


# What is left to do at one host. A seed that was not tried yet stands for itself: a list may be long.
_Lane = deque[Seed | _Visit]


class Crawl:
    """One call of `fetch_many`.

    Attributes:
        room: Places for pages that are being fetched or wait to be consumed. Whoever consumes a page releases one.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        visitor: Visitor,
        clock: Clock,
        *,
        limit_bytes: int,
        deliver: Callable[[Result], None],
    ) -> None:
        self._policy = policy
        self._visitor = visitor
        self._clock = clock
        self._limit_bytes = limit_bytes
        self._deliver = deliver
        self.room = asyncio.Semaphore(policy.concurrency)

    async def run(self, seeds: Iterable[Seed]) -> None:
        """Deliver one result for each seed, in order of completion."""
        lanes: dict[str, _Lane] = {}
        for position, seed in enumerate(seeds):
            if position % _SORTED_AT_ONCE == 0:
                await asyncio.sleep(0)
            try:
                host = host_of(parse_url(seed.url))
            except FetchError as error:
                self._deliver(_rejection(seed, error))
            else:
                lanes.setdefault(host, deque()).append(seed)
        # The longest first: it takes the longest.
        waiting = deque(sorted(lanes.values(), key=len, reverse=True))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(len(waiting), self._policy.concurrency * _LANES_PER_PLACE)):
                group.create_task(self._work(waiting))

    async def _work(self, waiting: deque[_Lane]) -> None:
        while waiting:
            await self._drain(waiting.popleft())

    async def _drain(self, lane: _Lane) -> None:
        """Finish the seeds of one host. A failed one goes to the back, so the pause costs the others nothing."""
        while lane:
            first = lane.popleft()
            visit = first if isinstance(first, _Visit) else _Visit(seed=first)
            await self._clock.sleep(visit.not_before - self._clock.now())
            try:
                result: Result = await self._visitor.visit(visit.seed, limit_bytes=self._limit_bytes, room=self.room)
            except FetchError as error:
                if error.again and visit.attempt < self._policy.attempts:
                    lane.append(self._later(visit, error))
                    continue
                result = _rejection(visit.seed, error)
            self._deliver(result)
            del result  # a page that is kept here until the host's next one is, one for each lane, adds up

    def _later(self, visit: _Visit, error: FetchError) -> _Visit:
        pause_s = max(self._policy.pause_s(visit.seed.url, visit.attempt), error.wait_s or 0.0)
        return replace(visit, attempt=visit.attempt + 1, not_before=self._clock.now() + pause_s)


def _rejection(seed: Seed, error: FetchError) -> Rejection:
    return Rejection(url=seed.url, source=seed.source, stage=Stage.FETCH, reason=error.reason, detail=error.detail)
