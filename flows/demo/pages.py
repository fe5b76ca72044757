"""Write the pages of an outlet: an article, or a list of links, inside the outlet's boilerplate."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from string import Template

from flows.demo.corpus import LINK, DemoArticle, Metadata, Outlet
from ingest.model import Block, Role

UrlOf = Callable[[str], str]
"""From OUTLET/SLUG to the address it has while the site is up."""

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_ELEMENT = {Role.BODY: "<p>{}</p>", Role.HEADING: "<h2>{}</h2>", Role.QUOTE: "<blockquote><p>{}</p></blockquote>"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An outlet while the site is up: its base URL, and the addresses of all articles."""

    outlet: Outlet
    base: str
    url_of: UrlOf


def article_page(article: DemoArticle, others: Sequence[DemoArticle], place: Place) -> str:
    """The page of an article. `others` are linked as further reading."""
    original = article.truth.copy_of
    return _fill(
        place,
        language=article.language,
        head=_head(article, place),
        title=escape(article.title),
        subtitle=f'<p class="standfirst">{escape(article.subtitle)}</p>' if article.subtitle else "",
        byline=escape(", ".join(article.authors)),
        published=article.published.isoformat(),
        day=f"{article.published:%Y-%m-%d %H:%M}",
        original_url=escape(place.url_of(original) if original else place.base),
        body=_body(article, place),
        related=_links([(place.url_of(other.key), other.title) for other in others]),
    )


def list_page(title: str, links: Sequence[tuple[str, str]], place: Place) -> str:
    """A page without an article: the outlet's boilerplate around a list of (URL, title)."""
    return _fill(
        place,
        language=place.outlet.language,
        head=f'<meta charset="utf-8"><title>{escape(title)}</title>',
        title=escape(title),
        original_url=escape(place.base),
        body=f"<ul>{_links(links)}</ul>",
    )


def _fill(place: Place, *, language: str, **fields: str) -> str:
    blank = dict.fromkeys(("subtitle", "byline", "published", "day", "related"), "")
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    return Template(place.outlet.template).substitute(
        blank, lang=language, dir=direction, site=escape(place.outlet.name), home=escape(place.base), **fields
    )


def _head(article: DemoArticle, place: Place) -> str:
    url = place.url_of(article.key)
    charset = article.wire.meta_charset
    parts = [
        f'<meta charset="{charset}">' if charset else "",
        f"<title>{escape(article.title)} | {escape(place.outlet.name)}</title>",
        f'<link rel="canonical" href="{escape(url)}">' if place.outlet.canonical else "",
    ]
    if place.outlet.metadata is Metadata.JSON_LD:
        parts.append(_json_ld(article, place.outlet, url))
    elif place.outlet.metadata is Metadata.OPEN_GRAPH:
        parts.extend(_open_graph(article, place.outlet, url))
    return "\n".join(filter(None, parts))


def _json_ld(article: DemoArticle, outlet: Outlet, url: str) -> str:
    value = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": article.title,
        "inLanguage": article.language,
        "datePublished": article.published.isoformat(),
        "dateModified": (article.modified or article.published).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    # "</" would end the script.
    text = json.dumps(value, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{text}\n</script>'


def _open_graph(article: DemoArticle, outlet: Outlet, url: str) -> list[str]:
    properties = [
        ("og:type", "article"),
        ("og:site_name", outlet.name),
        ("og:title", article.title),
        ("og:url", url),
        ("article:published_time", article.published.isoformat()),
        ("article:modified_time", (article.modified or article.published).isoformat()),
        *(("article:author", name) for name in article.authors),
    ]
    return [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties]


def _body(article: DemoArticle, place: Place) -> str:
    before = [f"<p>{_inline(line, place)}</p>" for line in article.before]
    after = [f"<p>{_inline(line, place)}</p>" for line in article.after]
    return "\n".join([*before, *_elements(article.blocks, place), *after])


def _elements(blocks: Sequence[Block], place: Place) -> list[str]:
    elements: list[str] = []
    for index, block in enumerate(blocks):
        text = _inline(block.text, place)
        if block.role is Role.LIST:
            first = index == 0 or blocks[index - 1].role is not Role.LIST
            last = index + 1 == len(blocks) or blocks[index + 1].role is not Role.LIST
            elements.append(f"{'<ul>' if first else ''}<li>{text}</li>{'</ul>' if last else ''}")
        elif block.role is Role.CAPTION:
            image = f'<img src="{escape(place.base)}/static/photo-{index}.jpg" alt="">'
            elements.append(f"<figure>{image}<figcaption>{text}</figcaption></figure>")
        else:
            elements.append(_ELEMENT[block.role].format(text))
    return elements


def _inline(text: str, place: Place) -> str:
    parts: list[str] = []
    end = 0
    for match in LINK.finditer(text):
        words, target = match.groups()
        parts += [escape(text[end : match.start()]), f'<a href="{escape(place.url_of(target))}">{escape(words)}</a>']
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def _links(links: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f'<li><a href="{escape(url)}">{escape(title)}</a></li>' for url, title in links)
