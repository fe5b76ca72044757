"""Metadata: what a page says about itself, and how far it is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring
from support.pages import FETCHED_AT, URL, article_html

from ingest.extract.metadata import Metadata, parse_date, read_metadata
from ingest.extract.names import Names, split_names
from ingest.model import Precision

NOON = datetime(2024, 4, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
INSTANT = (NOON, Precision.INSTANT)
DAY = (datetime(2024, 4, 1, tzinfo=UTC), Precision.DAY)


def _read(head: str = "", after: str = "", *, url: str = URL, **page: Any) -> Metadata:
    return read_metadata(document_fromstring(article_html(head, after, **page)), url, FETCHED_AT)


def _published(head: str, after: str = "") -> tuple[datetime | None, Precision | None]:
    metadata = _read(head, after)
    return metadata.published_at, metadata.published_precision


def _linked(data: object) -> str:
    text = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="application/ld+json">{text}</script>'


def _meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


ARTICLE = {"@type": "NewsArticle", "datePublished": NOON.isoformat()}


@pytest.mark.parametrize(
    "data",
    [
        ARTICLE,
        [{"@type": "Organization"}, ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        ARTICLE | {"@type": ["Thing", "ReportageNewsArticle"]},
        ARTICLE | {"@type": "https://schema.org/NewsArticle"},
        ARTICLE | {"@type": "BlogPosting"},
        json.dumps(ARTICLE).replace("{", '{"headline": "with a\n line break and a \ttab", ', 1),
    ],
)
def test_json_ld(data: object) -> None:
    """The article is found on its own, in a list, in a graph or inside its page, by all its kinds of names."""
    assert _published(_linked(data)) == INSTANT


def test_the_first_script_that_describes_an_article() -> None:
    """Broken scripts and those about other things are passed over."""
    other = {"@type": "Event", "datePublished": "2023-01-01T00:00:00Z"}
    scripts = ["", "{", "null", "[1, 2", "1" * 5_000, "[" * 100_000, other, {"@type": None}, {"@type": [1]}, ARTICLE]
    assert _published("".join(map(_linked, scripts))) == INSTANT


def test_json_ld_nested_without_end() -> None:
    """What lies deeper than any site would put it is not looked for, and does no harm."""
    data: dict[str, Any] = ARTICLE
    for _ in range(100):
        data = {"@type": "WebPage", "mainEntity": data}
    # Nothing but htmldate, which looks for anything like a date, finds the day in it.
    assert _published(_linked(data))[1] is not Precision.INSTANT


@pytest.mark.parametrize("value", [17, None, ["2024-04-01"], {"@value": "2024-04-01"}, True, "", "yesterday"])
def test_dates_of_the_wrong_kind(value: object) -> None:
    """A date that is no text, or no ISO date, is passed over; the next witness is asked."""
    linked = _linked({"@type": "NewsArticle", "datePublished": value, "dateModified": value})
    assert _published(linked) == (None, None)
    assert _published(linked + _meta("article:published_time", NOON.isoformat())) == INSTANT
    assert _read(linked + _meta("article:modified_time", NOON.isoformat())).modified_at == NOON


def test_the_order_of_witnesses() -> None:
    """JSON-LD is believed before OpenGraph, that before <meta name=date>, and that before <time>."""
    witnesses = [
        _linked(ARTICLE | {"datePublished": "2024-04-04"}),
        _meta("article:published_time", "2024-04-03"),
        '<meta name=date content="2024-04-02">',
        "<time datetime=2024-04-01>today</time>",
    ]
    for first, day in enumerate((4, 3, 2, 1)):
        assert (DAY[0].replace(day=day), Precision.DAY) == _published("".join(reversed(witnesses[first:])))


def test_the_first_of_several_is_believed() -> None:
    """Of two <meta> of one name, and of several <time>, the first counts: the others belong to related articles."""
    assert (
        _published(_meta("Article:Published_Time", NOON.isoformat()) + _meta("article:published_time", "2020-01-01"))
        == INSTANT
    )
    times = f'<time datetime="{NOON.isoformat()}">now</time><time datetime="2020-01-01">then</time>'
    assert _published("", times) == INSTANT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-04-01T12:00:00+02:00", INSTANT),
        (" 2024-04-01T12:00:00+0200\n", INSTANT),
        ("2024-04-01 12:00:00.000+02:00", INSTANT),
        ("2024-04-01T10:00Z", INSTANT),
        ("2024-04-01", DAY),
        ("20240401", DAY),
        ("2024-04-01T12:00:00", DAY),
        ("2024-04-01T00:00:00", DAY),
        ("01.04.2024", (None, None)),
        ("April 1, 2024", (None, None)),
        ("2024-04", (None, None)),
        ("2024-02-30", (None, None)),
        ("0001-01-01T00:00:00Z", (None, None)),
        ("0001-01-01T00:00:00+14:00", (None, None)),
        ("\ud800", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
        (20240401, (None, None)),
    ],
)
def test_parse_date(text: object, expected: tuple[datetime | None, Precision | None]) -> None:
    """ISO 8601 with a zone is an instant, without one a day; what could be read in two ways is not read."""
    found = parse_date(text)
    assert expected == found
    assert found[0] is None or found[0].tzinfo is not None


@given(st.datetimes(min_value=datetime(1700, 1, 1), timezones=st.sampled_from([UTC, NOON.tzinfo])))  # noqa: DTZ001
def test_instants_keep_their_offset(instant: datetime) -> None:
    """An instant is read with the offset it was written with."""
    found, precision = parse_date(instant.isoformat())
    assert found is not None
    assert (instant.isoformat(), Precision.INSTANT) == (found.isoformat(), precision)


def test_dates_in_the_future() -> None:
    """A page from the future is refused with a flag; one from tomorrow may be on the other side of the world."""
    tomorrow = (FETCHED_AT + timedelta(days=1)).isoformat()
    next_week = (FETCHED_AT + timedelta(days=7)).isoformat()
    accepted = _read(_meta("article:published_time", tomorrow) + _meta("article:modified_time", tomorrow))
    refused = _read(_meta("article:published_time", next_week) + _meta("article:modified_time", next_week))
    assert (tomorrow, ()) == (accepted.published_at and accepted.published_at.isoformat(), accepted.flags)
    assert accepted.published_at == accepted.modified_at
    assert (
        refused.published_at,
        refused.published_precision,
        refused.modified_at,
        refused.flags,
    ) == (None, None, None, ("future_date",))


@pytest.mark.parametrize(
    ("href", "canonical", "flags"),
    [
        ("https://bay.example.org/ferry", "https://bay.example.org/ferry", ()),
        ("http://www.bay.example.org:80/ferry?utm_source=x", "http://www.bay.example.org/ferry", ()),
        ("/ferry", "https://bay.example.org/ferry", ()),
        ("../ferry#top", "https://bay.example.org/ferry", ()),
        ("", URL, ()),
        ("/?p=17", "https://bay.example.org/?p=17", ()),
        ("https://other.example.org/ferry", None, ("canonical_elsewhere",)),
        ("https://bay.example.org:8443/ferry", None, ("canonical_elsewhere",)),
        ("https://bay.example.org/", None, ("canonical_home",)),
        ("https://bay.example.org", None, ("canonical_home",)),
        ("http://[::1", None, ("canonical_unreadable",)),
        ("mailto:anna@bay.example.org", None, ("canonical_unreadable",)),
        ("https://bay.example.org:port/", None, ("canonical_unreadable",)),
    ],
)
def test_canonical_url(href: str, canonical: str | None, flags: tuple[str, ...]) -> None:
    """A page's canonical URL is believed within its site, if it is more than the home page."""
    metadata = _read(f'<link rel="alternate" href="/rss"><link rel="nofollow canonical" href="{href}">')
    assert (canonical, flags) == (metadata.canonical_url, metadata.flags)


def test_the_home_page_is_its_own_canonical() -> None:
    """The home page may say that it is one; a page told apart by its parameters alone is not the home page."""
    head = '<link rel=canonical href="https://bay.example.org/">'
    for home in ("https://bay.example.org", "https://www.bay.example.org/?utm_source=mail"):
        assert _read(head, url=home).canonical_url == "https://bay.example.org/"
    assert _read(head, url="https://bay.example.org/?p=17").flags == ("canonical_home",)


def test_one_site_in_two_spellings() -> None:
    """A host in its own script and in ASCII is one host."""
    metadata = _read(
        '<link rel=canonical href="https://xn--rksmrgs-5wao1o.example/a">', url="https://räksmörgås.example/b"
    )
    assert metadata.canonical_url == "https://xn--rksmrgs-5wao1o.example/a"


SAVED = "file:///tmp/saved.html"


def test_saved_pages() -> None:
    """A saved page has no site: what it says of itself is believed, and makes links to its own site no sources."""
    head = '<link rel=canonical href="https://bay.example.org/ferry">'
    own = _read(head, '<a href="https://bay.example.org/crew">Source</a>', url=SAVED)
    assert (own.canonical_url, own.source_link, own.flags) == ("https://bay.example.org/ferry", None, ())
    repost = _read(head, '<a href="https://first.example.com/a">Source</a>', url=SAVED)
    assert repost.source_link == "https://first.example.com/a"
    assert _read("<link rel=canonical href=ferry>", url=SAVED).flags == ("canonical_unreadable",)


ORIGINAL = "https://first.example.com/a"


@pytest.mark.parametrize(
    "text",
    [
        "Source",
        "Source link",
        "SOURCE LINK",
        "[<b>Original</b> article]",
        "Read the full article here &raquo;",
        "read original story",
        "Quelle:",
        "QUELLE",
        "Zum Original",
        "Källa",
        "Originalartikel →",
        "Источник",
        "ИСТОЧНИК:",
        "Оригинал",
        "المصدر",
    ],
)
def test_source_links(text: str) -> None:
    """A bare link to the source, in several languages and shapes, leads to the original."""
    after = f'<p><a href="/sources">Sources</a><a href="{ORIGINAL}?utm_source=x">\n {text} </a></p>'
    assert _read("", after).source_link == ORIGINAL


@pytest.mark.parametrize(
    "link",
    [
        f'<a href="{ORIGINAL}">Resources</a>',
        f'<a href="{ORIGINAL}">Source of the river found</a>',
        f'<a href="{ORIGINAL}">{"Source " * 20}</a>',
        f'<a href="{ORIGINAL}"></a>',
        '<a href="/crew">Source</a>',
        '<a href="https://www.bay.example.org:443/crew">Source</a>',
        '<a href="http://[::1">Source</a>',
        '<a href="javascript:void(0)">Source</a>',
        "<a name=source>Source</a>",
    ],
)
def test_links_that_are_no_source(link: str) -> None:
    """Other words, the site itself and what cannot be read are no original."""
    assert _read("", f"<p>{link}</p>").source_link is None
    assert _read("", f'<p>{link}<a href="{ORIGINAL}">Source</a></p>').source_link == ORIGINAL


def test_sixty_thousand_links() -> None:
    """The source is found behind any number of links."""
    links = "".join(f"<a href=/l/{number}>Link number {number}</a>" for number in range(60_000))
    assert _read("", f'{links}<a href="{ORIGINAL}">Source</a>').source_link == ORIGINAL


@pytest.mark.parametrize(
    ("lang", "locale", "language"),
    [("sv", "en_GB", "sv"), (" de-AT ", None, "de-AT"), ("", "ru_RU", "ru-RU"), ("", None, None)],
)
def test_declared_language(lang: str, locale: str | None, language: str | None) -> None:
    """The language of <html>, or of OpenGraph, as a BCP-47 code."""
    assert language == _read(_meta("og:locale", locale) if locale else "", lang=lang).language


def test_a_page_that_says_nothing() -> None:
    """Nothing but its visible headline is known, and nothing is wrong."""
    nobody = Names(title="The ferry sails again", subtitle=None, publisher=None, authors=(), byline=None)
    assert Metadata(language="en", names=nobody, says_article=True) == _read()


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Hollis and Bo Ekström", ["Ann Hollis", "Bo Ekström"]),
        ("Von Jana Krüger und Piet Maas (pm)", ["Jana Krüger", "Piet Maas"]),
        ("Av Karin Wallin, Ola Frisk", ["Karin Wallin", "Ola Frisk"]),
        ("Автор: Семён Дубов", ["Семён Дубов"]),
        ("Rowan Hext, PhD", ["Rowan Hext, PhD"]),
        ("srf/hosb; kesm", ["srf/hosb", "kesm"]),
        ("https://bay.example/authors/7", []),
        ("@courier", []),
        ("", []),
    ],
)
def test_names_in_bylines(byline: str, names: list[str]) -> None:
    """Several authors are told apart, prefixes and initials go, addresses and handles are nobody."""
    assert list(split_names(byline)) == names


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Bridge over the Ock reopens | Harbour | The Bay", "Bridge over the Ock reopens"),
        ("Bridge over the Ock reopens - The Bay", "Bridge over the Ock reopens"),
        ("Bridge over the Ock &amp;quot;reopens&amp;quot;", 'Bridge over the Ock "reopens"'),
        ("Bridge over the Ock - a farce", "Bridge over the Ock - a farce"),
        ("A | B", "A | B"),
    ],
)
def test_titles_lose_the_name_of_their_site(title: str, clean: str) -> None:
    """What follows a bar is section or site; after a dash only the site's own name goes."""
    head = _meta("og:title", title) + _meta("og:site_name", "The Bay")
    assert _read(head).names.title == clean


def test_json_ld_names_come_before_meta_elements() -> None:
    """Headline, authors and publisher of the article's object; a person may be a string, an object or several."""
    authors = [{"@type": "Person", "name": "Ann Hollis"}, "Bo Ekström", {"@type": "Person", "name": ["Piet Maas"]}]
    linked = {"@type": "NewsArticle", "headline": "One", "author": authors, "publisher": {"name": "The Bay"}}
    head = _linked(linked) + _meta("og:title", "Two") + _meta("author", "Somebody Else") + _meta("description", "Why.")
    assert _read(head).names == Names(
        title="One",
        subtitle="Why.",
        publisher="The Bay",
        authors=("Ann Hollis", "Bo Ekström", "Piet Maas"),
        byline="Ann Hollis, Bo Ekström, Piet Maas",
    )
