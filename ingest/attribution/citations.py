"""Everything that an article cites, each once: references with days, outlets and experts in the text, linked pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.attribution.citing import cited_mentions
from ingest.attribution.experts import find_experts
from ingest.attribution.hosts import is_no_source, leads_elsewhere
from ingest.attribution.mentions import find_mentions
from ingest.attribution.references import find_references
from ingest.attribution.traits import may_cite
from ingest.lang.outlets import is_domain, key_of, known
from ingest.lang.tokens import Token, tokens_of, without_article
from ingest.model import Article, Block, Citation
from ingest.urls import host_of

_LONGEST_NAME = 40  # characters of a hyperlink's words that may be an outlet's name


@dataclass(frozen=True, slots=True)
class _Found:
    """A citation with the key under which spellings of one name meet."""

    key: str
    citation: Citation


def find_citations(article: Article, own: Iterable[str], captions: Iterable[str]) -> tuple[Citation, ...]:
    """What an article cites, in the order of the text, those that it has already first.

    Args:
        article: the cleaned article; its publication day gives days without a year theirs.
        own: names and hosts of the article's own publisher, which are no citations.
        captions: texts of captions that were taken out: the outlets they name count as well.
    """
    texts = [block.text for block in article.blocks]
    # What stands behind a comma is an expert's institution.
    found = [_Found(key_of((one.name or host_of(one.url or "")).partition(", ")[0]), one) for one in article.citations]
    found += _in_text(texts, article.published_at)
    for caption in captions:
        found += _outlets(caption, tokens_of(caption))
    for block in article.blocks:
        found += _linked(block, article)
    own_keys = {key_of(name) for name in own if name}
    return tuple(_merged([one for one in found if one.key and one.key not in own_keys]))


def _in_text(texts: list[str], before: datetime | None) -> Iterator[_Found]:
    article = "\n".join(texts)
    references = {text: tuple(find_references(text, before)) for text in texts}
    # A list of days in parentheses is no list of sources, unless the article has other references or lists of them.
    in_style = any(one.sure or one.listed for found in references.values() for one in found)
    for text in texts:
        for reference in references[text] if in_style else ():
            yield _Found(key_of(reference.name), Citation(name=reference.name, date=reference.date, url=None))
        # Most paragraphs cite nobody: they are passed over by their words alone, at a tenth of the cost.
        outlets, experts = may_cite(text)
        if not (outlets or experts):
            continue
        tokens = tokens_of(text)
        if outlets:
            yield from _outlets(text, tokens)
        if experts:
            for person, institution in find_experts(text, tokens, article):
                name = f"{person}, {institution}" if institution else person
                yield _Found(key_of(person), Citation(name=name, date=None, url=None))


def _outlets(text: str, tokens: list[Token]) -> Iterator[_Found]:
    for mention in cited_mentions(text, tokens, find_mentions(text, tokens)):
        yield _Found(key_of(mention.name), Citation(name=mention.name, date=None, url=None))


def _linked(block: Block, article: Article) -> Iterator[_Found]:
    """The pages of other sites that a block links to, under the outlet's name or else the host's."""
    page = article.url if host_of(article.url) else article.canonical_url or ""
    for anchor in block.anchors:
        if not leads_elsewhere(anchor.url, page) or is_no_source(anchor.url):
            continue
        if anchor.url == article.attribution.original_url:
            continue
        words = anchor.text.strip(" \"'“”„«»‘’.,:;()*")
        named = len(words) <= _LONGEST_NAME and (known(words) is not None or is_domain(words))
        name = without_article(words) if named else host_of(anchor.url)
        yield _Found(key_of(name), Citation(name=name, date=None, url=anchor.url))


def _merged(found: list[_Found]) -> Iterator[Citation]:
    """Each name once for each day and page: what says less of it than another goes."""
    by_key: dict[str, list[Citation]] = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one.citation)
    for citations in by_key.values():
        name = max((one.name for one in citations if one.name), key=_fullness, default=None)
        named = name is not None and not is_domain(name)  # hosts of one site keep their names
        yield from _distinct([replace(one, name=name) if named else one for one in citations])


def _fullness(name: str) -> tuple[bool, int]:
    """A name of words before a domain, then the longer one; of equals the first is kept."""
    return not is_domain(name), len(name)


def _distinct(citations: list[Citation]) -> list[Citation]:
    """Citations of one name without those that say less than another: no day, no page, or neither."""
    whole = [one for one in citations if one.date and one.url]
    dates, urls = {None, *(one.date for one in whole)}, {None, *(one.url for one in whole)}
    kept = [
        one
        for one in dict.fromkeys(citations)
        if (one.date and one.url) or one.date not in dates or one.url not in urls
    ]
    dated, linked = ([one for one in kept if one.date], [one for one in kept if one.url])
    if len(kept) == 2 and len(dated) == len(linked) == 1 and dated != linked:
        return [replace(dated[0], url=linked[0].url)]  # one reference and one link: the same page
    return kept or citations[:1]
