"""Index, tag and topic pages: lists of teasers, each a headline that leads to another page. Pure.

Such a page is known by its shape, not by its words: hardly any of its text stands outside of cards, and each card
begins with a link of its own, perhaps with its day behind it. A page that declares an article is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze, visible_text
from ingest.lang.words import STOPS, extent

_BODY = XPath("/descendant::a[@href][not(ancestor::nav or ancestor::footer or ancestor::header or ancestor::aside)]")
_FRAME = ("nav", "footer", "header", "aside")
_AROUND = XPath("/descendant::*[self::nav or self::footer or self::header or self::aside]")
_HEADING = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({"b", "em", "font", "i", "small", "span", "strong", "u"})
_MOST_LINKS = 600  # an archive of a year; what has more is judged by the first
_FEWEST_CARDS = 4
_CARD_LETTERS = 450  # a headline, a day, and a sentence or two
_KICKER_LETTERS = 40
_HEADLINE_LETTERS = 10
_SHARE = 0.8
_DAY_FIRST = re.compile(r"\W{0,2}(?:\D{0,12}\b)?\d{1,4}\W{1,3}(?:\d{1,2}|[^\W\d_]{3,10})\W{1,3}\d{2,4}\b")
_FEWEST_DATED = 5
_DATED_LINE = 160  # letters
_DATED = re.compile(r"\s?[–—:|(,-]\D{0,15}\d(?:\D{0,12}\d){4}")  # five figures or more, soon behind a mark


def count_teasers(tree: HtmlElement, url: str) -> int:
    """Return the number of teasers of an index page; 0 where the page is none.

    Args:
        tree: the page; it is left as it is.
        url: its address, against which links resolve.
    """
    links = _BODY(tree)[:_MOST_LINKS]
    if len(links) < _FEWEST_CARDS:
        return 0
    targets = {link: _target(link, url) for link in links}
    cards: dict[HtmlElement, str] = {}
    for link in links:
        target = targets[link]
        if target is None or not (_stands_alone(link) or _opens_dated_line(link)):
            continue
        card = _card(link, targets)
        if card is not None and _begins_with(card, link):
            cards.setdefault(card, target)
    if len(set(cards.values())) < _FEWEST_CARDS:
        return 0
    inside = sum(len(visible_text(card)) for card in cards if not any(one in cards for one in card.iterancestors()))
    return len(set(cards.values())) if inside >= _SHARE * _running_text(tree) else 0


def is_dated_list(lines: Sequence[str]) -> bool:
    """Whether a text is a list of days, each with a headline that leads nowhere, and no report.

    Nearly all of its lines begin with another day and hold a few words that do not end as a sentence.
    """
    dated = [line for line in lines if _DAY_FIRST.match(line) and extent(line) <= _DATED_LINE and line[-1] not in STOPS]
    days = {found[0] for line in dated if (found := _DAY_FIRST.match(line)) is not None}
    letters = sum(map(extent, lines))
    return 2 * len(days) > len(dated) >= _FEWEST_DATED and sum(map(extent, dated)) >= _SHARE * letters


def _target(link: HtmlElement, url: str) -> str | None:
    """The address of another page of the same site that a link leads to, without fragment."""
    try:
        target, own = urlsplit(urljoin(url, link.get("href", ""))), urlsplit(url)
    except ValueError:
        return None
    if target.netloc != own.netloc or target.path == own.path:
        return None
    return f"{target.path}?{target.query}"


def _stands_alone(link: HtmlElement) -> bool:
    """Whether a link is a line of its own, long enough for a headline, and not a word of a sentence."""
    if extent(squeeze(link.text_content())) < _HEADLINE_LETTERS:
        return False
    element = link
    while element.tag in _INLINE or element is link:
        following = element.getnext()
        if (element.tail or "").strip() or (following is not None and following.tag in (*_INLINE, "a")):
            return False
        previous = element.getprevious()
        if (previous is not None and (previous.tail or "").strip()) or (
            previous is None and element.getparent() is not None and (element.getparent().text or "").strip()
        ):
            return False
        if following is not None or element.getparent() is None:
            return True
        element = element.getparent()
    return True


def _opens_dated_line(link: HtmlElement) -> bool:
    """Whether a line begins with a link, and goes on with a day: "Ferry sails again – 3 March 2026. The boat ..."."""
    line = next((one for one in link.iterancestors() if one.tag not in _INLINE), None)
    if line is None:
        return False
    text, headline = visible_text(line), squeeze(link.text_content())
    behind = text[len(headline) :]
    return extent(headline) >= _HEADLINE_LETTERS and text.startswith(headline) and _DATED.match(behind) is not None


def _card(link: HtmlElement, targets: dict[HtmlElement, str | None]) -> HtmlElement | None:
    """The largest element around a link that leads nowhere else and is short."""
    card = None
    for ancestor in (link, *link.iterancestors()):
        if ancestor.tag in ("body", "html", "main"):
            break
        others = {targets.get(one) for one in ancestor.iter("a")} - {targets[link], None}
        if others or extent(visible_text(ancestor)) > _CARD_LETTERS:
            break
        card = ancestor
    return card


def _begins_with(card: HtmlElement, link: HtmlElement) -> bool:
    """Whether nothing but a kicker or a day stands in a card before its link."""
    text, headline = visible_text(card), squeeze(link.text_content())
    place = text.find(headline[:_HEADLINE_LETTERS])
    return 0 <= place <= _KICKER_LETTERS


def _running_text(tree: HtmlElement) -> int:
    """The letters of a page, less those of its frame unless that holds most of it: an end tag may be missing."""
    body = tree.find("body")
    whole = len(visible_text(tree if body is None else body))
    outer = (one for one in _AROUND(tree) if not any(up.tag in _FRAME for up in one.iterancestors()))
    frame = sum(len(visible_text(one)) for one in outer)
    return max(1, whole - frame if frame < whole / 2 else whole)
