"""A window that lies over a whole article: it is taken away, and the page is read once more.

A page is only looked at so once its text was taken for that of a window. The headline and running text have to stand
outside of it, else the page is what its text says.
"""

from __future__ import annotations

from lxml.etree import tostring
from lxml.html import HtmlElement

from ingest.extract.runs import Run, runs_of
from ingest.extract.standins import is_about_consent
from ingest.extract.tree import parse
from ingest.lang.words import extent
from ingest.text import letters

_LEAST = 120
"""Letters of running text outside of the window: a report of two sentences."""
_HEADLINE = 12  # letters
_MOST_WINDOWS = 8
_FRAME = ("nav", "footer", "header", "aside")


def without_window(markup: str, title: str | None) -> str | None:
    """The page without the boxes that ask for consent, where a headline and running text stand outside of them."""
    tree = parse(markup)
    wanted = letters(title or "")
    if tree is None or extent(wanted) < _HEADLINE:
        return None
    for _ in range(_MOST_WINDOWS):
        runs = runs_of(tree)
        headline = next((run for run in runs if _is_headline(run, wanted)), None)
        about = next((run for run in runs if run.prose and is_about_consent(run.text)), None)
        if headline is None:
            return None
        if about is None:
            told = sum(run.prose for run in runs if not any(one.tag in _FRAME for one in _upwards(run.element)))
            return str(tostring(tree, encoding="unicode", method="html")) if told >= _LEAST else None
        above = set(_upwards(headline.element))
        window = about.element
        while (around := window.getparent()) is not None and around not in above:
            window = around
        if window in above:
            return None
        window.drop_tree()
    return None


def _is_headline(run: Run, wanted: str) -> bool:
    text = letters(run.text)
    return extent(text) >= _HEADLINE and text in wanted and 2 * len(text) >= len(wanted)


def _upwards(element: HtmlElement) -> list[HtmlElement]:
    return [element, *element.iterancestors()]
