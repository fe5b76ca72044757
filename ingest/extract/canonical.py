"""Which address a page gives as its own, and how far that is believed."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.urls import absolute, canonicalize, is_home_page, same_pages, site_of

_CANONICAL = XPath("/descendant::link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
_TWINS = XPath(
    "/descendant::link[contains(concat(' ', translate(@rel, 'AMPHTL', 'amphtl'), ' '), ' amphtml ')"
    " or (contains(concat(' ', @rel, ' '), ' alternate ') and contains(@media, 'print'))]/@href"
)
_MOST_TWINS = 4
_OG_URL = XPath("/descendant::meta[@property = 'og:url']/@content")
# What a page's path may have behind its canonical one: another layout or another part of the same article.
_VARIANT_TAIL = re.compile(r"^(?:amp|print|mobile|m|full|single|all|comments?|index\.\w+|page|seite|sida|\d{1,3})?$")
_LAYOUTS = frozenset({"amp", "print", "printable"})
_LAYOUT_KEYS = frozenset({"format", "layout", "mode", "output", "outputtype", "template", "tpl", "type", "view"})
_YES = frozenset({"", "1", "true", "yes", "y", "on"})
_LAYOUT_TAIL = re.compile(r"/(?:amp|print)/?$|\.amp(?=(?:\.\w{2,5})?$)")
_NAMES_AN_ARTICLE = re.compile(r"\d{4}|(?:-.*){3}|\.\w{2,5}$")


def read_canonical(tree: HtmlElement, url: str) -> tuple[str | None, tuple[str, ...]]:
    """The page's own canonical URL, or why what it says is not believed.

    It must lie on the page's site (or on the layout of that site for other devices, so that an AMP page names its
    article), and be neither the home page nor the section that the page lies in. A saved page has no site: what it says
    of itself is all there is.

    Returns:
        The URL and no flag, or ``None`` with one of the flags canonical_unreadable, canonical_disagree,
        canonical_elsewhere, canonical_home, canonical_section; or neither.
    """
    try:
        found = {canonicalize(urljoin(url, href)): None for href in _CANONICAL(tree)[:10]}
    except ValueError:
        return None, ("canonical_unreadable",)
    if not found:
        return _without_layout(url), ()
    if len(found) > 1:
        return None, ("canonical_disagree",)
    canonical = next(iter(found))
    flag = _doubt(canonical, url) if site_of(url) else None
    return (None, (flag,)) if flag else (canonical, ())


def saved_from(tree: HtmlElement, url: str) -> str | None:
    """Return the address that a saved page was saved from, by its own word; ``None`` where that is not sure.

    Its canonical URL, if that is an address of the web, not a home page, and OpenGraph names no other.
    """
    canonical, _ = read_canonical(tree, url)
    if canonical is None or not canonical.startswith(("http://", "https://")) or is_home_page(canonical):
        return None
    try:
        others = {canonicalize(urljoin(canonical, other)) for other in _OG_URL(tree)[:2]}
    except ValueError:
        return None
    return canonical if others <= {canonical} else None


def read_twins(tree: HtmlElement, url: str, canonical: str | None) -> tuple[str, ...]:
    """The addresses of the page's site at which it says that its article stands as AMP, or for print.

    Those that tell by themselves whose layout they are (`_without_layout`) are left out, and so is a home page.
    """
    own = {canonicalize(one) for one in (url, canonical) if one and site_of(one)}
    found: dict[str, None] = {}
    for href in _TWINS(tree)[:_MOST_TWINS] if own else ():
        target = absolute(url, href)
        try:
            twin = canonicalize(target) if target else ""
        except ValueError:
            continue
        if twin and twin not in own and same_pages(twin, url) and not is_home_page(twin):
            found[twin] = None
    return tuple(one for one in found if _without_layout(one) not in own)


def is_amp(tree: HtmlElement) -> bool:
    """Whether a page says that it is the AMP layout of an article."""
    root = tree.getroottree().getroot()
    return any(name in root.attrib for name in ("amp", "⚡"))


def _without_layout(url: str) -> str | None:
    """The address without what asks for a layout for print or AMP; ``None`` where it has none of that."""
    if not site_of(url):
        return None
    parts = urlsplit(canonicalize(url))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _asks_for_layout(name.lower(), value.lower())]
    path = _LAYOUT_TAIL.sub("", parts.path)
    if len(kept) == len(pairs) and path == parts.path:
        return None
    plain = canonicalize(urlunsplit((parts.scheme, parts.netloc, path or "/", urlencode(kept), "")))
    return None if is_home_page(plain) else plain


def _asks_for_layout(name: str, value: str) -> bool:
    return (name in _LAYOUTS and value in _YES) or (value in _LAYOUTS and name in _LAYOUT_KEYS)


def _doubt(canonical: str, url: str) -> str | None:
    if not same_pages(canonical, url):
        return "canonical_elsewhere"
    here = canonicalize(url)
    if is_home_page(canonical) and not is_home_page(here):
        return "canonical_home"
    return "canonical_section" if _is_section_of(urlsplit(canonical).path, urlsplit(here).path) else None


def _is_section_of(folder: str, path: str) -> bool:
    folder = folder.rstrip("/")
    if folder == "" or not path.startswith(folder + "/"):
        return False
    tail = path.removeprefix(folder).strip("/").lower().split("/")
    return not all(map(_VARIANT_TAIL.match, tail)) and not _NAMES_AN_ARTICLE.search(folder.rpartition("/")[2])
