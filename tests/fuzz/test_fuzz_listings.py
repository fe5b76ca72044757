"""Any feed, sitemap or list ends as a listing or a rejection; one that is whole says what was written into it."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize
from xml.sax.saxutils import escape, quoteattr

from hypothesis import example, given
from hypothesis import strategies as st
from support.fuzzing import (
    CHARSETS,
    CONTENT_TYPES,
    DAMAGE,
    DATES,
    HTML,
    LINES,
    ODD,
    URLS,
    damaged,
    encoded,
    fuzz,
    page_of,
)

from ingest.discover.feeds import MAX_ENTRIES
from ingest.discover.listing import Listing
from ingest.discover.read import read_listing
from ingest.discover.sitemaps import MAX_ENTRIES as MAX_ADDRESSES
from ingest.model import Via
from ingest.outcome import Reason, Rejection, Stage

# What reading a listing may cost: it is read in the process that runs everything else. Measured: 0.01 s.
_SECONDS = 5.0
_NAMES = (
    *(
        "rss",
        "channel",
        "item",
        "entry",
        "feed",
        "rdf:RDF",
        "urlset",
        "url",
        "sitemapindex",
        "sitemap",
        "loc",
        "lastmod",
    ),
    *("title", "link", "guid", "id", "pubDate", "updated", "published", "description", "content:encoded", "news:news"),
    *("news:publication_date", "news:title", "image:loc", "atom:link", "author", "media:thumbnail", "summary"),
)
_ROOTS = st.sampled_from(
    (
        ('<rss version="2.0"><channel>', "</channel></rss>"),
        ('<feed xmlns="http://www.w3.org/2005/Atom">', "</feed>"),
        ('<rdf:RDF xmlns="http://purl.org/rss/1.0/">', "</rdf:RDF>"),
        ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">', "</urlset>"),
        ("<sitemapindex>", "</sitemapindex>"),
    )
)
_PROLOGS = st.sampled_from(
    (
        *("", "\ufeff", "\n\n", "<!-- rss -->", "<b>Warning</b>: on line <b>3</b>", "<?xml-stylesheet href='x'?>"),
        *('<?xml version="1.0"?>', '<?xml version="1.1" encoding="windows-1251"?>'),
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>',
    )
)
_VALUES = st.one_of(
    URLS,
    DATES,
    LINES,
    st.sampled_from(
        ("&b;", "&f;", "&nbsp;", "&#0;", "&#xD800;", "&amp;amp;", "<![CDATA[<b>x</b>]]>", "<![CDATA[", "]]>")
    ),
)


def _xml(name: str, attributes: list[tuple[str, str]], children: list[str], ending: str) -> str:
    opened = "".join(f' {key}="{value}"' for key, value in attributes)
    return f"<{name}{opened}>{''.join(children)}{ending.format(name)}"


_ELEMENTS = st.recursive(
    _VALUES,
    lambda inner: st.builds(
        _xml,
        st.sampled_from(_NAMES),
        st.lists(
            st.tuples(st.sampled_from(("href", "rel", "type", "xml:base", "isPermaLink", "xmlns")), _VALUES), max_size=2
        ),
        st.lists(inner, max_size=5),
        st.sampled_from(("</{}>", "</{}>", "</{}>", "", "/>", "</item>")),
    ),
    max_leaves=15,
)
_XML = st.builds(
    lambda prolog, root, children: f"{prolog}{root[0]}{''.join(children)}{root[1]}",
    _PROLOGS,
    _ROOTS,
    st.lists(_ELEMENTS, max_size=6),
)
_JSON_FEEDS = st.dictionaries(
    st.sampled_from(("version", "title", "items", "language", "home_page_url", "next_url")),
    st.one_of(
        LINES,
        st.lists(
            st.one_of(
                st.none(),
                st.dictionaries(
                    st.sampled_from(("id", "url", "external_url", "title", "date_published", "language")),
                    st.one_of(URLS, DATES, LINES, st.integers(), st.none()),
                ),
            ),
            max_size=4,
        ),
    ),
).map(lambda value: json.dumps(value, ensure_ascii=False))
_ADDRESS_LISTS = st.lists(URLS, max_size=8).map("\r\n".join)
_LISTINGS = st.one_of(_XML, _XML, _JSON_FEEDS, _ADDRESS_LISTS, HTML)
_VIAS = st.sampled_from((Via.FEED, Via.SITEMAP, Via.SECTION))


def check(got: Listing | Rejection) -> None:
    """What holds for whatever becomes of a listing."""
    if isinstance(got, Rejection):
        assert (got.stage, got.reason) == (Stage.DISCOVER, Reason.BAD_FEED)
        assert got.detail
        got.detail.encode()
        return
    assert len(got.entries) <= MAX_ADDRESSES
    assert len(got.entries) <= max(got.found, 0)
    for entry in got.entries:
        seed = entry.seed
        assert seed.url == seed.url.strip() != ""
        assert entry.at is None or entry.at.tzinfo is not None
        assert seed.published_at is None or seed.published_at <= page_of(b"").fetched_at.replace(hour=13)
        assert seed.title is None or seed.title == " ".join(seed.title.split())
        assert "root:" not in (seed.title or ""), "a file of this machine was read"
    dated = [entry.at for entry in got.entries if entry.at is not None]
    assert dated == sorted(dated, reverse=True)
    repr(got).encode()


@fuzz(150)
@given(text=_LISTINGS, charset=CHARSETS, content_type=CONTENT_TYPES, damage=DAMAGE, via=_VIAS, packed=st.booleans())
@example(
    # White space that two parts of an expression could share kept the run busy for hours.
    text="<rss><channel><item><guid>" + " " * 300_000 + "</guid></item></channel></rss>",
    charset="utf-8",
    content_type="text/xml",
    damage=[],
    via=Via.FEED,
    packed=False,
)
@example(
    text='<urlset><url a="&#xD800;" xmlns="&#55296;"><loc>https://courier.example/&#xDFFF;</loc></url></urlset>',
    charset="utf-8",
    content_type="text/xml",
    damage=[],
    via=Via.FEED,
    packed=False,
)
@example(
    text="<rss>\u00e5</rss>",
    charset="iso-8859-1",
    content_type="text/xml; charset =" + " " * 60_000,
    damage=[],
    via=Via.FEED,
    packed=False,
)
def test_any_listing_is_read_or_rejected(
    text: str, charset: str, content_type: str, damage: list[tuple[str, float, int, bytes]], via: Via, packed: bool
) -> None:
    """Broken feeds, sitemaps, lists and section pages never raise, take no time, and read nothing but themselves."""
    body = encoded(text, charset)
    body = damaged(gzip.compress(body, mtime=0) if packed else body, damage)
    start = time.thread_time()
    got = read_listing(page_of(body, content_type, via=via))
    assert time.thread_time() - start < _SECONDS
    check(got)


_INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)
# White space is squeezed and controls are left out: what is left must come back as it was.
_TITLES = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split())
)


def _looks_twice_encoded(text: str) -> bool:
    """Whether a title could be UTF-8 that was taken for Latin-1: feedparser mends such texts."""
    try:
        return text.encode("latin-1").decode("utf-8") != text
    except UnicodeError:
        return False


_STORIES = st.lists(
    st.tuples(
        st.from_regex(r"[a-cåж0-9/-]{1,20}[a-c0-9](\?[a-c]=[a-c0-9åж]{1,5}(&d=1)?)?", fullmatch=True),
        _TITLES.filter(lambda text: text and not _looks_twice_encoded(text) and "</" not in text),  # that is markup
        _INSTANTS,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda story: story[2],
)


def as_rss(stories: list[tuple[str, str, datetime]]) -> str:
    """The stories as a feed, as a careful publisher writes it."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for link, title, at in stories
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'


def as_atom(stories: list[tuple[str, str, datetime]]) -> str:
    """The stories as Atom."""
    entries = "".join(
        f"<entry><title>{escape(title)}</title><link href={quoteattr(link)}/><id>urn:x:{number}</id>"
        f"<published>{at.isoformat()}</published></entry>"
        for number, (link, title, at) in enumerate(stories)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title>{entries}</feed>'


def as_news_sitemap(stories: list[tuple[str, str, datetime]]) -> str:
    """The stories as a sitemap of news."""
    urls = "".join(
        f"<url><loc>{escape(link)}</loc><news:news><news:publication_date>{at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(title)}</news:title></news:news></url>"
        for link, title, at in stories
    )
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<urlset {spaces}>{urls}</urlset>"


def as_json(stories: list[tuple[str, str, datetime]]) -> str:
    """The stories as JSON Feed."""
    items = [{"id": link, "url": link, "title": title, "date_published": at.isoformat()} for link, title, at in stories]
    feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": items}
    return json.dumps(feed)


@fuzz(60)
@given(stories=_STORIES, write=st.sampled_from((as_rss, as_atom, as_news_sitemap, as_json)), packed=st.booleans())
def test_what_was_written_is_read(stories: list[tuple[str, str, datetime]], write: Any, packed: bool) -> None:
    """Every story of a sound listing is found, newest first, with its address, its title (composed) and time."""
    whole = [(f"https://courier.example/{path}", normalize("NFC", title), at) for path, title, at in stories]
    body = write(whole).encode()
    got = read_listing(page_of(gzip.compress(body, mtime=0) if packed else body, "text/xml", via=Via.FEED))
    assert isinstance(got, Listing), got
    newest = sorted(whole, key=lambda story: story[2], reverse=True)
    assert newest == [(seed.url, seed.title, seed.published_at) for seed in got.seeds]


@fuzz(3)
@given(
    tag=st.sampled_from(_NAMES),
    filling=st.sampled_from((*ODD, " ", "<", "&", "<!--", "<a ", "a")),
    many=st.just(200_000),
)
def test_no_repetition_is_an_attack(tag: str, filling: str, many: int) -> None:
    """An element full of one thing takes no longer than one of ordinary text."""
    for opening in (f"<rss><channel><item><{tag}>", f"<urlset><url><{tag}>", f"<rss><{tag} "):
        body = (opening + filling * (many // len(filling))).encode()
        start = time.thread_time()
        got = read_listing(page_of(body, "text/xml", via=Via.FEED))
        assert time.thread_time() - start < _SECONDS
        assert isinstance(got, Rejection) or len(got.entries) <= MAX_ENTRIES
