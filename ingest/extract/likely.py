"""How likely each line of a page is text of its article: numbers that describe the line, for a small model.

The numbers say what a line is like, where it stands, what it shares its place and markup with, and what the extraction
made of it and of its neighbours. None names a site or depends on a language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p
from typing import NamedTuple

import numpy as np
from lxml.html import HtmlElement

from ingest.extract.forest import Floats
from ingest.extract.runs import Run
from ingest.extract.scope import Scope
from ingest.extract.surroundings import rule_named
from ingest.lang.words import STOPS, ends_sentence, extent
from ingest.text import letters

_KINDS = {"p": 1, "h1": 2, "h2": 3, "h3": 3, "h4": 3, "h5": 3, "h6": 3, "li": 4, "td": 5, "th": 5, "div": 6}
_KINDS |= {"blockquote": 7, "figcaption": 8, "dd": 9, "dt": 9, "section": 6, "article": 6}
_WITHIN = ("article", "main", "aside", "nav", "header", "footer", "ul", "ol", "table", "form", "figure", "blockquote")
_BITS = {tag: 1 << place for place, tag in enumerate(_WITHIN)}
_MOST = 0.9
_HELD = (1, 2, 3, 5)  # levels above a line's element
_TEXT_LIKE = re.compile(r"article|content|story|body|entry|post|text|paragraph|richtext|prose", re.IGNORECASE)
_FRAME_LIKE = re.compile(
    r"nav|menu|foot|header|side|widget|banner|crumb|tag|meta|share|social|card|list|grid|promo|recirc|relat|author|comment",
    re.IGNORECASE,
)
_STOPS = re.compile(rf"(?!…)[{STOPS}]")
_DIGITS = re.compile(r"\d")
_COMMAS = re.compile(r"[,;،、]")
_FAR = 12
_NEAR = 3  # neighbours on each side
_LONG_KEY = 20  # letters: what is shorter stands in a longer line by chance
MOST_LINES = 2_000

_OF_LINE = ("words", "letters a word", "linked", "bold", "ends", "stops", "commas", "capitals", "digits", "short words")
_OF_PLACE = ("depth", "kind", *(f"in {tag}" for tag in _WITHIN), "named frame", "text-like", "frame-like", "in scope")
_OF_PAGE = ("like it", "in parent", "in 2nd", "in 3rd", "in 5th", "repeats", "place", "from headline", "words before")
_OF_READING = (
    "found",
    "taken",
    "caption",
    "declared",
    "title",
    "subtitle",
    "found before",
    "found behind",
    "found near",
)
_NEIGHBOURS = ("words", "linked", "ends", "found", "kind", "like it", "in scope")
_STEPS = (-2, -1, 1, 2)
_BASE = len(_OF_LINE) + len(_OF_PLACE) + _OF_PAGE.index("place")
FEATURES = (
    *_OF_LINE,
    *_OF_PLACE,
    *_OF_PAGE,
    *_OF_READING,
    "text near",
    "found of page",
    "lines",
    *(f"{name} of {step:+d}" for step in _STEPS for name in _NEIGHBOURS),
)
"""What the numbers of a line are, in their order."""


class _Around(NamedTuple):
    """What the elements around a line say."""

    depth: int
    within: int  # a bit for each tag of `_WITHIN` among them
    frame: int  # levels up to the nearest element with a frame's name
    text_like: int
    frame_like: int
    in_scope: bool
    sign: tuple[str | None, ...]  # tag and class, of the element and the one around it
    prose: tuple[float, ...]  # running text in the element and in the five around it


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page as they came, described as far as that goes before anything is read or taken out."""

    runs: tuple[Run, ...]
    keys: tuple[str, ...]
    words: tuple[int, ...]
    base: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the extraction made of a page, as letters: blocks, residue, captions, and what the page declares."""

    found: Sequence[str]
    taken: Sequence[str]
    captions: Sequence[str]
    declared: str
    title: str
    subtitle: str


def describe(scope: Scope) -> Lines:
    """The lines of a page, before what is no article is taken out of the tree."""
    runs = scope.runs[:MOST_LINES]
    around: dict[HtmlElement, _Around] = {}
    places = [_around(run.element, scope, around) for run in runs]
    keys = tuple([letters(run.text) for run in runs])
    words = tuple([_count(run.text) for run in runs])
    own = [max(0, len(run.text) - run.linked) for run in runs]
    like: Counter[tuple[str | None, ...]] = Counter()
    for place, unlinked in zip(places, own, strict=True):
        like[place.sign] += unlinked
    repeats = Counter(keys)
    total = max(1, sum(own))
    page = max(1, scope.page.total)
    rows = [
        (
            *_of_line(run, count),
            place.depth,
            _KINDS.get(run.element.tag, 0),
            *_flags(place.within),
            min(place.frame, _FAR),
            place.text_like,
            place.frame_like,
            place.in_scope,
            like[place.sign] / total,
            *[place.prose[level] / page for level in _HELD],
            repeats[key],
        )
        for run, place, key, count in zip(runs, places, keys, words, strict=True)
    ]
    return Lines(runs, keys, words, np.array(rows, dtype=np.float64).reshape(len(rows), _BASE))


def numbers(lines: Lines, reading: Reading) -> Floats:
    """All numbers of all lines: one row a line, in the order of `FEATURES`."""
    count = len(lines.runs)
    found = _among(lines.keys, reading.found)
    words = np.array(lines.words, dtype=np.float64)
    headline = next((place for place, run in enumerate(lines.runs) if run.element.tag == "h1"), None)
    if reading.title in lines.keys and headline is None:
        headline = lines.keys.index(reading.title)
    order = np.arange(count, dtype=np.float64)
    before = np.cumsum(words) - words
    read = np.cumsum(found * words)
    total = max(1.0, float(read[-1]) if count else 1.0)
    columns = [
        lines.base,
        _column(order / max(1, count)),
        _column(np.clip(order - headline, -50, 200) if headline is not None else np.full(count, -99.0)),
        _column(np.log1p(before)),
        _column(found),
        _column(_among(lines.keys, reading.taken)),
        _column(_among(lines.keys, reading.captions)),
        _column(
            [(extent(key) >= _LONG_KEY and key in reading.declared) if reading.declared else -1 for key in lines.keys]
        ),
        _column([key == reading.title for key in lines.keys]),
        _column([bool(reading.subtitle) and key == reading.subtitle for key in lines.keys]),
        _column(read / total),
        _column((total - read) / total),
        _column(_share_near(found * words, words)),
        _column(np.log1p(_near(words))),
        _column(np.full(count, float((found * words).sum()) / max(1.0, float(words.sum())))),
        _column(np.full(count, np.log1p(count))),
    ]
    table = np.hstack(columns) if count else np.zeros((0, len(FEATURES) - len(_STEPS) * len(_NEIGHBOURS)))
    shown = table[:, [FEATURES.index(name) for name in _NEIGHBOURS]]
    return np.hstack([table, *(_shifted(shown, step) for step in _STEPS)])


def _of_line(run: Run, words: int) -> tuple[float, ...]:
    text = run.text
    size = len(text)
    pieces = text.split()
    ascii_only = text.isascii()
    stops = sum(map(text.count, ".!?")) if ascii_only else len(_STOPS.findall(text))
    commas = text.count(",") + text.count(";") if ascii_only else len(_COMMAS.findall(text))
    return (
        log1p(words),
        size / max(1, words),
        run.linked / size,
        run.bold / size,
        ends_sentence(text),
        stops / max(1, words),
        commas / max(1, words),
        sum([piece[0].isupper() for piece in pieces]) / max(1, len(pieces)),
        len(_DIGITS.findall(text)) / size,
        sum([len(piece) <= 3 for piece in pieces]) / max(1, len(pieces)),
    )


def _count(text: str) -> int:
    """The words of a line as the model has learnt to count them: of a script without spaces three signs are one."""
    spaced = text.count(" ") + 1
    return spaced if text.isascii() or spaced > len(text) // 12 else max(spaced, len(text) // 3)


def _around(element: HtmlElement, scope: Scope, known: dict[HtmlElement, _Around]) -> _Around:
    path = []
    above: HtmlElement | None = element
    place = _Around(0, 0, _FAR, 0, 0, False, (None,) * 4, (scope.page.total,) * 6)
    while above is not None:
        if above in known:
            place = known[above]
            break
        path.append(above)
        above = above.getparent()
    for one in reversed(path):
        named = one.get("class")
        label = " ".join(filter(None, (named, one.get("id"), one.get("role"))))
        framed, text_like, frame_like = _named(label) if label else (False, 0, 0)
        if scope.page.of(one) > _MOST * scope.page.total:  # what holds most of the text is no frame, whatever its name
            framed, frame_like = False, 0
        tag = one.tag
        place = _Around(
            place.depth + 1,
            place.within | _BITS.get(tag, 0),
            0 if framed else place.frame + 1,
            place.text_like + text_like,
            place.frame_like + frame_like,
            place.in_scope or one is scope.element,
            (tag, named, *place.sign[:2]),
            (scope.page.of(one), *place.prose[:5]),
        )
        known[one] = place
    return place


@lru_cache(maxsize=1 << 14)
def _named(label: str) -> tuple[bool, int, int]:
    return (
        rule_named(label) is not None,
        _TEXT_LIKE.search(label) is not None,
        _FRAME_LIKE.search(label) is not None,
    )


@lru_cache(maxsize=1 << 12)
def _flags(bits: int) -> tuple[int, ...]:
    return tuple([bits >> place & 1 for place in range(len(_WITHIN))])


def _among(keys: Sequence[str], told: Sequence[str]) -> Floats:
    whole, joined = set(told), "\n".join(told)
    return np.array(
        [bool(key) and (key in whole or (extent(key) >= _LONG_KEY and key in joined)) for key in keys], dtype=float
    )


def _column(values: Sequence[float] | Floats) -> Floats:
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)


def _near(values: Floats) -> Floats:
    """The sum of each value and its neighbours on both sides."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(len(values))
    return np.asarray(sums[np.minimum(places + _NEAR + 1, len(values))] - sums[np.maximum(places - _NEAR, 0)])


def _share_near(found: Floats, words: Floats) -> Floats:
    """Of the words of the neighbours, without the line itself, the share that was found."""
    return np.asarray((_near(found) - found) / np.maximum(1, _near(words) - words))


def _shifted(table: Floats, step: int) -> Floats:
    moved = np.full_like(table, -1.0)
    if step > 0:
        moved[:-step] = table[step:]
    else:
        moved[-step:] = table[:step]
    return moved
