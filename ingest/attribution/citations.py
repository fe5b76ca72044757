"""Everything that an article cites, each once: references with days, outlets and experts in the text, linked pages.

References stand in parentheses, with days: "(Regnum, April 1)", "(EurActiv, 29. März; Hafen.ru, 12 mars, 2 april)".
Most paragraphs cite nobody: single words tell as much, without a look at their order (`may_cite`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final

from ingest.attribution.citing import cited_mentions, citing_words, source_words
from ingest.attribution.experts import find_experts, is_telling_of_experts
from ingest.attribution.hosts import is_no_source, leads_elsewhere
from ingest.attribution.mentions import find_mentions, is_acronym_like, is_kind, is_like_outlet, is_telling
from ingest.attribution.stamps import find_days, is_month, iso_day
from ingest.lang.cues import cues, either
from ingest.lang.lexicon import once
from ingest.lang.outlets import holds_outlet, is_domain, key_of, known, may_complete
from ingest.lang.places import is_place
from ingest.lang.tokens import Token, fold_word, is_article, printed_words, tokens_of, without_article
from ingest.model import Article, Block, Citation
from ingest.urls import host_of

_LONGEST_NAME = 40  # characters of a hyperlink's words that may be an outlet's name
_PARENTHESIS = re.compile(r"\(([^()\n]{6,300})\)\s*([.,;:!?…]?)")
_NAME = re.compile(r"[^\W_][\w .,&’'‑/:-]*")
_QUOTES = "\"'“”„«»‘’ "
_MOST_WORDS = 6

# What a word tells of its paragraph.
_CITING: Final = 1
_TALKED: Final = 2
_KIND: Final = 4
_NAMED: Final = 8
_ACRONYM: Final = 16
_LISTED: Final = 32
_EXPERT: Final = 64

_MOST_REMEMBERED: Final = 1 << 16


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


@dataclass(frozen=True, slots=True)
class Reference:
    """A source and a day that a text refers to.

    `sure` says that the name is an outlet's by itself, `listed` that it stands in a list of references.
    """

    name: str
    date: str
    sure: bool
    listed: bool


def find_references(text: str, before: datetime | None) -> Iterator[Reference]:
    """The references of a text in order.

    Args:
        text: a paragraph.
        before: the latest that a day without a year can be, or ``None``.

    Yields:
        References; those that are neither `sure` nor `listed` are to be believed only in an article that has such as
        are.
    """
    for match in _PARENTHESIS.finditer(text):
        inside = match[1]
        if not any(map(str.isdigit, inside)):
            continue
        ends_clause = bool(match[2]) or match.end() == len(text)
        parts = inside.split(";")
        for part in parts:
            yield from _read_reference(part, before, ends_clause=ends_clause, listed=len(parts) > 1)


def _read_reference(part: str, before: datetime | None, *, ends_clause: bool, listed: bool) -> Iterator[Reference]:
    days = list(find_days(part))
    if not days:
        return
    name = without_article(_before_day().sub("", part[: days[0].start]).strip(_QUOTES + ","))
    ends = [*(day.start for day in days[1:]), len(part)]
    if any(not _between_days().fullmatch(part[day.end : end]) for day, end in zip(days, ends, strict=True)):
        return
    sure = known(name) is not None or is_domain(name) or (_like_a_name(name) and is_like_outlet(name))
    if not sure and not (ends_clause and _like_a_name(name)):
        return
    for day in days:
        yield Reference(name, iso_day(day, before), sure, listed)


def _like_a_name(name: str) -> bool:
    """Whether it may be the name of an outlet that is not known: few words, the main ones with capitals."""
    words = name.split()
    if not 1 <= len(words) <= _MOST_WORDS or not _NAME.fullmatch(name) or len(name) < 3:
        return False
    if any(
        word.lower().strip(",.") in cues("no_reference") or is_month(word.strip(",.")) for word in words
    ) or is_place(name):
        return False
    if any(map(str.isdigit, name)) or "," in name:
        return False
    return name[0].isupper() and all(word[0].isupper() or len(word) <= 3 or is_article(word) for word in words)


def may_cite(text: str) -> tuple[bool, bool]:
    """Whether a text may cite an outlet, and whether it may cite an expert.

    An outlet is cited by a word of citing beside a name; a known one by its kind and in parentheses too.
    """
    found = reduce(or_, map(_remembered().__getitem__, printed_words(text)), 0)
    return _may_cite_outlet(text, found), bool(found & _EXPERT)


def _may_cite_outlet(text: str, found: int) -> bool:
    cited = found & _CITING
    if not (cited or found & _KIND or "(" in text):
        return False
    if cited and (found & (_KIND | _NAMED) or (found & _ACRONYM and found & _TALKED)):
        return True
    if found & _LISTED and holds_outlet(set(map(fold_word, printed_words(text)))):
        return True
    return (
        bool(cited)
        and any(mark in text for mark in '"“„«‹')
        and any(match[1].lower() in source_words() for match in _before_quote().finditer(text))
    )


class _Traits(dict[str, int]):
    """The traits of words, remembered: texts of a few languages share most of theirs. Half the time of a cache."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        traits = self[word] = _traits(word)
        return traits


@once
def _remembered() -> _Traits:
    return _Traits()


def _traits(word: str) -> int:
    low = word.lower()
    return (
        _CITING * (low in citing_words())
        | _TALKED * (low in cues("talked"))
        | _KIND * is_kind(low)
        | _NAMED * is_telling(word)
        | _ACRONYM * (word != low and is_acronym_like(word))
        | _LISTED * may_complete(low)
        | _EXPERT * is_telling_of_experts(word)
    )


@once
def _before_quote() -> re.Pattern[str]:
    return re.compile(rf"\b([^\W\d_]{{2,20}})\s(?:(?:{either('quote_articles')})\s)?[\"“„«‹]")


@once
def _before_day() -> re.Pattern[str]:
    return re.compile(rf"(?:[,\s]|\b(?:{either('before_day')})\s)+$", re.IGNORECASE)


@once
def _between_days() -> re.Pattern[str]:
    return re.compile(rf"[\s,.&–-]*(?:(?:{either('between_days')})\b)?[\s,.]*", re.IGNORECASE)
