"""What of a sentence a model's vocabulary cannot spell, and therefore must not go through it.

A sentence piece that is not in the vocabulary becomes "unknown", and the model leaves it out or makes something up: a
name in other letters, a currency, an emoji.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, Protocol, runtime_checkable

# What stands for a mark that a vocabulary lacks; the reader will not miss the other one.
PLAIN: Final = str.maketrans({
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": "...", "‘": "'", "’": "'", "‚": "'", "ʼ": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "-",
})  # fmt: skip

_NUMBER: Final = r"\d+(?:[.,'’ \u00a0\u202f]\d+)*"
_GAP: Final = r"[ \u00a0\u202f]?"
# A number begins behind no other one: so the search takes no longer the more numbers there are.
_START: Final = r"(?:(?<![\d.,'’ \u00a0\u202f])|(?<=[.,'’ \u00a0\u202f])(?<!\d.))"
_NUMBER_BEFORE: Final = re.compile(rf"{_START}{_NUMBER}{_GAP}$")
_NUMBER_BEHIND: Final = re.compile(rf"{_GAP}{_NUMBER}")
_UNIT_BEHIND: Final = re.compile(r"[CF]\b")
_LATIN: Final = "LATIN"
_MIXED: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})  # stand together in one language
_DASHES: Final = "-–—"
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@runtime_checkable
class Speller(Protocol):
    """A translator that knows what its models can spell."""

    def lacks(self, characters: frozenset[str], source: str, target: str) -> frozenset[str]:
        """Those of some characters that the vocabulary of a pair's model lacks."""


Lacks = Callable[[frozenset[str]], frozenset[str]]


def nothing_lacks(_characters: frozenset[str]) -> frozenset[str]:
    """What a model lacks of which nothing is known."""
    return frozenset()


def unspelled(text: str, lacks: Lacks) -> list[tuple[int, int]]:
    """The places of what a vocabulary lacks, each with what belongs to it, in order and apart.

    A word in other letters than the sentence goes with those around it, a sign of currency or of
    degrees with its number, a symbol with the symbols beside it. A word in small letters stays: it is the sentence's
    own, and the model may make something of the rest of it.
    """
    if text.isascii():
        return []
    lacked = lacking(text, lacks)
    return list(_merged(text, sorted(_spans(text, lacked))))


def lacking(text: str, lacks: Lacks) -> frozenset[str]:
    """The characters of a text that a vocabulary lacks, beyond ASCII."""
    return frozenset() if text.isascii() else lacks(frozenset(one for one in text if not one.isascii()))


def in_plain_marks(text: str, lacks: Lacks) -> str:
    """A text with plain dashes and quotation marks for those that a vocabulary lacks."""
    lacked = lacking(text, lacks)
    return "".join(one.translate(PLAIN) if one in lacked else one for one in text) if lacked else text


def _spans(text: str, lacked: frozenset[str]) -> Iterator[tuple[int, int]]:
    scripts = [(found.span(), _script(found[0])) for found in _WORD.finditer(text)]
    sizes: Counter[str] = Counter()
    for (start, end), script in scripts:
        sizes[script] += end - start
    main = sizes.most_common(1)[0][0] if sizes else _LATIN
    for (start, end), script in scripts:
        is_foreign = main == _LATIN != script or (script not in (main, _LATIN) and not {main, script} <= _MIXED)
        if is_foreign or (text[start].isupper() and not lacked.isdisjoint(text[start:end])):
            yield start, end
    if not lacked:
        return
    for place, character in enumerate(text):
        if character not in lacked or character.isalpha() or character in _DASHES:
            continue
        if unicodedata.category(character)[0] not in "SMC":
            continue
        yield _with_number(text, place)


def _with_number(text: str, place: int) -> tuple[int, int]:
    """A symbol with the number that it is written to, if it is one of currency or of degrees."""
    start, end = place, place + 1
    if unicodedata.category(text[place]) != "Sc" and text[place] != "°":
        return start, end
    if before := _NUMBER_BEFORE.search(text, 0, place):
        start = before.start()
        if unit := _UNIT_BEHIND.match(text, end):
            end = unit.end()
    elif behind := _NUMBER_BEHIND.match(text, end):
        end = behind.end()
    return start, end


def _merged(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that touch, or have only a space or the dash of a range between them, as one."""
    start, end = spans[0] if spans else (0, 0)
    for first, last in spans[1:]:
        between = text[end:first]
        if first <= end or not between.strip(f" {_DASHES}"):
            end = max(end, last)
        else:
            yield start, end
            start, end = first, last
    if spans:
        yield start, end


def _script(word: str) -> str:
    return _LATIN if word.isascii() else unicodedata.name(word[0], "?").partition(" ")[0].partition("-")[0]
