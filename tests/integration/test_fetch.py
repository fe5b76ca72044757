"""The fetcher against a real server on loopback: pages, redirects, and one reason for each way to fail."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

import pytest
from support.fetching import LOOPBACK, page, policy_for, rejected, resolve_test_names
from support.hostile import (
    Answer,
    HostileServer,
    bomb,
    encoded,
    free_port,
    raw,
    redirect,
    reply,
    reset,
    stream,
)

from ingest.fetch.addresses import IPAddress
from ingest.fetch.fetcher import HttpFetcher
from ingest.model import Page, Seed
from ingest.outcome import Outcome, Reason, Rejection, Stage


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


CHALLENGE = b"<html><head><title>Just a moment...</title></head><body><script>_cf_chl_opt={}</script></body></html>"


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
        (reply(status=402), Reason.PAYWALL, "HTTP 402"),
        (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), Reason.EMPTY, "HTTP 204"),
        (raw(b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"), Reason.EMPTY, "HTTP 205"),
        (reply(status=206), Reason.HTTP_ERROR, "HTTP 206, a part where the whole was asked for"),
        (reply(status=408), Reason.TIMEOUT, "HTTP 408"),
        (reply(status=403, headers=(("X-Iinfo", "7-1"),)), Reason.BLOCKED, "HTTP 403, likely by Imperva"),
        (reply(CHALLENGE), Reason.BLOCKED, "HTTP 200, challenge by Cloudflare"),
        (reply(CHALLENGE, status=403), Reason.BLOCKED, "HTTP 403, challenge by Cloudflare"),
        (reply(CHALLENGE, status=503), Reason.BLOCKED, "HTTP 503, challenge by Cloudflare"),
        (encoded(gzip.compress(CHALLENGE), "gzip"), Reason.BLOCKED, "HTTP 200, challenge by Cloudflare"),
        (
            reply(status=202, headers=(("x-amzn-waf-action", "challenge"),)),
            Reason.BLOCKED,
            "HTTP 202, challenge by AWS",
        ),
        (reply(CHALLENGE, status=404), Reason.NOT_FOUND, "HTTP 404"),
        (reply(b"\x89PNG\r\n\x1a\n", content_type="application/octet-stream"), Reason.BAD_TYPE, "no text"),
        (reply(b"%!PS-1.4", content_type=None), Reason.BAD_TYPE, "no text: the body begins with 25 21 50 53"),
        (reply(status=500), Reason.SERVER_ERROR, "HTTP 500"),
        (reply(status=302), Reason.HTTP_ERROR, "HTTP 302"),
        (reply(content_type="application/zip"), Reason.BAD_TYPE, "content type application/zip"),
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
        (redirect("http://①②⑦。⓪.⓪.①/"), Reason.REDIRECTS, "redirect to an unreadable URL"),
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


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (gzip.compress(b"<urlset/>"), "application/x-gzip"),
        (gzip.compress(b"<urlset/>"), "application/octet-stream"),
        (b"<html><p>Gezeiten</p></html>", "application/octet-stream"),
        (b"<?xml version='1.0'?><urlset/>", "application/gzip"),
        (b"<rss/>", None),
    ],
)
def test_what_can_be_read_passes_under_any_vague_type(
    server: HostileServer, body: bytes, content_type: str | None
) -> None:
    """Sitemaps come as "gzip" or as "some bytes", and so do pages of careless servers: the bytes decide."""
    server.answers["/a"] = reply(body, content_type=content_type)
    assert page(server.url("/a"), policy_for(server)).body == body


def test_a_changed_copy_of_a_proxy_is_a_page(server: HostileServer) -> None:
    """203 is a 200 that somebody on the way has had a hand in."""
    server.answers["/a"] = reply(b"text", status=203)
    assert page(server.url("/a"), policy_for(server)).status == 203


def test_a_closed_port_is_a_connect_failure() -> None:
    """Nobody listens there: tried again, then given up."""
    port = free_port()
    got = rejected(f"http://127.0.0.1:{port}/", policy_for(None, allow_private=frozenset({f"127.0.0.1:{port}"})))
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
    assert (got.reason, got.detail) == (Reason.DNS, "no answer about the name slow.test in time")


def test_the_second_address_is_tried(server: HostileServer) -> None:
    """A host whose first address is dead is reached by its second."""

    async def resolve(host: str, port: int) -> list[IPAddress]:
        return [IPv6Address("::1"), ip_address("127.0.0.2"), LOOPBACK] if port == server.port else []

    server.answers["/a"] = reply(b"text")
    with HttpFetcher(policy_for(server, "two.test", respect_robots=False), resolve=resolve) as fetcher:
        got = fetcher.fetch(Seed(url=server.url("/a", host="two.test")))
    assert isinstance(got, Page), got


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
