"""What is wrong with a translation, as far as it can be told without knowing the languages."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from ingest.lang.words import STOPS
from ingest.translate.amounts import lost_currency, wrong_currency
from ingest.translate.numbers import lost_numbers
from ingest.translate.shield import lost_placeholders, without_addresses


class Fault(StrEnum):
    """Why a translation is not good enough, the surest sign first."""

    EMPTY = "empty"
    LOOP = "loop"
    SCRIPT = "script"
    COPY = "copy"
    TRUNCATED = "truncated"
    TOO_LONG = "too_long"
    PLACEHOLDER = "placeholder"
    NUMBER = "number"
    CURRENCY = "currency"


# Letters of each script that languages other than those in Latin letters are written in.
_SCRIPTS: Final = {
    "ARABIC": "ar ckb fa ps sd ug ur",
    "ARMENIAN": "hy",
    "BENGALI": "as bn",
    "CJK": "ja yue zh zh-Hans zh-Hant",
    "CYRILLIC": "ab ba be bg ce cv kk ky mk mn os ru sah sr tg tt udm uk",
    "DEVANAGARI": "bho hi kok mai mr ne sa",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he yi",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAANA": "dv",
    "THAI": "th",
    "TIBETAN": "bo dz",
}
_SCRIPTS_OF: Final = {
    language: frozenset(script for script, row in _SCRIPTS.items() if language in row.split())
    for row in _SCRIPTS.values()
    for language in row.split()
}
_LATIN: Final = frozenset({"LATIN"})
_TWO_SCRIPTS: Final = frozenset({"kk", "mn", "sr", "tt"})  # written in Latin letters as well
# Characters that say as much as so many letters of an alphabet.
_WEIGHT: Final = {"CJK": 3.0, "HANGUL": 2.2, "HIRAGANA": 1.4, "KATAKANA": 1.4, "HEBREW": 1.25, "ARABIC": 1.2}
_UNSPACED: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR"})

# Families whose members may look alike sentence by sentence: only a long copy is one.
_FAMILIES: Final = tuple(
    frozenset(family.split())
    for family in (
        "da no sv",
        "bs hr sl sr",
        "cs sk",
        "be ru uk",
        "bg mk",
        "ca es gl pt pt-BR",
        "id ms",
        "yue zh zh-Hans zh-Hant ja",
    )
)

_WORD: Final = re.compile(r"[^\W_]+")
_LATIN_WORD: Final = re.compile(r"[a-z][a-z0-9]*")
# Vowel signs of India and its neighbours are no letters to `re`, and yet in the middle of words.
_WHOLE_WORD: Final = re.compile(
    r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u109f\u1780-\u17dd\u200c\u200d])+"
)
_CODE: Final = re.compile(r"\w[./_@\\=:]\w")  # names of files, settings, commands: the same in any language
_ENDS: Final = re.compile(rf"[{re.escape(STOPS)}:;\"'”’»“\])]\s*$")
_STOP: Final = re.compile(rf"[{re.escape(STOPS)}][\"'”’»“\])]*\s*$")

# Lengths, in letters: measured with benchmarks/guards.py on pairs of good translations, where the 1st and the 99th
# percentile of out / in lie at .66 and 1.45.
_SHORTEST: Final = 0.45
_SHORTEST_WITHOUT_STOP: Final = 0.7
_LONGEST: Final = 2.3
_SLACK: Final = 14
_COPIED_SHARE: Final = 0.75
_FOREIGN_SHARE: Final = 0.1


def find_fault(source: str, translation: str, source_language: str, target: str) -> Fault | None:
    """The first fault of a translation, or ``None`` where nothing speaks against it.

    Args:
        source: A sentence with at least one letter.
        translation: What a model made of it.
        source_language: The language of the sentence.
        target: The one of the translation.
    """
    if not _WORD.search(translation):
        return Fault.EMPTY
    return next((fault for fault, has in _CHECKS if has(source, translation, source_language, target)), None)


def tidy(source: str, translation: str) -> str:
    """A translation without the HTML references that models learn from pages: "&quot;" where the source has none."""
    if "&" in translation and "&" not in source:
        return html.unescape(translation)
    return translation


def is_looping(text: str) -> bool:
    """Whether a text says the same thing over and over: an n-gram in a row, or few distinct words among many."""
    words = [word.lower() for word in (_WORD if text.isascii() else _WHOLE_WORD).findall(text)]
    if words and sum(map(len, words)) > 12 * len(words):  # a script without spaces
        words = list("".join(words))
        return _repeats(words, sizes=range(1, 9), times=5)
    if _repeats(words, sizes=range(1, 2), times=3) or _repeats(words, sizes=range(2, 8), times=3):
        return True
    if re.search(r"(\w{2,4}?)\1{5,}|([^\W\d_])\2{7,}|([^\w\s.])(?:\s*\3){4,}|\.{7,}", text):
        return True
    # Of 12 words and more in good translations never fewer than half are distinct; counts of words in a row as well.
    return len(words) >= 12 and len(set(words)) < 0.4 * len(words)


def _repeats(words: list[str], *, sizes: range, times: int) -> bool:
    for size in sizes:
        run = 0
        for position in range(size, len(words)):
            run = run + 1 if words[position] == words[position - size] else 0
            if run >= size * (times - 1) and not "".join(words[position - size + 1 : position + 1]).isdigit():
                return True
    return False


def _is_foreign(source: str, translation: str, _language: str, target: str) -> bool:
    """Whether the translation is written in letters that the target language does not use."""
    expected = _SCRIPTS_OF.get(target, _LATIN)
    if target in _TWO_SCRIPTS:
        expected = expected | _LATIN
    if "LATIN" not in expected:
        # Names and abbreviations in Latin letters stay as they are in any language, also without spaces around them.
        own = frozenset(_LATIN_WORD.findall(source.lower()))
        translation = _LATIN_WORD.sub(lambda found: "" if found[0] in own else found[0], translation.lower())
    scripts = Counter(_script(letter) for letter in translation if letter.isalpha())
    foreign = sum(count for script, count in scripts.items() if script not in expected)
    return foreign > max(2, _FOREIGN_SHARE * scripts.total())


def _is_copy(source: str, translation: str, source_language: str, target: str) -> bool:
    """Whether most words of the source that are no names stand in the translation, in whatever case.

    In letters without cases no words can be told from names; a copy is in the wrong script there.
    """
    plain = " ".join(word for word in without_addresses(source).split() if not _CODE.search(word))
    found = _WORD.findall(plain)
    words = {word for word in found if word[0].islower()}
    if sum(map(len, words)) < 2 * sum(len(word) for word in found if word.lower() == word.upper()):
        return False
    alike = any({source_language, target} <= family for family in _FAMILIES)
    if len(words) < (8 if alike else 3):
        return False
    return len(words & set(_WORD.findall(translation.lower()))) >= (1.0 if alike else _COPIED_SHARE) * len(words)


def _is_truncated(source: str, translation: str, *_: str) -> bool:
    whole, made = _letters(source), _letters(translation)
    if made < _SHORTEST * whole - _SLACK / 2:
        return True
    cut_off = _STOP.search(source) is not None and _ENDS.search(translation) is None
    return cut_off and made < _SHORTEST_WITHOUT_STOP * whole


def _letters(text: str) -> float:
    """The length of a text in letters of an alphabet."""
    if text.isascii():
        return len(text)
    return sum(_WEIGHT.get(_script(letter), 1.0) for letter in text)


def _script(letter: str) -> str:
    """The script of a letter, as Unicode names it: "LATIN", "CYRILLIC", "CJK"."""
    return "LATIN" if letter.isascii() else unicodedata.name(letter, "?").partition(" ")[0].partition("-")[0]


_CHECKS: Final[tuple[tuple[Fault, Callable[[str, str, str, str], bool]], ...]] = (
    (Fault.LOOP, lambda source, translation, *_: is_looping(translation) and not is_looping(source)),
    (Fault.SCRIPT, _is_foreign),
    (Fault.COPY, _is_copy),
    (Fault.TOO_LONG, lambda source, translation, *_: _letters(translation) > _LONGEST * _letters(source) + _SLACK),
    (Fault.TRUNCATED, _is_truncated),
    (Fault.PLACEHOLDER, lambda source, translation, *_: lost_placeholders(source, translation)),
    (Fault.NUMBER, lambda source, translation, own, target: bool(lost_numbers(source, translation, target, own))),
    (
        Fault.CURRENCY,
        lambda source, translation, _, target: (
            wrong_currency(source, translation) or lost_currency(source, translation, target)
        ),
    ),
)
