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

import numpy as np
from lxml.html import HtmlElement

from ingest.extract.forest import Floats
from ingest.extract.runs import Run
from ingest.extract.scope import Scope
from ingest.extract.surroundings import rule_named
from ingest.text import letters

_KINDS = {"p": 1, "h1": 2, "h2": 3, "h3": 3, "h4": 3, "h5": 3, "h6": 3, "li": 4, "td": 5, "th": 5, "div": 6}
_KINDS |= {"blockquote": 7, "figcaption": 8, "dd": 9, "dt": 9, "section": 6, "article": 6}
_WITHIN = ("article", "main", "aside", "nav", "header", "footer", "ul", "ol", "table", "form", "figure", "blockquote")
_TEXT_LIKE = re.compile(r"article|content|story|body|entry|post|text|paragraph|richtext|prose", re.IGNORECASE)
_FRAME_LIKE = re.compile(
    r"nav|menu|foot|header|side|widget|banner|crumb|tag|meta|share|social|card|list|grid|promo|recirc|relat|author|comment",
    re.IGNORECASE,
)
_NAMING = ("class", "id", "role")
_ENDS = re.compile(r"""[.!?…。！？؟۔।:]["'”’»“)\]]*$""")
_STOPS = re.compile(r"[.!?。！？؟।]")
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


@dataclass(frozen=True, slots=True)
class _Around:
    """What the elements around a line say."""

    depth: int
    within: tuple[float, ...]
    frame: int  # levels up to the nearest element with a frame's name
    text_like: int
    frame_like: int
    in_scope: bool
    sign: tuple[str | None, ...]  # tag and class, of the element and the one around it


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
            *place.within,
            min(place.frame, _FAR),
            place.text_like,
            place.frame_like,
            place.in_scope,
            like[place.sign] / total,
            *(held / page for held in _held(run.element, scope)),
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
            [(len(key) >= _LONG_KEY and key in reading.declared) if reading.declared else -1 for key in lines.keys]
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
    return (
        log1p(words),
        size / max(1, words),
        run.linked / size,
        run.bold / size,
        _ENDS.search(text[-6:]) is not None,
        len(_STOPS.findall(text)) / max(1, words),
        len(_COMMAS.findall(text)) / max(1, words),
        sum([piece[0].isupper() for piece in pieces]) / max(1, len(pieces)),
        sum(map(str.isdigit, text)) / size,
        sum([len(piece) <= 3 for piece in pieces]) / max(1, len(pieces)),
    )


def _count(text: str) -> int:
    spaced = text.count(" ") + 1
    return spaced if text.isascii() or spaced > len(text) // 12 else max(spaced, len(text) // 3)


def _around(element: HtmlElement, scope: Scope, known: dict[HtmlElement, _Around]) -> _Around:
    path = []
    above: HtmlElement | None = element
    while above is not None and above not in known:
        path.append(above)
        above = above.getparent()
    place = known[above] if above is not None else _Around(0, (0.0,) * len(_WITHIN), _FAR, 0, 0, False, (None,) * 4)
    for one in reversed(path):
        label = " ".join([value for name in _NAMING if (value := one.get(name))])
        framed, text_like, frame_like = _named(label) if label else (False, 0, 0)
        tag = one.tag
        place = _Around(
            place.depth + 1,
            tuple([float(there or tag == name) for there, name in zip(place.within, _WITHIN, strict=True)])
            if tag in _WITHIN
            else place.within,
            0 if framed else place.frame + 1,
            place.text_like + text_like,
            place.frame_like + frame_like,
            place.in_scope or one is scope.element,
            (tag, one.get("class"), *place.sign[:2]),
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


def _held(element: HtmlElement, scope: Scope) -> list[int]:
    """The running text in the elements around a line: the parent, the second, the third and the fifth."""
    held = []
    one: HtmlElement | None = element
    for _ in range(5):
        one = one.getparent() if one is not None else None
        held.append(scope.page.of(one) if one is not None else scope.page.total)
    return [held[0], held[1], held[2], held[4]]


def _among(keys: Sequence[str], told: Sequence[str]) -> Floats:
    whole, joined = set(told), "\n".join(told)
    return np.array(
        [bool(key) and (key in whole or (len(key) >= _LONG_KEY and key in joined)) for key in keys], dtype=float
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
