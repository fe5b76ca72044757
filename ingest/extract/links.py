"""Hyperlinks of a page: which lead on to another article, and which stand in a block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.model import Anchor, Block
from ingest.urls import absolute, host_of

_FILES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf", ".mp4", ".mp3")
_PARAGRAPHS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "th", "dd", "dt", "div", "section", "article"}
)
# Of 268 pages the article's part of none has more than 544 links.
_MOST_LINKS = 1_000


def linked_length(element: HtmlElement) -> int:
    """The number of characters of an element that stand in links."""
    return sum(len(squeeze(link.text_content())) for link in element.iter("a"))


def reads_on(link: HtmlElement, url: str) -> bool:
    """Whether a link leads to another page of the same site, not to a picture or a place in this page."""
    return _leads_on(link.get("href", ""), url)


@lru_cache(maxsize=1 << 12)  # a link is asked about as part of a list, of an item of it, and alone
def _leads_on(href: str, url: str) -> bool:
    address = absolute(url, href)
    if address is None:
        return False
    target, here = urlsplit(address), urlsplit(url)
    if target.path.lower().endswith(_FILES):
        return False
    same_page = (target.netloc, target.path, target.query) == (here.netloc, here.path, here.query)
    return not same_page and _one_house(host_of(address), host_of(url))


def with_anchors(blocks: Sequence[Block], element: HtmlElement, url: str) -> tuple[Block, ...]:
    """The blocks with the hyperlinks that stand in them.

    trafilatura can keep links, but loses spaces and takes more of the page then; so the links of the page's own
    paragraphs are found again by the paragraph's text, and in the block by theirs.
    """
    links = _links_by_paragraph(element, url)
    parts = list(links.items())[:_MOST_LINKS]
    return tuple(_with_anchors(block, links, parts) for block in blocks)


def _with_anchors(block: Block, links: dict[str, list[Anchor]], parts: Iterable[tuple[str, list[Anchor]]]) -> Block:
    text = _bare(block.text)
    candidates = links.get(text)
    if candidates is None:  # a part of a paragraph, or several of them
        candidates = [one for part, anchors in parts if part in text or text in part for one in anchors]
    anchors: list[Anchor] = []
    position = 0
    for candidate in candidates:
        found = _find_words(block.text, candidate.text, position)
        if found >= 0:
            anchors.append(candidate)
            position = found + len(candidate.text)
    return replace(block, anchors=tuple(anchors)) if anchors else block


def _find_words(text: str, words: str, position: int) -> int:
    """Where words stand in a text as words, not as part of longer ones; -1 where they do not."""
    found = text.find(words, position)
    while found >= 0:
        end = found + len(words)
        inside = (found > 0 and (text[found - 1] + words[0]).isalnum()) or (words[-1] + text[end : end + 1]).isalnum()
        if not inside or end == len(text):
            return found
        found = text.find(words, found + 1)
    return -1


def _links_by_paragraph(element: HtmlElement, url: str) -> dict[str, list[Anchor]]:
    """The links in each paragraph that has any, by its text without spaces, in reading order."""
    found: dict[HtmlElement, list[Anchor]] = {}
    for link in islice(element.iter("a"), _MOST_LINKS):
        text, target = squeeze(link.text_content()), absolute(url, link.get("href", ""))
        if text and target and link.get("href"):
            paragraph = next((one for one in link.iterancestors() if one.tag in _PARAGRAPHS), element)
            found.setdefault(paragraph, []).append(Anchor(text=text, url=target))
    by_text: dict[str, list[Anchor]] = {}
    for paragraph, anchors in found.items():
        by_text.setdefault(_bare(paragraph.text_content()), []).extend(anchors)
    return by_text


def _bare(text: str) -> str:
    return "".join(squeeze(text).split())


def _one_house(one: str, other: str) -> bool:
    return one == other or one.endswith("." + other) or other.endswith("." + one)
