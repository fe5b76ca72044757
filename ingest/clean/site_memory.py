"""Lines that a site sets on many of its pages: told by counting, not by what they say. The counting is done elsewhere.

A line's key is the same on every page of a site. `candidate_lines` are the keys worth counting on a page;
`without_lines` takes out those that were counted often.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from hashlib import blake2b

from ingest.clean.draft import Draft
from ingest.clean.guard import FLAG, restore
from ingest.model import MOST_SITE_LINES, Article, Block, Role
from ingest.urls import site_of

_LONGEST = 400  # characters: a notice, not an article's paragraph
_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


def line_key(site: str, text: str) -> int:
    """A signed 64-bit key of a line of a site. Numbers in it do not count: "12 comments" is "7 comments".

    Args:
        site: host and port, as `ingest.urls.site_of` gives it.
        text: the line; case, width and spacing do not matter.
    """
    normal = unicodedata.normalize("NFKC", text).casefold()
    normal = _SPACE.sub(" ", _DIGITS.sub("0", normal)).strip()
    return int.from_bytes(blake2b(f"{site}\0{normal}".encode(), digest_size=8).digest(), "big", signed=True)


def candidate_lines(article: Article) -> tuple[int, ...]:
    """The keys of an article's lines that may be its site's, sorted and distinct; none for a local file."""
    site = site_of(article.url)
    if not site:
        return ()
    last = len(article.blocks) - 1
    near = sorted(
        (min(place, last - place), place) for place, block in enumerate(article.blocks) if _may_be_the_sites(block)
    )
    return tuple(sorted({line_key(site, article.blocks[place].text) for _, place in near[:MOST_SITE_LINES]}))


def without_lines(article: Article, boilerplate: Collection[int]) -> Article:
    """The article without the lines whose keys are given, under the guard."""
    site = site_of(article.url)
    draft = Draft.of(article.blocks)
    for place, line in draft.kept():
        if site and _may_be_the_sites(line.block) and line_key(site, line.text) in boilerplate:
            draft.mark(place, "site_memory")
    if not any(draft.marks):
        return article
    undone = restore(draft)
    blocks = tuple(line.block for _, line in draft.kept())
    if not blocks:
        return article.flagged(FLAG)
    residue = (*article.residue, *(one for marks in draft.marks for one in marks))
    cleaned = replace(article, blocks=blocks, residue=residue)
    return cleaned.flagged(FLAG) if undone else cleaned


def _may_be_the_sites(block: Block) -> bool:
    return block.role is not Role.TABLE and len(block.text) <= _LONGEST and any(map(str.isalpha, block.text))
