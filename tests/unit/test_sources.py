"""Sources: what the file must say, and what an outlet's listings announce together."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import page

from ingest.discover.listing import Kind
from ingest.errors import ConfigError
from ingest.model import Page, Seed, Validators, Via
from ingest.outcome import Reason, Rejection, Stage, Unmodified
from ingest.sources import Discovery, Expect, Source, as_toml, discover, load_sources, parse_sources
from ingest.value import well_formed

FEED = "https://bay.example.org/feeds/news.xml"
MAP = "https://bay.example.org/sitemap.xml"
SECTION = "https://bay.example.org/news/"
SINCE = datetime(2024, 4, 2, tzinfo=UTC)


class Web:
    """Answers by address; what is not there is not found. `asked` are the seeds that were fetched."""

    def __init__(self, answers: Mapping[str, str | bytes | Reason | Unmodified]) -> None:
        self.answers = answers
        self.asked: list[Seed] = []

    def __call__(self, seed: Seed) -> Page | Rejection | Unmodified:
        """Fetch."""
        self.asked.append(seed)
        answer = self.answers.get(seed.url, Reason.NOT_FOUND)
        if isinstance(answer, Reason):
            return Rejection(url=seed.url, source=seed.source, stage=Stage.FETCH, reason=answer, detail="told so")
        return answer if isinstance(answer, Unmodified) else replace(page(answer, url=seed.url), seed=seed)


def _source(**known: object) -> Source:
    return Source.model_validate({"name": "The Bay", **(known or {"feeds": [FEED]})})


def _rss(*items: tuple[str, int | None]) -> str:
    """A feed of (path, day of April 2024)."""
    inside = "".join(
        f"<item><title>{path}</title><link>https://bay.example.org/{path}</link>"
        + (f"<pubDate>{day:02} Apr 2024 10:00:00 GMT</pubDate>" if day else "")
        + "</item>"
        for path, day in items
    )
    return f'<rss version="2.0"><channel>{inside}</channel></rss>'


def _urlset(*items: tuple[str, int | None]) -> str:
    inside = "".join(
        f"<url><loc>https://bay.example.org/{path}</loc>"
        + (f"<lastmod>2024-04-{day:02}T10:00:00Z</lastmod>" if day else "")
        + "</url>"
        for path, day in items
    )
    return f"<urlset>{inside}</urlset>"


def _index(*children: tuple[str, int | None]) -> str:
    inside = "".join(
        f"<sitemap><loc>https://bay.example.org/{path}</loc>"
        + (f"<lastmod>2024-04-{day:02}T10:00:00Z</lastmod>" if day else "")
        + "</sitemap>"
        for path, day in children
    )
    return f"<sitemapindex>{inside}</sitemapindex>"


def _paths(found: Discovery) -> list[str]:
    return [seed.url.removeprefix("https://bay.example.org/") for seed in found.seeds]


def test_a_feed() -> None:
    """A listing is fetched under its outlet's name; the seeds have its name and language, newest first, so many."""
    web = Web({FEED: _rss(("1", 1), ("3", 3), ("2", 2), ("undated", None))})
    found = discover(_source(feeds=[FEED], language="en", max_articles=2), web)
    assert [Seed(url=FEED, source="The Bay", via=Via.FEED)] == web.asked
    assert _paths(found) == ["3", "2"]
    (report,) = found.listings
    assert (report.address, report.kind, report.entries, report.fresh) == (FEED, Kind.RSS, 4, 4)
    assert (report.newest, report.rejection, report.unmodified) == (datetime(2024, 4, 3, 10, tzinfo=UTC), None, None)
    assert found.seeds[0] == Seed(
        url="https://bay.example.org/3",
        source="The Bay",
        via=Via.FEED,
        title="3",
        published_at=datetime(2024, 4, 3, 10, tzinfo=UTC),
        language="en",
    )


def test_feeds_before_sitemaps_before_pages() -> None:
    """What fewer announce with more care comes first, whatever its date, and the limit is for all together."""
    web = Web(
        {
            FEED: _rss(("old-news", 1)),
            MAP: _urlset(("new-in-the-sitemap", 9), ("newer-in-the-sitemap", 10)),
            SECTION: '<h2><a href="/2024/04/11/the-old-bell-rings-again">The old bell rings again</a></h2>',
        }
    )
    everything = {"feeds": [FEED], "sitemaps": [MAP], "pages": [SECTION]}
    found = discover(_source(**everything), web)
    assert _paths(found) == [
        "old-news",
        "newer-in-the-sitemap",
        "new-in-the-sitemap",
        "2024/04/11/the-old-bell-rings-again",
    ]
    assert [seed.via for seed in found.seeds] == [Via.FEED, Via.SITEMAP, Via.SITEMAP, Via.SECTION]
    assert [seed.via for seed in web.asked] == [Via.FEED, Via.SITEMAP, Via.SECTION]
    assert _paths(discover(_source(**everything, max_articles=2), web)) == ["old-news", "newer-in-the-sitemap"]


def test_announced_twice() -> None:
    """An address is one seed, however it is spelt, and knows what either listing says."""
    item = "<item><title>{}</title><link>{}</link>{}</item>"
    dated = "<pubDate>01 Apr 2024 10:00:00 GMT</pubDate>"
    other = "https://bay.example.org/other.xml"
    web = Web(
        {
            FEED: f"<rss>{item.format('', 'https://BAY.example.org:443/1?utm_source=rss', '')}</rss>",
            other: f"<rss>{item.format('The bell', 'https://bay.example.org/1', dated)}</rss>",
        }
    )
    found = discover(_source(feeds=[FEED, other]), web)
    assert [seed.title for seed in found.seeds] == ["The bell"]
    assert [seed.published_at for seed in found.seeds] == [datetime(2024, 4, 1, 10, tzinfo=UTC)]
    assert [report.fresh for report in found.listings] == [1, 0]


def test_include_and_exclude() -> None:
    """Only what the patterns let through is fresh."""
    web = Web({FEED: _rss(("news/1", 3), ("news/live-2", 2), ("sport/3", 1))})
    found = discover(_source(feeds=[FEED], include=["*/news/*"], exclude=[r"re:/live-\d"]), web)
    assert _paths(found) == ["news/1"]
    assert [(report.entries, report.fresh) for report in found.listings] == [(3, 1)]


def test_an_index_of_sitemaps() -> None:
    """Children of an index are asked for: news first, then the newest, the old ones not at all."""
    web = Web(
        {
            MAP: _index(("old.xml", 1), ("a.xml", 3), ("b.xml", 4), ("undated.xml", None), ("news.xml", None)),
            "https://bay.example.org/news.xml": _urlset(("1", 4)),
            "https://bay.example.org/a.xml": _urlset(("2", 3), ("3", 1)),
            "https://bay.example.org/b.xml": _urlset(("1", 4), ("4", 2)),
        }
    )
    found = discover(_source(sitemaps=[MAP]), web, since=SINCE)
    assert [seed.url.rpartition("/")[2] for seed in web.asked] == [
        "sitemap.xml",
        "news.xml",
        "b.xml",
        "a.xml",
        "undated.xml",
    ]
    assert _paths(found) == ["1", "2", "4"]
    assert [(one.kind, one.entries, one.fresh) for one in found.listings] == [
        (Kind.SITEMAP_INDEX, 5, 0),
        (Kind.SITEMAP, 1, 1),
        (Kind.SITEMAP, 2, 1),
        (Kind.SITEMAP, 2, 1),
        (None, 0, 0),
    ]
    assert not found.broken


def test_no_sitemap_is_asked_for_in_vain() -> None:
    """Once there are enough entries, a child that is older than all of them is left alone."""
    web = Web(
        {
            MAP: _index(("a.xml", 4), ("b.xml", 3), ("c.xml", 2)),
            "https://bay.example.org/a.xml": _urlset(("1", 4), ("2", 2)),
            "https://bay.example.org/b.xml": _urlset(("3", 3)),
            "https://bay.example.org/c.xml": _urlset(("4", 2)),
        }
    )
    assert _paths(discover(_source(sitemaps=[MAP], max_articles=2), web)) == ["1", "3"]
    assert [seed.url[-5:] for seed in web.asked] == ["p.xml", "a.xml", "b.xml"]


def test_indexes_in_a_circle() -> None:
    """An index that names itself, or another that names it, is asked for once."""
    other = "https://bay.example.org/other.xml"
    web = Web(
        {MAP: _index(("sitemap.xml", 4), ("other.xml", 3)), other: _index(("sitemap.xml", None), ("1.xml", None))}
    )
    discover(_source(sitemaps=[MAP, other]), web)
    assert [seed.url[24:] for seed in web.asked] == ["sitemap.xml", "other.xml", "1.xml"]


def test_an_index_of_thousands() -> None:
    """No more than 50 children are asked for, and no deeper than an index in an index; the report says so."""
    web = Web({MAP: _index(*((f"{number}.xml", None) for number in range(2_000)))})
    found = discover(_source(sitemaps=[MAP]), web)
    assert len(web.asked) == 51
    assert "more than 50 sitemaps" in found.listings[0].notes[0]
    deep = Web({f"https://bay.example.org/{level}.xml": _index((f"{level + 1}.xml", None)) for level in range(9)})
    discover(_source(sitemaps=["https://bay.example.org/0.xml"]), deep)
    assert [seed.url[-5:] for seed in deep.asked] == ["0.xml", "1.xml", "2.xml"]


def test_a_listing_that_breaks_stops_no_other() -> None:
    """Each is reported with its own reason, and a source of which all broke is seen."""
    web = Web({FEED: "<html>Moved</html>", MAP: Reason.TIMEOUT, SECTION: Reason.ROBOTS, FEED + "2": _rss(("1", 1))})
    found = discover(_source(feeds=[FEED, FEED + "2"], sitemaps=[MAP], pages=[SECTION]), web)
    assert _paths(found) == ["1"]
    rejections = [one.rejection for one in found.listings]
    assert [one.reason if one else None for one in rejections] == [
        Reason.BAD_FEED, None, Reason.TIMEOUT, Reason.ROBOTS
    ]  # fmt: skip
    assert rejections[2] == Rejection(
        url=MAP, source="The Bay", stage=Stage.DISCOVER, reason=Reason.TIMEOUT, detail="told so"
    )
    assert not found.broken
    assert discover(_source(feeds=[FEED], sitemaps=[MAP]), web).broken


def test_what_is_known() -> None:
    """Validators are sent along by address; what has not changed announces nothing, and is no failure."""
    body = _rss(("1", 1))
    digest = hashlib.sha256(body.encode()).hexdigest()
    held = Validators(etag='"a"', body_sha256="0" * 64)
    seed = Seed(url=FEED, source="The Bay", via=Via.FEED, validators=held)
    web = Web({FEED: Unmodified(seed=seed, how="304"), SECTION: body})
    known = {FEED: held, SECTION: Validators(body_sha256="1" * 64)}
    found = discover(_source(feeds=[FEED], pages=[SECTION]), web, known=known)
    assert [known[FEED], known[SECTION]] == [one.validators for one in web.asked]
    assert [(one.unmodified, one.fresh, one.validators) for one in found.listings] == [
        ("304", 0, held),
        (None, 1, Validators(body_sha256=digest)),
    ]
    assert not found.broken


def test_validators_of_a_listing() -> None:
    """A report holds what the server said, for the next time."""

    def fetch(seed: Seed) -> Page:
        headers = (("ETag", 'W/"7"'), ("Last-Modified", "Mon, 01 Apr 2024 10:00:00 GMT"))
        return replace(page(_rss(), url=seed.url), seed=seed, headers=headers, redirects=(seed.url,), final_url=MAP)

    (report,) = discover(_source(), fetch).listings
    assert report.validators == Validators(
        etag='W/"7"',
        last_modified="Mon, 01 Apr 2024 10:00:00 GMT",
        body_sha256=hashlib.sha256(_rss().encode()).hexdigest(),
    )
    assert report.notes == (f"sent on to {MAP}",)


GOOD = f'[[source]]\nname = "The Bay"\nfeeds = ["{FEED}"]\n'


def test_load_sources(tmp_path: Path) -> None:
    """A source needs a name and a listing; the rest has defaults."""
    path = tmp_path / "sources.toml"
    path.write_text(
        GOOD
        + '[[source]]\nname = "Viken"\nsitemaps = ["https://viken.example/a"]\npages = ["https://viken.example/b"]\n'
        'include = ["*/nyheter/*"]\nexclude = ["re:/video-\\\\d+"]\nlanguage = "sv-SE"\ndelay_s = 2.5\n'
        'max_articles = 50\npaywall = "metered"\nexpect.min_articles = 5\n',
        encoding="utf-8",
    )
    assert load_sources(path) == (
        Source(name="The Bay", feeds=(FEED,)),
        Source(
            name="Viken",
            sitemaps=("https://viken.example/a",),
            pages=("https://viken.example/b",),
            include=("*/nyheter/*",),
            exclude=(r"re:/video-\d+",),
            language="sv-SE",
            delay_s=2.5,
            max_articles=50,
            paywall="metered",
            expect=Expect(min_articles=5),
        ),
    )
    bay = load_sources(path)[0]
    assert (bay.sitemaps, bay.include, bay.max_articles, bay.paywall, bay.expect) == ((), (), 200, None, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no source"),
        ("[source]\nname = 1", "names no source"),
        ('[[sources]]\nname = "The Bay"', "'sources' is unknown"),
        (GOOD + "[defaults]\ndelay_s = 1", "'defaults' is unknown"),
        ("[[source]\n", "line 1"),
        ('[[source]]\nfeeds = ["https://bay.example.org/"]', r"source '\?': name: "),
        ('[[source]]\nname = "The Bay"', "source 'The Bay': no feeds, sitemaps or pages"),
        ('[[source]]\nname = "The Bay"\nfeeds = []', "source 'The Bay': no feeds, sitemaps or pages"),
        ('[[source]]\nname = "The Bay"\nfeeds = "https://bay.example.org/"', "source 'The Bay': feeds: "),
        ('[[source]]\nname = "The Bay"\nfeeds = [1]', r"source 'The Bay': feeds\.0: "),
        ('[[source]]\nname = "The Bay"\nfeeds = ["bay.example.org/rss"]', r"source 'The Bay': feeds\.0: not an http"),
        (
            '[[source]]\nname = "The Bay"\npages = ["ftp://bay.example.org/"]',
            r"source 'The Bay': pages\.0: not an http",
        ),
        (GOOD + "delay_s = -1", "source 'The Bay': delay_s: "),
        (GOOD + "delay_s = inf", "source 'The Bay': delay_s: "),
        (GOOD + "max_articles = 0", "source 'The Bay': max_articles: "),
        (GOOD + 'lang = "sv"', "source 'The Bay': lang: "),
        (GOOD + 'language = "Swedish!"', "source 'The Bay': language: "),
        (GOOD + 'include = ["re:("]', r"source 'The Bay': include\.0: 're:\(' is no regular expression"),
        (GOOD + 'exclude = ["re:(a+)+"]', r"source 'The Bay': exclude\.0: .*for ever"),
        (GOOD + 'paywall = "some"', "source 'The Bay': paywall: "),
        (GOOD + "[source.expect]\nmin_articles = -1", r"source 'The Bay': expect\.min_articles: "),
        (GOOD + "[source.expect]\nminimum = 1", r"source 'The Bay': expect\.minimum: "),
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
    for content in (b'[[source]]\nname = "Sn\xf6"', b"a = " + b"[" * 5_000):
        (tmp_path / "sources.toml").write_bytes(content)
        with pytest.raises(ConfigError, match=r"cannot read .*sources\.toml"):
            load_sources(tmp_path / "sources.toml")


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
_ADDRESSES = st.lists(_TEXT.map(lambda text: f"https://bay.example.org/{text}"), max_size=3)
_PATTERNS = st.lists(_TEXT.filter(str.strip).filter(lambda text: not text.startswith("re:")), max_size=3)


@given(
    st.fixed_dictionaries(
        {"name": _TEXT.map(well_formed).filter(bool), "feeds": _ADDRESSES.filter(bool), "include": _PATTERNS},
        optional={
            "sitemaps": _ADDRESSES,
            "exclude": _PATTERNS,
            "language": st.sampled_from(["sv", "zh-Hant-TW"]),
            "delay_s": st.floats(0, 1e300),
            "max_articles": st.integers(1, 2**62),
            "paywall": st.sampled_from(["none", "hard"]),
            "expect": st.builds(dict, min_articles=st.integers(0, 99)),
        },
    )
)
def test_what_is_written_can_be_read(values: dict[str, object]) -> None:
    """A source comes back from TOML as it was, whatever characters are in it, and also as one of several."""
    source = Source.model_validate(values)
    written = as_toml(source)
    assert parse_sources(written, Path("sources.toml")) == (source,)
    assert len(tomllib.loads(GOOD + "\n" + written)["source"]) == 2


def test_how_a_source_is_written() -> None:
    """One table, without what is as by default."""
    source = _source(feeds=[FEED], sitemaps=[MAP, SECTION], language="sv", delay_s=2, expect={"min_articles": 5})
    assert (
        f'[[source]]\nname = "The Bay"\nfeeds = ["{FEED}"]\nsitemaps = [\n    "{MAP}",\n    "{SECTION}",\n]\n'
        'language = "sv"\ndelay_s = 2.0\nexpect = { min_articles = 5 }\n'
    ) == as_toml(source)
