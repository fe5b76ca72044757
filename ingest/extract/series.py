"""Which other pages an article goes on over: asked of its links, and believed only where two of them agree.

Witnesses are `rel="next"`, addresses that differ in nothing but a number, numbers as the words of such links, "page 1
of 3", words that promise the next page, and the rule of the site. A list of an archive has such links too, and so has
the next article: what is then fetched is looked at once more (`ingest.extract.joined`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.families import ENDING, Family, Link, families_of, key_of, places_of, stem_of
from ingest.lang.pages import is_row, leads_on, read_count, shows_all
from ingest.model import Residue, Series, SiteRule
from ingest.urls import absolute, same_pages
from ingest.xpath import found_by

_MOST_LINKS: Final = 3_000
_LONGEST_WORDS: Final = 80
_TEASERS: Final = 3
_HEADLINES: Final = XPath("count(/descendant::h1)")
_LINKED_HEADINGS: Final = XPath(
    "count(/descendant::*[self::h2 or self::h3 or self::h4][descendant::a or ancestor::a]"
    "[not(ancestor::nav or ancestor::footer or ancestor::aside)])"
)
_FEW: Final = 12  # elements in a line
_TELLING: Final = frozenset({"next", "prev"})
_LAST_NUMBER: Final = re.compile(r"\d\D{0,8}$")
_ALL: Final = re.compile(
    r"(?:^|[/=_.-])(?:all|full|single|singlepage|onepage|print|komplett\w*|alles|tout)(?:$|[/.&=_-])", re.IGNORECASE
)
# Words in an address, or names of what is around a link, that number something else than the pages of an article.
_OTHER: Final = re.compile(
    r"comment|komment|coment|cpage|repl(?:y|ies)|discuss|forum|review|related|recommend|teaser|archive|sidebar",
    re.IGNORECASE,
)


def find_series(
    tree: HtmlElement, url: str, canonical: str | None, rule: SiteRule | None, *, is_article: bool
) -> tuple[Series | None, tuple[Residue, ...]]:
    """The other pages of the article of a page, and the rows of links to them, which are taken out of it.

    Args:
        tree: the page, parsed.
        url: its address, against which links resolve.
        canonical: the address that it gives as its own.
        rule: the rule of its site, if it has one.
        is_article: whether anything says that it is an article.
    """
    links = list(_links(tree, url))
    by_rule = _ruled(tree, url, rule)
    if not links and not by_rule:
        return None, ()
    own = [one for one in dict.fromkeys((url, canonical)) if one and key_of(one)]
    if canonical and any(place.number and place.stem == stem_of(canonical) for place in places_of(url)):
        own = own[:1]  # a later page that names the first
    families = [family for family in families_of(links, own) if family.links]
    asked = [one for one in links if leads_on(one.words) or "next" in one.rel]
    if not (families or asked or by_rule):
        return None, ()
    count, counter = _count(tree)
    is_article = is_article or _has_one_subject(tree)
    found = _told(families, count, canonical) if is_article or count else None
    found = found or (_led(asked, count, own) if is_article else None) or _onward(families, asked, own)
    if by_rule:
        single, following = by_rule
        found = found or Series()
        further = dict.fromkeys((*((following,) if following else ()), *found.further))
        found = Series(first=found.first, further=tuple(further), single=single or found.single)
    if found is None or found.onward is not None:
        return found, ()
    if found.further and found.single is None:
        found = Series(first=found.first, further=found.further, single=_single(links, own))
    around = [link.element for family in families for of in family.links.values() for link in of]
    counters = [counter] if counter is not None else []
    return found, tuple(_take_rows([*around, *(link.element for link in asked), *counters]))


def _links(tree: HtmlElement, url: str) -> Iterator[Link]:
    seen = 0
    for element in tree.iter("a", "link"):
        href = element.get("href")
        if not href or href.startswith(("#", "javascript:", "mailto:")):
            continue
        rel = frozenset((element.get("rel") or "").lower().split())
        if element.tag == "link" and not rel & _TELLING:
            continue
        seen += 1
        if seen > _MOST_LINKS:
            return
        text = element.text_content()
        words = squeeze(text or element.get("aria-label") or element.get("title") or "")
        if not (rel & _TELLING or _ALL.search(href) or _may_count(words, href)):
            continue
        target = absolute(url, href)
        if target is None or not same_pages(url, target) or _OTHER.search(target.rpartition("//")[2].partition("/")[2]):
            continue
        if element.tag == "a" and _is_aside(element):
            continue
        yield Link(url=target, words=words, rel=rel, element=element)


def _may_count(words: str, href: str) -> bool:
    """Whether a link may be one to a page: most links of a site need no second look."""
    return len(words) <= _LONGEST_WORDS and is_row(words) and (bool(words) or _LAST_NUMBER.search(href) is not None)


def _is_aside(link: HtmlElement) -> bool:
    """Whether a link stands among comments, teasers or in a column beside the text."""
    return any(
        one.tag == "aside" or _OTHER.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in link.iterancestors()
        if one.tag not in ("body", "html", "main", "article")
    )


def _ruled(tree: HtmlElement, url: str, rule: SiteRule | None) -> tuple[str | None, str | None] | None:
    """The page with all of the text, and the next one, by the rule of the site."""
    if rule is None or not (rule.next_page or rule.single_page):
        return None
    single, following = (_first(tree, url, several) for several in (rule.single_page, rule.next_page))
    return (single, following) if single or following else None


def _first(tree: HtmlElement, url: str, expressions: Sequence[str]) -> str | None:
    for expression in expressions:
        for one in found_by(expression, tree)[:1]:
            target = absolute(url, one if isinstance(one, str) else one.get("href") or "")
            if target is not None and same_pages(url, target) and key_of(target) != key_of(url):
                return target
    return None


def _count(tree: HtmlElement) -> tuple[tuple[int, int] | None, HtmlElement | None]:
    """Which page of how many the page says that it is, and where it says so."""
    bare: tuple[tuple[int, int] | None, HtmlElement | None] = (None, None)
    for element in tree.iter("p", "div", "span", "li", "strong", "b", "em", "i", "a", "td", "small", "h2", "h3", "nav"):
        text = element.text_content() if len(element) < _FEW else ""
        if 3 <= len(text) <= 4 * _LONGEST_WORDS and (found := read_count(squeeze(text))) and not _is_aside(element):
            if any(map(str.isalpha, text)):
                return found, element
            bare = bare if bare[0] else (found, element)
    return bare


def _told(families: Sequence[Family], count: tuple[int, int] | None, canonical: str | None) -> Series | None:
    """What families of addresses tell, the one with most pages first."""
    for family in sorted(families, key=lambda one: (-len(one.links), one.own)):
        counted = count is not None and count[0] == family.own and max(family.links) <= count[1]
        following = family.links.get(family.own + 1, [])
        preceding = family.links.get(family.own - 1, [])
        first = family.links.get(1, [])
        leads = any("next" in one.rel or leads_on(one.words) for one in following)
        further = tuple(family.links[number][0].url for number in sorted(family.links) if number > family.own)
        if family.own == 1:
            if following and (leads or family.numbered or counted):
                return Series(further=further)
        elif first:
            back = any("prev" in one.rel for one in preceding) and family.own == 2
            named = canonical is not None and key_of(canonical) == key_of(first[0].url)
            if family.numbered or counted or back or named:
                return Series(first=first[0].url, further=further)
        elif preceding and counted and any("prev" in one.rel for one in preceding):
            return Series(first=preceding[0].url, further=further)
    return None


def _led(asked: Sequence[Link], count: tuple[int, int] | None, own: Sequence[str]) -> Series | None:
    """The next page, where its address tells nothing and two others do: `rel`, words that promise it, a count."""
    own_keys = set(map(key_of, own))
    more = count is not None and count[0] < count[1]
    weights: dict[str, set[str]] = defaultdict(set)
    for link in asked:
        if key_of(link.url) not in own_keys:
            said = (("rel", "next" in link.rel), ("words", leads_on(link.words)), ("count", more))
            weights[link.url] |= {name for name, holds in said if holds}
    best = next((url for url, said in weights.items() if len(said) > 1), None)
    return Series(further=(best,)) if best else None


def _onward(families: Sequence[Family], asked: Sequence[Link], own: Sequence[str]) -> Series | None:
    """What may be the next page, by one witness."""
    own_keys = set(map(key_of, own))
    numbered = (family.links[family.own + 1][0].url for family in families if family.own + 1 in family.links)
    named = (link.url for link in asked if key_of(link.url) not in own_keys)
    url = next(numbered, None) or next(named, None)
    return Series(onward=url) if url else None


def _has_one_subject(tree: HtmlElement) -> bool:
    """Whether a page has one headline, and hardly another that is a link, as the teasers of a list have."""
    return bool(_HEADLINES(tree) == 1 and _LINKED_HEADINGS(tree) < _TEASERS)


def _single(links: Sequence[Link], own: Sequence[str]) -> str | None:
    """A page that promises all of the text: by its words, or by an address that adds such a word to this page's."""
    own_keys = set(map(key_of, own))
    for link in links:
        if key_of(link.url) in own_keys:
            continue
        if shows_all(link.words):
            return link.url
        for one in own:
            stem = ENDING.sub("", urlsplit(key_of(one)).path.rstrip("/"))
            path, _, query = key_of(link.url).partition("?")
            place = urlsplit(path).path
            if len(stem) > 1 and place.startswith(stem) and _ALL.search(f"{place[len(stem) :]}?{query}".strip("?")):
                return link.url
    return None


def _take_rows(elements: Sequence[HtmlElement]) -> Iterator[Residue]:
    """Take the rows of links to pages out of the tree, and the line that counts them."""
    for element in elements:
        box = None
        for one in (element, *element.iterancestors()):
            if one.tag in ("body", "html", "article", "main", "link", "head") or not is_row(
                squeeze(one.text_content())
            ):
                break
            box = one
        if box is not None and box.getparent() is not None:
            text = squeeze(box.text_content())
            box.drop_tree()
            if text:
                yield Residue(text=text, rule="page_links")
