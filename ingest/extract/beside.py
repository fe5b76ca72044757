"""The lines of a page in which its day may stand: those beside its headline, and those that are marked as its date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract.common import squeeze
from ingest.extract.runs import Run, runs_of
from ingest.lang.cues import telling
from ingest.lang.lexicon import once
from ingest.lang.words import STOPS
from ingest.text import letters

_AROUND = frozenset({"nav", "footer", "aside", "form", "figure"})
_DIGITS = re.compile(r"\d(?:\D*\d){2}")  # fewer are no day of a year: "8 min read"
_SENTENCE = re.compile(rf"[^\W\d_]{{2}}[{STOPS}]$")  # "in 2024." may be the end of a date
_LONGEST, _LONGEST_WITH_DAY = 60, 100  # characters; the longer one begins with its day and goes on with a by-line
_LONGEST_LABEL = 24
_BEFORE, _BEHIND = 6, 25  # lines
_TEXT = 600  # characters of running text behind the headline: the standfirst is above the day, the article below
_PART = 0.5  # of the running text of the page, if that is less
_LINKED = 0.5
_MOST_MARKED = 10


def lines_beside(tree: HtmlElement, title: str | None) -> tuple[str, ...]:
    """The short lines with figures beside the headline: those behind it, up to the text, then the one before it.

    Several before it are a list of others. Those of a card (an `<article>` without the headline) and lines that are
    links are of other articles. A label on a line of its own ("Updated") is put before the line that follows.
    """
    runs = runs_of(tree)
    place = _headline(runs, title)
    if place is None:
        return ()
    own = runs[place].element
    here = {one for one in (own, *own.iterancestors()) if one.tag == "article"}
    most = min(_TEXT, _PART * sum(run.prose for run in runs))
    behind = _dated(_until_text(runs[place + 1 : place + 1 + _BEHIND], most), here)
    before = _dated(runs[max(0, place - _BEFORE) : place], here)
    return tuple(dict.fromkeys((*behind, *(before if len(before) == 1 else ()))))


def lines_marked(tree: HtmlElement) -> tuple[str, ...]:
    """The first lines with a digit that names or words mark as a date."""
    lines = (squeeze(element.text_content()) for element in _marked()(tree)[:_MOST_MARKED])
    return tuple(line for line in lines if any(map(str.isdigit, line)))


def _headline(runs: Sequence[Run], title: str | None) -> int | None:
    """The place of the headline: the first `<h1>` that is the title, else the only one, else a line that is it."""
    wanted = letters(title or "")
    heads = [place for place, run in enumerate(runs) if run.element.tag == "h1"]
    named = [place for place in heads if wanted and letters(runs[place].text) == wanted]
    if named or len(heads) == 1:
        return (named or heads)[0]
    return next((place for place, run in enumerate(runs) if wanted and letters(run.text) == wanted), None)


def _until_text(runs: Sequence[Run], most: float) -> Iterator[Run]:
    read = 0.0
    for run in runs:
        read += run.prose
        if read > most:
            return
        yield run


def _dated(runs: Iterable[Run], here: set[HtmlElement]) -> list[str]:
    lines: list[str] = []
    label = ""
    for run in runs:
        if _may_date(run, here):
            lines.append(f"{label} {run.text}".lstrip())
        label = run.text if len(run.text) <= _LONGEST_LABEL and not any(map(str.isdigit, run.text)) else ""
    return lines


def _may_date(run: Run, here: set[HtmlElement]) -> bool:
    text = run.text
    longest = _LONGEST_WITH_DAY if text[0].isdecimal() else _LONGEST
    if len(text) > longest or _DIGITS.search(text) is None or run.linked > _LINKED * len(text):
        return False
    if _SENTENCE.search(text[-8:]):
        return False
    above = (run.element, *run.element.iterancestors())
    return not any(one.tag in _AROUND or (one.tag == "article" and one not in here) for one in above)


@once
def _marked() -> XPath:
    """Find what a class or a word marks as a date."""
    return XPath(
        "//*[self::span or self::p or self::div or self::dd or self::time or self::li]"
        "[string-length(.) < 60][contains(translate(@class, 'DP', 'dp'), 'date') or contains(@id, 'date')"
        rf" or contains(@class, 'publi') or re:test(., '^\W*({telling('date_marks')})\b', 'i')]"
        "[not(ancestor::nav or ancestor::footer or ancestor::aside or ancestor::a)]",
        namespaces={"re": "http://exslt.org/regular-expressions"},
    )
