"""Write an outlet's feed (RSS 2.0 or Atom) and its sitemap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from flows.demo.corpus import FeedKind, Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a feed."""

    url: str
    title: str
    published: datetime
    updated: datetime


def feed(outlet: Outlet, base: str, entries: Sequence[Entry]) -> bytes:
    """The outlet's feed, in its encoding; what the encoding lacks is written as a character reference."""
    write = _rss if outlet.feed is FeedKind.RSS else _atom
    text = f'<?xml version="1.0" encoding="{outlet.feed_encoding}"?>\n{write(outlet, base, entries)}'
    return text.encode(outlet.feed_encoding, "xmlcharrefreplace")


def sitemap(entries: Sequence[Entry]) -> bytes:
    """A sitemap (sitemaps.org, 0.9) of the entries."""
    urls = "\n".join(
        f"<url><loc>{escape(entry.url)}</loc><lastmod>{entry.updated.isoformat()}</lastmod></url>" for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}\n</urlset>\n'
    ).encode()


def _rss(outlet: Outlet, base: str, entries: Sequence[Entry]) -> str:
    items = "\n".join(
        f"<item><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>"
        f"<guid>{escape(entry.url)}</guid><pubDate>{format_datetime(entry.published)}</pubDate></item>"
        for entry in entries
    )
    return (
        f'<rss version="2.0"><channel>\n<title>{escape(outlet.name)}</title><link>{escape(base)}/</link>'
        f"<description>{escape(outlet.name)}</description><language>{outlet.language}</language>\n"
        f"{items}\n</channel></rss>\n"
    )


def _atom(outlet: Outlet, base: str, entries: Sequence[Entry]) -> str:
    updated = max(entry.updated for entry in entries).isoformat()
    items = "\n".join(
        f'<entry><title>{escape(entry.title)}</title><link href="{escape(entry.url)}"/><id>{escape(entry.url)}</id>'
        f"<published>{entry.published.isoformat()}</published><updated>{entry.updated.isoformat()}</updated></entry>"
        for entry in entries
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<title>{escape(outlet.name)}</title><id>{escape(base)}/</id>"
        f'<link href="{escape(base)}/"/><updated>{updated}</updated>\n{items}\n</feed>\n'
    )
