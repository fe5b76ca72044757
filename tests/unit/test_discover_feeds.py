"""What RSS, Atom and JSON feeds announce."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.pages import page

from ingest.discover.listing import Listing
from ingest.discover.read import read_listing
from ingest.model import Page, Seed, Via
from ingest.outcome import Rejection

FEED = "https://bay.example.org/feeds/news.xml"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def _feed(body: str | bytes, content_type: str = "application/rss+xml") -> Page:
    return page(body, content_type, url=FEED, source="bay", via=Via.FEED)


def _rss(*items: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    about = "<title>The Bay</title><language>en-GB</language>"
    return f'{declaration}<rss version="2.0"><channel>{about}{inside}</channel></rss>'


def _read(body: str | bytes, content_type: str = "application/rss+xml") -> Listing:
    found = read_listing(_feed(body, content_type))
    assert isinstance(found, Listing), found
    return found


def _seeds(body: str | bytes) -> tuple[Seed, ...]:
    return _read(body).seeds


def _urls(body: str | bytes) -> list[str]:
    return [seed.url for seed in _seeds(body)]


def _seed(path: str, title: str | None = None, published_at: datetime | None = None, **known: str) -> Seed:
    url = path if ":" in path else f"https://bay.example.org{path}"
    return Seed(url=url, source="bay", via=Via.FEED, title=title, published_at=published_at, **known)  # type: ignore[arg-type]


def test_rss() -> None:
    """RSS 2.0 gives address, title and instant; a permanent guid stands in for a link, a bare one does not."""
    body = _rss(
        "<title>Färjan går igen</title><link> https://bay.example.org/1 </link><guid>17</guid>"
        "<pubDate>Mon, 01 Apr 2024 10:00:00 +0200</pubDate>",
        '<title>Паром</title><guid isPermaLink="false">https://bay.example.org/2</guid>',
        "<guid> https://bay.example.org/3?a=1&amp;b=2 </guid>",
        '<title>Nowhere</title><guid isPermaLink="false">17</guid>',
        "<title>Nowhere either</title><guid>18</guid>",
    )
    assert (
        _seed("/1", "Färjan går igen", datetime(2024, 4, 1, 8, 0, tzinfo=UTC)),
        _seed("/2", "Паром"),
        _seed("/3?a=1&b=2"),
    ) == _seeds(body)
    assert (_read(body).title, _read(body).language, _read(body).found) == ("The Bay", "en-GB", 5)


def test_the_oldest_rss() -> None:
    """RSS 0.91 with its document type, and named letters that only this explains."""
    body = (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        ' "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>'
        "<item><title>Caf&eacute; &mdash; &#8220;&Aring;sa&#148;</title><link>/1</link></item></channel></rss>"
    )
    assert (_seed("/1", "Café — “Åsa”"),) == _seeds(body)


def test_atom() -> None:
    """Atom's relative links resolve; `published` is the date, and `updated` where there is no other."""
    body = f"""<feed {ATOM}><title>The Bay</title>
        <entry><title>One</title><link href="../1"/><updated>2024-04-01T10:00:00Z</updated></entry>
        <entry><title>Two</title><link rel="edit" href="/edit/2"/><link rel="alternate" href="/2"/>
            <published>2024-01-01T00:00:00+03:00</published><updated>2024-04-01T10:00:00Z</updated></entry></feed>"""
    assert (
        _seed("/1", "One", datetime(2024, 4, 1, 10, 0, tzinfo=UTC)),
        _seed("/2", "Two", datetime(2023, 12, 31, 21, 0, tzinfo=UTC)),
    ) == _seeds(body)


def test_atom_with_bases() -> None:
    """An xml:base outranks the address of the feed, and one in an entry that of the feed."""
    body = (
        f'<feed {ATOM} xml:base="https://bay.example.org/archive/"><entry><link href="1"/></entry>'
        '<entry xml:base="2024/"><link href="2"/></entry></feed>'
    )
    assert _urls(body) == ["https://bay.example.org/archive/1", "https://bay.example.org/archive/2024/2"]


def test_bases_in_one_another_take_no_time() -> None:
    """Bases that lengthen one another are not followed for ever."""
    nested = "".join(f"<entry xml:base='{'b' * 400}/'><link href='{number}'/></entry>" for number in range(500))
    assert len(_urls(f"<feed {ATOM}>{nested}</feed>")) == 500


def test_rdf() -> None:
    """RSS 1.0, whose items stand beside the channel and whose dates are Dublin Core's."""
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://bay.example.org/"><title>T</title></channel>
        <item rdf:about="https://bay.example.org/1"><title>One</title><link>https://bay.example.org/1</link>
            <dc:date>2024-04-01T10:00:00+02:00</dc:date></item></rdf:RDF>"""
    assert (_seed("/1", "One", datetime(2024, 4, 1, 8, 0, tzinfo=UTC)),) == _seeds(body)


def test_feedburner() -> None:
    """The address of the article is the one behind FeedBurner's, which only counts readers."""
    body = (
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
        "<link>https://feeds.example.net/~r/bay/~3/x/</link>"
        "<feedburner:origLink>https://bay.example.org/1</feedburner:origLink></item></channel></rss>"
    )
    assert _urls(body) == ["https://bay.example.org/1"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("AT&amp;T buys a ferry", "AT&T buys a ferry"),
        ("AT&T buys a ferry", "AT&T buys a ferry"),
        ("\n  A title\n   on two lines ", "A title on two lines"),
        ("The &lt;b&gt;old&lt;/b&gt; ferry &amp;amp; the new", "The old ferry & the new"),
        ("<![CDATA[The <i>old</i> ferry&#8217;s bell]]>", "The old ferry’s bell"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("A &#xD800; half, a &#0; nothing and a \x0c feed", "A half, a nothing and a feed"),
        ("Fyra&nbsp;f&auml;rjor", "Fyra färjor"),
        (" ", None),
        ("x" * 100_000, "x" * 500),
    ],
    ids=lambda value: "long" if value and len(value) > 99 else None,
)
def test_titles_are_plain_text(written: str, title: str | None) -> None:
    """Markup and entities in a title are resolved, white space is one space, and nothing is endless."""
    assert (_seed("/1", title),) == _seeds(_rss(f"<title>{written}</title><link>/1</link>"))


def test_dates_without_an_offset() -> None:
    """They are good for the order, and no witness: `published_at` is an instant."""
    found = _read(
        _rss(
            "<link>/old</link><pubDate>Mon, 01 Apr 2024 10:00:00</pubDate>",
            "<link>/new</link><pubDate>Tue, 02 Apr 2024</pubDate>",
        )
    )
    assert [(seed.url, seed.published_at) for seed in found.seeds] == [
        ("https://bay.example.org/new", None),
        ("https://bay.example.org/old", None),
    ]


def test_the_newest_come_first() -> None:
    """Entries are sorted by date; one without stays behind the one that it stood behind."""
    day = "<pubDate>Mon, {:02} Apr 2024 10:00:00 GMT</pubDate>"
    body = _rss(
        "<link>/1</link>" + day.format(1),
        "<link>/1b</link>",
        "<link>/3</link>" + day.format(3),
        "<link>/3b</link><pubDate>Mon, 01 Apr 2999 10:00:00 GMT</pubDate>",
        "<link>/2</link>" + day.format(2),
    )
    assert [url.rpartition("/")[2] for url in _urls(body)] == ["3", "3b", "2", "1", "1b"]


def test_an_empty_channel_is_a_feed() -> None:
    """A feed without entries announces nothing, and nothing is wrong with it."""
    assert _seeds(_rss()) == ()


def test_a_feed_cut_short() -> None:
    """The entries before the break are announced."""
    whole = _rss("<title>One</title><link>/1</link>", "<title>Two</title><link>/2</link>")
    assert _seed("/1", "One") == _seeds(whole[: whole.index("Two")])[0]


def test_a_long_feed() -> None:
    """Of a feed with thousands of entries the first thousand are read, and the listing says so."""
    found = _read(_rss(*(f"<link>/{number}</link>" for number in range(3_000))))
    assert [found.seeds[0].url, found.seeds[-1].url] == ["https://bay.example.org/0", "https://bay.example.org/999"]
    assert len(found.seeds) == 1_000
    assert "only its first 1,000 entries" in found.notes[0]


def test_a_feed_of_many_megabytes() -> None:
    """Of long entries so many are read as fit into the bound, each whole."""
    found = _read(_rss(*(f"<link>/{number}</link><description>{'öl ' * 33_000}</description>" for number in range(60))))
    assert [f"https://bay.example.org/{number}" for number in range(len(found.seeds))] == [
        seed.url for seed in found.seeds
    ]
    assert 35 <= len(found.seeds) < 45
    assert found.notes


@pytest.mark.parametrize("tag", ["<a/>", "<a ", "<"])
def test_a_feed_of_nothing_but_tags(tag: str) -> None:
    """What would keep the parser busy for half a minute is cut after the first entries."""
    found = _read(_rss("<link>/1</link>", "<link>/2</link>" + tag * 1_000_000))
    assert [seed.url for seed in found.seeds] == ["https://bay.example.org/1"]
    assert "only its first 1 entries" in found.notes[0]


def test_a_feed_cannot_name_a_file(tmp_path: Path) -> None:
    """A body that happens to be the name of a file on this machine is a body, not a name."""
    secret = tmp_path / "secret.xml"
    secret.write_text(_rss("<title>Secret</title><link>/1</link>"), encoding="utf-8")
    assert isinstance(read_listing(_feed(str(secret))), Rejection)


def test_links_that_cannot_be_read() -> None:
    """An entry whose address is none is announced all the same: it is counted and rejected when fetched."""
    body = _rss('<guid isPermaLink="false">http://[::1</guid>', "<link>/2</link>", f"<link>/{'x' * 5_000}</link>")
    assert _urls(body) == ["http://[::1", "https://bay.example.org/2"]


def test_json_feed() -> None:
    """JSON Feed 1.1: an item has an own address or one elsewhere, and may say its language."""
    items = [
        {"id": "1", "url": "../1", "title": "Färjan\ngår", "date_published": "2024-04-01T10:00:00+02:00"},
        {"id": "2", "external_url": "https://other.example/2", "language": "de-AT"},
        {"id": "https://bay.example.org/3", "date_modified": "2024-03-01T10:00:00Z", "title": 17},
        {"id": "4", "title": "No address"},
        {"url": 5},
        "6",
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Bay", "language": "sv", "items": items}
    found = _read(json.dumps(feed), "text/html")
    assert (found.title, found.language, found.found) == ("Bay", "sv", 6)
    assert (
        _seed("/1", "Färjan går", datetime(2024, 4, 1, 8, 0, tzinfo=UTC)),
        _seed("https://other.example/2", language="de"),
        _seed("/3", None, datetime(2024, 3, 1, 10, 0, tzinfo=UTC)),
    ) == found.seeds


def test_halves_of_characters_in_json() -> None:
    """What JSON can write and no file can hold is replaced."""
    found = _read(
        '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "/\\ud800", "title": "A\\udfff b"}]}'
    )
    assert (_seed("/\ufffd", "A\ufffd b"),) == found.seeds
