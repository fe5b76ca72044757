"""What sitemaps announce: of pages, of news, of sitemaps, and as plain lists."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, datetime

import pytest
from support.pages import page

from ingest.discover.listing import Further, Kind, Listing
from ingest.discover.read import read_listing
from ingest.model import Via

SITEMAP = "https://bay.example.org/maps/sitemap.xml"
NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"


def _read(body: str | bytes, since: datetime | None = None) -> Listing:
    found = read_listing(page(body, "text/xml", url=SITEMAP, source="bay", via=Via.SITEMAP), since=since)
    assert isinstance(found, Listing), found
    return found


def _urlset(*urls: str, space: str = "http://www.sitemaps.org/schemas/sitemap/0.9") -> str:
    inside = "".join(f"<url>{url}</url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{space}" xmlns:news="{NEWS_SPACE}">{inside}</urlset>'


def _urls(body: str | bytes, since: datetime | None = None) -> list[str]:
    return [seed.url.removeprefix("https://bay.example.org/") for seed in _read(body, since).seeds]


def _news(path: str, date: str, title: str, language: str = "sv") -> str:
    return (
        f"<loc>https://bay.example.org/{path}</loc><lastmod>2024-04-30T10:00:00Z</lastmod><news:news>"
        f"<news:publication><news:name>Bay</news:name><news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title></news:news>"
    )


def test_a_news_sitemap() -> None:
    """Title, language and instant travel with the seed, newest first; the last change is not the publication."""
    found = _read(
        _urlset(
            _news("1", "2024-04-01T10:00:00+02:00", "Färjan &amp; bron"),
            _news("2", "2024-04-02T10:00:00+03:00", "<![CDATA[Паром & мост]]>", "ru"),
            _news("3", "2024-04-03", "Klockan", "xyz-unknown"),
        )
    )
    assert (found.kind, found.found) == (Kind.NEWS_SITEMAP, 3)
    third, second, first = found.seeds
    assert (first.title, second.title) == ("Färjan & bron", "Паром & мост")
    assert (first.language, second.language) == ("sv", "ru")
    assert (first.published_at, second.published_at, third.published_at) == (
        datetime(2024, 4, 1, 8, 0, tzinfo=UTC),
        datetime(2024, 4, 2, 7, 0, tzinfo=UTC),
        None,
    )
    assert (first.source, first.via) == ("bay", Via.SITEMAP)


@pytest.mark.parametrize(
    "space", ["http://www.google.com/schemas/sitemap/0.84", "", "https://www.sitemaps.org/schemas/sitemap/0.9/"]
)
def test_wrong_namespaces(space: str) -> None:
    """Elements are told by their local names, and those of pictures by what they stand in."""
    picture = '<image:image xmlns:image="{0}"><image:loc>/p.jpg</image:loc><image:title>P</image:title></image:image>'
    body = _urlset(
        picture.format(space or "i") + "<loc>/1</loc>", "<LOC>/2</LOC>", "<lastmod>2024</lastmod>", space=space
    )
    assert _urls(body) == ["1", "2"]
    assert all(seed.title is None for seed in _read(body).seeds)


def test_a_sitemap_without_namespaces_at_all() -> None:
    """A prefix that is declared nowhere does not matter."""
    assert _urls("<urlset><url><loc>/1</loc><news:news><news:title>T</news:title></news:news></url></urlset>") == ["1"]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/a?b=1&amp;c=2", "a?b=1&c=2"),
        ("/a?b=1&c=2", "a?b=1&c=2"),
        ("<![CDATA[/a?b=1&c=2]]>", "a?b=1&c=2"),
        ("\n  /a\n", "a"),
        ("/a&file;b", "a&file;b"),
        ("/новости/паром", "новости/паром"),
        ("../a", "a"),
    ],
)
def test_how_addresses_are_written(written: str, url: str) -> None:
    """Bare ampersands, CDATA and white space are what they were meant to be."""
    assert [url] == _urls(_urlset(f"<loc>{written}</loc>"))


def test_an_ampersand_between_two_pieces() -> None:
    """Where the text is cut to be read does not matter."""
    for length in range(65_400, 65_480):
        assert _urls(_urlset("<loc>/1</loc>", "<!--" + "x" * length + "--><loc>/a?b=1&c=2&amp;d</loc>")) == [
            "1",
            "a?b=1&c=2&d",
        ]


def test_only_what_is_young() -> None:
    """With an instant, what is older is left out; a day counts to its end, and what has no date may be young."""
    body = _urlset(
        "<loc>/old</loc><lastmod>2024-03-31</lastmod>",
        "<loc>/day</loc><lastmod>2024-04-01</lastmod>",
        "<loc>/before</loc><lastmod>2024-04-01T09:59:59Z</lastmod>",
        "<loc>/after</loc><lastmod>2024-04-01T12:00:00+02:00</lastmod>",
        "<loc>/undated</loc>",
    )
    since = datetime(2024, 4, 1, 10, 0, tzinfo=UTC)
    assert _urls(body, since) == ["day", "after", "undated"]
    assert _read(body, since).found == 5
    assert _urls(body) == ["day", "after", "undated", "before", "old"]


def test_where_nothing_has_a_date() -> None:
    """A sitemap that dates none of its addresses is taken whole, and says so."""
    found = _read(_urlset("<loc>/1</loc>", "<loc>/2</loc>"), datetime(2024, 4, 1, tzinfo=UTC))
    assert len(found.seeds) == 2
    assert found.notes == ("no entry has a date: all are taken, however old",)


def test_an_index() -> None:
    """Its children, with the time of their last change."""
    found = _read(
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>a.xml.gz</loc><lastmod>2024-04-01T10:00:00Z</lastmod></sitemap>"
        "<sitemap><loc>/b.xml</loc></sitemap><sitemap><lastmod>2024-04-01</lastmod></sitemap></sitemapindex>"
    )
    assert found.kind is Kind.SITEMAP_INDEX
    assert found.seeds == ()
    assert found.more == (
        Further(url="https://bay.example.org/maps/a.xml.gz", modified_at=datetime(2024, 4, 1, 10, 0, tzinfo=UTC)),
        Further(url="https://bay.example.org/b.xml"),
    )


def test_a_plain_list() -> None:
    """One address a line, whatever ends the lines; a line that is none is passed over."""
    found = _read("https://bay.example.org/1\r\n\r\nhttps://bay.example.org/2\n# more\nhttps://bay.example.org/3")
    assert (found.kind, [seed.url[-1] for seed in found.seeds]) == (Kind.TEXT_SITEMAP, ["1", "2", "3"])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("plain", [False, True])
def test_no_more_than_50000_entries(packed: bool, plain: bool) -> None:
    """The protocol's limit holds: what follows is not read, and the listing says so."""
    addresses = [f"https://bay.example.org/{number * 48271 % 2147483647}/a-bell-rings" for number in range(60_000)]
    text = "\n".join(addresses) if plain else _urlset(*(f"<loc>{address}</loc>" for address in addresses))
    found = _read(gzip.compress(text.encode()) if packed else text)
    assert addresses[:50_000] == [seed.url for seed in found.seeds]
    assert found.notes == ("more than 50,000 entries: the others were not read",)


def test_a_sitemap_cut_short() -> None:
    """What came before the break is announced; without any, there is nothing to read."""
    whole = _urlset("<loc>/1</loc>", "<loc>/2</loc>")
    assert _urls(whole[: whole.index("/2<")]) == ["1"]
    assert _urls(gzip.compress(whole.encode())[:-12]) in (["1"], ["1", "2"])


def test_elements_without_end() -> None:
    """Millions of elements that mean nothing leave nothing in memory."""
    tracemalloc.start()
    found = _read("<urlset><url><loc>/1</loc>" + "<a b='c'/>" * 300_000 + "</url></urlset>")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.seeds) == 1
    assert peak < 20_000_000
