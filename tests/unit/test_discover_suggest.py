"""What a new source could be read by, found out from its front page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from support.pages import page

from ingest.discover.suggest import Suggestion, suggest
from ingest.model import Page, Seed
from ingest.outcome import Reason, Rejection, Stage

HOME = "https://www.bay.example.org/"
RSS = (
    '<rss version="2.0"><channel><title>The Bay: all news</title><language>en-GB</language>'
    "<item><link>https://www.bay.example.org/1</link></item></channel></rss>"
)
OTHER = RSS.replace("org/1", "org/2")
EMPTY = '<rss version="2.0"><channel><title>Nothing</title></channel></rss>'
NEWS = (
    '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/3</loc>'
    "<news:news><news:title>Bell</news:title></news:news></url></urlset>"
)
URLSET = "<urlset><url><loc>/4</loc></url></urlset>"
ARTICLE = '<h2><a href="/2024/04/01/the-old-bell-rings-again">The old bell rings again</a></h2>'


def _home(head: str = "", body: str = "", title: str = "The Bay | News from the harbour") -> str:
    return f'<html lang="en-GB"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


def _link(href: str, kind: str = "rss") -> str:
    return f'<link rel="alternate" type="application/{kind}+xml" href="{href}">'


def _ask(answers: Mapping[str, str], url: str = HOME, robots: tuple[str, ...] = ()) -> Suggestion | Rejection:
    def fetch(seed: Seed) -> Page | Rejection:
        path = seed.url.removeprefix(HOME)
        if path not in answers:
            return Rejection(url=seed.url, source=None, stage=Stage.FETCH, reason=Reason.NOT_FOUND, detail="HTTP 404")
        return replace(page(answers[path], url=seed.url), seed=seed)

    return suggest(url, fetch, robots)


def _found(answers: Mapping[str, str], url: str = HOME, robots: tuple[str, ...] = ()) -> Suggestion:
    found = _ask(answers, url, robots)
    assert isinstance(found, Suggestion), found
    return found


def test_feeds_that_the_page_names() -> None:
    """Each is read: what is empty, no feed, of comments, or announces nothing new is left out."""
    head = "".join(map(_link, ("/rss", "/empty", "/comments/feed", "/page", "/gone", "/world"))) + _link(
        "/atom", "atom"
    )
    found = _found(
        {"": _home(head), "rss": RSS, "empty": EMPTY, "page": _home(), "world": OTHER, "atom": RSS, "feed": OTHER}
    )
    assert found.feeds == (f"{HOME}rss", f"{HOME}world")
    assert (found.name, found.language, found.sitemaps, found.pages) == ("The Bay", "en", (), ())
    told = {one.address.removeprefix(HOME): one.problem for one in found.tried}
    assert told["gone"] == "not_found: HTTP 404"
    assert told["empty"] == "no entries"
    assert "an HTML page, no feed" in (told["page"] or "")
    assert told["atom"] == "announces nothing that others do not"
    assert "comments/feed" not in told
    assert "feed" not in told


def test_the_usual_addresses() -> None:
    """Where the page names no feed, it is looked for where programs put it; its title and language stand in."""
    found = _found({"": f"<body>{ARTICLE}", "rss.xml": RSS})
    assert (found.feeds, found.name, found.language) == ((f"{HOME}rss.xml",), "The Bay: all news", "en")


def test_sitemaps() -> None:
    """Those of robots.txt and the usual ones; if one is of news, the whole site is not needed."""
    robots = (f"{HOME}maps/all.xml", f"{HOME}maps/news.xml", f"{HOME}maps/gone.xml")
    site = {"": _home(), "maps/all.xml": URLSET, "sitemap.xml": URLSET}
    assert _found(site, robots=robots).sitemaps == (f"{HOME}maps/all.xml", f"{HOME}sitemap.xml")
    assert _found(site | {"maps/news.xml": NEWS}, robots=robots).sitemaps == (f"{HOME}maps/news.xml",)


def test_the_page_itself() -> None:
    """With neither feed nor sitemap, the links of the page are what there is."""
    found = _found({"": _home(body=ARTICLE, title="")})
    assert (found.pages, found.feeds, found.name, found.found) == ((HOME,), (), "bay.example.org", True)


def test_nothing() -> None:
    """A page that names nothing and links to no article is of no use."""
    assert not _found({"": _home()}).found


def test_an_address_that_is_a_listing_itself() -> None:
    """A feed or a sitemap is taken as it is."""
    assert _found({"rss": RSS}, f"{HOME}rss").feeds == (f"{HOME}rss",)
    assert _found({"map": NEWS}, f"{HOME}map").sitemaps == (f"{HOME}map",)
    assert not _found({"rss": EMPTY}, f"{HOME}rss").found


def test_an_address_that_cannot_be_had() -> None:
    """The reason is handed on."""
    found = _ask({})
    assert isinstance(found, Rejection)
    assert found.reason is Reason.NOT_FOUND
    found = _ask({"": '{"a": 1}'})
    assert isinstance(found, Rejection)
    assert found.reason is Reason.BAD_FEED


def test_not_every_feed_of_a_large_site() -> None:
    """A page that names dozens of feeds gives eight."""
    head = "".join(_link(f"/{number}") for number in range(40))
    feeds = {str(number): RSS.replace("org/1", f"org/a{number}") for number in range(40)}
    assert len(_found({"": _home(head)} | feeds).feeds) == 8
