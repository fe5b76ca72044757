"""What statuses, types, Retry-After headers, URLs and redirects amount to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.failure import FetchError
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.responses import check_type, refusal, retry_after_s
from ingest.fetch.targets import host_of, origin_of, parse_url, redirect_target
from ingest.outcome import Reason

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "reason", "again"),
    [
        (204, Reason.HTTP_ERROR, False),
        (304, Reason.HTTP_ERROR, False),
        (400, Reason.HTTP_ERROR, False),
        (401, Reason.BLOCKED, False),
        (403, Reason.BLOCKED, False),
        (404, Reason.NOT_FOUND, False),
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
     "application/atom+xml; charset=utf-8", "text/xml", "application/feed+json", "text/html, text/html"],
)  # fmt: skip
def test_text_and_feeds_pass(value: str | None) -> None:
    """Pages, plain text, XML and feeds are read, and so is what has no type."""
    check_type(value)


@pytest.mark.parametrize(
    "value", ["image/png", "application/pdf", "video/mp4", "application/octet-stream", "application/zip", "text/css"]
)
def test_other_types_do_not_pass(value: str) -> None:
    """Pictures, films, archives and programs are not read."""
    with pytest.raises(FetchError) as caught:
        check_type(value)
    assert (Reason.BAD_TYPE, f"content type {value}") == (caught.value.reason, caught.value.detail)


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
        assert url.host
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
    ("agent", "name"), [("newsmill/0.1 (+https://example.org)", "newsmill"), ("Mybot (test)", "Mybot"), ("x", "x")]
)
def test_robots_name_is_the_product_token(agent: str, name: str) -> None:
    """robots.txt is asked by the first word of the user agent."""
    assert name == FetchPolicy(user_agent=agent).robots_name
