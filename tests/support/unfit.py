"""Strings that no database, no XML or no reader takes, and pages, feeds and sitemaps with them in every field."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Iterator

from hypothesis import strategies as st
from support.fuzzing import SCRIPTS

UNFIT = {
    "half a character": "Storm \ud800 over the harbour",
    "the other half": "Storm \udfff over the harbour",
    "halves the wrong way round": "Storm \ude00\ud83d over the harbour",
    "a cut emoji": "Storm over the harbour \ud83d",
    "NUL": "Storm \0 over the harbour",
    "a control": "Storm \x08\x1b[31m over the harbour",
    "a control of ISO 6429": "Storm \x9b31m over\x92 the harbour",
    "an override of direction": "Storm \u202erevo\u202c the harbour",
    "a noncharacter": "Storm \uffff\ufdd0\U0001fffe over the harbour",
    "a megabyte": "Storm over the harbour " * 44_000,
    "a megabyte without a space": "x" * 1_000_000,
}
"""By name, what a field may hold."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no string of a value may hold."""

STRINGS = st.one_of(
    st.sampled_from([one for one in UNFIT.values() if len(one) < 1000]),
    st.text(st.one_of(st.sampled_from("\0\x01\x0b\x1b\x7f\x85\x92\ud800\udc00\ude00\uffff\u202e ab\r\n\"'<&é雪"))),
    st.text(st.characters(), max_size=20),
)
"""Anything that a Python string can hold, halves of characters more often than not."""

_LINKED = (
    *("headline", "alternativeHeadline", "articleSection", "keywords", "license", "image", "inLanguage", "isBasedOn"),
    *("datePublished", "dateModified", "isAccessibleForFree", "url", "mainEntityOfPage", "articleBody", "description"),
)
_METAS = (
    *("og:title", "og:description", "og:site_name", "og:url", "og:image", "og:locale", "article:author"),
    *("article:section", "article:tag", "article:published_time", "author", "description", "keywords", "dc.rights"),
)
_ITEMS = ("headline", "author", "datePublished", "articleSection", "keywords", "image", "license", "publisher")


def strings_in(value: object) -> Iterator[str]:
    """All strings in a value."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings_in(getattr(value, field.name))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from (*strings_in(name), *strings_in(one))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from strings_in(one)


def unfit_page(text: str) -> bytes:
    """A page with an article in which a string stands in every field that is read, each in the way of its format.

    What stands in JSON is escaped, what stands in HTML is a reference where UTF-8 cannot hold it. Of an endless string
    most fields have the beginning.
    """
    whole, text = text, text[:300]
    linked = dict.fromkeys(_LINKED, text) | {
        "headline": whole,
        "license": whole,
        "image": f"https://courier.example/{whole}",
        "@type": "NewsArticle",
        "author": [{"@type": "Person", "name": text}, {"@type": "Person", "name": f"Ann {text}"}],
        "publisher": {"@type": "Organization", "name": text},
        "keywords": [whole, "harbour"],
        text: text,
    }
    escaped = html.escape(text)
    parts = [
        f"<html lang='en'><head><title>{escaped}</title>",
        *(f'<meta property="{name}" content="{escaped}">' for name in _METAS),
        f'<link rel="canonical" href="{escaped}"><link rel="license" href="/licence?{escaped}">',
        f'<script type="application/ld+json">{json.dumps(linked)}</script></head><body>',
        f"<article itemscope itemtype='http://schema.org/NewsArticle'><h1>{escaped}</h1><p>By {escaped}</p>",
        *(f'<span itemprop="{name}" content="{escaped}">{escaped}</span>' for name in _ITEMS),
        f'<p class="byline">By Ann {escaped}</p><p>Photo: {escaped}</p>',
        *(f'<p>{one} <a href="https://courier.example/{escaped}">{escaped}</a></p>' for one in SCRIPTS[:2]),
        f"<figure><img src='{escaped}' alt='{escaped}'><figcaption>{escaped}</figcaption></figure>",
        f"<p>{escaped}</p><p>{SCRIPTS[0]} {SCRIPTS[7]}</p><p>This article first appeared in {escaped}.</p></article>",
    ]
    return "".join(parts).encode("utf-8", "xmlcharrefreplace")


def unfit_listings(text: str) -> dict[str, bytes]:
    """An RSS feed, an Atom feed, a JSON feed and a sitemap with a string in each of their fields."""
    escaped = html.escape(text)
    link = f"https://courier.example/{escaped}"
    entry = {"id": text, "url": f"https://courier.example/{text}", "title": text, "date_published": text}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": text, "language": text, "items": [entry]}
    texts = {
        "application/rss+xml": f"<rss version='2.0'><channel><title>{escaped}</title><language>{escaped}</language>"
        f"<item><title>{escaped}</title><link>{link}</link><guid>{escaped}</guid><pubDate>{escaped}</pubDate></item>"
        "</channel></rss>",
        "application/atom+xml": f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{escaped}</title><entry>"
        f"<title>{escaped}</title><link href='{link}'/><id>{escaped}</id><updated>{escaped}</updated></entry></feed>",
        "application/xml": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
        f"<url><loc>{link}</loc><news:news><news:title>{escaped}</news:title></news:news></url></urlset>",
        "application/feed+json": json.dumps(feed),
    }
    return {kind: one.encode("utf-8", "xmlcharrefreplace") for kind, one in texts.items()}
