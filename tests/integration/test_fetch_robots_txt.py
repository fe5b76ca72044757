"""robots.txt over the wire: found, obeyed, believed, and read for its sitemaps."""

from __future__ import annotations

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
)

from ingest.fetch import robots
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Page, Seed
from ingest.outcome import Outcome, Reason, Rejection

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
    got = {(r if isinstance(r, Rejection) else r.seed).url: isinstance(r, Page) for r in results}
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


def test_robots_txt_may_begin_with_a_mark(server: HostileServer) -> None:
    """A byte order mark, ends of lines of any kind and bytes that are no UTF-8 cost no rule."""
    text = b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a\rDisallow: /\xe5\nDisallow: /b"
    server.answers |= {"/robots.txt": reply(text), "/a": reply(), "/b": reply(), "/c": reply()}
    with HttpFetcher(policy_for(server)) as fetcher:
        results = [fetcher.fetch(Seed(url=server.url(path))) for path in ("/a", "/b", "/c")]
    assert [type(result) for result in results] == [Rejection, Rejection, Page]


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
    monkeypatch.setattr(robots, bound, 2 if bound == "_MAX_ORIGINS" else 70)
    server.robots("User-agent: *\nDisallow: /closed")
    server.answers["/a"] = reply()
    hosts = ["a.test", "b.test", "a.test", "c.test", "d.test", "a.test"]
    with HttpFetcher(policy_for(server, *hosts), resolve=resolve_test_names) as fetcher:
        for host in hosts:
            assert isinstance(fetcher.fetch(Seed(url=server.url("/a", host=host))), Page)
    asked = [hit.host.split(":")[0] for hit in server.hits if hit.path == "/robots.txt"]
    assert asked == ["a.test", "b.test", "c.test", "d.test", "a.test"]


def test_a_busy_robots_txt_does_not_allow_all(server: HostileServer) -> None:
    """429 speaks of us and not of the rules: robots.txt is asked for again, and without it nothing is."""
    server.answers |= {"/robots.txt": in_turn(reply(status=429), reply(b"User-agent: *\nDisallow: /a")), "/a": reply()}
    assert rejected(server.url("/a"), policy_for(server)).reason == Reason.ROBOTS
    server.answers["/robots.txt"] = reply(status=429)
    assert rejected(server.url("/a"), policy_for(server)).outcome == Outcome.FAILED
    assert server.paths() == []


def test_sitemaps_are_read_from_robots_txt(server: HostileServer) -> None:
    """Every one in order, from whichever group it stands in, absolute; the file is read once."""
    server.robots(
        "Sitemap: https://cdn.test/news.xml.gz\nUser-agent: rival\nDisallow: /\nsitemap: /local.xml\n"
        "User-agent: *\nDisallow: /private\nSITEMAP:https://cdn.test/b.xml # daily\nSitemap: /local.xml\nSitemap:\n"
    )
    with HttpFetcher(policy_for(server)) as fetcher:
        for path in ("/", "/private/a?b"):
            assert fetcher.sitemaps_of(server.url(path)) == (
                "https://cdn.test/news.xml.gz",
                server.url("/local.xml"),
                "https://cdn.test/b.xml",
            )
    assert [hit.path for hit in server.hits] == ["/robots.txt"]


@pytest.mark.parametrize(
    "answer", [reply(status=404), reply(status=500), reset, redirect("http://10.0.0.1/"), reply(b"Sitemap", status=403)]
)
def test_no_robots_txt_names_no_sitemaps(server: HostileServer, answer: Answer) -> None:
    """Whatever is wrong with the server or the URL, there are none."""
    server.answers["/robots.txt"] = answer
    with HttpFetcher(policy_for(server)) as fetcher:
        for url in (server.url("/"), "nonsense", "ftp://files.test/", "http://10.0.0.1/", "http://[::1"):
            assert fetcher.sitemaps_of(url) == ()
    with pytest.raises(RuntimeError, match="not open"):
        fetcher.sitemaps_of(server.url("/"))
