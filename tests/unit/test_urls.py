"""URLs: one spelling for each address, and a key that follows from it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.urls import (
    absolute,
    canonicalize,
    content_key,
    host_of,
    is_home_page,
    same_pages,
    same_site,
    site_of,
    url_key,
)

SPELLINGS = {
    "HTTP://Example.ORG": "http://example.org/",
    "  https://example.org/a \n": "https://example.org/a",
    "http://example.org:80/a": "http://example.org/a",
    "https://example.org:443/a": "https://example.org/a",
    "https://example.org:80/a": "https://example.org:80/a",
    "https://example.org:/a": "https://example.org/a",
    "https://example.org./a": "https://example.org/a",
    "https://anna:secret@example.org/a": "https://example.org/a",
    "https://example.org/a#comments": "https://example.org/a",
    "https://example.org/a?": "https://example.org/a",
    "https://example.org?a=1": "https://example.org/?a=1",
    # Hosts in other scripts, and IPv6.
    "https://räksmörgås.example/": "https://xn--rksmrgs-5wao1o.example/",
    "https://РАДИО.example/": "https://xn--80aimyg.example/",
    "https://example\u3002org\u3002/": "https://example.org/",
    "http://[2001:DB8::1]:8080/a": "http://[2001:db8::1]:8080/a",
    # Dot segments, also escaped ones.
    "https://example.org/a/./b/../c": "https://example.org/a/c",
    "https://example.org/a/b/..": "https://example.org/a/",
    "https://example.org/../../a": "https://example.org/a",
    "https://example.org/a/%2E%2e/b": "https://example.org/b",
    "https://example.org//a//b": "https://example.org//a//b",
    # Escapes: only where needed, in one spelling; an escaped slash or percent sign is data.
    "https://example.org/%7Eanna/%c3%a5": "https://example.org/~anna/%C3%A5",
    "https://example.org/å b": "https://example.org/%C3%A5%20b",
    "https://example.org/a%2fb": "https://example.org/a%2Fb",
    "https://example.org/100%": "https://example.org/100%25",
    "https://example.org/%252F": "https://example.org/%252F",
    "https://example.org/%EF%F0": "https://example.org/%EF%F0",
    # Parameters: trackers and sessions go, the others keep their order.
    "https://example.org/a?b=2&a=1&b=3": "https://example.org/a?b=2&a=1&b=3",
    "https://example.org/a?utm_source=x&id=7&fbclid=y": "https://example.org/a?id=7",
    "https://example.org/a?UTM_Campaign=x&%75tm_medium=y": "https://example.org/a",
    "https://example.org/a?at_medium=x&at_id=5": "https://example.org/a?at_id=5",
    "https://example.org/a;jsessionid=8F3A?p=1": "https://example.org/a?p=1",
    "https://example.org/a%3Bjsessionid=8F3A": "https://example.org/a",
    "https://example.org/a/..;sid=8f3a/b": "https://example.org/b",
    "https://example.org/a?PHPSESSID=8f3a9c&id=7": "https://example.org/a?id=7",
    "https://example.org/a?sid=8f3a9c": "https://example.org/a",
    "https://example.org/a?q=a+b%20c%2Bd": "https://example.org/a?q=a+b+c%2Bd",
    "https://example.org/a?flag": "https://example.org/a?flag=",
    # Where a link stood is no address, but only if the value says so.
    "https://example.org/a?ref=rss": "https://example.org/a",
    "https://example.org/a?source=Newsletter&from=twitter": "https://example.org/a",
    "https://example.org/a?ref=12&source=weekly": "https://example.org/a?ref=12&source=weekly",
    "https://example.org/a?gbraid=1&wbraid=2&_hsenc=3&srsltid=4&hsa_cam=5&mc_eid=6": "https://example.org/a",
    "https://example.org/a?ASPSESSIONIDQ=X&CFID=1&CFTOKEN=2&osCsid=3&session_id=4": "https://example.org/a",
    "https://example.org/(S(lit3py55t21z5v55vlm25s55))/a": "https://example.org/a",
    "https://example.org/(S(a))/b": "https://example.org/(S(a))/b",
    # A fragment that names the page.
    "https://example.org/#!/story/7": "https://example.org/#!/story/7",
    "https://example.org/a#!b c": "https://example.org/a#!b%20c",
}


@pytest.mark.parametrize("url", SPELLINGS)
def test_one_spelling(url: str) -> None:
    """All spellings of an address become one."""
    assert SPELLINGS[url] == canonicalize(url)


def test_numbers_of_articles_are_no_sessions() -> None:
    """sid=1871 and sid=1872 are two articles on many an old site: they must not become one record."""
    assert canonicalize("https://example.org/article.php?sid=1871") == "https://example.org/article.php?sid=1871"


def test_parameters_in_another_charset_stay_apart() -> None:
    """Two words of the same length in cp1251 are two addresses, though neither is UTF-8."""
    snow, rain = ("https://example.org/?q=" + word for word in ("%F1%ED%E5%E3", "%E4%EE%E6%E4"))
    assert [snow, rain] == [canonicalize(snow), canonicalize(rain)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news",
        "/a/b",
        "//example.org/a",
        "ftp://example.org/a",
        "mailto:anna@example.org",
        "javascript:void(0)",
        "file:///etc/hosts",
        "http://",
        "http:///x",
        "http:\\\\example.org\\a",
        "http://?a=1",
        "http://./",
        "http://a..b/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "é" * 80 + ".example/",
        "http://a b/",
        "http://a%41/",
        "http://a\x00b/",
        "http://a\x7fb/",
        "http://a/\ud800",
        "http://a/?q=\ud800",
        "http://\ud800/",
        "http://a:99999/",
        "http://a:b/",
        "http://a:-1/",
        "http://a:\uff18\uff10/",
        "http://[::1/",
        "http://[x]/",
        "http://a\u2100b/",
    ],
)
def test_no_address(url: str) -> None:
    """What is no absolute http or https URL is refused with a ValueError; nothing else names a site of it."""
    with pytest.raises(ValueError, match=r"."):
        canonicalize(url)


# Made of what URLs are made of: random text would hardly ever be one.
PIECES = st.text(st.sampled_from("ab./;%?&=#:@[] +2eEfF35sidjé。٪\\\xad\u200d\ud800\udcff\x00\t"), max_size=30)


@given(PIECES, PIECES, PIECES)
@example("a", "%2e%2e/b", "")
@example("a", "%3Bsid=1", "")
@example("a。", "", "")
@example("a", "(S(aaaaaaaaaaaaaaaaaaaa))/..", "#!%2F#")
@example("a", "%%32F", "%F1=%ED")
def test_canonicalize_is_idempotent(host: str, path: str, query: str) -> None:
    """A canonical URL is its own canonical URL, in ASCII, on the same site; all else is a ValueError."""
    for url in (f"http://{host}/{path}?{query}", f"https://example.org/{path}?{query}", f"https://{host}"):
        try:
            canonical = canonicalize(url)
        except ValueError:
            continue
        assert canonical == canonicalize(canonical)
        assert canonical.isascii()
        assert same_site(url, canonical)


@given(st.one_of(st.text(), PIECES.map("http://".__add__)))
@example("http://[")
@example("http://a:b/")
@example("http://\ud800/")
def test_asking_for_the_site_never_fails(text: str) -> None:
    """Any text at all has a host and a site, if empty ones."""
    assert isinstance(host_of(text), str)
    assert isinstance(site_of(text), str)
    assert same_site(text, text) == (site_of(text) != "")


def test_host() -> None:
    """The host is what people call the site: without "www." and port."""
    assert host_of("https://www.Example.org:8080/a") == "example.org"
    assert "" == host_of("no address") == host_of("file:///tmp/a.html") == host_of("http://[::1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "http://www.example.org/b", True),
        ("https://example.org/a", "https://example.org:443/b", True),
        ("http://example.org:80/", "http://EXAMPLE.org./", True),
        ("https://räksmörgås.example/", "https://xn--rksmrgs-5wao1o.example/b", True),
        ("https://example.org/", "https://example.org:8443/", False),
        ("https://example.org/", "https://news.example.org/", False),
        ("no address", "no address", False),
        ("file:///tmp/a", "file:///tmp/a", False),
    ],
)
def test_same_site(one: str, other: str, *, same: bool) -> None:
    """Scheme, "www.", the spelling of the host and a default port do not matter; another port or host does."""
    assert same is same_site(one, other) is same_site(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "https://www.example.org/b", True),
        ("https://m.example.org/a", "https://www.example.org/b", True),
        ("https://mobile.example.org/", "https://amp.example.org/", True),
        ("https://www.m.example.org/", "https://example.org/", True),
        ("https://www-ex--ample-org.cdn.ampproject.org/c/s/www.ex-ample.org/a", "https://ex-ample.org/a", True),
        ("https://m.example.org/", "https://m.example.com/", False),
        ("https://sport.example.org/", "https://example.org/", False),
        ("https://m.org/", "https://amp.org/", False),
        ("no address", "no address", False),
    ],
)
def test_same_pages(one: str, other: str, *, same: bool) -> None:
    """Layouts of a site for phones, and its copy in the AMP cache, hold the same pages; other hosts do not."""
    assert same is same_pages(one, other) is same_pages(other, one)


def test_keys() -> None:
    """Keys are hex SHA-256: of the canonical URL, or of a local file's bytes."""
    assert hashlib.sha256(b"https://example.org/").hexdigest() == url_key("https://example.org/")
    assert hashlib.sha256(b"\xff\x00").hexdigest() == content_key(b"\xff\x00")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        (" /ferry#top ", "https://bay.example/ferry#top"),
        ("//other.example/a", "https://other.example/a"),
        ("mailto:ann@bay.example", None),
        ("javascript:void(0)", None),
        ("http://[::1", None),
    ],
)
def test_absolute(href: str, expected: str | None) -> None:
    """A reference becomes an address of the web, or nothing."""
    assert absolute("https://bay.example/harbour", href) == expected


def test_home_pages() -> None:
    """The address of a site names no page in it; one that cannot be read names none either."""
    assert all(
        map(is_home_page, ("https://bay.example", "https://bay.example/", "https://bay.example/#top", "http://["))
    )
    assert not any(map(is_home_page, ("https://bay.example/ferry", "https://bay.example/?p=12")))
