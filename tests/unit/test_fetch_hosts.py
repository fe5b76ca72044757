"""Distances between requests, on a clock that does not really wait."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.failure import FetchError
from ingest.fetch.hosts import Hosts
from ingest.fetch.policy import FetchPolicy
from ingest.outcome import Reason


class FakeClock:
    """Time passes only for those who sleep, in the order of their waking."""

    def __init__(self) -> None:
        self._now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._count = 0

    def now(self) -> float:
        """The moment that the sleepers were let to."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait to be woken by `run`."""
        if seconds <= 0:
            return
        woken = asyncio.Event()
        self._count += 1
        self._sleepers.append((self._now + seconds, self._count, woken))
        await woken.wait()

    async def run(self, work: asyncio.Task[None]) -> None:
        """Let the time pass until the work is done."""
        while not work.done():
            for _ in range(20):  # whoever can go on without time does so first
                await asyncio.sleep(0)
            if self._sleepers:
                self._sleepers.sort()
                at, _, woken = self._sleepers.pop(0)
                self._now = max(self._now, at)
                woken.set()
        await work


def _starts(
    requests: list[tuple[str, float, float]], *, concurrency: int = 32
) -> tuple[list[tuple[str, float, float]], int]:
    """Run (host, delay, duration) requests all at once; their (host, start, end) and the most that ran together."""
    clock = FakeClock()
    hosts = Hosts(clock, concurrency=concurrency, patience_s=60.0)
    log: list[tuple[str, float, float]] = []
    running = [0, 0]

    async def request(host: str, delay: float, duration: float) -> None:
        async with hosts.slot(host, delay):
            start = clock.now()
            running[0] += 1
            running[1] = max(running)
            await clock.sleep(duration)
            running[0] -= 1
            log.append((host, start, clock.now()))

    async def everything() -> None:
        await asyncio.gather(*(request(*one) for one in requests))

    async def main() -> None:
        await clock.run(asyncio.create_task(everything()))

    asyncio.run(main())
    return log, running[1]


_request = st.tuples(st.sampled_from("ab"), st.sampled_from([0.0, 0.5, 2.0]), st.sampled_from([0.0, 0.25, 3.0]))


@given(st.lists(_request, min_size=1, max_size=12), st.integers(1, 3))
def test_a_host_is_asked_once_at_a_time_and_apart(requests: list[tuple[str, float, float]], concurrency: int) -> None:
    """No two requests to a host overlap, their starts keep the smallest delay asked for, and the total is bounded."""
    log, together = _starts(requests, concurrency=concurrency)
    assert len(requests) == len(log)
    assert together <= concurrency
    for host in "ab":
        times = sorted((start, end) for name, start, end in log if name == host)
        least = min((delay for name, delay, _ in requests if name == host), default=0.0)
        for (start, end), (following, _) in pairwise(times):
            assert following >= end
            assert following - start >= least


def test_delay_is_between_starts() -> None:
    """A request that took longer than the delay is followed at once; a shorter one after the rest of the delay."""
    log, _ = _starts([("a", 1.0, 0.25), ("a", 1.0, 3.0), ("a", 1.0, 0.0)])
    assert [start for _, start, _ in log] == [0.0, 1.0, 4.0]


def test_hosts_do_not_wait_for_each_other() -> None:
    """A delay at one host costs another nothing."""
    log, _ = _starts([("a", 5.0, 0.0), ("a", 5.0, 0.0), ("b", 5.0, 0.0)])
    assert [(host, start) for host, start, _ in log] == [("a", 0.0), ("b", 0.0), ("a", 5.0)]


def test_a_held_host_is_left_alone() -> None:
    """Nobody begins before the time that a host asked for, also not one who was waiting already."""
    clock = FakeClock()
    hosts = Hosts(clock, concurrency=4, patience_s=60.0)
    starts: list[float] = []

    async def request() -> None:
        await hosts.ready("a", 1.0)
        async with hosts.slot("a", 1.0):
            starts.append(clock.now())
            if len(starts) == 1:
                hosts.hold("a", 20.0)
                hosts.hold("a", 10.0)

    async def both() -> None:
        await asyncio.gather(request(), request())

    async def main() -> None:
        await clock.run(asyncio.create_task(both()))

    asyncio.run(main())
    assert starts == [0.0, 20.0]


def test_patience_has_an_end() -> None:
    """A host that wants a longer rest than one run waits for is not waited for, and no other host is concerned."""
    hosts = Hosts(FakeClock(), concurrency=1, patience_s=60.0)

    async def take(host: str) -> None:
        async with hosts.slot(host, 1.0):
            pass

    hosts.hold("a", 61.0)
    with pytest.raises(FetchError, match="a asks to be left alone for 61 s") as caught:
        asyncio.run(take("a"))
    assert caught.value.reason == Reason.TOO_MANY_REQUESTS
    asyncio.run(take("b"))


def test_refusals_are_counted_in_a_row() -> None:
    """A real answer in between begins the count anew, and hosts are counted apart."""
    hosts = Hosts(FakeClock(), concurrency=1, patience_s=60.0)
    assert [hosts.count_refusal("a"), hosts.count_refusal("a")] == [1, 2]
    hosts.forget_refusals("a")
    assert [hosts.count_refusal("a"), hosts.count_refusal("b")] == [1, 1]


def _at_work(step_s: float = 1.0) -> tuple[FakeClock, Hosts]:
    clock = FakeClock()
    return clock, Hosts(clock, concurrency=1, patience_s=60.0, step_s=step_s)


def _answer_after(clock: FakeClock, hosts: Hosts, *seconds: float) -> None:
    async def answer_all() -> None:
        for each in seconds:
            async with hosts.slot("a", 0.0):
                await clock.sleep(each)
                hosts.note_answer("a")

    async def main() -> None:
        await clock.run(asyncio.create_task(answer_all()))

    asyncio.run(main())


def test_a_host_that_refuses_is_asked_less_often() -> None:
    """Each refusal doubles the distance as far as sixteenfold and a minute; other hosts are not concerned."""
    _, hosts = _at_work()
    distances = []
    for _ in range(6):
        hosts.slow_down("a")
        distances.append(hosts.distance_s("a", 2.0))
    assert distances == [4.0, 8.0, 16.0, 32.0, 32.0, 32.0]
    assert (hosts.distance_s("a", 30.0), hosts.distance_s("a", 120.0)) == (60.0, 120.0)
    assert (hosts.distance_s("a", 0.0), hosts.distance_s("b", 2.0)) == (16.0, 2.0)


def test_a_host_that_answers_again_gets_its_pace_back() -> None:
    """Four answers halve the distance, and in the end it is the delay itself."""
    clock, hosts = _at_work()
    for _ in range(3):
        hosts.slow_down("a")
    _answer_after(clock, hosts, 0.1, 0.1, 0.1, 0.1)
    assert 7.8 < hosts.distance_s("a", 2.0) < 8.2
    _answer_after(clock, hosts, *[0.1] * 12)
    assert hosts.distance_s("a", 2.0) == 2.0


def test_a_slow_host_is_given_the_time_that_it_takes() -> None:
    """The distance is at least the mean time to answer, newest first, up to ten seconds."""
    clock, hosts = _at_work()
    _answer_after(clock, hosts, 4.0)
    assert hosts.distance_s("a", 1.0) == 4.0
    _answer_after(clock, hosts, 1.0)
    assert hosts.distance_s("a", 1.0) == pytest.approx(4.0 - 0.3 * 3.0)
    _answer_after(clock, hosts, *[0.2] * 12)
    assert hosts.distance_s("a", 1.0) == 1.0
    _answer_after(clock, hosts, *[500.0] * 20)
    assert 9.9 < hosts.distance_s("a", 1.0) <= 10.0


def test_a_quick_failure_does_not_make_a_slow_host_fast() -> None:
    """An error page that comes at once says nothing about pages; one that took long does."""
    clock, hosts = _at_work()

    async def fail(seconds: float) -> None:
        async with hosts.slot("a", 0.0):
            await clock.sleep(seconds)
            hosts.note_failure("a")

    async def main(seconds: float) -> None:
        await clock.run(asyncio.create_task(fail(seconds)))

    _answer_after(clock, hosts, 2.0)
    asyncio.run(main(0.01))
    assert hosts.distance_s("a", 1.0) == 2.0
    asyncio.run(main(9.0))
    assert hosts.distance_s("a", 1.0) == pytest.approx(2.0 + 0.3 * 7.0)


def test_a_source_keeps_its_own_delay() -> None:
    """What is set for a source takes the place of the general delay, also when it is shorter."""
    policy = FetchPolicy(delay_s=1.0, source_delays={"slow": 9.0, "ours": 0.0})
    assert [policy.delay_of(name) for name in ("slow", "ours", "other", None)] == [9.0, 0.0, 1.0, 1.0]
