"""What readers wrote below an article, told by its shape where no name says so.

Such a list is often longer than the article, and what holds most of a page's text is taken for the article. It is a
list without the page's headline, behind text that stands outside of it; nearly every item has text of its own and a
short line with a time of day: who wrote it, and when. A list in an article ("ten walks") has no such lines, the posts
of a forum have no text above them, and those of a live blog are told before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from ingest.extract.runs import Prose, Run

_LARGE = 0.4  # of the page's running text: what is less misleads nobody
_ABOVE = 500  # letters of running text: an article
_FEWEST = 4
_NEARLY_ALL = 0.8
_ALONE = 1.1
_LONGEST_LINE = 90
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?!\d)")


def name_replies(runs: Sequence[Run], page: Prose) -> tuple[HtmlElement, ...]:
    """Call the boxes that hold nothing but replies `comments`, in place, and return them."""
    large = [one for one, prose in page.within().items() if one.tag in ("ol", "ul") and prose >= _LARGE * page.total]
    found = [_box(one, page) for one in large if _is_list_of_replies(one, runs)]
    for box in found:
        box.set("class", "comments")
        box.set("id", "comments")
    return tuple(found)


def _is_list_of_replies(element: HtmlElement, runs: Sequence[Run]) -> bool:
    items = {item for item in element if item.tag == "li"}
    if len(items) < _FEWEST or element.find(".//h1") is not None:
        return False
    above = 0.0
    told: set[HtmlElement] = set()
    stamped: set[HtmlElement] = set()
    for run in runs:
        item = next((one for one in (run.element, *run.element.iterancestors()) if one in items), None)
        if item is None:
            above += run.prose if not told else 0
        elif run.prose:
            told.add(item)
        elif len(run.text) <= _LONGEST_LINE and _CLOCK.search(run.text):
            stamped.add(item)
    return above >= _ABOVE and len(told) >= _FEWEST and len(told & stamped) >= _NEARLY_ALL * len(told)


def _box(element: HtmlElement, page: Prose) -> HtmlElement:
    """The outermost box around a list that holds hardly any other text, nor the headline."""
    most = _ALONE * page.of(element)
    while (around := element.getparent()) is not None and around.tag in ("div", "section"):
        if page.of(around) > most or around.find(".//h1") is not None:
            break
        element = around
    return element
