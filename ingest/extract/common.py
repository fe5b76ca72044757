"""What both readers share: the article value, filled from page and seed."""

from __future__ import annotations

import re

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.charset import Decoded
from ingest.model import Article, Block, Page, Provenance, Via
from ingest.rights import rights_in
from ingest.urls import canonicalize, content_key, url_key

_INVISIBLE = re.compile("[\u200b\ufeff\u00ad\x7f-\x9f" + "".join(map(chr, (*range(9), *range(14, 28)))) + "]")
_VISIBLE = XPath(
    ".//text()[not(parent::script or parent::style or parent::noscript or parent::template)]", smart_strings=False
)


def squeeze(text: str) -> str:
    """One space for every run of white space, none at the ends.

    Soft hyphens, zero-width spaces and control characters go (PostgreSQL takes no NUL).
    """
    squeezed = " ".join(text.split())
    # Hardly a text has such characters, and a look for them takes a fraction of the time of the pattern.
    return squeezed if squeezed.isprintable() else " ".join(_INVISIBLE.sub("", squeezed).split())


def visible_text(element: HtmlElement) -> str:
    """The text of an element without that of scripts and styles; blocks in it are parted by a space."""
    return squeeze(" ".join(_VISIBLE(element)))


def article_of(
    page: Page,
    decoded: Decoded,
    blocks: tuple[Block, ...],
    *,
    title: str | None,
    reader: str,
    canonical_url: str | None = None,
) -> Article:
    """An article from its blocks, with what every page has: its identity, its source and how it was read."""
    seed = page.seed
    local = seed.via is Via.FILE and page.final_url == seed.url
    return Article(
        key=content_key(page.body) if local else url_key(canonicalize(canonical_url or page.final_url)),
        url=page.final_url,
        requested_url=seed.url,
        canonical_url=canonical_url,
        is_twin=not local and canonical_url not in (None, canonicalize(page.final_url)),
        source=seed.source,
        publisher=None,
        title=title,
        blocks=blocks,
        rights=rights_in(page),
        provenance=Provenance(
            status=page.status,
            content_type=page.header("content-type"),
            charset=decoded.charset,
            body_sha256=page.body_sha256,
            fetched_at=page.fetched_at,
            extractor=reader,
            archive=page.archive,
            captured_at=page.saved_at,
        ),
    )
