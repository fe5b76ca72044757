"""The page that a repost names as its original: "Source link", "Source: Harbour Times", "First published in ..."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.lang.cues import telling
from ingest.lang.lexicon import once
from ingest.lang.notes import LONGEST_NOTE, read_trailer, says_machine_translated
from ingest.urls import absolute, canonicalize, is_home_page, same_site

_ELSEWHERE = frozenset({"figure", "table", "nav", "footer", "aside"})
_BESIDE = _ELSEWHERE - {"footer"}
_INLINE = frozenset({"b", "cite", "em", "i", "small", "span", "strong", "u"})
_LINES = ("p", "div", "li", "section", "td", "footer", "blockquote")
_PROSE = 120  # characters of a paragraph
_LONGEST_NAME = 80
_MOST = 20
_MOST_LINKS = 400  # counted from the end of the page
_FEW = 12  # elements in a line
_LINES_ABOVE, _LINES_BELOW = 20, 60
_AROUND = ' .«»„“”"'


def read_original(tree: HtmlElement, url: str, site: str) -> tuple[str, str | None] | None:
    """Where the link to the source of a repost leads, and the name that it has; ``None`` where there is none.

    A name is read from a link below the text alone: above and in it stand sources of figures and of pictures.

    Args:
        tree: the page.
        url: its address, against which links resolve.
        site: an address of its site: the source is on another one.
    """
    for link, name in _candidates(tree):
        target = absolute(url, link.get("href", ""))
        try:
            original = canonicalize(target) if target else None
        except ValueError:
            continue
        if original and not same_site(original, site) and not is_home_page(original):
            return original, name
    return None


def says_machine_translated_below(tree: HtmlElement) -> bool:
    """Whether a line above or below the text says that a machine translated it."""
    lines = list(tree.iter(*_LINES))
    above, below = islice(_texts(lines), _LINES_ABOVE), islice(_texts(reversed(lines)), _LINES_BELOW)
    return any(map(_is_translated, dict.fromkeys((*above, *below))))


def _texts(lines: Iterable[HtmlElement]) -> Iterator[str]:
    return (text for line in lines if len(line) < _FEW and (text := _short(line)))


def _told(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str | None]]:
    """The links of a repost's last line, "The post X appeared first on Y.", and of a note on its translation."""
    texts: dict[HtmlElement, str | None] = {}
    known: dict[HtmlElement, bool] = {}
    for link in list(tree.iter("a"))[-_MOST_LINKS:]:
        line = next(link.iterancestors(*_LINES), None)
        if line is None:
            continue
        if line not in texts:
            texts[line] = None if _is_elsewhere(line, known) else _short(line)
        text = texts[line]
        if text is None:
            continue
        trailer = _trailer(text)
        if trailer is not None:
            # The title leads to the article, the site's name to its home page.
            if squeeze(link.text_content()).strip(_AROUND) != trailer.site or not trailer.title:
                yield link, trailer.site
        elif _is_translated(text):
            yield link, None


def _is_elsewhere(line: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether a line stands in a part beside the text, which is no footer; `known` is what was found of elements."""
    path: list[HtmlElement] = []
    elsewhere = False
    for one in line.iterancestors():
        if one in known:
            elsewhere = known[one]
            break
        path.append(one)
        if one.tag in _BESIDE:
            elsewhere = True
            break
    known.update(dict.fromkeys(path, elsewhere))
    return elsewhere


_trailer = lru_cache(maxsize=1 << 11)(read_trailer)  # the frame of a site's pages is the same on all of them
_is_translated = lru_cache(maxsize=1 << 11)(says_machine_translated)


def _short(line: HtmlElement) -> str | None:
    """The text of a line that is short enough for a note."""
    text = squeeze(line.text_content())
    return text if 0 < len(text) <= LONGEST_NOTE else None


def _candidates(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str | None]]:
    yield from _told(tree)
    for link in _bare_links()(tree):
        yield link, None
    labelled = [link for link in tree.iter("a") if (before := _before(link)) and _labelled().search(before)]
    for link in labelled[-_MOST:]:  # the source stands at the end
        if not is_home_page(link.get("href", "")) and _is_below(link):
            name = squeeze(link.text_content()).strip(' .«»„“”"')
            yield link, name if name and "://" not in name and len(name) <= _LONGEST_NAME else None


def _before(link: HtmlElement) -> str:
    """The text right before a link, in the same line; "" where something else stands there."""
    element = link
    while True:
        neighbour, parent = element.getprevious(), element.getparent()
        loose = (parent.text if neighbour is None and parent is not None else getattr(neighbour, "tail", None)) or ""
        if not loose.isspace() and loose:
            return loose if len(loose) < _PROSE else ""
        if neighbour is not None:
            return (neighbour.text or "") if neighbour.tag in _INLINE and len(neighbour) == 0 else ""
        if parent is None or parent.tag not in _INLINE:
            return ""
        element = parent


def _is_below(link: HtmlElement) -> bool:
    """Whether a link stands in the text, and no paragraph of prose follows beside its line."""
    if any(one.tag in _ELSEWHERE for one in link.iterancestors()):
        return False
    line = next(link.iterancestors(*_LINES), link)
    return all(len(squeeze(one.text_content())) < _PROSE for one in line.itersiblings("p"))


@once
def _bare_links() -> XPath:
    """Find hyperlinks that say no more than that they lead to the source.

    XPath finds them without a Python object for each element of the page: a page may have 40,000 links.
    """
    bare = rf"^\W*(?:{telling('source_links')})\W*$"
    return XPath(
        f"/descendant::a[contains(@href, '//')][string-length(.) < 60][re:test(., '{bare}', 'i')]",
        namespaces={"re": "http://exslt.org/regular-expressions"},
    )


@once
def _labelled() -> re.Pattern[str]:
    """What stands before a hyperlink with the name of the source, all of the line up to it."""
    return re.compile(rf"^\W*(?:{telling('source_leads')})[\s:：«„“\"]*$", re.IGNORECASE)
