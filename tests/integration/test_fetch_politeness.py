"""What a fetcher owes to its hosts: distance, and patience when they are in trouble."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.fetching import page, policy_for, rejected
from support.hostile import (
    Answer,
    HostileServer,
    in_turn,
    redirect,
    reply,
    reset,
    slow,
)

from ingest.fetch.fetcher import HttpFetcher
from ingest.model import Page, Seed
from ingest.outcome import Reason, Rejection


def _since(began: float, server: HostileServer, host: str = "127.0.0.1") -> list[float]:
    """When each request to a host came, in seconds since `began`.

    The fetcher keeps its distance between the moments of sending. A server on a busy machine may see one request late
    and the next in time; but none comes before its time, reckoned from before the first.
    """
    return [hit.at - began for hit in server.hits if hit.host.startswith(host)]


def _are_apart(came: Sequence[float], distance_s: float) -> bool:
    """Whether so much lies between all requests, for what a clock of 15 ms would see."""
    return all(at >= number * distance_s - 0.015 for number, at in enumerate(came))


def test_crawl_delay_is_kept(server: HostileServer) -> None:
    """A Crawl-delay of 0.3 s is the least distance between requests, as the server sees it."""
    server.robots("User-agent: *\nCrawl-delay: 0.3")
    server.answers |= {f"/{number}": reply() for number in range(4)}
    with HttpFetcher(policy_for(server)) as fetcher:
        began = time.monotonic()
        results = list(fetcher.fetch_many([Seed(url=server.url(f"/{number}")) for number in range(4)]))
    assert [type(result) for result in results] == [Page] * 4
    assert _are_apart(_since(began, server)[1:], 0.3)


def test_a_long_crawl_delay_is_capped(server: HostileServer) -> None:
    """A day between two pages is honoured up to the cap."""
    server.robots("User-agent: *\nCrawl-delay: 86400")
    server.answers |= {"/a": reply(), "/b": reply()}
    with HttpFetcher(policy_for(server, crawl_delay_cap_s=0.1)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url(path)) for path in ("/a", "/b")]))
    assert [type(result) for result in results] == [Page] * 2


def test_hosts_go_on_side_by_side_each_at_its_pace(server: HostileServer) -> None:
    """No host waits for another's turn, although each is asked once at a time and some time apart."""
    server.answers |= {f"/{number}": slow(0.05, reply()) for number in range(5)}
    policy = policy_for(server, "localhost", delay_s=0.2)
    urls = [server.url(f"/{number}", host=host) for host in ("127.0.0.1", "localhost") for number in range(5)]
    with HttpFetcher(policy) as fetcher:
        began = time.monotonic()
        results = list(fetcher.fetch_many([Seed(url=url) for url in urls]))
    assert [type(result) for result in results] == [Page] * 10
    by_host = [_since(began, server, host) for host in ("127.0.0.1", "localhost")]
    assert [len(came) for came in by_host] == [6, 6]
    assert all(_are_apart(came, 0.2) for came in by_host)
    starts, ends = zip(*((min(came), max(came)) for came in by_host), strict=True)
    assert max(starts) < min(ends)


def test_the_distance_is_kept_over_calls_and_redirects(server: HostileServer) -> None:
    """A second call, and a hop to the same host, wait like any other request."""
    server.answers |= {"/a": redirect("/b"), "/b": reply(), "/c": reply()}
    with HttpFetcher(policy_for(server, delay_s=0.15)) as fetcher:
        began = time.monotonic()
        assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Page)
        assert isinstance(fetcher.fetch(Seed(url=server.url("/c"))), Page)
    assert [hit.path for hit in server.hits] == ["/robots.txt", "/a", "/b", "/c"]
    assert _are_apart(_since(began, server), 0.15)


def test_a_connection_is_used_again(server: HostileServer) -> None:
    """Pages of one host come over one connection, with refusals and redirects between them too."""
    ports: list[int] = []

    def answer(handler: Any) -> None:
        ports.append(handler.client_address[1])
        reply()(handler)

    missing = reply(b"no such page", status=404)
    server.answers |= {"/a": answer, "/moved": in_turn(redirect("/a")), "/missing": missing}
    with HttpFetcher(policy_for(server)) as fetcher:
        for path in ("/a", "/missing", "/a", "/moved", "/a"):
            fetcher.fetch(Seed(url=server.url(path)))
    assert len(ports) == 4
    assert len(set(ports)) == 1


def test_500_then_200_is_a_page(server: HostileServer) -> None:
    """What failed for the moment is asked for again."""
    server.answers["/a"] = in_turn(reply(status=500), reply(status=503), reply(b"at last"))
    assert page(server.url("/a"), policy_for(server)).body == b"at last"
    assert server.paths() == ["/a"] * 3


@pytest.mark.parametrize(
    ("answer", "times"), [(reply(status=502), 3), (reset, 3), (reply(status=403), 1), (reply(status=404), 1)]
)
def test_only_what_may_pass_is_asked_for_again(server: HostileServer, answer: Answer, times: int) -> None:
    """Three attempts for a server in trouble, one for a clear no."""
    server.answers["/a"] = answer
    rejected(server.url("/a"), policy_for(server))
    assert len(server.paths()) == times


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_waited_for(server: HostileServer, status: int, *, as_date: bool) -> None:
    """Seconds and dates are honoured, by all pages of the host."""
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    began = time.monotonic() - datetime.now(UTC).timestamp()
    wish = format_datetime(until, usegmt=True) if as_date else "1"
    server.answers["/a"] = in_turn(reply(status=status, headers=(("Retry-After", wish),)), reply(b"a"))
    server.answers["/b"] = reply(b"b")
    with HttpFetcher(policy_for(server)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url("/a")), Seed(url=server.url("/b"))]))
    assert [result.body for result in results if isinstance(result, Page)] == [b"b", b"a"]
    first, *later = [hit.at for hit in server.hits if hit.path != "/robots.txt"]
    assert min(later) >= (began + until.timestamp() if as_date else first + 1.0) - 0.015


def test_a_long_retry_after_ends_the_host_for_this_run(server: HostileServer) -> None:
    """A host that wants to be left alone for an hour is not asked for its other pages either."""
    server.answers["/a"] = reply(status=429, headers=(("Retry-After", "3600"),))
    server.answers["/b"] = reply()
    with HttpFetcher(policy_for(server)) as fetcher:
        a, b = fetcher.fetch_many([Seed(url=server.url("/a")), Seed(url=server.url("/b"))])
    assert isinstance(a, Rejection)
    assert isinstance(b, Rejection)
    assert (a.reason, a.detail) == (Reason.TOO_MANY_REQUESTS, "HTTP 429, asks to wait 3600 s")
    assert (b.reason, b.detail) == (
        Reason.TOO_MANY_REQUESTS,
        f"{urlsplit(server.url()).netloc} asks to be left alone for 3600 s",
    )
    assert server.paths() == ["/a"]


def test_a_host_in_trouble_is_asked_less_often(server: HostileServer) -> None:
    """After a 503 the distance doubles, for the other pages of the host as well."""
    server.answers |= {"/a": in_turn(reply(status=503), reply()), "/b": reply(), "/c": reply()}
    seeds = [Seed(url=server.url(path)) for path in ("/a", "/b", "/c")]
    with HttpFetcher(policy_for(server, delay_s=0.2, respect_robots=False)) as fetcher:
        began = time.monotonic()
        assert [type(result) for result in fetcher.fetch_many(seeds)] == [Page] * 3
    _, second, *_ = came = _since(began, server)
    assert len(came) == 4
    assert second >= 0.4 - 0.015


def test_a_host_that_only_refuses_is_given_up(server: HostileServer) -> None:
    """After as many refusals in a row as there are attempts, the rest of the host's pages fail without a request."""
    urls = [server.url(f"/{number}") for number in range(20)]
    server.answers |= {f"/{number}": reply(status=429) for number in range(20)}
    with HttpFetcher(policy_for(server)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=url) for url in urls]))
    assert {result.reason for result in results if isinstance(result, Rejection)} == {Reason.TOO_MANY_REQUESTS}
    assert len(results) == 20
    assert len(server.paths()) == 3


def test_pages_that_refuse_do_not_cost_their_host(server: HostileServer) -> None:
    """Refusals count in a row only, and the pages that refused are asked for again after the others."""
    bad, good = ["/bad0", "/bad1", "/bad2", "/bad3"], ["/0", "/1", "/2", "/3"]
    server.answers |= {path: reply(status=429) for path in bad} | {path: reply() for path in good}
    mixed = [path for pair in zip(bad, good, strict=True) for path in pair]
    with HttpFetcher(policy_for(server)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url(path)) for path in mixed]))
    assert [type(result) for result in results] == [Page] * 4 + [Rejection] * 4
    assert server.paths() == [*mixed, *bad[:3]]  # the third refusal in a row is the last
