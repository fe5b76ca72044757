"""The by-lines of a page: those it declares, and those it shows in elements of that name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.lang.bylines import are_people, read_byline
from ingest.lang.labels import begins_byline
from ingest.lang.lexicon import once
from ingest.lang.names import is_full_name, is_organisation, longest, may_be_headings
from ingest.model import Byline
from ingest.text import letters

_MOST_NAMES = 50  # of 268 pages none names more than nine
_LONGEST = 200  # characters of an element that holds a by-line: what is longer tells about an author
_SHORTEST, _LONGEST_MARKED = 3, 239
_NAMED = XPath("/descendant::*[@class or @itemprop or @rel or @id]")
_WORDS = XPath("descendant::text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False)
# By-lines stand there, too: of comments, of other articles, of those who took part.
_ELSEWHERE_TAGS = frozenset({"nav", "aside", "form", "figure", "blockquote", "table", "template", "noscript", "dialog"})
_HEADLINES = frozenset({"h1", "h2", "title"})
_ELSEWHERE = re.compile(
    r"(?:^|\s)(?:[\w-]*[_-])?(?:comments?|comment-\w+|commentlist|respond|related(?:-\w+)*|recommend\w*|teasers?|cards?|sidebar"
    r"|newsletter|promo\w*|popular|trending|carousel|slider|swiper|menu|testimonials?|sr-only|visually-hidden)(?=\s|$)",
    re.IGNORECASE,
)
_MOST_MARKED = 40
_MOST_AROUND = 10  # words around a name of one word: a day, a time to read


def declared_byline(author: object, own: Sequence[str], language: str | None = None) -> Byline:
    """The names in an author as JSON-LD or a meta element gives it: a string, an object, or a list of such.

    Args:
        author: the value.
        own: names of the site and its publisher: an author of such a name is an organisation.
        language: of the page, if known.
    """
    found: list[Byline] = []
    for text, declared_organisation in islice(_authors(author), _MOST_NAMES):
        printed = squeeze(text)
        if declared_organisation and printed and any(map(str.isalpha, printed)):
            read = read_byline(printed, own, language)
            name = (*read.organisations, *read.people) if len(read.organisations) == 1 else (printed,)
            found.append(Byline(organisations=name[:1], agency=read.agency, printed=printed))
        elif (read := read_byline(printed, own, language)) or read.initials or read.label is not None:
            found.append(read)
    return Byline.joined(found)


def shown_byline(tree: HtmlElement, own: Sequence[str], language: str | None = None) -> Byline:
    """The first by-line that the page shows in an element whose class, id, role or property says so.

    Only whole names of people count, in an element that holds little else, and newsrooms: a stray word near "author" is
    nobody.
    """
    first = Byline()
    for element in islice(_marked(tree), _MOST_MARKED):
        text = line_text(element)
        read = read_byline(text, own, language)
        people = tuple(name for name in read.people if is_full_name(name) and not may_be_headings(name))
        if people and (begins_byline(text) or are_people(text, marked=True)):
            return replace(read, people=people)
        if not first and (single := _single(element, text, read)):
            first = replace(read, people=single)
        elif not first and read.organisations and (begins_byline(text) or is_organisation(text)):
            first = replace(read, people=())
    return first


def _single(element: HtmlElement, text: str, read: Byline) -> tuple[str, ...]:
    """One word by which somebody goes, where the page leaves no doubt: "By Kev", a link that is the author's."""
    named = {element.get("rel"), element.get("itemprop"), *element.get("class", "").split()}
    sure = begins_byline(text, single=True) or bool(named & {"author", "username"})
    name = next(iter(read.people), "")
    fits = (
        len(read.people) == 1 and name[:1].isupper() and not may_be_headings(name) and len(text.split()) < _MOST_AROUND
    )
    return read.people if sure and fits else ()


def line_text(element: HtmlElement) -> str:
    """The text of a line; between pieces of it that may each be a name stands a bar: "Ann Lee | Bo Ek"."""
    line = ""
    for piece in filter(None, map(squeeze, _WORDS(element))):
        apart = " " in piece and " " in line.rpartition("|")[2].strip()
        line += f" | {piece}" if apart else f" {piece}" if line else piece
    return line


def is_publisher(organisations: Sequence[str], own: Sequence[str]) -> bool:
    """Whether a by-line names nobody but the site itself."""
    sites = [letters(name) for name in own if name]
    return all(any(letters(name) in site or site in letters(name) for site in sites) for name in organisations)


def _marked(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that are marked as by-lines, outermost first, without those of other texts than the page's."""
    taken: set[HtmlElement] = set()
    for element in filter(_is_marked, _NAMED(tree)):
        ancestors = list(element.iterancestors())
        if element.tag in _ELSEWHERE_TAGS or taken.intersection(ancestors):
            continue
        if element.tag in _HEADLINES or any(map(_is_elsewhere, (element, *ancestors[:-2]))):
            continue
        if len(squeeze(element.text_content())) <= _LONGEST:
            taken.add(element)
            yield element


def _is_marked(element: HtmlElement) -> bool:
    get = element.get
    if not _marks(f"{get('class', '')} {get('itemprop', '')} {get('rel', '')} {get('id', '')}"):
        return False
    return _SHORTEST <= len(" ".join(element.text_content().split())) <= _LONGEST_MARKED


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element is no part of the article; what encloses all of it is part of it whatever its name."""
    if element.tag in ("article", "main"):
        return False
    if element.tag == "footer" and not any(one.tag == "article" for one in element.iterancestors()):
        return True
    return element.tag in _ELSEWHERE_TAGS or (
        _ELSEWHERE.search(f"{element.get('class', '')} {element.get('id', '')}") is not None
        and not any(True for _ in element.iterdescendants("h1"))
    )


@lru_cache(maxsize=1 << 14)  # pages are made of the same few elements again and again
def _marks(label: str) -> bool:
    """Whether the names of an element say that it is a by-line."""
    return _marking().search(label) is not None


@once
def _marking() -> re.Pattern[str]:
    return re.compile(
        rf"author(?:$|[^i])|byline|(?:^|[\s_-])(?:{'|'.join(longest('markup'))})(?:[\s_-]|$)", re.IGNORECASE
    )


def _authors(value: object) -> Iterator[tuple[str, bool]]:
    """Each author's text, and whether the page says that it is an organisation."""
    if isinstance(value, str):
        yield value, False
    elif isinstance(value, dict):
        kind = str(value.get("@type", ""))
        parts = [value.get(name) for name in ("givenName", "familyName")]
        name = value.get("name") or " ".join(part for part in parts if isinstance(part, str))
        for text, _ in _authors(name):
            yield text, kind.endswith("Organization")
    elif isinstance(value, list):
        for one in value:
            if not isinstance(one, list):
                yield from _authors(one)
