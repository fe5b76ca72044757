"""Metadata: what a page says about itself, and how far it is believed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring
from support.effort import no_more_than_a_moment
from support.pages import FETCHED_AT, URL, article_html

from ingest.extract.bylines import declared_byline
from ingest.extract.metadata import Metadata, read_metadata
from ingest.lang.dates import read_value
from ingest.model import Byline, Precision, Seed

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


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"name": ', "}")], ids=["lists", "objects"])
@pytest.mark.parametrize("name", ["author", "publisher", "headline", "keywords", "image", "hasPart", "license"])
def test_json_ld_with_endless_values(name: str, start: str, end: str) -> None:
    """A value nested as deep as the parser takes it does not exhaust the stack; what stands beside it is read."""
    told = f'{{"@type": "NewsArticle", "datePublished": "{NOON.isoformat()}", "{name}": '
    for depth in (100, 500, 900, 950, 990):
        value = start * depth + '"Ann Lee"' + end * depth
        linked = f'<script type="application/ld+json">{told}{value}}}</script>'
        published, precision = _published(linked)
        assert (published, precision) == INSTANT or depth >= 900  # beyond what the parser takes


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
        ("01.04.2024", DAY),
        ("1. April 2024", DAY),
        ("1 апреля 2024, 13:00 МСК", INSTANT),
        ("April 1, 2024", DAY),
        ("04/01/2024", (None, None)),
        ("Mon, 01 Apr 2024 12:00:00 +0200", INSTANT),
        ("Mon, 01 Apr 2024 10:00:00 GMT", INSTANT),
        ("Mon Apr 01 2024 12:00:00 GMT+0200 (CEST)", INSTANT),
        ("2024-04-01 12:00 CEST", INSTANT),
        ("2024-04-01 13:00:00 MSK", INSTANT),
        ("2024-04-01 12:00 +02:00", INSTANT),
        ("1711965600", INSTANT),
        ("1711965600000", INSTANT),
        ("2024-04-01 12:00 IST", DAY),
        ("Mon, 30 Feb 2024 12:00:00 GMT", (None, None)),
        *[(text, DAY) for text in ("2024.04.01", "2024. 4. 1.", "2024/4/1", "2024年4月1日", "2024년 4월 1일 18:40")],
        ("2024/04/01 12:00:00 +02:00", (NOON, Precision.INSTANT)),
        ("2024.13.01", (None, None)),
        ("2024.04.011", (None, None)),
        ("2024-04", (None, None)),
        ("2024-02-30", (None, None)),
        ("\ud800", (None, None)),
        ("", (None, None)),
    ],
)
def test_dates_of_declarations(text: str, expected: tuple[datetime | None, Precision | None]) -> None:
    """A date with time and zone is an instant, without one a day; what could be read in two ways is not read."""
    stamp = read_value(text).published
    found = (
        (None, None) if stamp is None else (stamp.instant or stamp.midnight, INSTANT[1] if stamp.instant else DAY[1])
    )
    assert expected == found
    assert found[0] is None or found[0].tzinfo is not None


@given(st.datetimes(min_value=datetime(1700, 1, 1), timezones=st.sampled_from([UTC, NOON.tzinfo])))  # noqa: DTZ001
def test_instants_keep_their_offset(instant: datetime) -> None:
    """An instant is read with the offset it was written with."""
    stamp = read_value(instant.isoformat()).published
    assert stamp is not None
    assert stamp.instant is not None
    assert instant.isoformat() == stamp.instant.isoformat()


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
    ) == (None, None, None, ("published_in_future", "modified_in_future"))


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
    assert (
        Metadata(
            title="The ferry sails again",
            language="en",
            says_article=True,
            origins=(("title", "h1"), ("declared_language", "html")),
        )
        == _read()
    )


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
    assert _read(head, title="").title == clean


def test_json_ld_names_come_before_meta_elements() -> None:
    """Headline, authors and publisher of the article's object; a person may be a string, an object or several."""
    authors = [{"@type": "Person", "name": "Ann Hollis"}, "Bo Ekström", {"@type": "Person", "name": ["Piet Maas"]}]
    linked = {"@type": "NewsArticle", "headline": "One", "author": authors, "publisher": {"name": "The Bay"}}
    head = _linked(linked) + _meta("og:title", "Two") + _meta("author", "Somebody Else") + _meta("description", "Why.")
    metadata = _read(head, title="")
    assert (metadata.title, metadata.subtitle, metadata.publisher) == ("One", "Why.", "The Bay")
    names = ("Ann Hollis", "Bo Ekström", "Piet Maas")
    assert Byline(people=names, printed="Ann Hollis, Bo Ekström, Piet Maas") == metadata.byline
    assert {("title", "json-ld"), ("subtitle", "meta"), ("authors", "json-ld")} <= set(metadata.origins)


@pytest.mark.parametrize(
    ("byline", "people", "organisations"),
    [
        ("Jana Krüger, dpa", ("Jana Krüger",), ("dpa",)),
        ("Redaktion", (), ("Redaktion",)),
        ("Редакция", (), ("Редакция",)),
        ("ТАСС", (), ("ТАСС",)),
        ("Семён Дубов, Интерфакс", ("Семён Дубов",), ("Интерфакс",)),
        ("Karin Wallin/TT", ("Karin Wallin",), ("TT",)),
        ("AFP and Ann Hollis", ("Ann Hollis",), ("AFP",)),
        ("Guardian staff", (), ("Guardian staff",)),
        ("The Bay", (), ("The Bay",)),
        ("Lea Wagner, Nairobi", ("Lea Wagner",), ()),
        ("Por María José Díaz", ("María José Díaz",), ()),
        ("Par Élodie Blanc et Luc Noir", ("Élodie Blanc", "Luc Noir"), ()),
        ("Door Piet van der Berg", ("Piet van der Berg",), ()),
        ("山田太郎、佐藤花子", ("山田太郎", "佐藤花子"), ()),
        ({"@type": "Organization", "name": "Harbour Desk Ltd"}, (), ("Harbour Desk Ltd",)),
        ({"@type": "NewsMediaOrganization", "name": "Lugn"}, (), ("Lugn",)),
        ({"@type": "Person", "givenName": "Ann", "familyName": "Hollis"}, ("Ann Hollis",), ()),
        ([{"@type": "Person", "name": "Ann Hollis"}, {"@type": "Person", "name": "Ann Hollis"}], ("Ann Hollis",), ()),
    ],
)
def test_people_and_organisations(byline: object, people: tuple[str, ...], organisations: tuple[str, ...]) -> None:
    """Newsrooms and agencies are told from people by their type, their words or the name of the site."""
    read = declared_byline(byline, ["The Bay"])
    assert (people, organisations) == (read.people, read.organisations)


@pytest.mark.parametrize(
    "author",
    [
        *("admin", "Admin1", "Guest", "Editor", "Anonymous", "null", "Follow", "Politics", "105092", "[ad_1]", ""),
        *("@ann", "ann@bay.example", "https://bay.example/ann", "www.bay.example", "12.04.2024", "2024-04-01"),
        "The office of the harbour says that the ferry will sail again",
        "What did the harbour office say?",
        *(None, 7, [], {}, {"name": None}),
    ],
)
def test_nobody_is_invented(author: object) -> None:
    """Accounts, handles, addresses, dates, sections and sentences are no authors."""
    assert not declared_byline(author, ["The Bay"])
    linked = _linked({"@type": "NewsArticle", "author": author})
    assert _read(linked).byline == Byline()


def test_authors_without_end() -> None:
    """Of the names of a hostile page the first fifty count; they are read in a moment."""
    desks = [
        f"{first}{second}{third}a Desk"
        for first in "bcdfghklmnprstvz"
        for second in "aeiouy"
        for third in "bdgklmnprst"
    ]
    with no_more_than_a_moment():
        byline = declared_byline([";".join(desks * 20), *desks], [])
    assert tuple(desks[:50]) == byline.organisations
    assert byline.people == ()


def test_people_are_looked_for_behind_the_site_s_own_name() -> None:
    """Where JSON-LD names only the newsroom, the next witness may name the people."""
    site = {"@type": "NewsArticle", "author": {"@type": "Organization", "name": "The Bay"}, "publisher": "The Bay"}
    assert _read(_linked(site) + _meta("author", "Ann Hollis")).byline.people == ("Ann Hollis",)
    assert _read(_linked(site)).byline.organisations == ("The Bay",)


def test_the_article_that_is_this_page() -> None:
    """Of several articles in JSON-LD the one counts that names this page as its own, never one of another page."""
    boats = {"@type": "NewsArticle", "headline": "Other", "url": "https://bay.example.org/2024/boats"}
    own = {"@type": "NewsArticle", "headline": "Own", "mainEntityOfPage": {"@id": URL + "#main"}}
    articles = [boats | {"datePublished": "2020-01-01T00:00:00Z"}, own | {"datePublished": NOON.isoformat()}]
    assert _read(_linked(articles)).published_at == NOON
    assert _read(_linked(articles[:1])).published_at is None


def test_the_article_whose_headline_the_page_shows() -> None:
    """An article in a list of others is not the page's, unless the page shows its headline."""
    listed = {"@type": "NewsArticle", "headline": "Another story", "datePublished": "2020-01-01T00:00:00Z"}
    own = {"@type": "NewsArticle", "headline": "The ferry sails again", "datePublished": NOON.isoformat()}
    page: dict[str, Any] = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": listed}]}
    assert _read(_linked(page) + _linked(own)).published_at == NOON
    assert _read(_linked(page)).published_at is None
    page["itemListElement"].append({"@type": "ListItem", "item": own})
    assert _read(_linked(page)).published_at == NOON


def test_references_in_a_graph() -> None:
    """An author that is only referred to is looked up in the graph."""
    graph = [
        {"@type": "Article", "headline": "Own", "author": {"@id": "#ann"}, "publisher": {"@id": "#bay"}},
        {"@type": "Person", "@id": "#ann", "name": "Ann Hollis"},
        {"@type": "Organization", "@id": "#bay", "name": "The Bay"},
    ]
    metadata = _read(_linked({"@graph": graph}))
    assert (metadata.byline.people, metadata.publisher) == (("Ann Hollis",), "The Bay")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Own",}',
        '{"@type": "NewsArticle", "headline": "Own", "keywords": ["a", "b",],}',
        '<!-- {"@type": "NewsArticle", "headline": "Own"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Own"}\n//]]>',
        '/* <![CDATA[ */{"@type": "NewsArticle", "headline": "Own"}/* ]]> */',
        '{"@type": "NewsArticle", "headline": "Own"};',
        '{"@type": "NewsArticle", "headline": "Own"}{"@type": "Event"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Own&quot;}",
        '{"@type": "NewsArticle",\x01 "headline": "Own"}'.replace("\x01", "\t"),
    ],
)
def test_slips_in_json_ld(script: str) -> None:
    """Commas too many, comments and CDATA around it, and a second object behind it do no harm."""
    assert _read(_linked(script), title="").title == "Own"


MICRODATA = (
    '<div itemscope itemtype="https://schema.org/NewsArticle"><h2 itemprop="headline">Own</h2>'
    '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ann Hollis</b></span>'
    '<span itemprop="author">Bo Ekström</span><meta itemprop="articleSection" content="Harbour">'
    f'<time itemprop="datePublished" datetime="{NOON.isoformat()}">today</time>'
    '<div itemscope itemtype="https://schema.org/Person"><i itemprop="author">Nobody</i></div></div>'
)


def test_microdata() -> None:
    """The properties of an article in microdata serve where there is no JSON-LD; those of other things in it do not."""
    metadata = _read("", MICRODATA, title="")
    assert (metadata.title, metadata.section, metadata.byline.people) == (
        "Own",
        "Harbour",
        ("Ann Hollis", "Bo Ekström"),
    )
    assert (metadata.published_at, metadata.says_article) == (NOON, True)
    assert ("published_at", "microdata") in metadata.origins
    assert _read(_linked({"@type": "NewsArticle", "headline": "Linked"}), MICRODATA, title="").title == "Linked"


def test_lesser_declarations() -> None:
    """Section, tags, image, licence and paywall, each in its usual places."""
    linked = {
        "@type": "NewsArticle",
        "articleSection": ["Harbour", "Local"],
        "keywords": "ferry, Harbour;FERRY, " + "x" * 90,
        "image": [{"url": "/a.jpg"}],
        "license": "https://licences.example/by",
    }
    metadata = _read(_linked(linked))
    assert (metadata.section, metadata.tags) == ("Harbour", ("ferry", "Harbour"))
    assert (metadata.image, metadata.licence) == ("https://bay.example.org/a.jpg", "https://licences.example/by")
    metas = _read(
        _meta("article:tag", "ferry") + _meta("article:tag", "bay") + _meta("og:image", "https://i.example/b.png")
        + _meta("dc.rights", "All rights reserved") + _meta("article:content_tier", "locked")
    )  # fmt: skip
    assert (metas.tags, metas.image) == (("ferry", "bay"), "https://i.example/b.png")
    assert (metas.licence, metas.is_free) == ("All rights reserved", False)
    assert _read("", '<a rel="license" href="/terms">Terms</a>').licence == "https://bay.example.org/terms"
    part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".body"}
    assert _read(_linked({"@type": "NewsArticle", "hasPart": [part]})).is_free is False
    assert _read(_meta("og:image", "javascript:void(0)")).image is None
    assert len(_read(_linked({"@type": "NewsArticle", "keywords": [f"k{n}" for n in range(99)]})).tags) == 30


def test_the_feed_as_a_witness() -> None:
    """The feed's words serve last; a page that is days from what it said is flagged."""
    seed = Seed(url=URL, title="From the feed", published_at=NOON, language="sv")
    bare = document_fromstring("<html><body><p>Nothing</p></body></html>")
    told = read_metadata(bare, URL, FETCHED_AT, seed)
    assert (told.title, told.published_at, told.language) == ("From the feed", NOON, "sv")
    assert {"feed"} == {source for _, source in told.origins}
    for day, flags in (("2024-04-02", ()), ("2024-03-20", ("dates_disagree",)), ("2024-04-09", ("dates_disagree",))):
        tree = document_fromstring(article_html(_meta("article:published_time", day + "T09:00:00Z")))
        assert flags == read_metadata(tree, URL, FETCHED_AT, seed).flags


def test_changed_before_it_was_published() -> None:
    """A page that says so is believed in both, and flagged."""
    head = _meta("article:published_time", NOON.isoformat()) + _meta("article:modified_time", "2024-03-01T00:00:00Z")
    assert _read(head).flags == ("modified_before_published",)


@pytest.mark.parametrize(
    ("url", "after", "source"),
    [
        ("https://bay.example.org/2024/04/01/ferry", "", "url"),
        ("https://bay.example.org/2024/apr/1/ferry", "", "url"),
        ("https://bay.example.org/2024-04-01/ferry", "", "url"),
        ("https://bay.example.org/ferry", '<span class="article__date">1 April 2024</span>', "html"),
        ("https://bay.example.org/ferry", '<p class="pubDate">Monday, April 1, 2024 by Ann</p>', "html"),
        ("https://bay.example.org/ferry", "<div><b>Datum:</b> 01.04.2024</div>", "html"),
        ("https://bay.example.org/ferry", "<p class=date>2024年4月1日公開</p>", "html"),
        ("https://bay.example.org/ferry", "<p class=date>2024. 4. 1. 오후 6:40</p>", "html"),
    ],
)
def test_undeclared_days(url: str, after: str, source: str) -> None:
    """Where nothing is declared the address gives the day, or a line of the page that is marked as its date."""
    metadata = _read("", after, url=url)
    assert (metadata.published_at, metadata.published_precision) == DAY
    assert ("published_at", source) in metadata.origins


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ("{h}<span>April 1, 2024</span><div>4 min read</div>{t}", True),
        ("<div>1 April 2024</div><div>4 min read</div>{h}{t}", True),
        ("{h}<p>The pier will be open for five more years, the board has said.</p><div>April 1st, 2024</div>{t}", True),
        ("<table><tr><td>{h}<div>2024年4月1日 08:00</div>{t}</td></tr></table>", True),
        ("{h}<div>04/01/2024 by Ann Lee, who writes about harbours for the bay's own weekly paper</div>{t}", True),
        ("<div>2 May 2024</div><div>Oars</div><div>3 May 2024</div>{h}<div>1 April 2024</div>{t}", True),
        ("<article><h2>Oars</h2><div>2 May 2024</div></article>{h}<div>1 April 2024</div>{t}", True),
        ("<div>2 May 2024</div><div>Oars</div><div>3 May 2024</div>{h}{t}", False),
        ("{h}<div>Updated</div><div>1 April 2024</div>{t}", False),
        ("{h}<p>The fair of 1 April 2024 was a quiet one.</p>{t}", False),
        ("{h}{t}{t}{t}<div>1 April 2024</div>", False),
    ],
)
def test_days_beside_the_headline(lines: str, day: bool) -> None:
    """The day may be a line of its own beside the headline, under no name: no other article's, nor a change's."""
    text = f"<p>{'The harbour board voted to keep the old repair yard open. ' * 6}</p>"
    page = f"<html lang=en-US><body>{lines.format(h='<h1>The yard stays open</h1>', t=text)}</body></html>"
    told = read_metadata(document_fromstring(page), "https://bay.example.org/ferry", FETCHED_AT)
    assert (told.published_at, told.published_precision) == (DAY if day else (None, None))


@pytest.mark.parametrize(
    ("declared", "shown", "day"),
    [
        (("2024-06-24", "2024-06-24"), "April 1, 2024", date(2024, 4, 1)),
        (("2024-06-24", "2024-06-20"), "April 1, 2024", date(2024, 4, 1)),
        (("2024-06-24", "2024-06-28"), "April 1, 2024", date(2024, 6, 24)),
        (("2024-06-24T08:00:00Z", "2024-06-24T08:00:00Z"), "April 1, 2024", date(2024, 6, 24)),
        (("2024-06-24", "2024-06-24"), "Updated April 1, 2024", date(2024, 6, 24)),
        (("2024-06-24", "2024-06-24"), "July 1, 2024", date(2024, 6, 24)),
    ],
)
def test_a_declared_day_that_is_the_day_of_change(declared: tuple[str, str], shown: str, day: date) -> None:
    """A template that declares the last change as publication is not believed against an earlier day that is shown."""
    data = {"@type": "Article", "datePublished": declared[0], "dateModified": declared[1]}
    page = f"<html><head>{_linked(data)}</head><body><h1>The yard</h1><div>{shown}</div><p>Text.</p></body></html>"
    told = read_metadata(document_fromstring(page), "https://bay.example.org/ferry", datetime(2025, 1, 1, tzinfo=UTC))
    assert told.published_at is not None
    assert told.published_at.date() == day


def test_stamps_of_other_articles() -> None:
    """Times in menus, lists of links and links are no dates of this page."""
    for frame in (
        "<nav>{}</nav>",
        "<footer>{}</footer>",
        "<aside>{}</aside>",
        "<ul><li>{}</li></ul>",
        "<a href=/b>{}</a>",
    ):
        assert _published("", frame.format(f'<time datetime="{NOON.isoformat()}">x</time>'))[1] is not Precision.INSTANT


@pytest.mark.parametrize(("href", "expected"), [("#post-1", INSTANT), (f"{URL}#post-1", INSTANT), ("/2024/b#c", DAY)])
def test_the_time_in_a_link_of_the_page_to_itself(href: str, expected: tuple[datetime, Precision]) -> None:
    """A forum shows the time of a post in a link to the post: it tells the instant of a day that is known."""
    times = (f'<ul><li><a href="{href}"><time datetime="{time}">x</time></a></li></ul>'
             for time in ("2023-01-01T10:00:00Z", NOON.isoformat(), "2024-04-01T18:00:00+02:00"))  # fmt: skip
    assert expected == _published("", f'<p class="date">2024-04-01</p>{"".join(times)}')


def test_the_name_of_the_site_is_no_title() -> None:
    """Where a content system declares the site's name as the title of every page, the next witness is heard."""
    head = _meta("og:title", "Bay Bulletin") + _meta("og:site_name", "Bay Bulletin")
    assert _read(head, title="The ferry sails again").title == "The ferry sails again"
    told = _read(head + '<meta name="twitter:title" content="The ferry sails at last">', title="Bay Bulletin")
    assert told.title == "The ferry sails at last"


@pytest.mark.parametrize(
    ("url", "href", "flag"),
    [
        ("https://m.bay.example.org/2024/ferry", "https://www.bay.example.org/2024/ferry", None),
        ("https://bay.example.org/2024/ferry/amp", "https://bay.example.org/2024/ferry", None),
        ("https://bay.example.org/2024/ferry?outputType=amp", "https://bay.example.org/2024/ferry", None),
        ("https://amp.bay.example.org/2024/ferry", "https://bay.example.org/2024/ferry", None),
        ("https://bay-example-org.cdn.ampproject.org/c/s/bay.example.org/f", "https://bay.example.org/f", None),
        ("https://bay.example.org/story/30021/the-ferry", "https://bay.example.org/story/30021", None),
        ("https://bay.example.org/ferry/2", "https://bay.example.org/ferry", None),
        ("https://bay.example.org/sport/sailing/the-ferry-sails-again", "https://bay.example.org/sport", "section"),
        ("https://bay.example.org/sport/the-ferry-sails-again", "https://bay.example.org/sport/", "section"),
        ("https://m.bay.example.org/2024/ferry", "https://m.other.example.org/2024/ferry", "elsewhere"),
        ("https://evil-example-org.cdn.ampproject.org/c/f", "https://bay.example.org/f", "elsewhere"),
    ],
)
def test_canonical_urls_of_layouts_and_sections(url: str, href: str, flag: str | None) -> None:
    """A page for phones names its desktop page; a section is not the canonical form of what lies in it."""
    metadata = _read(f'<link rel=canonical href="{href}">', url=url)
    assert (metadata.canonical_url, metadata.flags) == ((None, (f"canonical_{flag}",)) if flag else (href, ()))


def test_canonical_urls_that_disagree() -> None:
    """Two different canonical URLs are none; the same one in two spellings is one."""
    two = '<link rel=canonical href="/a"><link rel=canonical href="/b">'
    assert (_read(two).canonical_url, _read(two).flags) == (None, ("canonical_disagree",))
    same = '<link rel=canonical href="/a"><link rel=canonical href="https://bay.example.org/a?utm_source=x">'
    assert _read(same).canonical_url == "https://bay.example.org/a"


@pytest.mark.parametrize(
    ("declared", "shown", "title"),
    [
        ("The ferry sails again after two years in a...", "The ferry sails again after two years in a yard", None),
        ("The ferry sails again", "The ferry sails again after two years", None),
        ("A ferry, and what it costs", "The ferry sails again", None),
        ("Harbour: The ferry sails again", "The ferry sails again", None),
        ("The Bay - The ferry sails again", "", "The ferry sails again"),
    ],
)
def test_the_headline_that_the_page_shows(declared: str, shown: str, title: str | None) -> None:
    """The headline that readers see comes before a declared title; of that the name of the site goes."""
    head = _meta("og:title", declared) + _meta("og:site_name", "The Bay")
    assert (title or shown) == _read(head, title=shown).title


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.sampled_from(["name", "@id", "url", "@type", "x"])
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)


@pytest.mark.parametrize(
    ("whole", "title"),
    [
        ("Kabul – the city that waits", None),
        ("WHO | New rules for water", None),
        ("Live - Vote in the council", None),
        ("NASA : what the probe saw", None),
        ("The Bay » Harbour » The ferry sails again at last", "The ferry sails again at last"),
        ("The ferry sails again at last :: Harbour :: The Bay", "The ferry sails again at last"),
        ("The ferry sails again at last | The Bay", "The ferry sails again at last"),
    ],
)
def test_a_title_is_cut_only_where_something_speaks_for_it(whole: str, title: str | None) -> None:
    """Where a page has nothing but its `<title>`, a separator in it may be the writer's own."""
    page = f"<html><head><title>{whole}</title></head><body><p>Text.</p></body></html>"
    assert read_metadata(document_fromstring(page), URL, FETCHED_AT).title == (title or whole)


@pytest.mark.parametrize(
    ("whole", "title"),
    [
        ("Sund Courier | Bell rings again after a century", "Bell rings again after a century"),
        ("Bell rings again after a century :: Sund Courier", "Bell rings again after a century"),
        ("Bell rings again after a century - Harbour life - Sund Courier", "Bell rings again after a century"),
        ("Bell rings again after a century » Sund Courier", "Bell rings again after a century"),
        ("Opinion | Let the bell ring", "Let the bell ring"),
        ("«Let it ring», says the diver - Sund Courier", "«Let it ring», says the diver"),
        ("沉船的钟一百年后再次响起_港口_松德网", "沉船的钟一百年后再次响起"),
        ("百年ぶりに船の鐘が鳴る：Sund Courier", "百年ぶりに船の鐘が鳴る"),
        ("Bell rings again - after a century", "Bell rings again - after a century"),
        ("Sund Courier: Bell rings again", "Bell rings again"),
        ("Bell | Harbour | Sund Courier", "Bell"),
        ("Bell | Harbour", "Bell | Harbour"),
        (
            "Bell and diver | The day on which both came up again",
            "Bell and diver | The day on which both came up again",
        ),
    ],
)
def test_the_page_says_what_its_site_is_called(whole: str, title: str) -> None:
    """On the link to its first page, in its menu, behind the copyright sign; no list of sites is needed."""
    head = f"<title>{whole}</title>"
    body = (
        '<header><a href="/"><img alt="Sund Courier" src="l.png"></a><nav><a href="/h">Harbour</a><a href="/m">港口</a>'
        "</nav></header><p>The bell hangs in the museum.</p><footer>© 2026 松德网</footer>"
    )
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    assert read_metadata(document_fromstring(page), URL, FETCHED_AT).title == title


@pytest.mark.parametrize(
    "headline", ["Bell rings again – Sund Courier", "BELL | Sund Courier", "Sund Courier: Bell rings"]
)
def test_a_headline_loses_the_name_of_its_site(headline: str) -> None:
    """The very name of the site goes from what the page shows as its headline, too."""
    head = f'<title>{headline}</title><meta property="og:site_name" content="Sund Courier">'
    page = f"<html><head>{head}</head><body><h1>{headline}</h1><p>The bell hangs in the museum.</p></body></html>"
    title = read_metadata(document_fromstring(page), URL, FETCHED_AT).title
    assert title == headline.replace("Sund Courier", "").strip(" –|:")


def test_a_users_name_does_not_hide_who_is_shown() -> None:
    """One word that an editorial system declares gives way to a whole name in the by-line; alone it stays."""
    head = _linked(
        {"@type": "NewsArticle", "headline": "Bridge falls", "author": {"@type": "Person", "name": "mkerrigan"}}
    )
    assert _read(head, '<div class="author">Maud Kerrigan</div>').byline.people == ("Maud Kerrigan",)
    assert _read(head).byline.people == ("mkerrigan",)


def test_a_headline_that_nothing_else_supports_loses() -> None:
    """A slogan in JSON-LD gives way to what headline, `<title>` and OpenGraph agree on."""
    head = _linked({"@type": "NewsArticle", "headline": "Ten secrets of this river"}) + _meta(
        "og:title", "Bridge falls"
    )
    assert _read(head, title="Bridge falls").title == "Bridge falls"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), _nested, max_leaves=8))
def test_any_json_ld_is_survived(value: Any) -> None:
    """Whatever stands in a property, reading it ends in values of the right kinds."""
    names = (
        "headline",
        "author",
        "publisher",
        "datePublished",
        "keywords",
        "image",
        "license",
        "hasPart",
        "articleBody",
    )
    metadata = _read(_linked({"@type": "NewsArticle"} | dict.fromkeys((*names, "url", "inLanguage"), value)))
    assert metadata.title is None or metadata.title == metadata.title.strip()
    assert all(isinstance(tag, str) for tag in metadata.tags)
