"""Out of the text with what is not the article: rules as data, each with a reason code that is kept.

trafilatura takes away the page around the article; what is left stands inside it. A block that a rule takes out becomes
`Residue`, so that nothing is lost without a trace, and an address on a line of its own moves to the citations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.model import Article, Block, Citation, Residue
from ingest.urls import host_of, same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A block that matches `pattern` as a whole is residue, under the code `name`."""

    name: str
    pattern: re.Pattern[str]


BARE_URL = re.compile(r"^<?https?://\S+>?$", re.IGNORECASE)
RULES = (
    # Left by a WordPress plug-in that reposts feeds: places for advertisements.
    Rule(name="ad_marker", pattern=re.compile(r"^\[/?ad_?\d*\]$", re.IGNORECASE)),
    Rule(
        name="source_link",
        pattern=re.compile(r"^(?:source link|quelle|källa|источник)\W*$", re.IGNORECASE),
    ),
)

# Where a page repeats its title: above the text, after a kicker, a site line or a stamp.
_LEAD = 6


def clean(article: Article) -> Article:
    """The article without residue. A lone address at the end names the original; other bare addresses are cited."""
    kept: list[Block] = []
    residue = list(article.residue)
    addresses: list[tuple[str, int]] = []  # with the number of blocks kept before it
    for position, block in enumerate(article.blocks):
        rule = next((rule for rule in RULES if rule.pattern.match(block.text)), None)
        if rule is not None:
            residue.append(Residue(text=block.text, rule=rule.name))
        elif position < _LEAD and _same(block.text, article.title):
            residue.append(Residue(text=block.text, rule="repeated_title", moved_to="title"))
        elif BARE_URL.match(block.text):
            addresses.append((block.text.strip("<>"), len(kept)))
        else:
            kept.append(block)
    attribution, citations = article.attribution, list(article.citations)
    for address, before in addresses:
        if len(addresses) == 1 and before == len(kept) and _may_be_original(article, address):
            attribution = replace(attribution, original_url=address, original_name=host_of(address))
            residue.append(Residue(text=address, rule="bare_url", moved_to="attribution.original_url"))
        else:
            citations.append(Citation(name=host_of(address) or None, date=None, url=address))
            residue.append(Residue(text=address, rule="bare_url", moved_to="citations"))
    return replace(
        article, blocks=tuple(kept), residue=tuple(residue), attribution=attribution, citations=tuple(citations)
    )


def _same(text: str, title: str | None) -> bool:
    return title is not None and text.casefold().rstrip(".!? ") == title.casefold().rstrip(".!? ")


def _may_be_original(article: Article, address: str) -> bool:
    return article.attribution.original_url is None and bool(host_of(address)) and not same_site(address, article.url)
