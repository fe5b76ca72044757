"""What comes over the wire: addresses, robots.txt, charsets, redirects, and answers of servers that know no HTTP."""

from __future__ import annotations

import codecs
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unicodedata import normalize
from urllib.parse import urlsplit

import httpx
from hypothesis import example, given
from hypothesis import strategies as st
from support.fuzzing import CHARSETS, CONTENT_TYPES, DAMAGE, HTML, LINES, ODD, URLS, damaged, encoded, fuzz

from ingest.charset import decode
from ingest.fetch.failure import FetchError
from ingest.fetch.fetcher import HttpFetcher
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.robots import parse_robots
from ingest.fetch.targets import parse_url, redirect_target
from ingest.model import Page, Seed
from ingest.outcome import Reason, Rejection, Stage
from ingest.urls import canonicalize, host_of, same_pages, same_site, site_of, url_key

_PIECES = st.one_of(
    st.sampled_from(
        (
            *(
                "http://",
                "HTTPS://",
                "//",
                "/",
                "\\",
                "..",
                ".",
                "?",
                "&",
                "=",
                "#",
                "#!",
                ":",
                "@",
                "%",
                "%2F",
                "%2f",
                "%25",
            ),
            *(
                "%D0%B0",
                "%ff",
                "a",
                "B",
                "ö",
                "ж",
                "xn--",
                "www.",
                "m.",
                "amp.",
                "example",
                ".org",
                ":80",
                ":443",
                ":0",
                "[::1]",
            ),
            *(
                "utm_source=x",
                "ref=rss",
                "ref=12",
                ";jsessionid=A",
                "sid=7",
                " ",
                "\t",
                "\n",
                "\u3002",
                "\uff0f",
                "\u00ad",
            ),
        )
    ),
    st.sampled_from(ODD),
)
_ADDRESSES = st.one_of(
    URLS,
    st.lists(_PIECES, max_size=12).map("".join),
    st.lists(_PIECES, max_size=10).map(lambda pieces: "https://courier.example/" + "".join(pieces)),
)


@fuzz(300)
@given(url=_ADDRESSES, other=_ADDRESSES)
def test_an_address_has_one_spelling_or_is_none(url: str, other: str) -> None:
    """Canonicalizing twice is canonicalizing once; what comes out is an http(s) address of ASCII without a password."""
    site_of(url)
    host_of(url)
    assert same_site(url, other) == same_site(other, url)
    assert same_pages(url, other) == same_pages(other, url)
    try:
        one = canonicalize(url)
    except ValueError:
        return
    parts = urlsplit(one)
    assert one == canonicalize(one)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert parts.username is parts.password is None
    assert parts.path.startswith("/")
    assert not {"..", "."} & set(parts.path.split("/"))
    assert one.isascii()
    assert one.isprintable()
    assert url_key(one) == url_key(canonicalize(f" {url}\n"))


@fuzz(200)
@given(url=_ADDRESSES, location=_ADDRESSES | LINES)
@example(url="https://courier.example/", location="https://xn--a.example/")
def test_what_is_asked_for_is_http_without_a_password(url: str, location: str) -> None:
    """An address, or where a redirect leads, is one that may be asked for, or is refused with its reason."""
    try:
        parsed = parse_url(url)
    except FetchError as error:
        assert error.reason is Reason.BAD_URL  # noqa: PT017 - no error is an answer, too
        parsed = httpx.URL("https://courier.example/story")
    try:
        target = redirect_target(parsed, location)
    except FetchError as error:
        assert error.reason is Reason.REDIRECTS  # noqa: PT017
        return
    assert target.scheme in ("http", "https")
    assert target.raw_host
    assert not target.userinfo
    assert not target.fragment
    assert not set(target.raw_path) & set(b"\r\n\0 ")


_RULE_LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        (
            "User-agent",
            "user agent",
            "Disallow",
            "Allow",
            "DISALLOW",
            "Crawl-delay",
            "Sitemap",
            "Noindex",
            "Host",
            "",
            "<p>",
        )
    ),
    st.sampled_from((":", " : ", "", "=", "::")),
    st.one_of(
        st.sampled_from(("*", "newsmill", "/", "/*", "/a$", "*" * 40, "/%zz", "1e999", "-1", "nan")), LINES, URLS
    ),
    st.sampled_from(("", " # why", "\r", "\x0b", "\ufeff")),
)
_ROBOTS = st.lists(_RULE_LINES, max_size=15).map("\n".join)
_PATHS = st.text(st.characters(exclude_categories=["C"]), max_size=20).map(
    lambda text: f"https://courier.example/{text}"
)


@fuzz(150)
@given(text=_ROBOTS, url=_PATHS)
def test_any_robots_txt_is_read(text: str, url: str) -> None:
    """It answers yes or no, and a delay that one can wait for."""
    parser = parse_robots(text, "newsmill")
    assert parser.can_fetch(url, "newsmill") in (True, False)
    delay = parser.crawl_delay("newsmill")
    assert delay is None or min(max(1.0, delay), 30.0) <= 30.0
    assert all(isinstance(one, str) for one in parser.sitemaps)


@fuzz(100)
@given(
    before=_ROBOTS, url=_PATHS, agent=st.sampled_from(("*", "newsmill")), ending=st.sampled_from(("\n", "\r\n", "\r"))
)
def test_who_forbids_everything_is_obeyed(before: str, url: str, agent: str, ending: str) -> None:
    """`Disallow: /` for all, or for us by name, forbids every page, whatever else stands in the file for others."""
    others = [line for line in before.splitlines() if not any(word in line.lower() for word in ("agent", "allow"))]
    text = ending.join([*others, "User-agent: somebody", "Allow: /", "", f"User-agent: {agent}", "Disallow: /", ""])
    assert not parse_robots(text, "newsmill").can_fetch(url, "newsmill")


@fuzz(150)
@given(text=HTML | LINES, charset=CHARSETS, content_type=CONTENT_TYPES, damage=DAMAGE)
@example(text="ж" * 5000, charset="koi8-r", content_type="text/html; charset=" + " " * 50_000, damage=[])
def test_decoding_always_says_by_what(
    text: str, charset: str, content_type: str, damage: list[tuple[str, float, int, bytes]]
) -> None:
    """Any bytes become text, in a charset that Python knows and that made this text, named by a known witness.

    Letters are composed, which makes them no others.
    """
    body = damaged(encoded(text, charset), damage)
    start = time.thread_time()
    decoded = decode(body, content_type)
    assert time.thread_time() - start < 5.0
    assert codecs.lookup(decoded.charset)
    assert decoded.witness in ("bom", "utf8", "meta", "header", "detector")
    assert normalize("NFC", decoded.text) == normalize("NFC", body.decode(decoded.charset, "replace"))


class RawServer:
    """Answers every connection with the bytes it was given, and hangs up."""

    def __init__(self) -> None:
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(5)
                request = connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 404 -\r\n\r\n" if b" /robots.txt " in request else self.answer)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(65_536)

    def close(self) -> None:
        """End it."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@contextmanager
def raw_server() -> Iterator[tuple[RawServer, HttpFetcher]]:
    """A server and somebody who may ask it."""
    server = RawServer()
    policy = FetchPolicy(
        allow_private=frozenset({f"127.0.0.1:{server.port}"}), delay_s=0.0, backoff_s=0.001, deadline_s=3.0, attempts=1
    )
    with HttpFetcher(policy) as fetcher:
        yield server, fetcher
    server.close()


_HEADER_LINES = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        (
            *(
                "Content-Type",
                "Content-Length",
                "Transfer-Encoding",
                "Content-Encoding",
                "Location",
                "Retry-After",
                "ETag",
            ),
            *("Last-Modified", "Set-Cookie", "Date", "Connection", "", " folded", "X\0Y"),
        )
    ),
    st.sampled_from((": ", ":", " : ", "", "\r\n: ")),
    st.one_of(
        LINES,
        URLS,
        st.sampled_from(
            (
                "gzip",
                "chunked",
                "text/html",
                "0",
                "5",
                "-1",
                "9" * 30,
                "Fri, 99 Xxx 9999 99:99:99",
                "1e9",
                "close",
                "br",
            )
        ),
    ),
)
_ANSWERS = st.builds(
    lambda first, headers, end, body: "\r\n".join([first, *headers]).encode("utf-8", "replace") + end + body,
    st.sampled_from(
        (
            *(
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK",
                "HTTP/1.1 301 Moved",
                "HTTP/1.1 304 -",
                "HTTP/1.1 429 -",
                "HTTP/1.0 200",
            ),
            *(
                "HTTP/1.1 100 Continue",
                "HTTP/1.1 103 -",
                "HTTP/1.1 999 -",
                "HTTP/9.9 200 OK",
                "ICY 200 OK",
                "",
                "\x16\x03\x01",
            ),
        )
    ),
    st.lists(_HEADER_LINES, max_size=6),
    st.sampled_from((b"\r\n\r\n", b"\r\n\r\n", b"\n\n", b"\r\n", b"")),
    st.one_of(
        HTML.map(lambda text: text.encode("utf-8", "replace")),
        st.binary(max_size=60),
        st.just(b"5\r\nhello\r\n0\r\n\r\n"),
    ),
)


def test_any_answer_is_a_page_or_a_rejection() -> None:
    """A server that answers with anything at all costs its own seed only."""
    with raw_server() as (server, fetcher):

        @fuzz(80)
        @given(answer=_ANSWERS, damage=DAMAGE)
        def answered(answer: bytes, damage: list[tuple[str, float, int, bytes]]) -> None:
            server.answer = damaged(answer, damage)
            got = fetcher.fetch(Seed(url=f"http://127.0.0.1:{server.port}/story"))
            assert isinstance(got, Page | Rejection)
            if isinstance(got, Rejection):
                assert got.stage is Stage.FETCH
                got.detail.encode()
            else:
                assert got.status in (200, 203)
                assert len(got.body) <= len(server.answer) * 1100  # what zlib can make of a byte

        answered()
