"""Which links of a section page look like articles, by the shape of their addresses and what they are called.

Addresses of articles differ from those of sections, tags and services in ways that hold across sites and scripts: they
end in many words, a date or a long number. Points are given for each, and some words in a path rule a link out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from ingest.lang.lexicon import once, tables
from ingest.lang.words import count_words
from ingest.urls import canonicalize, same_site

_WORD = re.compile(r"[^\W\d_]{2,}")
# 2024/04/01, 2024/apr/1, 2024-04-01, 20240401, 2024/04
_DATED = re.compile(
    r"(?:^|[/_-])(?:19|20)\d\d(?:[/-](?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]\d{1,2})?|(?:0[1-9]|1[0-2])[0-3]\d)(?=$|[/_.-])",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
# "c4n1k2m3n4eo", "Mo8jPB2q", a UUID: letters and digits in turn, which words are not. Looked for at the beginning of
# a run alone: from each letter of a long one it would take a tenth of a second.
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]{8})(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]+", re.ASCII)
_PAGE_SUFFIX = re.compile(r"\.(?:s?html?|aspx?|php|jsp|ece|dhtml)$", re.IGNORECASE)
_IDENTIFYING_QUERY = re.compile(
    r"(?:^|&)(?:p|id|nid|aid|sid|art\w*|news\w*|story\w*|idn|item\w*)=\w*\d{2,}", re.IGNORECASE
)
_NOT_TEXT = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|pdf|docx?|xlsx?|pptx?|zip|gz|mp[34]|m4[av]|avi|mov|webm|rss|atom|xml|json|css|js"
    r"|ics|apk|epub|txt)$",
    re.IGNORECASE,
)
# Names of services that stand with others in one segment: "41418-about-us.html", "privacy-policy-2024".
_SERVICE_NAME = re.compile(
    r"(?:^|[/-])(?:about-us|ueber-uns|om-oss|startseite|(?:privacy|cookie)s?-policy|terms-(?:of|and)-\w+)(?=$|[/.,-])"
)
_PAGINATION_QUERY = re.compile(
    r"(?:^|&)(?:page|paged|seite|sida|s|q|query|replytocom|share|print|sort|filter|lang)=", re.IGNORECASE
)
_FRAGMENT_OF_SERVICE = re.compile(r"^(?:comments?|respond|disqus|kommentar|reply|share)", re.IGNORECASE)

# The least that is taken for an article: a slug of four words and a headline, or a date and a headline, say. Set on
# the pages of the tests; below it come sections with long names, above it articles with a short name and no number.
_ENOUGH = 4
# The same words over so many addresses are no headline: "Read more", "Comments", "Läs mer".
_REPEATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page: its absolute URL, its words, and where it stands.

    `in_heading`: a heading is in it or around it; `in_navigation`: a menu, a footer or the like is around it.
    """

    url: str
    text: str
    in_heading: bool = False
    in_navigation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A link to what looks like an article."""

    url: str
    text: str | None


def headlines(links: Iterable[Link], page_url: str) -> tuple[Headline, ...]:
    """The links that look like articles of the same site, each once, in the order of the page."""
    by_address: dict[str, list[Link]] = {}
    for link in links:
        address = _address(link, page_url)
        if address is not None:
            by_address.setdefault(address, []).append(link)
    targets = Counter(text for found in by_address.values() for text in {link.text.casefold() for link in found})
    chosen = []
    for address, found in by_address.items():
        telling = [link for link in found if link.text and targets[link.text.casefold()] < _REPEATED]
        best = max(telling, key=lambda link: (link.in_heading, min(count_words(link.text), 4)), default=None)
        points = path_points(urlsplit(address)) + (_text_points(best) if best else 0)
        if points >= _ENOUGH:
            chosen.append(Headline(url=found[0].url, text=best.text if best else None))
    return tuple(chosen)


def path_points(parts: SplitResult) -> int:
    """How much an address looks like one of an article: 0 for a section, 4 and more for a dated slug of many words."""
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    if not segments:
        return 2 if _IDENTIFYING_QUERY.search(parts.query) else 0
    leaf = _PAGE_SUFFIX.sub("", segments[-1])
    ends = "/".join((*segments[-2:-1], leaf))
    words = max(len(_WORD.findall(_CODE.sub(" ", segment))) for segment in segments[-2:])
    points = 3 if words >= 4 else 2 if words == 3 else 0
    points += 2 if _DATED.search(path) else 0
    points += 2 if _LONG_NUMBER.search(ends) or _CODE.search(ends) or _IDENTIFYING_QUERY.search(parts.query) else 0
    if not points and len(segments) > 1:  # "inland/bericht-100.html"
        points += 1 if leaf != segments[-1] or re.search(r"[-_]\d|\d{3}", leaf) else 0
    return points


def _text_points(link: Link) -> int:
    words = count_words(link.text)
    points = 2 if words >= 5 else 1 if words >= 3 else 0
    return points + (2 if link.in_heading and words >= 2 else 0)


def _address(link: Link, page_url: str) -> str | None:
    """The canonical URL of a link that may lead to an article."""
    if link.in_navigation or not same_site(link.url, page_url):
        return None
    try:
        parts, address = urlsplit(link.url), canonicalize(link.url)
        if address == canonicalize(page_url):
            return None
    except ValueError:
        return None
    path = unquote(parts.path).lower()
    ruled_out = (
        _FRAGMENT_OF_SERVICE.match(parts.fragment)
        or _NOT_TEXT.search(path)
        or _SERVICE_NAME.search(path)
        or _pagination().search(path)
        or _PAGINATION_QUERY.search(parts.query)
        or not _services().isdisjoint(path.split("/"))
    )
    return None if ruled_out else address


@once
def _services() -> frozenset[str]:
    """Whole segments of a path that no address of an article has."""
    return frozenset(word for table in tables("addresses").values() for word in table.get("services", ()))


@once
def _pagination() -> re.Pattern[str]:
    """The end of the address of a further page of a list."""
    words = "|".join(re.escape(word) for table in tables("addresses").values() for word in table.get("pages", ()))
    return re.compile(rf"(?:^|/)(?:{words})[/-]?\d{{1,3}}/?$", re.IGNORECASE)
