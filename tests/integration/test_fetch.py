"""The fetcher against a real server on loopback that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.hostile import (
    Answer,
    HostileServer,
    Http2Server,
    bomb,
    drip,
    encoded,
    free_port,
    in_turn,
    raw,
    redirect,
    reply,
    reset,
    silent_listener,
    slow,
    stream,
    tls_contexts,
)

from ingest.fetch.addresses import IPAddress
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Outcome, Page, Reason, Rejection, Seed, Stage

LOOPBACK = IPv4Address("127.0.0.1")


async def resolve_test_names(host: str, port: int) -> list[IPAddress]:
    """A name server of our own: everything under .test is this machine."""
    if not host.endswith(".test"):
        raise OSError(f"no such name {host} (port {port})")
    return [LOOPBACK]


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


def policy_for(server: HostileServer | None, *hosts: str, **changes: Any) -> FetchPolicy:
    """A policy that lets the local server be reached, and wastes no time unless told to."""
    allowed = {f"{host}:{server.port}" for host in ("127.0.0.1", *hosts)} if server else set()
    quick: dict[str, Any] = {"delay_s": 0.0, "backoff_s": 0.01, "deadline_s": 10.0}
    return FetchPolicy(allow_private=frozenset(allowed), **(quick | changes))


def fetch(url: str, policy: FetchPolicy, *, limit_bytes: int | None = None) -> Page | Rejection:
    with HttpFetcher(policy) as fetcher:
        return fetcher.fetch(Seed(url=url, source="test"), limit_bytes=limit_bytes)


def rejected(url: str, policy: FetchPolicy, *, limit_bytes: int | None = None) -> Rejection:
    result = fetch(url, policy, limit_bytes=limit_bytes)
    assert isinstance(result, Rejection), result
    return result


def page(url: str, policy: FetchPolicy, *, limit_bytes: int | None = None) -> Page:
    result = fetch(url, policy, limit_bytes=limit_bytes)
    assert isinstance(result, Page), result
    return result


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for another thread; a test that needs long fails at what it asserts next."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)


# What a page looks like


def test_a_page_holds_what_the_server_sent(server: HostileServer) -> None:
    """Body, status, headers in order and as spelt, the final URL and an aware time."""
    server.answers["/a"] = reply(b"text", headers=(("X-One", "1"), ("X-One", "2"), ("Set-Cookie", "a=b")))
    seed = Seed(url=server.url("/a#part"), source="outlet")
    before = datetime.now(UTC)
    with HttpFetcher(policy_for(server)) as fetcher:
        result = fetcher.fetch(seed)
    assert isinstance(result, Page)
    assert (result.seed, result.final_url, result.status, result.body) == (seed, server.url("/a"), 200, b"text")
    assert [value for name, value in result.headers if name == "X-One"] == ["1", "2"]
    assert result.header("content-type") == "text/html; charset=utf-8"
    assert before <= result.fetched_at <= datetime.now(UTC)
    assert result.fetched_at.utcoffset() == timedelta(0)


def test_the_request_is_honest_and_keeps_no_cookies(server: HostileServer) -> None:
    """We say who we are, ask only for encodings that we decode, and send no cookie back."""
    server.answers["/a"] = reply(headers=(("Set-Cookie", "track=me"),))
    with HttpFetcher(policy_for(server, user_agent="testbot/1 (+http://bot.test)")) as fetcher:
        for _ in range(2):
            assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Page)
    for hit in server.hits:
        assert hit.headers["user-agent"] == "testbot/1 (+http://bot.test)"
        assert hit.headers["accept-encoding"] == "gzip, deflate"
        assert "cookie" not in hit.headers


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(b"packed text"), "gzip"),
        (zlib.compress(b"packed text"), "deflate"),
        (zlib.compress(b"packed text")[2:-4], "deflate"),
        (gzip.compress(b"packed ") + gzip.compress(b"text"), "gzip"),
    ],
)
def test_a_compressed_body_arrives_decoded(server: HostileServer, packed: bytes, encoding: str) -> None:
    """The page's body has no content encoding any more."""
    server.answers["/a"] = encoded(packed, encoding)
    assert page(server.url("/a"), policy_for(server)).body == b"packed text"


def test_an_empty_body_is_a_page(server: HostileServer) -> None:
    """What an empty page is worth, a later stage decides."""
    server.answers["/a"] = reply(b"")
    assert page(server.url("/a"), policy_for(server)).body == b""


def test_a_caller_may_set_the_limit(server: HostileServer) -> None:
    """A feed may be larger than a page."""
    server.answers["/feed"] = reply(b"x" * 2_000, content_type="application/rss+xml")
    policy = policy_for(server, max_body_bytes=1_000)
    assert rejected(server.url("/feed"), policy).reason == Reason.TOO_BIG
    assert len(page(server.url("/feed"), policy, limit_bytes=2_000).body) == 2_000


# One reason for each way to fail


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        (reply(status=400), Reason.HTTP_ERROR, "HTTP 400"),
        (reply(status=401), Reason.BLOCKED, "HTTP 401"),
        (reply(status=403), Reason.BLOCKED, "HTTP 403"),
        (reply(status=404), Reason.NOT_FOUND, "HTTP 404"),
        (reply(status=410), Reason.GONE, "HTTP 410"),
        (reply(status=429), Reason.TOO_MANY_REQUESTS, "HTTP 429"),
        (reply(status=451), Reason.BLOCKED, "HTTP 451"),
        (reply(status=500), Reason.SERVER_ERROR, "HTTP 500"),
        (reply(status=302), Reason.HTTP_ERROR, "HTTP 302"),
        (reply(content_type="application/pdf"), Reason.BAD_TYPE, "content type application/pdf"),
        (reply(b"x" * 3_001), Reason.TOO_BIG, "declared body of 3001 bytes passes 3000 bytes"),
        (stream(100_000), Reason.TOO_BIG, "decoded body passes 3000 bytes"),
        (encoded(bomb(3), "gzip"), Reason.TOO_BIG, "decoded body passes 3000 bytes"),
        (encoded(b"plain", "gzip"), Reason.UNREADABLE, "broken gzip body"),
        (encoded(gzip.compress(b"x" * 99)[:-4], "gzip"), Reason.UNREADABLE, "gzip body is cut short"),
        (reset, Reason.CONNECT, "connection broke"),
        (raw(b""), Reason.CONNECT, "connection broke"),
        (raw(b"220 smtp.test ready\r\n"), Reason.CONNECT, "connection broke"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"), Reason.CONNECT, "connection broke"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000), Reason.CONNECT, "connection broke"),
        (redirect("ftp://files.test/a"), Reason.REDIRECTS, "not an http or https URL: ftp://files.test/a"),
        (redirect("http://user:word@other.test/"), Reason.REDIRECTS, "URL with a user name or password"),
        (redirect("/bad"), Reason.REDIRECTS, "redirects go round in circles at"),
    ],
)
def test_each_failure_has_its_reason(server: HostileServer, answer: Answer, reason: Reason, detail: str) -> None:
    """The rejection says where, why and in a phrase how, and whether another run may do better."""
    server.answers["/bad"] = answer
    got = rejected(server.url("/bad"), policy_for(server, max_body_bytes=3_000))
    assert (got.url, got.source, got.stage, got.reason) == (server.url("/bad"), "test", Stage.FETCH, reason)
    assert got.detail.startswith(detail)
    assert got.outcome == (Outcome.FAILED if reason.transient else Outcome.REJECTED)


@pytest.mark.parametrize("url", ["", "not a url", "ftp://example.test/", "http://", "http://u:p@example.test/"])
def test_a_bad_url_is_rejected_without_a_request(url: str) -> None:
    """What cannot be asked for is not asked for."""
    assert rejected(url, policy_for(None)).reason == Reason.BAD_URL


def test_a_bad_type_is_rejected_before_its_body(server: HostileServer) -> None:
    """A film is not downloaded to find out that it is one."""
    server.answers["/film"] = raw(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 999999\r\n\r\n")
    got = rejected(server.url("/film"), policy_for(server))
    assert (got.reason, got.detail) == (Reason.BAD_TYPE, "content type video/mp4")


def test_a_closed_port_is_a_connect_failure() -> None:
    """Nobody listens there: tried again, then given up."""
    port = free_port()
    policy = policy_for(None)
    policy = FetchPolicy(allow_private=frozenset({f"127.0.0.1:{port}"}), backoff_s=policy.backoff_s)
    got = rejected(f"http://127.0.0.1:{port}/", policy)
    assert got.reason == Reason.CONNECT
    assert got.detail.startswith("no connection")


@pytest.mark.parametrize("respect", [True, False])
def test_an_unknown_name_is_a_dns_failure(*, respect: bool) -> None:
    """A name without an address is told apart from a server that does not answer, with and without robots.txt."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[IPAddress]:
        asked.append(host)
        return await resolve_test_names(host, port)

    with HttpFetcher(policy_for(None, respect_robots=respect), resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url="http://nowhere.invalid/a"))
    assert isinstance(got, Rejection)
    assert (got.reason, got.outcome) == (Reason.DNS, Outcome.FAILED)
    assert asked == ["nowhere.invalid"] * 3


def test_a_name_server_that_never_answers_is_a_dns_failure() -> None:
    """The time to connect covers the look-up of the name."""

    async def resolve(host: str, port: int) -> list[IPAddress]:
        await asyncio.sleep(60)
        raise AssertionError((host, port))

    with HttpFetcher(policy_for(None, connect_timeout_s=0.05, attempts=1), resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url="http://slow.test/a"))
    assert isinstance(got, Rejection)
    assert (got.reason, got.detail) == (Reason.DNS, "no answer about the name slow.test within 0.05 s")


def test_the_second_address_is_tried(server: HostileServer) -> None:
    """A host whose first address is dead is reached by its second."""

    async def resolve(host: str, port: int) -> list[IPAddress]:
        return [IPv6Address("::1"), ip_address("127.0.0.2"), LOOPBACK] if port == server.port else []

    server.answers["/a"] = reply(b"text")
    with HttpFetcher(policy_for(server, "two.test", respect_robots=False), resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url=server.url("/a", host="two.test")))
    assert isinstance(got, Page), got


# Time


def test_a_drip_ends_at_the_deadline(server: HostileServer) -> None:
    """A server that always sends one more byte in time is left after the total deadline, and not asked again."""
    server.answers["/drip"] = drip
    began = time.monotonic()
    got = rejected(server.url("/drip"), policy_for(server, deadline_s=1.0))
    assert time.monotonic() - began < 2.0
    assert (got.reason, got.detail) == (Reason.TIMEOUT, "no complete answer within 1 s")
    assert server.paths() == ["/drip"]


def test_silence_ends_at_the_deadline(server: HostileServer) -> None:
    """The deadline holds before the first byte too."""
    server.answers["/slow"] = slow(30, reply())
    assert rejected(server.url("/slow"), policy_for(server, deadline_s=0.3)).reason == Reason.TIMEOUT


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
    assert (b.reason, b.detail) == (Reason.TOO_MANY_REQUESTS, "127.0.0.1 asks to be left alone for 3600 s")
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


# Redirects


def test_redirects_are_followed_and_told(server: HostileServer) -> None:
    """Five hops of every kind lead to the page, whose final URL is the last."""
    for hop, status in enumerate((301, 302, 303, 307, 308)):
        server.answers[f"/{hop}"] = redirect(f"/{hop + 1}", status=status)
    server.answers["/5"] = reply(b"arrived")
    got = page(server.url("/0"), policy_for(server))
    assert (got.body, got.final_url, got.seed.url) == (b"arrived", server.url("/5"), server.url("/0"))


def test_too_many_redirects_are_too_many(server: HostileServer) -> None:
    """The sixth hop is not taken."""
    for hop in range(9):
        server.answers[f"/{hop}"] = redirect(f"/{hop + 1}")
    got = rejected(server.url("/0"), policy_for(server))
    assert (got.reason, got.detail) == (Reason.REDIRECTS, "more than 5 redirects")
    assert len(server.paths()) == 6


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("http://10.0.0.1/", "10.0.0.1"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("http://[::1]/", "::1"),
        ("http://[fd00:ec2::254]/", "fd00:ec2::254"),
        ("http://[::ffff:192.168.0.1]/", "::ffff:192.168.0.1"),
    ],
)
def test_a_redirect_to_a_private_address_is_not_taken(server: HostileServer, target: str, address: str) -> None:
    """Being allowed to ask the first server allows nothing to the next."""
    server.answers["/a"] = redirect(target)
    got = rejected(server.url("/a"), policy_for(server))
    assert got.reason == Reason.PRIVATE_ADDRESS
    assert str(ip_address(address)) in got.detail
    assert got.detail.endswith("is not a public address")


# Addresses


def _octets(address: IPv4Address) -> list[int]:
    return list(address.packed)


def _spellings(address: IPv4Address) -> list[str]:
    """Ways to write an IPv4 address in a URL that some resolver or other understands."""
    number = int(address)
    a, b, c, d = _octets(address)
    return [
        str(address),
        f"{address}.",
        str(number),
        hex(number),
        hex(number).upper().replace("X", "x"),
        f"0{number:o}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:04o}.{b}.0x{c:x}.{d}",
        f"{a}.{b}.{c << 8 | d}",
        f"{a}.{number & 0xFFFFFF}",
        f"[::ffff:{address}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
        f"user@{address}",
        f"example.org:80@{address}",
        "".join(chr(0xFF10 + int(digit)) if digit.isdigit() else "。" for digit in str(address)),
        f"%31{str(address)[1:]}" if str(address).startswith("1") else str(address),
    ]


_PRIVATE = st.one_of(
    st.just(LOOPBACK),
    st.sampled_from(["169.254.169.254", "0.0.0.0", "255.255.255.255"]).map(IPv4Address),
    st.integers(0, 2**24 - 1).map(lambda low: IPv4Address(127 << 24 | low)),
    st.integers(0, 2**24 - 1).map(lambda low: IPv4Address(10 << 24 | low)),
    st.integers(0, 2**20 - 1).map(lambda low: IPv4Address((172 << 24 | 16 << 16) + low)),
    st.integers(0, 2**16 - 1).map(lambda low: IPv4Address(192 << 24 | 168 << 16 | low)),
    st.integers(0, 2**22 - 1).map(lambda low: IPv4Address((100 << 24 | 64 << 16) + low)),
)
_LOCAL_NAMES = ["localhost", "LOCALHOST", "localhost.", "127.1", "0", "0x7f.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]"]
_TARGETS = st.one_of(
    _PRIVATE.flatmap(lambda address: st.sampled_from(_spellings(address))), st.sampled_from(_LOCAL_NAMES)
)


def test_no_redirect_and_no_spelling_reaches_a_private_address(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a redirect names, no connection but that to the allowed server is even tried."""
    dialled: list[tuple[str, int]] = []
    connect = httpcore.AnyIOBackend.connect_tcp

    async def spy(self: httpcore.AnyIOBackend, host: str, port: int, *rest: Any) -> httpcore.AsyncNetworkStream:
        dialled.append((host, port))
        return await connect(self, host, port, *rest)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", spy)
    policy = policy_for(server, respect_robots=False, attempts=1)
    with silent_listener() as (trap, connections), HttpFetcher(policy) as fetcher:

        @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(_TARGETS, st.sampled_from(["http", "https"]), st.sampled_from([trap, server.port]), st.booleans())
        def never_connects(target: str, scheme: str, port: int, directly: bool) -> None:
            url = f"{scheme}://{target}:{port}/secret"
            server.answers["/a"] = redirect(url)
            got = fetcher.fetch(Seed(url=url if directly else server.url("/a")))
            # The one place where the local server may be reached under its own, allowed name.
            if (target, port) in {("127.0.0.1", server.port)}:
                return
            assert isinstance(got, Rejection), url
            assert got.reason in {Reason.PRIVATE_ADDRESS, Reason.DNS, Reason.REDIRECTS, Reason.BAD_URL}, (url, got)

        never_connects()
        assert connections() == 0
    assert set(dialled) == {("127.0.0.1", server.port)}
    assert "/secret" not in {path for path in server.paths() if path == "/secret"} or server.answers


def test_only_the_pair_as_written_is_allowed(server: HostileServer) -> None:
    """The exemption holds for one spelling of the host and one port."""
    server.answers["/a"] = reply()
    with HttpFetcher(policy_for(server)) as fetcher:
        assert isinstance(fetcher.fetch(Seed(url=server.url("/a"))), Page)
        for host in ("localhost", "2130706433", "127.1", "127.0.0.1."):
            got = fetcher.fetch(Seed(url=server.url("/a", host=host)))
            assert isinstance(got, Rejection), host
            assert got.reason == Reason.PRIVATE_ADDRESS


def test_a_name_that_changes_its_address_gains_nothing(server: HostileServer) -> None:
    """DNS rebinding: every connection looks the name up once and goes to the address that was judged."""
    answers: list[Sequence[IPAddress]] = [[ip_address("93.184.215.14")], [LOOPBACK]]
    dialled: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[IPAddress]:
        dialled.append(f"{host}:{port}")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    policy = policy_for(None, connect_timeout_s=0.2, respect_robots=False)
    with HttpFetcher(policy, resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url=f"http://rebind.test:{server.port}/a"))
    assert isinstance(got, Rejection)
    assert got.reason == Reason.PRIVATE_ADDRESS
    assert dialled == [f"rebind.test:{server.port}"] * 2
    assert server.hits == []


def test_one_private_address_among_public_ones_is_enough(server: HostileServer) -> None:
    """A name that also points inside is not trusted with its public addresses."""

    async def resolve(host: str, port: int) -> Sequence[IPAddress]:
        return [ip_address("93.184.215.14"), ip_address(f"::ffff:{LOOPBACK}")] if (host, port) else []

    with HttpFetcher(policy_for(None), resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url=f"http://mixed.test:{server.port}/a"))
    assert isinstance(got, Rejection)
    assert got.reason == Reason.PRIVATE_ADDRESS


# robots.txt

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


# Politeness


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


# Being called


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
    got = sorted(r.seed.url if isinstance(r, Page) else r.url for r in results)
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
    results: dict[int, list[Page | Rejection]] = {}
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
    """With four places, four pages are fetched ahead and no fifth, until one is taken; the consumer may fetch itself."""
    seeds, policy = _many(server, 24, 12)
    server.answers |= {f"/{number}": reply() for number in range(24)}
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        results = fetcher.fetch_many(seeds)
        taken = 0
        for result in results:
            assert isinstance(result, Page)
            taken += 1
            if taken in (1, 10):
                wait_until(lambda: len(server.hits) == taken + 4)
                time.sleep(0.1)  # a fifth would have come by now
                assert len(server.hits) == taken + 4
                server.hits.clear()
                assert isinstance(fetcher.fetch(seeds[0]), Page)
                server.hits.clear()
                for number in range(taken + 4):
                    server.hits.append(_hit(number))
    assert taken == 24


def _hit(number: int) -> Any:
    from support.hostile import Hit

    return Hit(at=0.0, path=f"/{number}", host="", headers={})


def test_an_abandoned_iterator_gives_up_the_rest(server: HostileServer) -> None:
    """After a break nothing more is asked for, and the fetcher goes on to serve others."""
    seeds, policy = _many(server, 200, 20)
    server.answers |= {f"/{number}": slow(0.02, reply()) for number in range(200)}
    with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
        for result in fetcher.fetch_many(seeds):
            assert isinstance(result, Page)
            break
        assert isinstance(fetcher.fetch(seeds[7]), Page)
        asked = len(server.hits)
        time.sleep(0.15)  # long enough for a dozen more
        assert len(server.hits) == asked
    assert asked < 20


def test_closing_ends_what_is_under_way(server: HostileServer) -> None:
    """Closing does not wait for slow servers, and says so to whoever was waiting for them."""
    server.answers |= {"/a": slow(30, reply())}
    fetcher = HttpFetcher(policy_for(server))
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            fetcher.fetch(Seed(url=server.url("/a")))
        except RuntimeError as error:
            caught.append(error)

    began = time.monotonic()
    with fetcher:
        thread = threading.Thread(target=wait)
        thread.start()
        wait_until(lambda: server.paths() == ["/a"])
    thread.join()
    assert time.monotonic() - began < 5
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


# TLS and HTTP/2


def test_tls_is_verified_by_the_name_in_the_url(tmp_path: Path) -> None:
    """We connect to an address, but the certificate must be for the name; an unknown issuer is refused."""
    for_server, for_client = tls_contexts(tmp_path, "right.test")
    with HostileServer(tls=for_server) as server:
        server.answers["/a"] = reply(b"secret")
        policy = policy_for(server, "right.test", "wrong.test")
        right, wrong = (Seed(url=server.url("/a", host=host)) for host in ("right.test", "wrong.test"))
        with HttpFetcher(policy, resolve=resolve_test_names, ssl_context=for_client) as fetcher:
            good, bad = fetcher.fetch(right), fetcher.fetch(wrong)
        with HttpFetcher(policy, resolve=resolve_test_names) as fetcher:
            unknown = fetcher.fetch(right)
    assert isinstance(good, Page)
    for got in (bad, unknown):
        assert isinstance(got, Rejection)
        assert got.reason == Reason.TLS
        assert got.detail.startswith("certificate not accepted")


def test_https_to_a_plain_server_is_a_tls_failure(server: HostileServer) -> None:
    """An answer that is no TLS has its reason."""
    got = rejected(server.url("/a").replace("http:", "https:"), policy_for(server))
    assert (got.reason, got.outcome) == (Reason.TLS, Outcome.FAILED)


def test_http_2_is_spoken(tmp_path: Path) -> None:
    """Where the server offers it, pages come over HTTP/2 and one connection; a page too big costs that connection."""
    for_server, for_client = tls_contexts(tmp_path, "two.test")
    with Http2Server(for_server, b"x" * 3_000) as server:
        policy = FetchPolicy(allow_private=frozenset({f"two.test:{server.port}"}), delay_s=0.0, respect_robots=False)
        seed = Seed(url=f"https://two.test:{server.port}/a")
        with HttpFetcher(policy, resolve=resolve_test_names, ssl_context=for_client) as fetcher:
            results = list(fetcher.fetch_many([seed, seed, seed]))
            assert (server.streams, server.connections) == (3, 1)
            big = fetcher.fetch(seed, limit_bytes=100)
            after = fetcher.fetch(seed)
        assert [len(result.body) for result in results if isinstance(result, Page)] == [3_000] * 3
        assert isinstance(big, Rejection)
        assert big.reason == Reason.TOO_BIG
        assert isinstance(after, Page)
        assert server.connections == 2


# Memory

_BOMB_PROBE = """
import resource, sys
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.model import Seed

port = sys.argv[1]
with HttpFetcher(FetchPolicy(allow_private=frozenset({f"127.0.0.1:{port}"}), delay_s=0.0)) as fetcher:
    small = fetcher.fetch(Seed(url=f"http://127.0.0.1:{port}/small"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for path in ("bomb", "flat"):
        big = fetcher.fetch(Seed(url=f"http://127.0.0.1:{port}/{path}"))
        assert big.reason == "too_big", big
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_bomb_does_not_inflate(server: HostileServer) -> None:
    """300 MB in 300 kB, or bare, cost no more memory than the limit of a page and its copies."""
    server.answers |= {"/small": reply(), "/bomb": encoded(bomb(300), "gzip"), "/flat": stream(300_000_000)}
    done = subprocess.run(
        [sys.executable, "-c", _BOMB_PROBE, str(server.port)], capture_output=True, text=True, check=True, timeout=60
    )
    grown_kb = int(done.stdout)
    assert grown_kb < 30_000
