"""What sort of piece an article is: by what the page declares, else by what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.declared import Declared
from ingest.extract.linked import Node, every_object, is_kind
from ingest.lang.words import count_words
from ingest.model import Block, Kind, Role

BRIEF_WORDS: Final = 120
"""A brief has fewer words: what agencies send under this name has 30 to 120."""

_GALLERY_PICTURES: Final = 5
_MOST_MARKED: Final = 50
_DECLARED: Final = (
    (Kind.LIVE, ("LiveBlogPosting",)),
    (Kind.GALLERY, ("ImageGallery", "MediaGallery")),
    (Kind.POST, ("DiscussionForumPosting", "SocialMediaPosting")),
)
_ALONE: Final = (
    (Kind.GALLERY, ("ImageGallery", "MediaGallery")),
    (Kind.AUDIO, ("PodcastEpisode", "RadioEpisode", "AudioObject")),
    (Kind.VIDEO, ("VideoObject", "TVEpisode")),
)
_OPEN_GRAPH: Final = (("video", Kind.VIDEO), ("music", Kind.AUDIO), ("audio", Kind.AUDIO))
_MARKED: Final = XPath(
    "/descendant::*[@itemscope][@itemtype][not(@itemprop) or @itemprop = 'mainEntity']"
    "[not(ancestor::*[@itemscope][contains(@itemtype, 'Article')])]"
)


def declared_kind(tree: HtmlElement, declared: Declared) -> Kind | None:
    """The kind that a page declares for itself, if it is another one than an article.

    Recordings that an article shows are no kind of it: they count where nothing is declared to be an article.
    """
    marked: list[Node] = [{"@type": one.get("itemtype", "").split()} for one in _MARKED(tree)[:_MOST_MARKED]]
    for kind, types in _DECLARED:
        is_marked = kind is Kind.LIVE or not declared.microdata
        if is_kind(declared.linked, *types) or (is_marked and any(is_kind(node, *types) for node in marked)):
            return kind
    if declared.linked:
        return None
    types_of_page = declared.metas.get("og:type", ("",))[0].lower()
    for start, kind in _OPEN_GRAPH:
        if types_of_page.startswith(start):
            return kind
    if declared.microdata:
        return None
    objects = [*every_object(tree), *marked]
    return next((kind for kind, types in _ALONE if any(is_kind(node, *types) for node in objects)), None)


def kind_of(declared: Kind | None, blocks: Sequence[Block]) -> Kind:
    """The kind of an article: what is declared, a gallery by its captions, a brief by its length."""
    if declared is not None:
        return declared
    captions = [block.text for block in blocks if block.role is Role.CAPTION]
    words = sum(count_words(block.text) for block in blocks if block.role is not Role.CAPTION)
    if len(captions) >= _GALLERY_PICTURES and sum(map(count_words, captions)) > words:
        return Kind.GALLERY
    return Kind.BRIEF if words < BRIEF_WORDS else Kind.ARTICLE
