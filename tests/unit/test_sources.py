"""Sources: what the file must say, and what feeds announce."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.pages import page

from ingest.errors import ConfigError
from ingest.model import Page, Seed, Via
from ingest.outcome import Reason, Rejection, Stage
from ingest.sources import Source, discover, load_sources, read_feed

FEED = "https://bay.example.org/feeds/news.xml"


def _feed(body: str | bytes, content_type: str = "application/rss+xml") -> Page:
    return page(body, content_type, url=FEED, source="bay", via=Via.FEED)


def _rss(*items: str, declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'{declaration}<rss version="2.0"><channel><title>The Bay</title>{inside}</channel></rss>'


def _seeds(body: str | bytes, content_type: str = "application/rss+xml") -> tuple[Seed, ...]:
    seeds = read_feed(_feed(body, content_type))
    assert not isinstance(seeds, Rejection), seeds
    return seeds


def _seed(path: str, title: str | None = None, published_at: datetime | None = None) -> Seed:
    return Seed(
        url=f"https://bay.example.org{path}", source="bay", via=Via.FEED, title=title, published_at=published_at
    )


def test_rss() -> None:
    """RSS 2.0 gives address, title and instant; a permanent guid stands in for a link, a bare one does not."""
    body = _rss(
        "<title>Färjan går igen</title><link> https://bay.example.org/1 </link>"
        "<pubDate>Mon, 01 Apr 2024 10:00:00 +0200</pubDate>",
        '<title>Паром</title><guid isPermaLink="false">https://bay.example.org/2</guid>',
        "<guid>https://bay.example.org/3</guid>",
        '<title>Nowhere</title><guid isPermaLink="false">17</guid>',
    )
    assert (
        _seed("/1", "Färjan går igen", datetime(2024, 4, 1, 8, 0, tzinfo=UTC)),
        _seed("/2", "Паром"),
        _seed("/3"),
    ) == _seeds(body)


def test_atom() -> None:
    """Atom's relative links resolve; `published` is the date, and `updated` where there is no other."""
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Bay</title>
        <entry><title>One</title><link href="../1"/><updated>2024-04-01T10:00:00Z</updated></entry>
        <entry><title>Two</title><link rel="edit" href="/edit/2"/><link rel="alternate" href="/2"/>
            <published>2024-01-01T00:00:00+03:00</published><updated>2024-04-01T10:00:00Z</updated></entry></feed>"""
    assert (
        _seed("/1", "One", datetime(2024, 4, 1, 10, 0, tzinfo=UTC)),
        _seed("/2", "Two", datetime(2023, 12, 31, 21, 0, tzinfo=UTC)),
    ) == _seeds(body, "application/atom+xml")


def test_atom_with_a_base() -> None:
    """An xml:base outranks the address of the feed."""
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bay.example.org/archive/">'
        '<entry><link href="1"/></entry></feed>'
    )
    assert (_seed("/archive/1"),) == _seeds(body, "application/atom+xml")


def test_rdf() -> None:
    """RSS 1.0, whose items stand beside the channel and whose dates are Dublin Core's."""
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://bay.example.org/"><title>T</title></channel>
        <item rdf:about="https://bay.example.org/1"><title>One</title><link>https://bay.example.org/1</link>
            <dc:date>2024-04-01T10:00:00+02:00</dc:date></item></rdf:RDF>"""
    assert (_seed("/1", "One", datetime(2024, 4, 1, 8, 0, tzinfo=UTC)),) == _seeds(body, "application/rdf+xml")


@pytest.mark.parametrize(
    ("declaration", "content_type", "charset"),
    [
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "application/rss+xml", "latin-1"),
        ("", "text/xml; charset=iso-8859-1", "latin-1"),
        ('<?xml version="1.0" encoding="windows-1252"?>', "text/xml; charset=utf-8", "cp1252"),
    ],
)
def test_charset_of_a_feed(declaration: str, content_type: str, charset: str) -> None:
    """A latin-1 feed is read by its declaration or its header, also where the header is wrong."""
    body = _rss("<title>Snö på ön</title><link>/1</link>", declaration=declaration).encode(charset)
    assert (_seed("/1", "Snö på ön"),) == _seeds(body, content_type)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("AT&amp;T buys a ferry", "AT&T buys a ferry"),
        ("\n  A title\n   on two lines ", "A title on two lines"),
        ("The &lt;b&gt;old&lt;/b&gt; ferry &amp;amp; the new", "The old ferry & the new"),
        ("<![CDATA[The <i>old</i> ferry&#8217;s bell]]>", "The old ferry’s bell"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        (" ", None),
    ],
)
def test_titles_are_plain_text(written: str, title: str | None) -> None:
    """Markup and entities in a title are resolved, white space is one space."""
    assert (_seed("/1", title),) == _seeds(_rss(f"<title>{written}</title><link>/1</link>"))


@pytest.mark.parametrize(
    "written", ["Mon, 01 Apr 2999 10:00:00 GMT", "next week", "", "Mon, 01 Jan 0001 00:00:00 GMT", "99999999999999"]
)
def test_dates_that_are_none(written: str) -> None:
    """A date in the future, before there were newspapers, or that cannot be read is not known."""
    assert (_seed("/1"),) == _seeds(_rss(f"<link>/1</link><pubDate>{written}</pubDate>"))


def test_an_empty_channel_is_a_feed() -> None:
    """A feed without entries announces nothing, and nothing is wrong with it."""
    assert _seeds(_rss()) == ()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<!doctype html><html><head><title>News</title></head><body><p>Hi</p></body></html>", "text/html"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "application/feed+json"),
        ("", "application/rss+xml"),
        (b"\x1f\x8b\x00\xff", "application/rss+xml"),
        (_rss("<title>A &#xD800; title</title><link>/1</link>"), "application/rss+xml"),
    ],
    ids=["html", "json", "nothing", "bytes", "lone surrogate"],
)
def test_no_feed(body: str | bytes, content_type: str) -> None:
    """What is no feed, or breaks the parser, is rejected as BAD_FEED."""
    result = read_feed(_feed(body, content_type))
    assert isinstance(result, Rejection)
    assert (
        result.url,
        result.source,
        result.stage,
        result.reason,
    ) == (FEED, "bay", Stage.DISCOVER, Reason.BAD_FEED)


def test_a_feed_cut_short() -> None:
    """The entries before the break are announced."""
    whole = _rss("<title>One</title><link>/1</link>", "<title>Two</title><link>/2</link>")
    assert _seed("/1", "One") == _seeds(whole[: whole.index("Two")])[0]


def test_entities_do_not_expand() -> None:
    """A "billion laughs" feed is a short text, and an external entity reads no file."""
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level else "ha"}">' for level in range(10))
    outside = '<!ENTITY file SYSTEM "file:///etc/passwd">'
    body = _rss(
        "<title>&l9; &file;</title><link>/1</link>",
        declaration=f'<?xml version="1.0"?><!DOCTYPE rss [{laughs}{outside}]>',
    )
    (seed,) = _seeds(body)
    assert len(seed.title or "") < 20
    assert "root" not in (seed.title or "")


def test_a_feed_cannot_name_a_file(tmp_path: Path) -> None:
    """A body that happens to be the name of a file on this machine is a body, not a name."""
    secret = tmp_path / "secret.xml"
    secret.write_text(_rss("<title>Secret</title><link>/1</link>"), encoding="utf-8")
    assert isinstance(read_feed(_feed(str(secret))), Rejection)


def test_links_that_cannot_be_read() -> None:
    """An entry whose address is none is announced all the same: it is counted and rejected when fetched."""
    body = _rss('<guid isPermaLink="false">http://[::1</guid>', "<link>/2</link>")
    assert [seed.url for seed in _seeds(body)] == ["http://[::1", "https://bay.example.org/2"]


def _source(**known: object) -> Source:
    return Source.model_validate({"name": "The Bay", "feeds": [FEED], **known})


def test_discover() -> None:
    """A feed is fetched under its outlet's name, and its first entries are taken, so many as the outlet allows."""
    asked: list[Seed] = []

    def fetch(seed: Seed) -> Page:
        asked.append(seed)
        return replace(_feed(_rss(*(f"<link>/{number}</link>" for number in range(5)))), seed=seed)

    found = discover(_source(max_articles=3), FEED, fetch)
    assert not isinstance(found, Rejection)
    assert [Seed(url=FEED, source="The Bay", via=Via.FEED)] == asked
    assert [("The Bay", f"https://bay.example.org/{number}") for number in range(3)] == [
        (seed.source, seed.url) for seed in found
    ]


def test_discover_hands_on_why_a_feed_cannot_be_had() -> None:
    """A feed that is not fetched is rejected where it was to be discovered, with the reason of the fetcher."""

    def fetch(seed: Seed) -> Rejection:
        return Rejection(url=seed.url, source=seed.source, stage=Stage.FETCH, reason=Reason.TIMEOUT, detail="30 s")

    assert Rejection(
        url=FEED, source="The Bay", stage=Stage.DISCOVER, reason=Reason.TIMEOUT, detail="30 s"
    ) == discover(_source(), FEED, fetch)


GOOD = f'[[source]]\nname = "The Bay"\nfeeds = ["{FEED}"]\n'


def test_load_sources(tmp_path: Path) -> None:
    """A source needs a name and feeds; the rest has defaults."""
    path = tmp_path / "sources.toml"
    path.write_text(
        GOOD + '[[source]]\nname = "Viken"\nfeeds = ["https://viken.example/a", "https://viken.example/b"]\n'
        'language = "sv"\ndelay_s = 2.5\nmax_articles = 50\n',
        encoding="utf-8",
    )
    assert (
        Source(name="The Bay", feeds=(FEED,), language=None, delay_s=None, max_articles=200),
        Source(
            name="Viken",
            feeds=("https://viken.example/a", "https://viken.example/b"),
            language="sv",
            delay_s=2.5,
            max_articles=50,
        ),
    ) == load_sources(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no source"),
        ("[source]\nname = 1", "names no source"),
        ('[[sources]]\nname = "The Bay"', "'sources' is unknown"),
        (GOOD + "[defaults]\ndelay_s = 1", "'defaults' is unknown"),
        ("[[source]\n", "line 1"),
        ('[[source]]\nfeeds = ["https://bay.example.org/"]', r"source '\?': name: "),
        ('[[source]]\nname = "The Bay"', "source 'The Bay': feeds: "),
        ('[[source]]\nname = "The Bay"\nfeeds = []', "source 'The Bay': feeds: "),
        ('[[source]]\nname = "The Bay"\nfeeds = "https://bay.example.org/"', "source 'The Bay': feeds: "),
        ('[[source]]\nname = "The Bay"\nfeeds = [1]', r"source 'The Bay': feeds\.0: "),
        (GOOD + "delay_s = -1", "source 'The Bay': delay_s: "),
        (GOOD + "max_articles = 0", "source 'The Bay': max_articles: "),
        (GOOD + 'lang = "sv"', "source 'The Bay': lang: "),
        (GOOD + GOOD, "two sources are named 'The Bay'"),
        ("source = [1]", r"source '\?': "),
    ],
)
def test_what_is_wrong_with_a_file_of_sources(tmp_path: Path, text: str, message: str) -> None:
    """The message names the file, the source and the field."""
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"{re.escape(str(path))}.*{message}"):
        load_sources(path)


def test_a_file_of_sources_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file is named together with the option that says where it is; so is one in another charset."""
    with pytest.raises(ConfigError, match=r"no such file: .*sources\.toml.*--config"):
        load_sources(tmp_path / "sources.toml")
    (tmp_path / "sources.toml").write_bytes(b'[[source]]\nname = "Sn\xf6"')
    with pytest.raises(ConfigError, match=r"cannot read .*sources\.toml"):
        load_sources(tmp_path / "sources.toml")
