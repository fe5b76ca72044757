"""Captions of an article's pictures: trafilatura drops them, or takes them for paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from ingest.extract.common import squeeze, visible_text
from ingest.extract.scope import Scope
from ingest.model import Block, Role

_NAMED = re.compile(
    r"(?<!text-)(?<!overflow-)(?:^|[\s_-]|(?<=[a-z]))(?:[Cc]aption|bildunterschrift|bildtext|mediainfo|wp-caption-text)(?=$|[\s_-]|[A-Z])"
    r"|(?:image|photo|picture|media|video|bild|foto)[_-]+(?:title|text|description|heading|legend|info)",
)
_PICTURES = ("img", "picture", "video", "iframe", "amp-img", "svg", "noscript")
_STANDS_FOR_ITSELF = ("table", "blockquote", "pre", "ul", "ol")  # WordPress puts these in <figure> too
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote"})
FEW = 12
"""Children of what holds a picture and its caption; more is the article itself."""

_LONGEST = 1_000  # of 268 pages the longest caption has 825 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The text below a picture, and the paragraph that stands before it, if any."""

    text: str
    after: str | None


def take_captions(scope: Scope) -> tuple[Caption, ...]:
    """Take the captions out of the article's part of the tree, in reading order. Equal ones count once."""
    found: dict[str, Caption] = {}
    before: str | None = None
    stack = list(reversed(scope.element))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "template", "noscript", "a"):
            continue
        if is_caption(element):
            text = caption_text(element)
            if any(map(str.isalpha, text)):
                found.setdefault(text, Caption(text=text, after=before))
            element.drop_tree()
            continue
        if element.tag in _PARAGRAPHS:
            before = squeeze(element.text_content()) or before
        stack.extend(reversed(element))
    return tuple(found.values())


def with_captions(blocks: Sequence[Block], captions: Sequence[Caption]) -> tuple[Block, ...]:
    """The blocks with each caption behind the paragraph that it follows on the page; before all if there is none."""
    places = {block.text: index for index, block in enumerate(blocks, start=1)}
    placed: list[list[Block]] = [[] for _ in range(len(blocks) + 1)]
    place = 0
    for caption in captions:
        place = max(place, places.get(caption.after or "", place))
        placed[place].append(Block(text=caption.text, role=Role.CAPTION, origin="html"))
    mixed = list(placed[0])
    for block, behind in zip(blocks, placed[1:], strict=True):
        mixed += [block, *behind]
    return tuple(mixed)


def is_caption(element: HtmlElement) -> bool:
    """Whether an element is a caption, or a figure that is nothing but pictures and what stands below them."""
    if element.tag == "figcaption":
        return _is_short(element)
    if element.tag == "figure":
        return _holds(element, _PICTURES) and not _holds(element, _STANDS_FOR_ITSELF) and _is_short(element)
    if element.tag in ("p", "div", "span", "small", "figure-caption"):
        label = f"{element.get('class', '')} {element.get('itemprop', '')}"
        return _names_caption(label) and _is_short(element) and _near_picture(element)
    return False


@lru_cache(maxsize=1 << 12)
def _names_caption(label: str) -> bool:
    return _NAMED.search(label) is not None


def _is_short(element: HtmlElement) -> bool:
    return len(element.text_content()) <= _LONGEST


def _holds(element: HtmlElement, tags: Sequence[str]) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _near_picture(element: HtmlElement) -> bool:
    around = element.getparent()
    return around is not None and any(
        one is not None and len(one) <= FEW and _holds(one, _PICTURES) for one in (around, around.getparent())
    )


def caption_text(element: HtmlElement) -> str:
    """The caption's words: those of `<figcaption>` where a figure has other words too (a button, a title)."""
    inner = element.find(".//figcaption")
    return visible_text(element if inner is None else inner)
