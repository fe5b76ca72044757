"""Title, standfirst and publisher of a page, as it declares them and as it shows them.

On 268 news pages in 17 languages the declarations give more titles right than trafilatura's own reading, in less time;
trafilatura reads the visible page where they say nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.lang.names import listed
from ingest.lang.outlets import known
from ingest.lang.words import extent
from ingest.text import letters
from ingest.urls import host_of

Witness = tuple[str, object]
"""Where a value was found ("json-ld", "opengraph", ...), and the value."""

_HEADLINES = XPath("/descendant::h1[not(ancestor::nav or ancestor::footer or ancestor::aside)]")
# What may stand between a title and the names of site and section.
_BETWEEN = re.compile(r"(\s+[|¦·•–—/_-]\s+|\s*(?:[|¦»›｜]|::|--)\s*|(?<=\w)_(?=\w))")
_BETWEEN_QUOTED = re.compile(r"(\s+[|¦·•–—/_-]\s+|\s*(?:[|¦｜]|::|--)\s*)")
# A bar is no part of most titles, a dash and a dot are of many.
_BARS = frozenset("|¦»›｜_/:")
# "渡轮停运-新闻网", "渡し船、運休：新聞": without spaces only before the very name of the site.
_TIGHT = re.compile(r"[-－—–:：_]\s*$")
_LEAST_TITLE = 15  # characters before a bar, for what follows to go though nothing else says what it is
_LONGEST_NAME = 40
_MOST_LINKS = 80
_MOST_FOOTER = 4_000
_SHORT_NAME = 4  # letters
_MOST_SECTION = 3  # words
_HOME = XPath("/descendant::a[@rel='home' or @href='/' or @href='./' or contains(@class, 'logo')]")
_SECTIONS = XPath("/descendant::nav/descendant::a | /descendant::header/descendant::a")
_SITE_METAS = XPath(
    "/descendant::meta[@property='og:site_name' or @name='application-name' or @name='apple-mobile-web-app-title']"
    "/@content"
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:\d{4}(?:\s*[-–]\s*\d{4})?)?\s*(?:by\s+)?([^\n.,|·•©\d]{3,40})", re.IGNORECASE
)
_FOOTERS = XPath("/descendant::footer[position() < 3] | /descendant::*[@id='footer']")
_WORD = re.compile(r"\w+")
_STEM = 5  # letters by which inflected words are known
_MOST_SHOWN = 8
_LONGEST = 300
_TELLING = 10  # letters
_KICKER = 60  # letters
_LITTLE_SUPPORT, _MUCH_SUPPORT = 0.25, 0.6


def first_text(witnesses: Iterable[Witness]) -> tuple[str | None, str | None]:
    """The first text that is not empty, and where it was found."""
    return next(((text, source) for source, value in witnesses if (text := clean(value))), (None, None))


def clean(value: object) -> str | None:
    """A text without markup for two layers of escapes, or ``None`` where there is none."""
    # Titles in JSON-LD are often escaped twice, for JavaScript and for HTML.
    return squeeze(html.unescape(html.unescape(value))) or None if isinstance(value, str) else None


def read_title(
    tree: HtmlElement, witnesses: Sequence[Witness], publisher: str | None, url: str
) -> tuple[str | None, str | None]:
    """Return the title, and where it was found, by agreement of what the page shows and what it declares.

    What readers see comes first: the headline of the first level that shares words with a declaration. Where there is
    none, the first declaration, unless nothing on the page agrees with it while two others agree with each other.

    Args:
        tree: the page; it is left as it is.
        witnesses: the declared titles, the most trusted first.
        publisher: the name of the site, which is no title.
        url: the page's address, whose host may be a name of the site.
    """
    own = [name for name in (letters(publisher or ""), letters(host_of(url).rpartition(".")[0])) if name]
    names = _Names(tree, own)
    declared = [
        (source, _without_site(text, names))
        for source, value in witnesses
        if (text := clean(value)) and letters(text) not in own
    ]
    whole = clean(tree.findtext(".//title"))
    if whole and letters(whole) not in own:
        declared.append(("html", _main_part(whole, names, [text for _, text in declared])))
    shown = [names.without_own(text) for text in shown_headlines(tree) if letters(text) not in own]
    if not declared:
        named = shown or shown_headlines(tree)  # a headline that is the site's name is better than none
        return (named[0], "h1") if named else (whole, "html" if whole else None)
    headline = _headline(shown, [text for _, text in declared])
    if headline is None:
        source, title = _agreed(declared, shown)
        return title, source
    return _whole(headline, declared) or (headline, "h1")


def shown_headlines(tree: HtmlElement) -> list[str]:
    """Return the texts of the page's first headlines of the first level."""
    texts = (squeeze(headline.text_content()) for headline in _HEADLINES(tree)[:_MOST_SHOWN])
    return [text for text in texts if text and len(text) <= _LONGEST]


def _headline(shown: Sequence[str], declared: Sequence[str]) -> str | None:
    """The shown headline that the declarations speak for: the only one needs little support, one of several much."""
    supported = [(max(_common(text, other) for other in declared), text) for text in shown]
    least = _LITTLE_SUPPORT if len(shown) == 1 else _MUCH_SUPPORT
    best = max(supported, key=lambda one: (one[0], len(one[1])), default=(0.0, ""))
    return best[1] if best[0] >= least else None


def _agreed(declared: Sequence[tuple[str, str]], shown: Sequence[str]) -> tuple[str, str]:
    """The first declared title; where it stands alone against two that agree, the first of these."""
    texts = [*(text for _, text in declared[1:]), *shown]
    first = declared[0]
    if any(alike(first[1], text) for text in texts):
        return first
    for place, (source, text) in enumerate(declared[1:]):
        if any(alike(text, other) for other in texts[place + 1 :]):
            return source, text
    return first


def alike(one: str, other: str) -> bool:
    """Tell whether most words of one title stand in the other."""
    return _common(one, other) >= _MUCH_SUPPORT or _common(other, one) >= _MUCH_SUPPORT


def _common(text: str, other: str) -> float:
    """The share of a text's words that the other has too, told by their beginnings; 1 where one holds the other."""
    mine, yours = _stems(text), _stems(other)
    if len(mine) == 1 or len(yours) == 1:
        one, two = letters(text), letters(other)
        return 1.0 if one and two and (one in two or two in one) else len(mine & yours) / max(1, len(mine))
    return len(mine & yours) / max(1, len(mine))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold())}


def _whole(headline: str, declared: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The declared title that the shown headline is a part of, or that is a part of it, where it is the better one.

    Two declarations that agree know of a kicker that stands elsewhere on the page, or that the headline holds a kicker
    or a day and a name which are none of the title.
    """
    shown = letters(headline)
    folded = [letters(text) for _, text in declared]
    if shown in folded:
        return None
    for (source, text), title in zip(declared, folded, strict=True):
        if extent(title) < _TELLING or folded.count(title) < 2 or abs(len(title) - len(shown)) > _KICKER:
            continue
        behind = shown.startswith(title) and any(map(str.isdigit, headline[len(text) :]))
        if behind or shown.endswith(title) or title.endswith(shown):
            return text, source
    return None


class _Names:
    """What the page calls its site and its sections; it is looked for when a title first asks.

    Args:
        tree: the page.
        own: the names of the site that are known, as letters.
    """

    def __init__(self, tree: HtmlElement, own: Sequence[str]) -> None:
        self._tree = tree
        self._own = frozenset(own)

    @cached_property
    def sites(self) -> frozenset[str]:
        """The names of the site, as letters: declared, on the link to its first page, behind the copyright sign."""
        shown = [*_SITE_METAS(self._tree)[:_MOST_SHOWN]]
        for link in _HOME(self._tree)[:_MOST_SHOWN]:
            shown += [link.text_content(), link.get("title", ""), *link.xpath("descendant::img/@alt")]
        for footer in _FOOTERS(self._tree):
            shown += _COPYRIGHT.findall(squeeze(footer.text_content())[:_MOST_FOOTER])[:_MOST_SHOWN]
        return self._own | {letters(name) for name in shown if len(squeeze(name)) <= _LONGEST_NAME} - {""}

    @cached_property
    def sections(self) -> frozenset[str]:
        """The words of the links in the page's menus, as letters."""
        return frozenset(
            letters(squeeze(link.text_content())[:_LONGEST_NAME]) for link in _SECTIONS(self._tree)[:_MOST_LINKS]
        )

    def without_own(self, title: str) -> str:
        """A title without the very name of the site behind a bar or a dash, or before a colon."""
        parts = _parted(title)
        if len(parts) > 1 and letters(parts[-1]) in self.sites:
            title = "".join(parts[:-2])
        first, colon, others = title.partition(": ")
        return others.strip() if colon and others and letters(first) in self.sites else title

    def is_site(self, text: str, *, inside: bool = False) -> bool:
        """Whether a text is a name of the site, or that of an outlet; `inside` where a part of a name will do."""
        name = letters(text)
        if not name:
            return False
        if name in self.sites or ((outlet := known(text)) is not None and not outlet.plain):
            return True
        return inside and any(
            (extent(name) >= _SHORT_NAME and name in one) or (extent(one) > _SHORT_NAME and one in name)
            for one in self.sites
        )

    def is_section(self, text: str) -> bool:
        """Whether a few words are those that sections are called by, or one of them stands in the page's menu."""
        words = text.split()
        if not 1 <= len(words) <= _MOST_SECTION:
            return False
        listed_all = all(map(listed("places_and_sections", "nobody").has, words))
        return listed_all or any(letters(word) in self.sections for word in (text, *words))


def _main_part(title: str, names: _Names, others: Sequence[str]) -> str:
    """A page's `<title>` without the names of site and section.

    It is cut where something else speaks for the cut: the other part is the site's name, the rest is a title that is
    declared or shown, or it is a path of sections. "Kabul – the city that waits" stays whole.
    """
    bare = _without_site(title, names)
    if any(letters(bare) == letters(other) for other in others):
        return bare
    parts = _parted(bare)
    bars = [part for part in parts[1::2] if _BARS.intersection(part)]
    if len(bars) > 1 and len(bars) == len(parts[1::2]):
        return max(parts[::2], key=extent).strip()
    return bare


def _parted(title: str) -> list[str]:
    """The parts of a title and what stands between them; a quotation mark is no sign of a path."""
    return _BETWEEN_QUOTED.split(title) if "«" in title else _BETWEEN.split(title)


def _without_site(title: str, names: _Names) -> str:
    """A title without the names of its site and sections at either end.

    What stands at an end is compared with what the page calls itself. Behind a bar it goes unseen where it is shorter
    than what is left: that is how most sites put their name.
    """
    parts = _parted(title)
    if len(parts) == 1:
        return _without_tight(title, names)
    first, last, site_gone = 0, len(parts) - 1, False
    while first < last:
        before, behind = parts[first], parts[last]
        rest = "".join(parts[first : last - 1])
        barred = bool(_BARS.intersection(parts[last - 1]))
        if names.is_site(behind, inside=last > first + 1 or extent(rest) >= _LEAST_TITLE):
            last, site_gone = last - 2, True
        elif names.is_section(behind) and (
            (barred and site_gone) or ((barred or site_gone) and len(rest) > len(behind))
        ):
            last -= 2
        elif names.is_site(before) and extent("".join(parts[first + 2 :])) >= _LEAST_TITLE:
            first, site_gone = first + 2, True
        elif (site_gone or _BARS.intersection(parts[first + 1])) and names.is_section(before):
            first += 2
        elif barred and extent(rest) >= _LEAST_TITLE and len(rest) > len(behind):
            last, site_gone = last - 2, True
        else:
            break
    return _without_tight("".join(parts[first : last + 1]).strip(), names)


def _without_tight(title: str, names: _Names) -> str:
    """A title without the site's very name at its end, where no space parts them: "渡し船、春まで運休：新聞"."""
    title = names.without_own(title)
    place = max(title.rfind(mark) for mark in "-－—–:：_")
    if place > 0 and names.is_site(title[place + 1 :]) and not title[place + 1 :].islower():
        return _TIGHT.sub("", title[: place + 1]).strip() or title
    return title
