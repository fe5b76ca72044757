"""Names without the spelling of one language: Tokajev, Tokayev, Tokaev and Токаев have the same key.

A key is what romanisations share: the consonants in a few classes, and where vowels stand between them. It is made to
find, not to tell apart: other names may have it too, so a search ranks what has the very word higher.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

_CONSONANTS = 3
"""That a key must have: with fewer ("Aliyev", "Xi") it fits too many words."""

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "i",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "tsh", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "",
    "э": "e", "ю": "iu", "я": "ia", "ё": "e", "ў": "v", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u",
    "һ": "kh", "ә": "a", "ђ": "dzh", "ј": "i", "љ": "l", "њ": "n", "ћ": "tsh", "џ": "dzh", "ѓ": "g", "ќ": "k",
    "ѕ": "z", "ʼ": "",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "i", "φ": "f",
    "χ": "kh", "ψ": "ps", "ω": "o",
}  # fmt: skip
_MARKED = {
    "š": "sh", "ś": "sh", "ş": "sh", "ș": "sh", "č": "tsh", "ć": "tsh", "ç": "tsh", "ž": "zh", "ż": "zh", "ź": "zh",
    "ř": "rzh", "ț": "ts", "ţ": "ts", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ø": "o", "æ": "e",
    "œ": "e", "ı": "i", "ə": "a",
}  # fmt: skip
_LATIN = str.maketrans(_CYRILLIC | _GREEK | _MARKED)
# Two Greek letters for one sound; in Greek alone, so before the letters one by one.
_GREEK_PAIRS = (("ου", "u"), ("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "ng"), ("αυ", "av"), ("ευ", "ev"))

# What may stand for one sound, longest first. S: all that hisses; H: h, kh and g, which Slavic languages exchange;
# V: v, w, f. Where languages differ all readings are tried: ch is English, German or French, j is a vowel or a hiss.
_SOUNDS: dict[str, tuple[str, ...]] = {
    "schtsch": ("S",), "shtsh": ("S",), "shtch": ("S",), "chtch": ("S",), "stsch": ("S",), "szcz": ("S",),
    "shch": ("S",), "dsch": ("S",), "tsch": ("S",), "zsch": ("S",), "dzh": ("S",), "dsh": ("S",), "tsh": ("S",),
    "sjtj": ("S",), "tch": ("S",), "sch": ("S",), "dj": ("S", "Da"), "tj": ("S", "Ta"), "cz": ("S",), "sh": ("S",),
    "zh": ("S",), "sj": ("S",), "sz": ("S",), "zs": ("S",), "ts": ("S",), "tz": ("S",), "dz": ("S",), "ce": ("Sa",),
    "ci": ("Sa",), "cy": ("Sa",),
    "ch": ("S", "H"), "ck": ("K",), "kh": ("H",), "gh": ("H",), "ph": ("V",), "th": ("T",), "qu": ("K", "KV"),
    "b": ("B",), "c": ("K", "S"), "d": ("D",), "f": ("V",), "g": ("H",), "j": ("a", "S"), "k": ("K",), "l": ("L",),
    "m": ("M",), "n": ("N",), "p": ("P",), "q": ("K",), "r": ("R",), "s": ("S",), "t": ("T",), "v": ("V",),
    "w": ("V",), "x": ("KS",), "z": ("S",), "a": ("a",), "e": ("a",), "i": ("a",), "o": ("a",), "u": ("a",),
    "y": ("a",),
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=lambda sound: (-len(sound), sound))) + "|h")
_REPEATED = re.compile(r"(.)\1+")
_READINGS = 6
"""Of one word at most: three doubtful letters would make eight."""

_UPPER = "".join(chr(code) for code in (*range(0x41, 0x590), *range(0x1E00, 0x2000)) if chr(code).isupper())
# A capital that does not just begin a sentence: after a space or hyphen within one, perhaps with a quotation mark.
_WITHIN = "[^\\s.!?…:][ \u00a0\\-–]"
_NAME = re.compile(f"(?:(?<={_WITHIN})|(?<={_WITHIN}[(«„“\"'’]))[{_UPPER}][^\\W\\d_]{{2,}}")


def name_keys(word: str) -> tuple[str, ...]:
    """The keys of a word in Latin, Cyrillic or Greek letters, one for each way to read it; none if it is too short."""
    return _keys(word.lower())


def keys_of_names(texts: Iterable[str]) -> list[str]:
    """The keys of all words in texts that are written like names, sorted."""
    found = {word for text in texts for word in _NAME.findall(text)}
    return sorted({key for word in found for key in _keys(word.lower())})


@lru_cache(maxsize=30_000)
def _keys(word: str) -> tuple[str, ...]:
    latin = _latin(word)
    if not latin:
        return ()
    readings: list[tuple[str, ...]] = [
        _sound_of_h(latin, sound.start()) if sound[0] == "h" else _SOUNDS[sound[0]] for sound in _SOUND.finditer(latin)
    ]
    keys = {_squeezed("".join(reading)) for reading, _ in zip(product(*readings), range(_READINGS), strict=False)}
    return tuple(sorted(key for key in keys if len(key) - key.count("a") >= _CONSONANTS))


def _latin(word: str) -> str:
    """The word in the letters a to z; empty where it has others that are not known."""
    if word.isascii():
        return word if word.isalpha() else ""
    if "\u0370" <= word[0] <= "\u03ff" or "\u1f00" <= word[0] <= "\u1fff":
        word = _without_accents(word)
        for pair, one in _GREEK_PAIRS:
            word = word.replace(pair, one)
    word = _without_accents(unicodedata.normalize("NFC", word).translate(_LATIN)).translate(_LATIN)
    return word if word.isascii() and word.isalpha() else ""


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))


def _sound_of_h(word: str, at: int) -> tuple[str, ...]:
    """An h at the beginning or between vowels is heard; elsewhere it lengthens the vowel before it."""
    heard = at == 0 or (word[at - 1] in "aeiouy" and word[at + 1 : at + 2] in tuple("aeiouyj"))
    return ("H",) if heard else ("",)


def _squeezed(sounds: str) -> str:
    """Each run of one sound once, and no vowel at the end: it is a case in one language and mute in another."""
    return _REPEATED.sub(r"\1", sounds).removesuffix("a").lower()
