"""HTML pages: the feeds that they name, what they call themselves, and the articles that they link to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from ingest.discover.articles import Link, headlines
from ingest.discover.listing import Further, Kind, Listing, absolute, entry_of, squeeze
from ingest.model import Page

Tree = Any
"""An lxml element."""

# More than the largest front pages have; a page of 40,000 links is built to be one.
_MAX_LINKS = 5_000
_MAX_CHARS = 5_000_000
_MAX_FEEDS = 50
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_NAVIGATION_TAGS = frozenset({"nav", "footer"})
_NAVIGATION_ROLES = frozenset({"navigation", "menu", "menubar", "contentinfo", "search"})
_NAVIGATION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|footer|breadcrumbs?|sitemap|pagination|pager)(?:$|[\s_-])",
    re.IGNORECASE,
)
_WORDS = etree.XPath(".//text()[not(parent::script or parent::style)]")
_SEPARATOR = re.compile(r"\s+[|–—·•:\-]\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a page says of its site: name and language (as written), ``None`` where it does not say."""

    name: str | None
    language: str | None


def parse_page(text: str) -> Tree:
    """The tree of a page, up to 5 million characters of it; an empty one for a text without elements."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    tree = etree.HTML(text[:_MAX_CHARS].encode("utf-8", "replace"), parser) if text.strip() else None
    return etree.Element("html") if tree is None else tree


def read_page(text: str, page: Page) -> Listing:
    """The articles that a section page links to, with the words of the links as titles, and the feeds that it names."""
    tree = parse_page(text)
    base = _base(tree, page.final_url)
    described = describe(tree)
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    if _forbids_following(tree, page):
        notes = ("the page asks robots not to follow its links",)
    else:
        links = tuple(_links(tree, base))
        if not links:
            notes = ("the page has no links: it may be filled by JavaScript, which newsmill does not run",)
    found = headlines(links, page.final_url)
    entries = tuple(
        entry for one in found if (entry := entry_of(page, Kind.PAGE, one.url, title=one.text, moment=None)) is not None
    )
    return Listing(
        kind=Kind.PAGE,
        entries=entries,
        more=feeds_of(tree, page.final_url),
        found=len(entries),
        title=described.name,
        language=described.language,
        notes=notes,
    )


def feeds_of(tree: Tree, url: str) -> tuple[Further, ...]:
    """The feeds that a page names by <link rel="alternate">, in its order, each once."""
    base = _base(tree, url)
    feeds: dict[str, Further] = {}
    for link in tree.iter("link"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if "alternate" in (link.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            address = absolute(base, link.get("href") or "")
            if address is not None and address.startswith(("http://", "https://")) and len(feeds) < _MAX_FEEDS:
                feeds.setdefault(address, Further(url=address, title=squeeze(link.get("title") or "") or None))
    return tuple(feeds.values())


def describe(tree: Tree) -> Description:
    """The name and language of a site, by its page."""
    named = {
        (meta.get("property") or meta.get("name") or "").lower(): squeeze(meta.get("content") or "")
        for meta in tree.iter("meta")
    }
    title = squeeze(next((_text(title) for title in tree.iter("title")), ""))
    name = named.get("og:site_name") or named.get("application-name") or _SEPARATOR.split(title)[0]
    language = tree.get("lang") or tree.get("xml:lang") or named.get("og:locale")
    return Description(name=name or None, language=squeeze(language or "") or None)


def _links(tree: Tree, base: str) -> Iterator[Link]:
    # Asked once of each element, not for each link in it: one may hold thousands and have a class of a megabyte.
    is_navigation = cache(_is_navigation)
    seen = 0
    for anchor in tree.iter("a"):
        refused = {"nofollow", "sponsored", "ugc"} & set((anchor.get("rel") or "").lower().split())
        url = absolute(base, anchor.get("href") or "")
        if refused or url is None or not url.startswith(("http://", "https://")):
            continue
        seen += 1
        if seen > _MAX_LINKS:
            return
        inner = next((node for node in anchor.iter(*_HEADINGS)), None)
        in_heading, in_navigation = _surroundings(anchor, is_navigation)
        text = squeeze(_text(anchor if inner is None else inner)) or squeeze(
            anchor.get("aria-label") or anchor.get("title") or ""
        )
        yield Link(url=url, text=text, in_heading=in_heading or inner is not None, in_navigation=in_navigation)


def _surroundings(anchor: Tree, is_navigation: Callable[[Tree], bool]) -> tuple[bool, bool]:
    """Whether a heading is around an anchor, and whether something of the navigation is."""
    in_heading = False
    for node in anchor.iterancestors():
        in_heading = in_heading or node.tag in _HEADINGS
        if node.tag in ("body", "html"):  # whose classes speak of the whole page
            break
        if is_navigation(node):
            return in_heading, True
    return in_heading, False


def _is_navigation(node: Tree) -> bool:
    words = f"{node.get('class') or ''} {node.get('id') or ''}"
    return (
        node.tag in _NAVIGATION_TAGS
        or (node.get("role") or "").lower() in _NAVIGATION_ROLES
        or _NAVIGATION_CLASS.search(words) is not None
    )


def _text(node: Tree) -> str:
    """The words of an element. Kickers and headlines stand in elements of their own: a space parts them."""
    return " ".join(_WORDS(node))


def _base(tree: Tree, url: str) -> str:
    declared = next((base.get("href") for base in tree.iter("base") if base.get("href")), None)
    return (absolute(url, declared) if declared else None) or url


def _forbids_following(tree: Tree, page: Page) -> bool:
    said = [page.header("x-robots-tag") or ""]
    said += [meta.get("content") or "" for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "robots"]
    return any({"nofollow", "none"} & set(re.split(r"[\s,]+", words.lower())) for words in said)
