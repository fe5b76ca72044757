"""What a fetcher owes to its hosts: robots.txt, distance, and patience when they are in trouble."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.fetching import page, policy_for, rejected, resolve_test_names
from support.hostile import (
    Answer,
    HostileServer,
    encoded,
    in_turn,
    redirect,
    reply,
    reset,
    slow,
)

from ingest.fetch import robots
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Page, Seed
from ingest.outcome import Reason, Rejection


@pytest.fixture
def server() -> Iterator[HostileServer]:
    """A server that has not been told yet how to behave."""
    with HostileServer() as running:
        yield running


ROBOTS = """
User-agent: *
Disallow: /?
Disallow: /private/
Allow: /private/press/
Disallow: /*.pdf$

User-agent: rival
Disallow: /
"""


def test_robots_txt_is_obeyed_by_its_longest_match(server: HostileServer) -> None:
    """A query of the root is not the whole site, the longer Allow wins, and other bots' groups are theirs."""
    server.robots(ROBOTS)
    wanted = {"/": True, "/a": True, "/?q=1": False, "/private/a": False, "/private/press/a": True, "/a.pdf": False}
    server.answers |= {path: reply() for path in wanted}
    with HttpFetcher(policy_for(server)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url(path)) for path in wanted]))
    got = {(r.seed if isinstance(r, Page) else r).url: isinstance(r, Page) for r in results}
    assert got == {server.url(path): allowed for path, allowed in wanted.items()}
    assert {(r.reason, r.detail) for r in results if isinstance(r, Rejection)} == {
        (Reason.ROBOTS, f"robots.txt forbids {path}") for path, allowed in wanted.items() if not allowed
    }
    assert [hit.path for hit in server.hits].count("/robots.txt") == 1


def test_robots_txt_may_name_us(server: HostileServer) -> None:
    """Our own group is found by the first word of the user agent, and may be left unread by order."""
    server.robots(ROBOTS)
    server.answers["/a"] = reply()
    assert rejected(server.url("/a"), policy_for(server, user_agent="Rival/2.0 (news)")).reason == Reason.ROBOTS
    page(server.url("/a"), policy_for(server, user_agent="Rival/2.0 (news)", respect_robots=False))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_robots_txt_allows_all(server: HostileServer, status: int) -> None:
    """RFC 9309 2.3.1.3: any status from 400 to 499 means that there are no rules."""
    server.answers |= {"/robots.txt": reply(b"Disallow: /", status=status), "/a": reply()}
    page(server.url("/a"), policy_for(server))


@pytest.mark.parametrize(
    "answer", [reply(status=500), reply(status=503), reset, encoded(b"plain", "gzip"), redirect("http://10.0.0.1/")]
)
def test_an_unreachable_robots_txt_forbids_all(server: HostileServer, answer: Answer) -> None:
    """RFC 9309 2.3.1.4: without rules from a server in trouble nothing is asked for; the next run may do better."""
    server.answers |= {"/robots.txt": answer, "/a": reply(), "/b": reply()}
    with HttpFetcher(policy_for(server)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url(path)) for path in ("/a", "/b")]))
    assert [r.reason for r in results if isinstance(r, Rejection)] == [Reason.ROBOTS_UNREACHABLE] * 2
    assert server.paths() == []


def test_robots_txt_in_trouble_is_asked_for_again(server: HostileServer) -> None:
    """One failure of robots.txt does not cost the site."""
    server.answers |= {"/robots.txt": in_turn(reply(status=500), reply(b"", content_type=None)), "/a": reply()}
    page(server.url("/a"), policy_for(server))


def test_robots_txt_may_be_elsewhere(server: HostileServer) -> None:
    """Redirects of robots.txt are followed to other hosts; the rules hold for where they were asked for."""
    server.answers |= {"/robots.txt": redirect(server.url("/rules", host="rules.test")), "/a": reply(), "/b": reply()}
    server.answers["/rules"] = reply(b"User-agent: *\nDisallow: /b", content_type="text/plain")
    policy = policy_for(server, "site.test", "rules.test")
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        a = fetcher.fetch(Seed(url=server.url("/a", host="site.test")))
        b = fetcher.fetch(Seed(url=server.url("/b", host="site.test")))
    assert isinstance(a, Page)
    assert isinstance(b, Rejection)
    assert b.reason == Reason.ROBOTS


def test_robots_txt_without_an_end_of_redirects_allows_all(server: HostileServer) -> None:
    """RFC 9309 2.3.1.2: past five redirects there is no robots.txt."""
    server.answers |= {"/robots.txt": redirect("/robots.txt"), "/a": reply()}
    page(server.url("/a"), policy_for(server))


def test_robots_txt_is_read_as_far_as_500_kib(server: HostileServer) -> None:
    """Rules within the limit hold, rules behind it do not, and no size of file is a fault."""
    text = "User-agent: *\nDisallow: /a\n" + "# filler\n" * 60_000 + "Disallow: /b\n"
    server.robots(text)
    server.answers |= {"/a": reply(), "/b": reply()}
    assert len(text) > 500 * 1024
    with HttpFetcher(policy_for(server)) as fetcher:
        assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Rejection)
        assert isinstance(fetcher.fetch(Seed(url=server.url("/b"))), Page)


def test_robots_txt_of_a_redirect_s_target_holds(server: HostileServer) -> None:
    """A redirect into forbidden ground is not followed, on another origin too."""
    with HostileServer() as other:
        other.robots("User-agent: *\nDisallow: /closed")
        other.answers["/closed"] = reply()
        server.answers["/a"] = redirect(other.url("/closed"))
        allowed = frozenset({f"127.0.0.1:{server.port}", f"127.0.0.1:{other.port}"})
        got = rejected(server.url("/a"), FetchPolicy(allow_private=allowed, delay_s=0.0))
        assert (got.reason, got.url) == (Reason.ROBOTS, server.url("/a"))
        assert other.paths() == []


def test_robots_txt_expires(server: HostileServer) -> None:
    """After its time it is asked for again."""
    server.answers |= {"/robots.txt": in_turn(reply(b""), reply(b"User-agent: *\nDisallow: /")), "/a": reply()}
    with HttpFetcher(policy_for(server, robots_ttl_s=0.0)) as fetcher:
        assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Page)
        assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Rejection)


@pytest.mark.parametrize("bound", ["_MAX_ORIGINS", "_MAX_TOTAL_CHARS"])
def test_what_is_kept_of_robots_txt_is_bounded(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    """The one used longest ago is dropped, and asked for again when its host comes up once more."""
    monkeypatch.setattr(robots, bound, 2 if bound == "_MAX_ORIGINS" else 60)
    server.robots("User-agent: *\nDisallow: /closed")
    server.answers["/a"] = reply()
    hosts = ["a.test", "b.test", "a.test", "c.test", "d.test", "a.test"]
    with HttpFetcher(policy_for(server, *hosts), resolve=resolve_test_names) as fetcher:
        for host in hosts:
            assert isinstance(fetcher.fetch(Seed(url=server.url("/a", host=host))), Page)
    asked = [hit.host.split(":")[0] for hit in server.hits if hit.path == "/robots.txt"]
    assert asked == ["a.test", "b.test", "c.test", "d.test", "a.test"]


def _gaps(server: HostileServer, host: str) -> list[float]:
    at = [hit.at for hit in server.hits if hit.host.startswith(host)]
    return [later - earlier for earlier, later in pairwise(at)]


def test_crawl_delay_is_kept(server: HostileServer) -> None:
    """A Crawl-delay of 0.3 s is the least distance between requests, as the server sees it."""
    server.robots("User-agent: *\nCrawl-delay: 0.3")
    server.answers |= {f"/{number}": reply() for number in range(4)}
    with HttpFetcher(policy_for(server)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url(f"/{number}")) for number in range(4)]))
    assert [type(result) for result in results] == [Page] * 4
    assert min(_gaps(server, "127.0.0.1")) >= 0.27
    assert max(_gaps(server, "127.0.0.1")) < 1.0


def test_a_long_crawl_delay_is_capped(server: HostileServer) -> None:
    """A day between two pages is honoured up to the cap."""
    server.robots("User-agent: *\nCrawl-delay: 86400")
    server.answers |= {"/a": reply(), "/b": reply()}
    with HttpFetcher(policy_for(server, crawl_delay_cap_s=0.1)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url(path)) for path in ("/a", "/b")]))
    assert [type(result) for result in results] == [Page] * 2


def test_hosts_go_on_side_by_side_each_at_its_pace(server: HostileServer) -> None:
    """Two hosts take the time of one, although each is asked once at a time and some time apart."""
    server.answers |= {f"/{number}": slow(0.05, reply()) for number in range(5)}
    policy = policy_for(server, "localhost", delay_s=0.2)
    urls = [server.url(f"/{number}", host=host) for host in ("127.0.0.1", "localhost") for number in range(5)]
    began = time.monotonic()
    with HttpFetcher(policy) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=url) for url in urls]))
    took = time.monotonic() - began
    assert [type(result) for result in results] == [Page] * 10
    for host in ("127.0.0.1", "localhost"):
        assert len(_gaps(server, host)) == 5
        assert min(_gaps(server, host)) >= 0.18
    assert took < 1.8  # one after the other would take 2.1 s


def test_the_distance_is_kept_over_calls_and_redirects(server: HostileServer) -> None:
    """A second call, and a hop to the same host, wait like any other request."""
    server.answers |= {"/a": redirect("/b"), "/b": reply(), "/c": reply()}
    with HttpFetcher(policy_for(server, delay_s=0.15)) as fetcher:
        assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Page)
        assert isinstance(fetcher.fetch(Seed(url=server.url("/c"))), Page)
    assert [hit.path for hit in server.hits] == ["/robots.txt", "/a", "/b", "/c"]
    assert min(_gaps(server, "127.0.0.1")) >= 0.135


def test_a_connection_is_used_again(server: HostileServer) -> None:
    """Pages of one host come over one connection."""
    ports: list[int] = []

    def answer(handler: Any) -> None:
        ports.append(handler.client_address[1])
        reply()(handler)

    server.answers["/a"] = answer
    with HttpFetcher(policy_for(server)) as fetcher:
        for _ in range(3):
            fetcher.fetch(Seed(url=server.url("/a")))
    assert len(ports) == 3
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
    # A date has whole seconds: two from now are at least one.
    wish = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if as_date else "1"
    server.answers["/a"] = in_turn(reply(status=status, headers=(("Retry-After", wish),)), reply(b"a"))
    server.answers["/b"] = reply(b"b")
    with HttpFetcher(policy_for(server)) as fetcher:
        results = list(fetcher.fetch_many([Seed(url=server.url("/a")), Seed(url=server.url("/b"))]))
    assert [result.body for result in results if isinstance(result, Page)] == [b"b", b"a"]
    first, *later = [hit.at for hit in server.hits if hit.path != "/robots.txt"]
    assert min(later) - first >= 0.95


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
