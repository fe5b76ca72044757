"""Which words of a text are specific to what it tells: names and numbers, in every script.

A report made from a template has the words of every other report made from it, but for these. In scripts with capitals
a name is a word that is written with one where a sentence gives no reason to; in others a word that is rare is taken
for one. Chinese and Japanese runs tell no names, and numbers have to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from ingest.dedup.stems import SPACELESS


class Kind(IntEnum):
    """What a word stands for."""

    PLAIN = 0
    NUMBER = 1
    NAME = 2


class Shape(IntEnum):
    """How a word is written. `UNCASED` are scripts without capitals, `RUN` those without spaces, too."""

    SMALL = 0  # short and in small letters: so it stands in headlines, too
    LOWER = 1
    NUMBER = 2
    CAPITAL = 3
    SHOUTED = 4
    UNCASED = 5
    RUN = 6


class Break(IntEnum):
    """What comes before a word."""

    NONE = 0
    SENTENCE = 1
    LINE = 2


_ENDS = frozenset(".!?:;…。！？：؟۔।॥።՝՞·•*|–—-")
_QUOTES = frozenset('"“”„«»‘‚「『')

# Rarer than about one in a million: a name, wherever it stands.
_NAME_WEIGHT = 5.0
# What a script without capitals, or German with its capital nouns, has beside names is commoner than this.
_RARE_NAME_WEIGHT = 4.5
_CAPITAL_NOUNS = frozenset({"de", "lb", "gsw", "nds"})

_SHOUT = 5  # letters: shorter words in capitals are acronyms, and as good as names
_LONG_WORD = 4  # letters: shorter words keep their small letters in a headline
_HEADLINE = 0.6  # of the long words of a line begin with a capital: then capitals tell nothing
_HEADLINE_WORDS = 4

# By shape: what a word stands for where its stem is no name's, and where it is. A text has a thousand words, and in
# Python 3.11 the hash of a member of an enumeration, and its look-up by name, take longer than all else done here.
_UNNAMED = tuple([Kind.NUMBER if form is Shape.NUMBER else Kind.PLAIN for form in Shape])
_NAMED = tuple(
    [
        Kind.NAME if form in (Shape.CAPITAL, Shape.SHOUTED, Shape.UNCASED) else kind
        for form, kind in zip(Shape, _UNNAMED, strict=True)
    ]
)
_LOWER, _CAPITAL, _SHOUTED, _UNCASED = Shape.LOWER, Shape.CAPITAL, Shape.SHOUTED, Shape.UNCASED
_SENTENCE, _LINE = Break.SENTENCE, Break.LINE


def shape(piece: str) -> Shape:
    """How a word is written; `piece` is not empty."""
    first = piece[0]
    if first.isdecimal():
        return Shape.NUMBER
    if first.islower() or (len(piece) == 1 and first.isupper()):
        return Shape.LOWER if len(piece) >= _LONG_WORD else Shape.SMALL
    if first.isupper() or first.istitle():
        return Shape.SHOUTED if len(piece) >= _SHOUT and piece.isupper() else Shape.CAPITAL
    return Shape.RUN if SPACELESS.match(first) else Shape.UNCASED


def break_in(between: str) -> Break:
    """What parts two words, by the signs and spaces between them."""
    if "\n" in between:
        return Break.LINE
    signs = between.strip()
    if not signs:
        return Break.NONE
    # A hyphen or a dash that touches a word is part of a name: Jean-Luc; one that stands alone begins a clause.
    alone = between[0].isspace() and between[-1].isspace()
    ended = any(sign in _ENDS and (alone or sign not in "-–—") for sign in signs)
    # A name may stand in quotation marks; what follows a comma and one is speech.
    speech = signs[-1] in _QUOTES and signs[0] in ",，،"
    return Break.SENTENCE if ended or speech else Break.NONE


def kinds(
    shapes: Sequence[Shape], stems: Sequence[int], weights: Sequence[float], breaks: Sequence[Break], language: str
) -> tuple[Kind, ...]:
    """What each word of a text stands for, from columns of equal length.

    Args:
        shapes: how the words are written.
        stems: equal for forms of a word.
        weights: how rare the words are.
        breaks: what comes before each.
        language: a code of `table_language`.
    """
    least = _RARE_NAME_WEIGHT if language in _CAPITAL_NOUNS else 0.0
    headlines = _headlines(shapes, breaks)
    names = {
        stem
        for form, stem, weight, before, headline in zip(shapes, stems, weights, breaks, headlines, strict=True)
        if (form is _CAPITAL and (weight >= _NAME_WEIGHT or (weight >= least and not before and not headline)))
        or (form is _UNCASED and weight >= _RARE_NAME_WEIGHT)
    }
    return tuple([_NAMED[form] if stem in names else _UNNAMED[form] for form, stem in zip(shapes, stems, strict=True)])


def _headlines(shapes: Sequence[Shape], breaks: Sequence[Break]) -> list[bool]:
    """For each word whether its line is a headline in capitals."""
    starts = [place for place, each in enumerate(breaks) if each is _LINE]
    found: list[bool] = []
    for start, end in zip(starts, [*starts[1:], len(shapes)], strict=True):
        line = shapes[start:end]
        capitals = line.count(_CAPITAL) + line.count(_SHOUTED)
        cased = capitals + line.count(_LOWER)
        headline = (
            cased >= _HEADLINE_WORDS and capitals > _HEADLINE * cased and _SENTENCE not in breaks[start + 1 : end]
        )
        found += [headline] * (end - start)
    return found
