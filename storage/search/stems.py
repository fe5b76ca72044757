"""The stems of words, so that one form of a word finds the others (Snowball's stemmers, by PyStemmer, only here).

A text is stemmed as what it is written in. A query is in no language that is known: each of its words is stemmed as
each language that its letters allow, and each stem looked for in the texts of its language alone. So no ending of one
language is cut off the words of another.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import Stemmer

from storage.search.folding import fold

_LATIN = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "en": "english", "eo": "esperanto",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hu": "hungarian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_CYRILLIC = {"ru": "russian", "sr": "serbian"}
_SCRIPTS = {"ARABIC": {"ar": "arabic", "fa": "persian"}, "ARMENIAN": {"hy": "armenian"}, "GREEK": {"el": "greek"},
           "DEVANAGARI": {"hi": "hindi", "ne": "nepali"}, "TAMIL": {"ta": "tamil"}, "HEBREW": {"yi": "yiddish"},
           "LATIN": _LATIN, "CYRILLIC": _CYRILLIC}  # fmt: skip
_ALGORITHMS = {code: name for languages in _SCRIPTS.values() for code, name in languages.items()}
_SAME = {"nb": "no", "nn": "no", "bs": "sr", "hr": "sr", "sh": "sr"}
_LONGEST = 60
"""Letters of a word that has a stem: what is longer is none."""

_BARE = 4
"""Letters of a stem at least that is stemmed once more."""
# "färjan", "bron", "färjans": what Snowball leaves of the definite form of words that end in a vowel.
_SWEDISH_DEFINITE = re.compile("(?<=..[aoåöy])ns?$")

_own = threading.local()


def stems(word: str, language: str) -> tuple[str, ...]:
    """A word's stems with its language before each, in letters alone; none where the language has no stemmer.

    The second is the stem of the stem: a stemmer takes the end of a bare word for an ending ("gräns", "паром"), so that
    its other forms meet it only where they are cut once more.
    """
    code = language.partition("-")[0].lower()
    code = _SAME.get(code, code)
    return _stems(word, code) if code in _ALGORITHMS and len(word) <= _LONGEST else ()


def stems_of(wanted: Iterable[str], language: str) -> set[str]:
    """The stems of many words in small letters, of one language."""
    code = language.partition("-")[0].lower()
    code = _SAME.get(code, code)
    if code not in _ALGORITHMS:
        return set()
    return {one for word in wanted if len(word) <= _LONGEST for one in _stems(word, code)}


def stems_anywhere(word: str) -> tuple[str, ...]:
    """The stems of a word in each language that is written in its letters, sorted."""
    if len(word) > _LONGEST:
        return ()
    script = unicodedata.name(word[0], "").partition(" ")[0]
    return tuple(sorted({one for code in _SCRIPTS.get(script, ()) for one in _stems(word, code)}))


@lru_cache(maxsize=50_000)
def _stems(word: str, code: str) -> tuple[str, ...]:
    small = word.lower()
    first = _cut(small if small.isascii() else unicodedata.normalize("NFC", small), code)
    second = _cut(first, code) if len(first) >= _BARE else first
    both = (_letters(first),) if second == first else (_letters(first), _letters(second))
    return tuple(dict.fromkeys([code + each for each in both if each]))


def _letters(stem: str) -> str:
    folded = fold(stem)
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def _cut(word: str, code: str) -> str:
    if code == "sv":
        word = _SWEDISH_DEFINITE.sub("", word)
    found: str = _stemmer(code).stemWord(word)
    return found


def _stemmer(code: str) -> Any:  # noqa: ANN401 - ships no types
    """A stemmer of this thread: one must not be used by two at once."""
    held: dict[str, Any] = _own.__dict__
    if code not in held:
        held[code] = Stemmer.Stemmer(_ALGORITHMS[code], 0)
    return held[code]
