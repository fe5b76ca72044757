"""What statuses, types, Retry-After headers, URLs and redirects amount to."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.failure import FetchError
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.responses import check_start, check_type, refusal, retry_after_s
from ingest.fetch.targets import host_of, origin_of, parse_url, redirect_target
from ingest.outcome import Reason

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "reason", "again"),
    [
        (201, Reason.HTTP_ERROR, False),
        (204, Reason.EMPTY, False),
        (205, Reason.EMPTY, False),
        (400, Reason.HTTP_ERROR, False),
        (401, Reason.BLOCKED, False),
        (402, Reason.PAYWALL, False),
        (403, Reason.BLOCKED, False),
        (404, Reason.NOT_FOUND, False),
        (408, Reason.TIMEOUT, True),
        (410, Reason.GONE, False),
        (418, Reason.HTTP_ERROR, False),
        (429, Reason.TOO_MANY_REQUESTS, True),
        (451, Reason.BLOCKED, False),
        (500, Reason.SERVER_ERROR, True),
        (503, Reason.SERVER_ERROR, True),
        (599, Reason.SERVER_ERROR, True),
    ],
)
def test_each_status_has_a_reason(status: int, reason: Reason, *, again: bool) -> None:
    """The reason follows the status, and only what may pass is asked for again."""
    error = refusal(status)
    assert (reason, f"HTTP {status}", again, status) == (error.reason, error.detail, error.again, error.status)


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        (304, "HTTP 304, although it was not told what we hold"),
        (206, "HTTP 206, a part where the whole was asked for"),
    ],
)
def test_an_answer_to_another_question_is_said_to_be_one(status: int, detail: str) -> None:
    """A status that only makes sense for a request that we did not make is the server's fault, and told as such."""
    error = refusal(status)
    assert (Reason.HTTP_ERROR, detail, False) == (error.reason, error.detail, error.again)


def test_a_refusal_names_who_is_likely_to_have_refused() -> None:
    """Only where the status is a refusal: the service in front of a site answers for its missing pages too."""
    assert refusal(403, by="Akamai").detail == "HTTP 403, likely by Akamai"
    assert refusal(404, by="Akamai").detail == "HTTP 404"


def test_patience_ends_at_the_cap() -> None:
    """A wait up to the cap is waited for; a longer one ends the attempts and is told."""
    assert refusal(429, wait_s=60, patience_s=60).again is True
    long = refusal(429, wait_s=61, patience_s=60)
    assert (long.again, long.detail) == (False, "HTTP 429, asks to wait 61 s")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, 86_400.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("Sun, 01 Mar 2026 12:00:05 -0000", 5.0),
        ("-5", None),
        ("soon", None),
        ("١٢", None),
        ("", None),
    ],
)
def test_retry_after_holds_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    """Both forms of RFC 9110 are read, a date against the present; the rest is no wish at all."""
    assert seconds == retry_after_s(value, NOW)


@given(
    st.one_of(st.text(max_size=60), st.from_regex(r"\w{3}, \d+ (Jan|Feb) \d+ \d+:\d+:\d+ [+-]?\w{3,6}", fullmatch=True))
)
def test_retry_after_never_fails(value: str) -> None:
    """Whatever a server writes, the wait is unknown or between nothing and a day."""
    seconds = retry_after_s(value, NOW)
    assert seconds is None or 0.0 <= seconds <= 86_400.0


@pytest.mark.parametrize(
    "value",
    [None, "", "text/html", "TEXT/HTML;charset=utf-8", "application/xhtml+xml", "text/plain", "application/rss+xml",
     "application/atom+xml; charset=utf-8", "text/xml", "application/feed+json", "text/html, text/html",
     "application/x-rss+xml", "APPLICATION/XML", "application/octet-stream", "application/gzip", "application/x-gzip"],
)  # fmt: skip
def test_text_feeds_and_sitemaps_pass(value: str | None) -> None:
    """Pages, plain text, XML and feeds are read; what has no type, or one that says nothing, is looked at first."""
    opaque = not value or "gzip" in value or "octet" in value
    assert check_type(value) is opaque


@pytest.mark.parametrize(
    "value",
    ["image/png", "application/msword", "video/mp4", "image/svg+xml", "application/zip", "font/woff2"],
)
def test_other_types_do_not_pass(value: str) -> None:
    """Pictures, films, archives and programs are not read."""
    with pytest.raises(FetchError) as caught:
        check_type(value)
    assert (Reason.BAD_TYPE, f"content type {value}") == (caught.value.reason, caught.value.detail)


def test_pdf_passes_where_it_can_be_read() -> None:
    """By its type or its first bytes; elsewhere the reason names what to install."""
    assert not check_type("application/pdf", pdf=True)
    check_start(b"%PDF-1.7", pdf=True)
    with pytest.raises(FetchError, match=r"newsmill\[pdf\]") as caught:
        check_type("application/pdf", pdf=False)
    assert caught.value.reason is Reason.BAD_TYPE


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"<!doctype html><title>Hafen</title>",
        b"\n\t <?xml version='1.0'?><urlset/>",
        gzip.compress(b"<urlset/>", mtime=0),
        "Паром отменили из-за шторма.".encode("koi8-r"),
        "Färjan ställdes in.".encode("utf-16"),
        "<p>Färjan</p>".encode("utf-16-be"),
        "渡し船は欠航した。".encode("iso-2022-jp"),
        "渡し船は欠航した。".encode("shift_jis"),
        b'{"version": "https://jsonfeed.org/version/1.1"}',
    ],
)
def test_text_of_any_encoding_may_have_no_type(start: bytes) -> None:
    """Markup, text, JSON and gzip are recognised by their first bytes."""
    check_start(start)


@pytest.mark.parametrize(
    "start",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"PK\x03\x04\x14\0",
        b"\x7fELF\x02\x01\x01\0",
        b"MZ\x90\0",
        b"\0\0\0\x20ftypisom",
        b"GIF89a",
        b"{\\rtf1\\ansi",
        b"%!PS-Adobe-3.0",
        b"BZh91AY&SY\0",
        b"\x1f\x8b",
    ],
)
def test_pictures_and_programs_without_a_type_do_not_pass(start: bytes) -> None:
    """The first bytes are shown, for whoever wonders what it was."""
    with pytest.raises(FetchError) as caught:
        check_start(start)
    assert caught.value.reason == Reason.BAD_TYPE
    assert caught.value.detail == f"no text: the body begins with {start[:8].hex(' ')}"


@pytest.mark.parametrize(
    "text",
    ["", "news", "/a", "//example.org/a", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "http://",
     "http:///a", "http://a:b@example.org/", "http://a@example.org/", "http://example.org:0/", "https://[::1/",
     "http://example.org:99999/", "http://example.org:x/", "http://a\0b/", "http://example.org/" + "a" * 9_000],
)  # fmt: skip
def test_bad_urls_are_refused(text: str) -> None:
    """Only http and https, with a host, a possible port, no password and a sane length."""
    with pytest.raises(FetchError) as caught:
        parse_url(text)
    assert caught.value.reason == Reason.BAD_URL


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://h", "http://h/", "//", "http://["]))
def test_any_text_is_a_url_or_refused(text: str, before: str) -> None:
    """No text makes anything but a URL or the one exception; as a redirect neither."""
    base = parse_url("http://example.org/a/b")
    for as_redirect in (False, True):
        try:
            url = redirect_target(base, before + text) if as_redirect else parse_url(before + text)
        except FetchError:
            continue
        assert url.scheme in ("http", "https")
        assert url.raw_host
        assert not url.userinfo
        assert not url.fragment


def test_a_url_is_read_without_fragment_and_blanks() -> None:
    """What a server never sees is not part of what we ask for."""
    assert str(parse_url("  https://EXAMPLE.org/a?b=c#part \n")) == "https://example.org/a?b=c"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/c", "http://example.org/c"),
        ("c", "http://example.org/a/c"),
        ("?q=1", "http://example.org/a/b?q=1"),
        ("//other.org/x", "http://other.org/x"),
        ("https://other.org/x#y", "https://other.org/x"),
        ("/стаття", "http://example.org/%D1%81%D1%82%D0%B0%D1%82%D1%82%D1%8F"),
    ],
)
def test_redirects_are_relative_to_their_page(location: str, target: str) -> None:
    """Every form of a Location header is resolved as RFC 3986 says."""
    assert target == str(redirect_target(parse_url("http://example.org/a/b"), location))


@pytest.mark.parametrize("location", ["ftp://example.org/", "data:text/html,x", "http://u:p@example.org/", "http://["])
def test_a_redirect_to_no_page_is_a_redirect_fault(location: str) -> None:
    """The seed was a good URL; what it led to was not."""
    with pytest.raises(FetchError) as caught:
        redirect_target(parse_url("http://example.org/a/b"), location)
    assert caught.value.reason == Reason.REDIRECTS


def test_host_and_origin() -> None:
    """Politeness is owed to a host and port, whatever the scheme; robots.txt speaks for scheme, host and port."""
    url = parse_url("http://news.example.org.:8080/a?b")
    assert host_of(url) == "news.example.org:8080"
    assert host_of(parse_url("https://news.example.org/")) == host_of(parse_url("http://news.example.org:80/"))
    assert str(origin_of(url)) == "http://news.example.org.:8080/"


def test_the_pause_grows_and_spreads() -> None:
    """Each pause is about the attempt's number times the backoff; URLs differ, repetitions do not."""
    policy = FetchPolicy(backoff_s=2.0)
    pauses = [policy.pause_s(f"http://example.org/{number}", 2) for number in range(200)]
    assert pauses == [policy.pause_s(f"http://example.org/{number}", 2) for number in range(200)]
    assert min(pauses) >= 2.0
    assert max(pauses) <= 6.0
    assert max(pauses) - min(pauses) > 3.0


@pytest.mark.parametrize(
    ("agent", "name"), [("newsmill/0.2 (+https://example.org)", "newsmill"), ("Mybot (test)", "Mybot"), ("x", "x")]
)
def test_robots_name_is_the_product_token(agent: str, name: str) -> None:
    """robots.txt is asked by the first word of the user agent."""
    assert name == FetchPolicy(user_agent=agent).robots_name


@pytest.mark.parametrize("text", ["http://I❤.example/x", "http://xn--i-7iq.example/x"])
def test_names_that_the_newer_standard_forbids_are_asked_for(text: str) -> None:
    """They are registered, and browsers find them: as IDNA 2003 writes them."""
    url = parse_url(text)
    assert (str(url), host_of(url)) == ("http://xn--i-7iq.example/x", "xn--i-7iq.example")
