"""A rule from several pages of one site: what differs from page to page is the article, what repeats is the frame."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from ingest.charset import decode, mend
from ingest.errors import InputError
from ingest.extract.runs import Run, runs_of
from ingest.extract.tree import parse
from ingest.model import Page
from ingest.text import letters
from ingest.xpath import as_xpath, found_by

_NAME: Final = re.compile(r"[A-Za-z_][\w-]*")
_HASHED: Final = re.compile(r"\d{3}|[A-Za-z]\d\w*\d")  # names that a build or a page number has made
_LEAST: Final = 2  # pages
_GOOD: Final = 0.5  # F1 below which no place holds the text
_NEARLY: Final = 0.97  # of the best: of places that hold the same, the innermost
_MOST_STRIPPED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a rule may say: where the text stands, what in it repeats from page to page, where the headline stands.

    `held` is the share of the pages' own running text in the place, `own` the share of the place that is such.
    """

    body: str
    strip: tuple[str, ...]
    title: str | None
    held: float
    own: float


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page: its runs, and which of them stand on no other page and are running text."""

    tree: HtmlElement
    runs: Sequence[Run]
    own: frozenset[int]
    total: int


def propose(pages: Sequence[Page]) -> Proposal:
    """Propose a rule for the site of these pages.

    Raises:
        InputError: there are too few pages, or no place holds what is their own.
    """
    sheets = _sheets(pages)
    if len(sheets) < _LEAST:
        raise InputError("a rule takes two pages of a site, better five: what repeats on them is its frame")
    scored = [(*_score(selector, sheets), selector) for selector in _common(sheets)]
    best = max((score for score, *_ in scored), default=0.0)
    if best < _GOOD:
        raise InputError("no place holds the text of all these pages: are they articles of one site, in one layout?")
    near = [one for one in scored if one[0] >= _NEARLY * best]
    _, held, own, body = max(near, key=lambda one: (one[2], one[0], one[3]))
    return Proposal(body=body, strip=_stripped(body, sheets), title=_title(sheets), held=held, own=own)


def _sheets(pages: Sequence[Page]) -> list[_Sheet]:
    trees = [parse(mend(decode(page.body, page.header("content-type")).text)) for page in pages]
    runs = [(tree, runs_of(tree)) for tree in trees if tree is not None]
    seen = Counter(key for _, of in runs for key in {letters(run.text) for run in of})
    sheets = []
    for tree, of in runs:
        own = frozenset(place for place, run in enumerate(of) if run.prose and seen[letters(run.text)] == 1)
        sheets.append(_Sheet(tree, of, own, sum(len(of[place].text) for place in own)))
    return [sheet for sheet in sheets if sheet.total]


def _common(sheets: Sequence[_Sheet]) -> list[str]:
    """The selectors of elements that stand around text on every page."""
    named = [
        {name for run in sheet.runs for one in (run.element, *run.element.iterancestors()) for name in _selectors(one)}
        for sheet in sheets
    ]
    return sorted(set.intersection(*named))


def _selectors(element: HtmlElement) -> Iterator[str]:
    tag = element.tag
    if tag in ("html", "body"):
        return
    if tag in ("article", "main"):
        yield tag
    for mark, name in ((".", "class"), ("#", "id")):
        for word in (element.get(name) or "").split():
            if _NAME.fullmatch(word) and not _HASHED.search(word):
                yield f"{tag}{mark}{word}"


def _inside(selector: str, sheet: _Sheet) -> set[int]:
    """The runs of a page that stand in what a selector finds."""
    around = {one for one in found_by(as_xpath(selector), sheet.tree) if not isinstance(one, str)}
    return {
        place
        for place, run in enumerate(sheet.runs)
        if any(one in around for one in (run.element, *run.element.iterancestors()))
    }


def _score(selector: str, sheets: Sequence[_Sheet]) -> tuple[float, float, float]:
    """How well a place holds what is the pages' own: F1 on the worst page, and both shares over all."""
    worst, held, inside, total = 1.0, 0, 0, 0
    for sheet in sheets:
        places = _inside(selector, sheet)
        there = sum(len(sheet.runs[place].text) for place in places)
        own = sum(len(sheet.runs[place].text) for place in places & sheet.own)
        worst = min(worst, 2 * own / max(1, there + sheet.total))
        held, inside, total = held + own, inside + there, total + sheet.total
    return worst, held / max(1, total), held / max(1, inside)


def _stripped(body: str, sheets: Sequence[_Sheet]) -> tuple[str, ...]:
    """What in the text's place says the same on several pages, or is no running text of its own: by its name.

    A name counts that holds nothing of any page's own text, and on one page at least what another page has, too.
    """
    seen = Counter(key for sheet in sheets for key in {letters(run.text) for run in sheet.runs})
    parts: Counter[str] = Counter()
    bad: set[str] = set()
    for sheet in sheets:
        held = _inside(body, sheet)
        roots = {one for one in found_by(as_xpath(body), sheet.tree) if not isinstance(one, str)}
        for place in held:
            repeats = seen[letters(sheet.runs[place].text)] > 1
            for one in (sheet.runs[place].element, *sheet.runs[place].element.iterancestors()):
                if one in roots:
                    break
                for name in _selectors(one):
                    parts[name] += repeats
                    if not repeats:
                        bad.add(name)
    return tuple(name for name, count in parts.most_common() if count and name not in bad)[:_MOST_STRIPPED]


def _title(sheets: Sequence[_Sheet]) -> str | None:
    """The place of the headline: the one element of its kind on each page, with other words on each."""
    tops = [sheet.tree.xpath("//h1") for sheet in sheets]
    if not all(len(found) == 1 for found in tops):
        return None
    said = {letters(found[0].text_content()) for found in tops}
    return "h1" if len(said) == len(sheets) and "" not in said else None
