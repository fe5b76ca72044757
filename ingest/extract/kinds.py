"""What sort of piece an article is: by what the page declares, else by what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.declared import Declared
from ingest.extract.linked import every_object, is_kind
from ingest.lang.words import count_words
from ingest.model import Block, Kind, Role

BRIEF_WORDS: Final = 120
"""A brief has fewer words: what agencies send under this name has 30 to 120."""

_GALLERY_PICTURES: Final = 5
_DECLARED: Final = (
    (Kind.LIVE, ("LiveBlogPosting",)),
    (Kind.GALLERY, ("ImageGallery", "MediaGallery")),
    (Kind.POST, ("DiscussionForumPosting", "SocialMediaPosting")),
)


def declared_kind(tree: HtmlElement, declared: Declared) -> Kind | None:
    """The kind that a page declares for itself, if it is another one than an article."""
    for kind, types in _DECLARED:
        if is_kind(declared.linked, *types):
            return kind
    if declared.linked:
        return None
    types_of_page = declared.metas.get("og:type", ("",))[0].lower()
    if types_of_page.startswith("video"):
        return Kind.VIDEO
    objects = list(every_object(tree))
    if any(is_kind(node, "ImageGallery", "MediaGallery") for node in objects):
        return Kind.GALLERY
    return Kind.VIDEO if any(is_kind(node, "VideoObject") for node in objects) and not declared.microdata else None


def kind_of(declared: Kind | None, blocks: Sequence[Block]) -> Kind:
    """The kind of an article: what is declared, a gallery by its captions, a brief by its length."""
    if declared is not None:
        return declared
    captions = [block.text for block in blocks if block.role is Role.CAPTION]
    words = sum(count_words(block.text) for block in blocks if block.role is not Role.CAPTION)
    if len(captions) >= _GALLERY_PICTURES and sum(map(count_words, captions)) > words:
        return Kind.GALLERY
    return Kind.BRIEF if words < BRIEF_WORDS else Kind.ARTICLE
