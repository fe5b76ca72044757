"""What an outlet serves, as replies by path, and what each line of its feed leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.demo.corpus import DemoArticle, Outlet, load_articles
from flows.demo.feeds import Entry, feed, sitemap
from flows.demo.pages import Place, article_page, list_page
from flows.demo.traps import EXPECTED, Pace, Reply, trap_routes
from ingest.outcome import Reason

_XML = (("Content-Type", "application/xml"),)
_PLAIN = (("Content-Type", "text/plain; charset=utf-8"),)
_RELATED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a line of a feed leads to: an article (OUTLET/SLUG), or the reason why it is rejected."""

    outlet: str
    url: str
    article: str | None = None
    reason: Reason | None = None


def routes(place: Place, edition: int) -> Iterator[tuple[str, Reply]]:
    """Every path of an outlet, and what it answers in an edition."""
    outlet = place.outlet
    articles = _articles(outlet, edition)
    entries = [_entry(article, place) for article in articles]
    listed = sorted([*entries, *_trap_entries(place)], key=lambda entry: entry.published, reverse=True)
    front = Reply(body=list_page(outlet.name, [(entry.url, entry.title) for entry in entries], place).encode())
    yield "/", front
    yield "/robots.txt", Reply(headers=_PLAIN, body=f"{outlet.robots}\nSitemap: {place.base}/sitemap.xml\n".encode())
    yield "/sitemap.xml", Reply(headers=_XML, body=sitemap(entries))
    yield outlet.feed_path, Reply(headers=_XML, body=feed(outlet, place.base, listed))
    yield from ((path, front) for path in outlet.broken_feeds)
    for trap in outlet.traps:
        yield from trap_routes(trap, place)
    for index, article in enumerate(articles):
        others = [*articles[index + 1 :], *articles[:index]][:_RELATED]
        yield place.url_of(article.key).removeprefix(place.base), _article_reply(article, others, place)


def promises(place: Place, edition: int) -> Iterator[Promise]:
    """What the outlet's feed leads to in an edition, articles first."""
    key = place.outlet.key
    for article in _articles(place.outlet, edition):
        yield Promise(outlet=key, url=place.url_of(article.key), article=article.key)
    for trap in place.outlet.traps:
        reason = EXPECTED[trap.kind]
        target = trap.target if reason is None else None
        yield Promise(outlet=key, url=place.base + trap.path, article=target, reason=reason)


def _articles(outlet: Outlet, edition: int) -> list[DemoArticle]:
    return [article for article in load_articles(edition) if article.outlet == outlet.key]


def _article_reply(article: DemoArticle, others: Sequence[DemoArticle], place: Place) -> Reply:
    wire = article.wire
    kind = f"text/html; charset={wire.header_charset}" if wire.header_charset else "text/html"
    return Reply(
        headers=(("Content-Type", kind),),
        body=article_page(article, others, place).encode(wire.encoding, "xmlcharrefreplace"),
        pace=Pace.SLOW if wire.slow else Pace.WHOLE,
        first_status=wire.first_status,
    )


def _entry(article: DemoArticle, place: Place) -> Entry:
    return Entry(
        url=place.url_of(article.key),
        title=article.title,
        published=article.published,
        updated=article.modified or article.published,
    )


def _trap_entries(place: Place) -> Iterator[Entry]:
    for trap in place.outlet.traps:
        yield Entry(url=place.base + trap.path, title=trap.title, published=trap.published, updated=trap.published)
