"""What the letters of a text are before any language is asked for: scripts, look-alikes, lines of single letters."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

LATIN: Final = "LATIN"
HAN: Final = "CJK"
HANGUL: Final = "HANGUL"
KANA: Final = "KANA"

# Scripts that one language (of those that have news) is written in, and it in no other.
_SOLE: Final = {
    "ARMENIAN": "hy",
    "CHEROKEE": "chr",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "KANNADA": "kn",
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
    HANGUL: "ko",
    KANA: "ja",
}
# Languages without a profile that have letters, or here and there a word, of their own in their script.
_MARKED: Final = {
    "ARABIC": (("sd", re.compile("[ٻڀٺٿڄڃڏڊڦڪڱ]")), ("ckb", re.compile("[ڕڵێ]")), ("ps", re.compile("[ټډړږښځڅڼۍ]"))),
    "BENGALI": (("as", re.compile("[ৰৱ]")),),
    "HEBREW": (("yi", re.compile("[װױײ]|[אײ][ַָ]|ווי|פֿ")),),
}
_MARKED_SHARE: Final = 25  # one such mark in so many characters
# Scripts of two languages: letters or syllables that are common in the one and rare in the other, for each of them.
_PAIRED: Final = {
    "ETHIOPIC": (("am", re.compile("[የአች]")), ("ti", re.compile("[ኣኦሕሓዕዝ]"))),
    "TIBETAN": (("bo", re.compile("བྱ|་ལ་|ེད་|རེད|ཀྱི|་པ་")), ("dz", re.compile("ལུ་|ཨིན|ཚུ་|ཟེར|གིས"))),
}

_ALIASES: Final = {
    "FEMININE": LATIN,
    "FULLWIDTH": LATIN,
    "HALFWIDTH": KANA,
    "HIRAGANA": KANA,
    "KATAKANA": KANA,
    "KATAKANA-HIRAGANA": KANA,
    "MASCULINE": LATIN,
}
SCRIPTS_OF: Final = {
    "ARABIC": "ar fa ur",
    "BENGALI": "bn",
    "CYRILLIC": "be bg mk ru sr uk",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "HEBREW": "he",
    "TAMIL": "ta",
    "THAI": "th",
    HANGUL: "ko",
    KANA: "ja",
    HAN: "ja zh-Hans zh-Hant",
}
"""The languages with a profile that are written in each script but Latin, parted by spaces."""

# Kana and Hangul decide from so many in ten letters of East Asia: a Chinese text may hold a brand with a の.
_DECIDE_TENTHS: Final = 1
# A character or syllable of theirs says as much as three letters: English terms in a Chinese text have more letters.
_LETTERS_EACH: Final = {HAN: 3, KANA: 3, HANGUL: 3}

_LAST_LATIN: Final = "\u036f"
_ONE_SCRIPT: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+|[^\W\d_A-Za-z\u00c0-\u024f]+")
_BEYOND_LATIN: Final = re.compile("[\u0370-\u1dff\u2c80-\uffff]")
_WORD: Final = re.compile(r"[^\W\d_]+")

# Letters that look the same; Latin ones stand in Cyrillic words, and the other way round, after scanning, in addresses
# of spammers, and where the keyboard was not changed.
_TO_CYRILLIC: Final = str.maketrans("AaBCcEeHIiJjKMOoPpSsTXxYy", "АаВСсЕеНІіЈјКМОоРрЅѕТХхУу")
_TO_LATIN: Final = {cyrillic: chr(latin) for latin, cyrillic in ((k, ord(chr(v))) for k, v in _TO_CYRILLIC.items())}
_MIXED: Final = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")

# "T h e  t o w n": letters that stand alone, two or more where there are four somewhere.
_SPACED: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][.,]? )+[^\W\d_](?![^\W_])")
_MUCH_SPACED: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][.,]? ){3,}[^\W\d_](?![^\W_])")
_SPACES_TENTHS: Final = 3  # no text in words has so many spaces; counting them is cheap
_IN_ORDER: Final = 0.7
_SINGLE_GAPS: Final = re.compile("(?<=\\S) (?=\\S)")


_LATIN_WORD: Final = re.compile("[A-Za-z]+")
_FOREIGN_TO_LATIN: Final = re.compile("[\u0370-\u1cff\u2de0-\ua6ff\uac00-\uffdc]+")


class Writing(NamedTuple):
    """The script that a text is written in, whoever's names it holds, and the codes of languages that this leaves.

    `languages` is empty where the script has no profile; `sure` is then the code of its language, if it has only one.
    """

    script: str
    languages: tuple[str, ...]
    sure: str | None


def fold(text: str) -> str:
    """A text whose words are each in one alphabet, and whose letters stand together.

    Look-alikes in a word go over to the alphabet that has more letters of it than only look-alikes. Letters with spaces
    between them ("T h e") become words; an alphabet becomes nothing.
    """
    if not text.isascii() and _MIXED.search(text):
        text = _WORD.sub(_one_alphabet, text)
    if 10 * text.count(" ") > _SPACES_TENTHS * len(text) and _MUCH_SPACED.search(text):
        text = _SPACED.sub(_together, text)
    return text


def only(text: str, *, latin: bool) -> str:
    """A text without the names and brands in it that are written in Latin letters, or (`latin`) in others."""
    if text.isascii():
        return text
    return _FOREIGN_TO_LATIN.sub(" ", text) if latin else _LATIN_WORD.sub("", text)


def _one_alphabet(found: re.Match[str]) -> str:
    word = found[0]
    if not _MIXED.search(word):
        return word
    cyrillic, latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    whole_cyrillic = not any(letter.isascii() for letter in cyrillic)
    whole_latin = not _CYRILLIC.search(latin)
    if whole_cyrillic and whole_latin:
        return cyrillic if 2 * len(_CYRILLIC.findall(word)) >= len(word) else latin
    if whole_cyrillic:
        return cyrillic
    return latin if whole_latin else word


def _together(found: re.Match[str]) -> str:
    letters = re.sub(r"[ .,]", "", found[0]).lower()
    steps = sum(0 < ord(after) - ord(before) <= 2 for before, after in itertools.pairwise(letters))
    if steps >= _IN_ORDER * (len(letters) - 1):
        return " "
    return _SINGLE_GAPS.sub("", found[0])


def writing(text: str) -> Writing | None:
    """What a text is written in; ``None`` where it has no letters.

    Names and brands travel in their own letters, so words that begin with a small letter decide, where there are any;
    scripts without capitals have nothing else.
    """
    if text.isascii() or not _BEYOND_LATIN.search(text):
        return _LATIN_WRITING if _WORD.search(text) else None
    counts = _count(text)
    if not counts:
        return None
    if len(counts) > 1 and LATIN in counts:
        counts = _count(" ".join(_small(text))) or counts
    script = max(counts, key=lambda name: (counts[name] * _LETTERS_EACH.get(name, 1), name != LATIN, name))
    east = {name: counts[name] for name in (HAN, KANA, HANGUL) if name in counts}
    if script in east:
        total = sum(east.values())
        script = next((name for name in (HANGUL, KANA) if 10 * east.get(name, 0) > _DECIDE_TENTHS * total), HAN)
    if script == LATIN:
        return _LATIN_WRITING
    return Writing(script, tuple(SCRIPTS_OF.get(script, "").split()), _sole(script, text))


_LATIN_WRITING: Final = Writing(LATIN, (), None)


def _small(text: str) -> list[str]:
    """Words in small letters; a single Latin letter is none, but one letter of another alphabet may be a word."""
    return [
        word
        for word in _ONE_SCRIPT.findall(text)
        if word.lower() == word and (len(word) > 1 or word[0] > _LAST_LATIN or not word.islower())
    ]


def _sole(script: str, text: str) -> str | None:
    if script in _PAIRED:
        return max(_PAIRED[script], key=lambda pair: len(pair[1].findall(text)))[0]
    marked = (code for code, mark in _MARKED.get(script, ()) if _MARKED_SHARE * len(mark.findall(text)) > len(text))
    return next(marked, None) or _SOLE.get(script)


def _count(text: str) -> dict[str, int]:
    names, table = _table()
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    counts = np.bincount(table.take(codes), minlength=len(names))
    return {names[number]: int(counts[number]) for number in np.flatnonzero(counts).tolist() if number}


@functools.cache
def _table() -> tuple[list[str], NDArray[np.uint8]]:
    """Names of scripts, and for each UTF-16 code the number of its script; 0 for what is no letter."""
    names = [""]
    numbers: dict[str, int] = {}
    table = np.zeros(2**16, dtype=np.uint8)
    for code in range(2**16):
        letter = chr(code)
        if not letter.isalpha():
            continue
        script = unicodedata.name(letter, "?").split(" ", 1)[0]
        script = _ALIASES.get(script, script)
        if script not in numbers:
            numbers[script] = len(names)
            names.append(script)
        table[code] = numbers[script]
    table[0xD840:0xD880] = numbers[HAN]  # the first half of what lies in the planes of rare ideographs
    return names, table
