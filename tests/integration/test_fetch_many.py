"""Being called: many seeds, many threads, slow and faithless callers."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from typing import Any

import pytest
from support.fetching import fetch, policy_for, resolve_test_names, wait_until
from support.hostile import (
    Handler,
    HostileServer,
    reply,
    slow,
)

from ingest.fetch.crawl import Result
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Page, Seed
from ingest.outcome import Rejection


def _many(server: HostileServer, count: int, hosts: int) -> tuple[list[Seed], FetchPolicy]:
    names = [f"h{number}.test" for number in range(hosts)]
    seeds = [Seed(url=server.url(f"/{number}", host=names[number % hosts])) for number in range(count)]
    return seeds, policy_for(server, *names, respect_robots=False, concurrency=4)


def test_every_seed_ends_once(server: HostileServer) -> None:
    """Pages, rejections, repeats and nonsense: one result for each seed, whatever the order."""
    seeds, policy = _many(server, 60, 7)
    server.answers |= {f"/{number}": reply() for number in range(0, 60, 2)}
    seeds += [Seed(url="nonsense"), seeds[0], seeds[1]]
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        results = list(fetcher.fetch_many(seeds))
        assert list(fetcher.fetch_many([])) == []
    got = sorted(r.url if isinstance(r, Rejection) else r.seed.url for r in results)
    assert got == sorted(seed.url for seed in seeds)
    assert sum(isinstance(result, Page) for result in results) == 31


def test_it_may_be_called_from_under_an_event_loop(server: HostileServer) -> None:
    """A thread that runs a loop of its own can call it like any other."""
    server.answers["/a"] = reply(b"text")

    async def main() -> Page | Rejection:
        return fetch(server.url("/a"), policy_for(server))

    assert isinstance(asyncio.run(main()), Page)


def test_several_threads_may_share_a_fetcher(server: HostileServer) -> None:
    """Calls from four threads at once get their own results, and together stay within the concurrency."""
    seeds, policy = _many(server, 40, 8)
    running = [0, 0]
    lock = threading.Lock()

    def answer(handler: Any) -> None:
        with lock:
            running[0] += 1
            running[1] = max(running)
        time.sleep(0.01)
        with lock:
            running[0] -= 1
        reply(handler.path.encode())(handler)

    server.answers |= {f"/{number}": answer for number in range(40)}
    results: dict[int, list[Result]] = {}
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:

        def work(part: int) -> None:
            results[part] = list(fetcher.fetch_many(seeds[part::4]))

        threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for part in range(4):
        bodies = sorted(result.body for result in results[part] if isinstance(result, Page))
        assert bodies == sorted(f"/{number}".encode() for number in range(part, 40, 4))
    assert running[1] <= 4


def test_a_slow_consumer_holds_the_crawl_back(server: HostileServer) -> None:
    """Four places let four pages be fetched ahead, a fifth when one is taken; nor is the consumer locked out."""
    seeds, policy = _many(server, 24, 12)
    server.answers |= {f"/{number}": reply() for number in range(24)}
    server.answers["/own"] = reply()

    def fetched() -> int:
        return len([path for path in server.paths() if path != "/own"])

    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        results = fetcher.fetch_many(seeds)
        for taken in (1, 2, 3):
            assert isinstance(next(results), Page)
            wait_until(lambda wanted=taken + 4: fetched() >= wanted)  # type: ignore[misc]
            time.sleep(0.1)  # one too many would have come by now
            assert fetched() == taken + 4
        assert isinstance(fetcher.fetch(Seed(url=server.url("/own", host="h0.test"))), Page)
        assert len(list(results)) == 21


def test_an_abandoned_iterator_gives_up_the_rest(server: HostileServer) -> None:
    """After a break nothing more is asked for, and the fetcher goes on to serve others."""
    seeds, policy = _many(server, 200, 20)
    server.answers |= {f"/{number}": slow(0.02, reply(status=404)) for number in range(200)}
    server.answers["/7"] = reply()
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        for result in fetcher.fetch_many(seeds):
            assert isinstance(result, Rejection)
            break
        assert isinstance(fetcher.fetch(seeds[7]), Page)
        time.sleep(0.3)  # long enough for all the others
    assert len(server.hits) < 40


def test_an_abandoned_call_leaves_the_others_their_robots_txt(server: HostileServer) -> None:
    """Whoever waits for a robots.txt gets it, also when the one who asked for it first has gone."""

    def robots_txt(handler: Handler) -> None:
        slow(0.3 if handler.headers["Host"].startswith("slow") else 0.0, reply(status=404))(handler)

    server.answers |= {"/robots.txt": robots_txt, "/a": reply()}
    seed = Seed(url=server.url("/a", host="slow.test"))
    got: list[Result] = []
    with HttpFetcher(policy_for(server, "fast.test", "slow.test"), resolve=resolve_test_names) as fetcher:
        first = fetcher.fetch_many([Seed(url=server.url("/a", host="fast.test")), seed])
        assert isinstance(next(first), Page)
        second = threading.Thread(target=lambda: got.append(fetcher.fetch(seed)))
        second.start()
        wait_until(lambda: any(hit.host.startswith("slow") for hit in server.hits))
        del first
        second.join()
    assert [type(result) for result in got] == [Page]


def test_waiting_hosts_do_not_hold_up_the_others(server: HostileServer) -> None:
    """The host with most pages begins, and while it rests all others are served, with a single place."""
    names = [*(f"small{number}.test" for number in range(12)), "large.test", "large.test"]
    seeds = [Seed(url=server.url("/a", host=name), source=name) for name in names]
    server.answers["/a"] = reply()
    policy = policy_for(server, *names, respect_robots=False, concurrency=1, delay_s=1.0)
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        order = [result.seed.source for result in fetcher.fetch_many(seeds) if isinstance(result, Page)]
    assert order == ["large.test", *names[:12], "large.test"]


def test_closing_ends_what_is_under_way(server: HostileServer) -> None:
    """Closing does not wait for slow servers, and says so to whoever was waiting for them."""
    server.answers |= {"/a": slow(600, reply())}
    fetcher = HttpFetcher(policy_for(server, deadline_s=600.0))
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            fetcher.fetch(Seed(url=server.url("/a")))
        except RuntimeError as error:
            caught.append(error)

    with fetcher:
        thread = threading.Thread(target=wait)
        thread.start()
        wait_until(lambda: server.paths() == ["/a"])
    thread.join(120)
    assert not thread.is_alive()
    assert [str(error) for error in caught] == ["the fetcher was closed while it was fetching"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("newsmill")]
    with pytest.raises(RuntimeError, match="not open"):
        fetcher.fetch(Seed(url=server.url("/a")))


def test_a_fetcher_can_be_opened_again(server: HostileServer) -> None:
    """Closing is not the end: the next with statement starts afresh."""
    server.answers["/a"] = reply()
    fetcher = HttpFetcher(policy_for(server))
    for _ in range(2):
        with fetcher:
            assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Page)


def test_a_host_is_asked_in_order(server: HostileServer) -> None:
    """The seeds of a host are fetched in the order that they were given in, whatever lies between them."""
    seeds, policy = _many(server, 60, 3)
    server.answers |= {f"/{number}": reply() for number in range(60)}
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        assert len(list(fetcher.fetch_many(seeds))) == 60
    for host in range(3):
        asked = [int(hit.path[1:]) for hit in server.hits if hit.host.startswith(f"h{host}.")]
        assert asked == list(range(host, 60, 3))


def test_pages_do_not_pile_up(server: HostileServer) -> None:
    """However long the list is, no more pages exist at any moment than may be in flight, and those of the caller."""
    seeds, policy = _many(server, 600, 20)
    server.answers |= {f"/{number}": reply(b"x" * 20_000) for number in range(600)}
    of_ours = set(seeds)  # whoever ran before may have left pages
    most = 0
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        for number, result in enumerate(fetcher.fetch_many(seeds)):
            assert isinstance(result, Page)
            if number % 50 == 0:
                gc.collect()  # a page in a circle that nobody holds is none
                most = max(most, sum(isinstance(one, Page) and one.seed in of_ours for one in gc.get_objects()))
    assert 0 < most <= policy.concurrency + 2
