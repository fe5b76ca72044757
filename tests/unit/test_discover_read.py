"""What a page is, whatever it calls itself, and what a person is told about one that is nothing to read."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pages import page

from ingest.discover.listing import Kind, Listing
from ingest.discover.read import read_listing
from ingest.model import Page, Via
from ingest.outcome import Reason, Rejection, Stage

URL = "https://bay.example.org/feeds/news.xml"

RSS = '<rss version="2.0"><channel><item><title>Паром</title><link>/1</link></item></channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Färjan</title><link href="/1"/></entry></feed>'
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<channel/><item><link>https://bay.example.org/1</link></item></rdf:RDF>"
)
JSON_FEED = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/1"}]}'
URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/1</loc></url></urlset>'
NEWS = (
    '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/1</loc>'
    "<n:news><n:title>The bell is back</n:title></n:news></url></urlset>"
)
INDEX = "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"
ADDRESSES = "https://bay.example.org/1\nhttps://bay.example.org/2\n"
SECTION = (
    '<!doctype html><title>Bay</title><h2><a href="/2024/04/01/the-old-bell-rings-again">The old bell rings again</a>'
)
KINDS = {
    Kind.RSS: RSS,
    Kind.ATOM: ATOM,
    Kind.RDF: RDF,
    Kind.JSON_FEED: JSON_FEED,
    Kind.SITEMAP: URLSET,
    Kind.NEWS_SITEMAP: NEWS,
    Kind.SITEMAP_INDEX: INDEX,
    Kind.TEXT_SITEMAP: ADDRESSES,
    Kind.PAGE: SECTION,
}
DECLARED = '<?xml version="1.0"?>\n<?xml-stylesheet href="/feed.xsl"?>\n<!-- made by hand -->\n'


def _page(body: str | bytes, content_type: str | None = "text/html", via: Via = Via.FEED, **known: str) -> Page:
    return page(body, content_type, url=URL, source="bay", via=via, **known)


def _listing(body: str | bytes, content_type: str | None = "text/html", via: Via = Via.SECTION) -> Listing:
    found = read_listing(_page(body, content_type, via))
    assert isinstance(found, Listing), found
    return found


def _detail(body: str | bytes, content_type: str | None = "text/xml", via: Via = Via.FEED) -> str:
    found = read_listing(_page(body, content_type, via))
    assert isinstance(found, Rejection), found
    assert (found.url, found.source, found.stage, found.reason) == (URL, "bay", Stage.DISCOVER, Reason.BAD_FEED)
    return found.detail


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content_type", ["text/html", "application/rss+xml; charset=utf-8", "application/json", None])
def test_the_bytes_tell_the_kind(kind: Kind, content_type: str | None) -> None:
    """The content type does not matter."""
    assert kind == _listing(KINDS[kind], content_type).kind


@pytest.mark.parametrize("kind", KINDS)
def test_gzip_is_unpacked_whatever_it_is_called(kind: Kind) -> None:
    """A packed body is read like a plain one, also where a server packed it twice."""
    packed = gzip.compress(KINDS[kind].encode())
    plain = _listing(KINDS[kind])
    assert [plain] * 2 == [_listing(packed, "application/gzip"), _listing(gzip.compress(packed), "text/xml")]


@pytest.mark.parametrize("kind", [Kind.RSS, Kind.ATOM, Kind.RDF, Kind.SITEMAP, Kind.NEWS_SITEMAP, Kind.SITEMAP_INDEX])
@pytest.mark.parametrize(
    "before",
    [
        DECLARED,
        "\n\n  " + DECLARED,
        "\ufeff" + DECLARED,
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "<html>]>"> <!-- ]> --> <!ELEMENT b (#PCDATA)>]>',
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">',
        "<br />\n<b>Warning</b>: no database in <b>/var/www/feed.php</b> on line <b>3</b><br />\n" + DECLARED,
        "Notice: undefined index\n" + DECLARED,
    ],
    ids=["declared", "blank", "mark", "subset", "netscape", "php html", "php text"],
)
def test_what_stands_before_the_root(kind: Kind, before: str) -> None:
    """Declarations, comments, document types and warnings of PHP are passed over."""
    assert _listing(KINDS[kind]) == _listing(before + KINDS[kind])


@pytest.mark.parametrize("kind", [Kind.RSS, Kind.ATOM, Kind.SITEMAP])
@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_charsets_of_unicode(kind: Kind, charset: str) -> None:
    """UTF-8 and UTF-16 are read with and without a byte order mark."""
    assert _listing(KINDS[kind]) == _listing(KINDS[kind].encode(charset))


@pytest.mark.parametrize(
    ("charset", "declared", "title"),
    [
        ("cp1251", "windows-1251", "Паром снова ходит через залив"),
        ("koi8-r", "koi8-r", "Паром снова ходит через залив"),
        ("latin-1", "iso-8859-1", "Färjan går över sundet"),
        ("cp1252", "utf-8", "Färjan går över sundet – igen"),
        ("cp1256", "windows-1256", "العبارة تعود إلى الخليج"),
        ("utf-8", "windows-1251", "Паром снова ходит"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.RSS, Kind.NEWS_SITEMAP])
def test_charsets_of_feeds_and_sitemaps(kind: Kind, charset: str, declared: str, title: str) -> None:
    """The declaration is believed unless the bytes say otherwise, and a wrong header is not."""
    title_as = {Kind.RSS: ("Паром", title), Kind.NEWS_SITEMAP: ("The bell is back", title)}[kind]
    body = f'<?xml version="1.0" encoding="{declared}"?>' + KINDS[kind].replace(*title_as)
    (seed,) = _listing(body.encode(charset), "text/xml; charset=utf-8").seeds
    assert title == seed.title


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "an empty answer"),
        (" \n\ufeff\0", "an empty answer"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", "binary data"),
        ("User-agent: *\nDisallow: /", "text that begins 'User-agent: * Disallow: /'"),
        ("<opml><body/></opml>", "an OPML list of feeds"),
        ('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "XML with the root <Error>"),
        ('{"error": "gone"}', "JSON, but no JSON Feed"),
        ("[" * 100_000, "JSON that cannot be read"),
        ('{"items": ' + "9" * 5_000 + "}", "JSON that cannot be read"),
        ("<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 10_000 + "]><rss/>", "XML whose root is not among the first"),
        ("<html><body>Login</body></html>", "an HTML page, no feed, and it names none"),
        ("https://bay.example.org/1\nthis\nis\nno list\n", "text in which most lines are no addresses"),
        (gzip.compress(b"not a feed", mtime=0), "text that begins 'not a feed'"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\xff" * 40, "a broken gzip file"),
        ("<rss>" + "<a>" * 1_000, "more than 500 elements inside one another"),
    ],
    ids=lambda value: None if isinstance(value, bytes) or len(value) > 40 else value,
)
def test_what_it_was_instead(body: str | bytes, told: str) -> None:
    """A rejection says what was found in place of a feed."""
    assert told in _detail(body)


@pytest.mark.parametrize("via", [Via.FEED, Via.SITEMAP])
def test_a_page_in_place_of_a_feed(via: Via) -> None:
    """An HTML page that is asked for as a feed is refused, with the feed that it names."""
    body = '<html><head><link rel="alternate" type="application/rss+xml" href="/rss/all"></head><body>Moved'
    assert _detail(body, "text/html", via) == "an HTML page, no feed; it names the feed https://bay.example.org/rss/all"


def test_what_a_bomb_may_not_do() -> None:
    """A gzip body that unpacks to more than it may is refused before it is unpacked, by its size or by its ratio."""
    urls = "".join(f"<url><loc>https://bay.example.org/{number * 7919 % 99991}</loc></url>" for number in range(30_000))
    packed = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    assert isinstance(read_listing(_page(packed, via=Via.SITEMAP)), Listing)
    small = read_listing(_page(packed, via=Via.SITEMAP), max_decoded=1_000_000)
    assert isinstance(small, Rejection)
    assert "unpacks to more than 1,000,000 bytes" in small.detail
    assert "more than 200 times" in _detail(gzip.compress(b"<urlset>" + b" " * 20_000_000))
    assert "gzip in gzip" in _detail(gzip.compress(gzip.compress(gzip.compress(RSS.encode()))))


def test_an_entity_bomb_is_a_short_text() -> None:
    """Entities are neither expanded nor loaded, in feeds and in sitemaps: their declarations are cut off."""
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level else "ha"}">' for level in range(10))
    subset = f'<?xml version="1.0"?><!DOCTYPE x [{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    (feed,) = _listing(subset + RSS.replace("Паром", "&l9; Паром &file;")).seeds
    (sitemap,) = _listing(subset + NEWS.replace("The bell", "&l9; The bell &file;")).seeds
    assert (feed.title, sitemap.title) == ("Паром", "&l9; The bell &file; is back")


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "text/xml; charset=utf-16", "application/json; charset=hex"]))
def test_any_bytes_are_a_listing_or_a_rejection(body: bytes, content_type: str | None) -> None:
    """No bytes raise an exception."""
    assert isinstance(read_listing(_page(body, content_type)), Listing | Rejection)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from([DECLARED + body for body in KINDS.values()] + [SECTION + RSS, RSS + ATOM]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=12)), max_size=6),
    st.sampled_from([Via.FEED, Via.SECTION]),
    st.booleans(),
)
def test_damaged_listings(body: str, damage: list[tuple[float, int, bytes]], via: Via, packed: bool) -> None:
    """A listing in which bytes are lost, changed or added is read or rejected, and its seeds can be stored."""
    data = body.encode()
    for place, lost, added in damage:
        at = int(place * len(data))
        data = data[:at] + added + data[at + lost :]
    found = read_listing(_page(gzip.compress(data) if packed else data, via=via))
    assert isinstance(found, Listing | Rejection)
    if isinstance(found, Listing):
        for seed in found.seeds:
            assert json.loads(json.dumps([seed.url, seed.title], ensure_ascii=False).encode()) == [seed.url, seed.title]
            assert "\0" not in (seed.title or "")
    else:
        assert found.detail.encode()


@settings(deadline=None, max_examples=200)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9), lambda inner: (
    st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["items", "url", "id", "title", "date_published", "version"]), inner, max_size=5)
), max_leaves=20))  # fmt: skip
def test_any_json_is_a_listing_or_a_rejection(value: object) -> None:
    """JSON of any shape is read or rejected."""
    assert isinstance(read_listing(_page(json.dumps(value))), Listing | Rejection)
