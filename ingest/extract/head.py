"""What stands beside the headline of a page, outside of its text: a day, who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.bylines import line_text
from ingest.extract.common import squeeze
from ingest.lang.bylines import are_people, read_byline
from ingest.lang.labels import begins_byline, is_label
from ingest.lang.names import Kind, is_full_name, kind_of
from ingest.model import Byline
from ingest.text import letters

_HEADLINES = XPath("(/descendant::h1 | /descendant::h2)[not(ancestor::nav or ancestor::footer or ancestor::aside)]")
_WORDS = XPath("descendant::text()", smart_strings=False)
# A year, or a day with dots: beside it stand few words and the number of the day.
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}\.\s?\d{1,2}\.\s?\d\d(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
# The address of a page about someone who writes for the site.
_PEOPLE = re.compile(
    r"/(?:authors?|autor(?:en|e[sn]?|a)?|auteurs?|autore|writers?|staff|people|journalist\w*|reporters?|skribent\w*"
    r"|contributors?|profile?s?|by|byline)/[^/?#]{3}",
    re.IGNORECASE,
)
_LONGEST = 90  # characters
_LONGEST_BYLINE = 160
_PROSE = 120
_BEFORE, _AFTER = 3, 12  # lines
_UP = 2  # levels above the headline in which lines before it may stand
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "address",
        "b",
        "bdi",
        "br",
        "cite",
        "em",
        "font",
        "i",
        "img",
        "small",
        "span",
        "strong",
        "svg",
        "time",
    }
)
_ELSEWHERE = frozenset({"nav", "footer", "aside", "ul", "ol", "form", "button", "figure", "select"})


def head_lines(tree: HtmlElement, title: str | None) -> tuple[str, ...]:
    """The short lines with a day and a year beside the headline: those behind it, up to the text, then those before.

    The pieces of each are parted by bars: what they are is told by whoever knows languages.

    Args:
        tree: the page; it is left as it is.
        title: what the page gives as its title, by which its headline is known.
    """
    lines = dict.fromkeys(_text(element) for element in _beside(tree, title))
    return tuple(filter(_is_dated, lines))


def head_byline(tree: HtmlElement, title: str | None, own: Sequence[str] = (), language: str | None = None) -> Byline:
    """The first by-line beside the headline.

    It is a line that begins with a word for "by", links to the pages of people, or names alone on or beside a line with
    a day. Names must be whole: a stray word behind "By" is nobody.

    Args:
        tree: the page; it is left as it is.
        title: what the page gives as its title, by which its headline is known.
        own: names of the site, which are no people.
        language: of the page, if known.
    """
    lines = [line for line in _beside(tree, title) if len(squeeze(line.text_content())) <= _LONGEST_BYLINE]
    texts = [line_text(line) for line in lines]
    for place, text in enumerate(texts):
        if begins_byline(text) and (read := _whole(read_byline(text, own, language))):
            return read
        linked = [
            squeeze(link.text_content()) for link in lines[place].iter("a") if _PEOPLE.search(link.get("href", ""))
        ]
        names = [name for name in linked if is_full_name(name) and kind_of(name, own) is Kind.PERSON]
        if names:
            return Byline(people=tuple(dict.fromkeys(names)), printed=" & ".join(names))
        if is_label(text) and place + 1 < len(texts) and are_people(texts[place + 1], marked=True):
            return _whole(read_byline(texts[place + 1], own, language))
        if are_people(text) and any(map(_tells_of_article, texts[max(0, place - 1) : place + 3])):
            return _whole(read_byline(text, own, language))
    return Byline()


def _tells_of_article(line: str) -> bool:
    """Whether a line beside a name says when the article appeared, or what the named one does."""
    return _is_dated(line) or (len(line) <= _LONGEST and bool(read_byline(line).roles))


def _whole(byline: Byline) -> Byline:
    """A by-line of which only whole names of people are believed."""
    return replace(byline, people=tuple(name for name in byline.people if is_full_name(name)))


def _beside(tree: HtmlElement, title: str | None) -> Iterator[HtmlElement]:
    """The lines behind the headline, up to the text, then those before it."""
    headline = _headline(tree, title)
    if headline is not None:
        yield from islice(_behind(headline), _AFTER)
        yield from islice(_before(headline), _BEFORE)


def _headline(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    headlines = _HEADLINES(tree)[:20]
    wanted = letters(title or "")
    named = (one for one in headlines if wanted and letters(one.text_content()) == wanted)
    first = [one for one in headlines if one.tag == "h1"]
    return next(named, first[0] if len(first) == 1 else None)


def _is_dated(line: str) -> bool:
    return len(line) <= _LONGEST and _DATED.search(line) is not None and _DAY.search(line) is not None


def _behind(headline: HtmlElement) -> Iterator[HtmlElement]:
    for ancestor in (headline, *headline.iterancestors()):
        for sibling in ancestor.itersiblings():
            for line in _lines(sibling):
                if len(squeeze(line.text_content())) > _PROSE:
                    return
                yield line


def _before(headline: HtmlElement) -> Iterator[HtmlElement]:
    for ancestor in islice((headline, *headline.iterancestors()), _UP):
        if ancestor.tag != "body":
            for sibling in ancestor.itersiblings(preceding=True):
                yield from _lines(sibling)


def _lines(element: HtmlElement) -> Iterator[HtmlElement]:
    """The parts of an element that are one line of text each: they hold no further blocks."""
    if not isinstance(element.tag, str) or element.tag in _ELSEWHERE:
        return
    if any(child.tag not in _INLINE for child in element.iterdescendants()):
        for child in element:
            yield from _lines(child)
    elif any(map(str.isalnum, element.text_content())):
        yield element


def _text(line: HtmlElement) -> str:
    pieces = (squeeze(text) for text in _WORDS(line))
    return " | ".join(piece for piece in pieces if piece)
