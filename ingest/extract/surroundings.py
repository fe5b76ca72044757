"""Out of the article's part of a page with what is not the article, as far as its markup says so.

trafilatura drops what stands around an article. What sites put inside it (teasers, newsletter boxes, embedded posts,
boxes about the author) is told here by names of classes and by links, before trafilatura reads the page: generic words
of the trade in the languages in which sites are written, no rules for single sites. What goes is kept as residue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze, visible_text
from ingest.extract.links import linked_length, reads_on
from ingest.extract.scope import Scope
from ingest.lang.words import count_words, extent
from ingest.model import Residue

# Codes of residue, and the words by which classes, ids and roles name such a box. Words are matched whole: "ad" is not
# found in "header".
_NAMED = {
    "dialog": "modal|dialog|alertdialog|popover|pop-?up|lightbox|tooltip",
    "newsletter": r"newsletters?|newsletter-\w+|sign-?up|inline-?sign-?up|subscribe|mailing-?list|app-promo",
    "related": (
        r"related|related-?\w*|recirc\w*|recommend\w*|read-?more|read-?also|read-?next|more-(?:on|from|topics?|stories)"
        r"|see-?also|also-(?:read|like)|trending|most-?(?:read|popular|viewed)|top-?stories|further-?reading|up-next"
        r"|you-may|lire-aussi|leggi-anche|leia-(?:mais|tambem)|las-?mer|les-?ogsa|lees-ook|relacionad[ao]s?|verwandt\w*"
    ),
    "teaser": "teasers?|teaser-?(?:box|list|item|text)|promos?|article-card|story-card|news-card|display-card",
    "advertisement": r"ads?|adverts?|advertisement|ad-?slot|ad-?label|disruptor|cta|reklama?|werbung|sponsored-?\w*",
    "consent": r"consent|gdpr|cookie-?\w*|privacy-\w+|external-?content|opt-?in|embed-(?:placeholder|privacy)",
    "embed": (
        r"tweets?|twitter-?\w*|instagram-\w+|tiktok-\w+|reddit-(?:card|embed)|fb-(?:post|video)|facebook-embed"
        r"|bluesky-embed|telegram-post|mastodon-embed|social-embed|embed-social"
    ),
    "author_box": (
        r"(?:author|autor|authors|autoren|contributor|writer)-?(?:bio|box|info|card|profile|about|description|details?)"
        r"|bio|biography|about-(?:the-)?author"
    ),
    "paywall": r"(?:paywall|regwall|loginwall)-(?:notice|message|offer|prompt|banner|box|promo)|subscription-offer",
    "navigation": "key-(?:events|moments)",
    "factbox": r"fact-?box|info-?box|facts-box|fakta-?(?:box|ruta)|fakten-?box|infokasten",
    "feedback": "feedback|poll|survey|quiz|article-rating|comments?|show-comments|comments-(?:list|section|link)",
    "notice": "disclaimer|affiliate|affiliate-disclosure|disclosure",
    "player": r"(?:vjs|jw|plyr|mejs|bmpui)-[\w-]+|jwplayer|video-js|video-player|audio-player|media-player|playlist",
    "share": "share|sharing|share-(?:bar|box|buttons?|links?|preview|tools)|social-(?:bar|links|icons|share|media)",
    "hidden": r"visually-?hidden|sr-only|screen-?reader(?:-\w+)?",
    "stamp": r"date|datetime|datum|timestamp|pub-?date|published|date-time|article-date|publish-date|reading-?time",
}
_PATTERNS = tuple((rule, re.compile(rf"(?:^|[\s-])(?:{words})(?=$|[\s-])")) for rule, words in _NAMED.items())
_ANY = re.compile(rf"(?:^|[\s-])(?:{'|'.join(_NAMED.values())})(?=$|[\s-])")
# These words also name wrappers: a box with more characters is not what they say.
_SHORT = {"advertisement": 300, "hidden": 200, "stamp": 80}
_JOINTS = re.compile(r"[-_]+|(?<=[a-z])(?=[A-Z])")  # c-inlineSignup__title: c, inline, signup, title
_NAMING = ("class", "id", "role", "data-component", "data-module", "data-type", "data-testid", "data-block-type")
_WINDOWS = frozenset(
    {"consent", "dialog", "player"}
)  # not in the flow of the page, and often longer than a short article
_LONGEST_OFFER = 600  # characters: what is no longer goes, though a locked page may show less of its article than that
_LINKED_TEASER = 0.25
# Windows outside the article's part: trafilatura may take them for the article where that is short.
_WINDOW = "[@role='dialog' or contains(@class, 'modal') or contains(@class, 'cookie') or contains(@class, 'consent')]"
_ABOVE = XPath(f"/descendant::div{_WINDOW} | /descendant::section{_WINDOW}")
# Beside the posts of a forum (XenForo, phpBB, SMF, vBulletin, Invision): name, rank, number of posts.
_POSTERS = ("message-user", "postprofile", "poster", "userinfo", "cAuthorPane", "posthead")
_POSTER = XPath(
    rf"/descendant::*[re:test(@class, '(?:^|\s)(?:{'|'.join(_POSTERS)})(?:\s|$)')]"
    "[string-length(.) < 600][not(.//p[string-length(.) > 100])]",
    namespaces={"re": "http://exslt.org/regular-expressions"},
)
# Older boards lay a post out as a table: a row with day and number, a cell about the writer, a cell with the post.
_POST = "starts-with(@id, 'post_message')"
_POST_HEAD = XPath(
    f"/descendant::*[{_POST}]/ancestor::table[1]//td[@class='thead' or @class='alt2']"
    f"[string-length(.) < 600][not(.//*[{_POST}])]"
)
_CLASSES = XPath("/descendant::*/@class", smart_strings=False)
_DIGIT = re.compile(r"\d")
_NAMED_BY_TAG = {"aside": "aside", "dialog": "dialog", "nav": "navigation"}
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "em", "font", "i", "img", "ins", "mark", "q", "s", "small"}
    | {"span", "strong", "sub", "sup", "time", "u"}
    | {"figure"}  # has a caption, and a name like "modal-image"
)
# What a pointer shows above a word, in the middle of a sentence.
_HOVERING = frozenset({"span", "div", "small", "em"})
_HOVER = re.compile(
    r"(?:^|[\s-])(?:tool-?tip|popover|hover|glossary|infotip)-?(?:text|content|inner|body|box|card|definition|popup)(?=$|[\s-])"
)
_SIGNED = re.compile(r"[—–-]\s([^@(—–]{3,60}?)\s*\(@")  # "— Ann Lee (@annlee) May 3, 2024"
_WORD = re.compile(r"\w+")
_TOLD, _NAME = 40, 3  # characters of a paragraph, of a name
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article", "figure", "ul")
_LEAF = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "li"})
# A box with a name from the list is left where it is if it holds more than this part of the page's prose outside
# links: some sites put the whole article in class="teaser". And together no more than that goes.
_LARGEST_BOX = 0.35
_MOST_TAKEN = 0.5
# Windows may be longer than a short article, but what holds two thirds of all that stands in its part is no window.
_LARGEST_WINDOW = 2 / 3
_MOST_OF_PAGE = 0.9


@dataclass(slots=True)
class _Budget:
    """How many characters of prose may still be taken out."""

    box: float
    left: float

    def take(self, prose: float) -> bool:
        if prose > min(self.box, self.left):
            return False
        self.left -= prose
        return True


@dataclass(frozen=True, slots=True)
class _Budgets:
    """What boxes may take together, and what windows may: these are often longer than a short article."""

    boxes: _Budget
    windows: _Budget

    @classmethod
    def of(cls, scope: Scope) -> _Budgets:
        every = scope.page.of(scope.element)
        return cls(
            boxes=_Budget(box=_LARGEST_BOX * scope.prose, left=_MOST_TAKEN * scope.prose),
            windows=_Budget(box=_LARGEST_WINDOW * every, left=_LARGEST_WINDOW * every),
        )


def take_surroundings(scope: Scope, url: str) -> tuple[Residue, ...]:
    """Take out of the tree what is named or linked like no part of the article; return it in reading order."""
    taken = [*_take_replies(scope), *_take_posters(scope)]
    if not scope.prose:  # a page of links, or one without paragraphs: there is nothing to tell them from
        return tuple(taken)
    around = set(scope.element.iterancestors())  # what holds the article's part is no window above it
    for window in _ABOVE(scope.element):
        if window in around or scope.holds(window) or window.getparent() is None:
            continue
        if _named(window) in _WINDOWS and _may_go(window, scope):
            window.drop_tree()
    for element, rule in tuple(_boxes(url, scope, _Budgets.of(scope))):
        text = visible_text(element)
        if text:
            taken.append(Residue(text=text, rule=rule))
        element.drop_tree()
    return tuple(taken)


def is_board(scope: Scope) -> bool:
    """Whether the page is a thread of a forum, with boxes for the writers of its posts: it is no news by the minute."""
    return len(_posters(scope)) > 1


def _take_replies(scope: Scope) -> Iterator[Residue]:
    around = set(scope.element.iterancestors())
    for box in scope.replies:
        if box is not scope.element and box not in around and box.getparent() is not None:
            text = visible_text(box)
            box.drop_tree()
            yield Residue(text=text, rule="feedback")


def _take_posters(scope: Scope) -> Iterator[Residue]:
    for box in _posters(scope):
        if box is not scope.element and box.getparent() is not None:
            text = visible_text(box)
            box.drop_tree()
            if text:
                yield Residue(text=text, rule="author_box")


def _posters(scope: Scope) -> list[HtmlElement]:
    """The boxes that stand beside or above the posts of a forum. A look at the names takes a tenth of the time."""
    classes = " ".join(_CLASSES(scope.element))
    boxes = _POSTER(scope.element) if any(name in classes for name in _POSTERS) else []
    return [*boxes, *(_POST_HEAD(scope.element) if "alt2" in classes else ())]


def _boxes(url: str, scope: Scope, budgets: _Budgets) -> Iterator[tuple[HtmlElement, str]]:
    """The outermost boxes that are not the article, with their rules."""
    stack = list(reversed(scope.element))
    while stack:
        child = stack.pop()
        if not isinstance(child.tag, str) or child.tag in ("script", "style", "template", "noscript"):
            continue
        rule = _rule_of(child, url, scope, budgets)
        if rule is None:
            stack.extend(reversed(child))
        else:
            yield child, rule


def _rule_of(element: HtmlElement, url: str, scope: Scope, budgets: _Budgets) -> str | None:
    if element.tag in _HOVERING and _hovers(element.get("role"), element.get("class")):
        short = extent(element.text_content()) <= _LONGEST_OFFER
        return "dialog" if short and budgets.windows.take(scope.page.of(element)) else None
    named = _NAMED_BY_TAG.get(element.tag) or (None if element.tag in _INLINE else _named(element))
    if named is None:
        return _linked_rule(element, url)
    text = squeeze(element.text_content())
    linked = linked_length(element)
    if not _is_what_it_says(element, named, text, linked):
        return None
    if (named in _WINDOWS or (named == "paywall" and extent(text) <= _LONGEST_OFFER)) and _may_go(element, scope):
        return named if budgets.windows.take(scope.page.of(element)) else None
    return named if budgets.boxes.take(extent(text) * (1 - linked / max(1, len(text)))) else None


def _is_what_it_says(element: HtmlElement, named: str, text: str, linked: int) -> bool:
    """Whether a box may be what its name says. A quoted post of which the text speaks becomes a plain quotation."""
    if extent(text) > _SHORT.get(named, inf) or (named == "stamp" and not _DIGIT.search(text)):
        return False
    if named == "embed" and _is_spoken_of(element):
        element.tag = "blockquote"
        element.attrib.pop("class", None)
        return False
    return named != "teaser" or linked >= _LINKED_TEASER * len(text)  # the standfirst has this name too


@lru_cache(maxsize=1 << 12)
def _hovers(role: str | None, label: str | None) -> bool:
    """Whether a part of a line is shown only when a pointer rests on a word."""
    return role == "tooltip" or (label is not None and _HOVER.search(_JOINTS.sub("-", label).lower()) is not None)


def _is_spoken_of(post: HtmlElement) -> bool:
    """Whether a quoted post stands between two paragraphs, and the one before it announces it or names its writer."""
    before, after = _beside(post, back=True), _beside(post, back=False)
    text = squeeze(post.text_content())
    if min(map(extent, (before, after, text))) < _TOLD:
        return False
    signed = _SIGNED.search(text)
    names = {word for word in (signed[1].split() if signed else ()) if len(word) >= _NAME and word[0].isupper()}
    return before.endswith((":", "：")) or bool(names & set(_WORD.findall(before)))


def _beside(element: HtmlElement, *, back: bool) -> str:
    """The text of the paragraph beside an element; none where something else stands there."""
    sibling = next((one for one in element.itersiblings(preceding=back) if one.text_content().strip()), None)
    return squeeze(sibling.text_content()) if sibling is not None and sibling.tag == "p" else ""


def _may_go(window: HtmlElement, scope: Scope) -> bool:
    """Whether a window holds no article: neither a headline nor, outside the article's part, nearly all of the page."""
    if any(window.find(f".//{tag}") is not None for tag in ("h1", "article", "main")):
        return False
    return scope.page.of(window) <= _MOST_OF_PAGE * scope.page.total


def _named(element: HtmlElement) -> str | None:
    label = " ".join(filter(None, map(element.get, _NAMING)))
    return rule_named(label) if label else None


@lru_cache(maxsize=1 << 14)  # pages are made of the same few boxes again and again
def rule_named(label: str) -> str | None:
    """The code under which a box with these names would be taken out."""
    label = _JOINTS.sub("-", label).lower()
    if not _ANY.search(label):
        return None
    return next((rule for rule, pattern in _PATTERNS if pattern.search(label)), None)


def _linked_rule(element: HtmlElement, url: str) -> str | None:
    """Links that lead on: a card that is one link, a list of links, a line that is the title of another page."""
    if element.tag == "a":
        # Most links hold nothing but words.
        card = len(element) > 0 and element.find(".//h1") is None and next(element.iter(*_BLOCKS), None) is not None
        return "teaser" if card and reads_on(element, url) and count_words(element.text_content()) >= 3 else None
    if element.tag in ("ul", "ol"):
        return "related" if _mostly_on(element, url, 0.6) else None
    if element.tag in _LEAF and element.find(".//a") is not None:
        return "related" if _mostly_on(element, url, 0.9) or _label_and_link(element, url) else None
    return None


def _mostly_on(element: HtmlElement, url: str, share: float) -> bool:
    texts = [squeeze(link.text_content()) for link in element.iter("a") if reads_on(link, url)]
    words = sum(map(count_words, texts))
    linked = sum(map(len, texts))
    return words >= 3 * max(1, len(texts)) and linked >= share * len(squeeze(element.text_content())) > 0


def _label_and_link(element: HtmlElement, url: str) -> bool:
    """Whether a line is a label and the title of another page: "Read more: The ferry sails again"."""
    links = list(element.iter("a"))
    if len(links) != 1 or not reads_on(links[0], url):
        return False
    text, title = squeeze(element.text_content()), squeeze(links[0].text_content())
    label = text[: -len(title)].rstrip() if text.endswith(title) else ""
    return label.endswith((":", "：", "»", ">", "→")) and count_words(label) <= 5 and count_words(title) >= 3
