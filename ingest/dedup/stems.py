"""Light stemming: the forms of a word meet, whoever rewrote or translated the sentence.

One ending is cut off, the longest that fits. That is far less than a real stemmer does, but texts are compared with
each other and not with a dictionary: it is enough that both sides are cut alike.
"""

from __future__ import annotations

import re

PAIRED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese and Japanese characters, as a character class: written without spaces, read in pairs."""

PAIR = re.compile(f"[{PAIRED}]{{2}}")
"""Two of these characters, as the words of such a text are read."""

FOURFOLD = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Khmer and Burmese characters, of which several make a syllable: read in fours."""

SPACELESS = re.compile(f"[{PAIRED}{FOURFOLD}]")
"""A character of a script that parts no words."""

_NORDIC = (
    "heternas heterna heten heter arnas ernas ornas arna erna orna ande ades ade het ens ets ene ar er or an en et as "
    "a e n s"
)
_EAST_SLAVIC = (
    "иями ями ами ого его ому ему ыми ими иях ях ах ией ий ый ой ая яя ое ее ые ие ую юю ых их ым им ом ем ам ям ов ев "
    "ей ия ью ет ют ит ат ят ла ло ли ть ться лся лась лись а я о е ы и у ю ь й л"
)
_ROMANCE = (
    "amentos amento imientos imiento mente aciones ación azioni azione ações ação ations ation ements ement idades "
    "idad ados adas ado ada idos idas ido ida ando endo iendo aron eron aient ait ées és ée er ir ar es os as is é a "
    "e i o s"
)

# Endings by language, in no order; languages that share most endings share a row.
_ENDINGS = {
    "en": "ically ations ation ingly ments ment edly ness ings ing ies ied ers est er ed es ly y s e",
    "de": "ungen ung heiten heit keiten keit lichen liche lich ischen ische isch sten ste ten te ern em en er es e n s",
    "nl": "heden heid ingen ing lijke lijk ende end sten ste eren en er es e s t",
    "sv": _NORDIC,
    "da": _NORDIC,
    "nb": _NORDIC,
    "ru": _EAST_SLAVIC,
    "uk": _EAST_SLAVIC + " ів їв ення ання ість ості ськ і ї є",
    "bg": _EAST_SLAVIC + " ите та то ят ът",
    "fr": _ROMANCE,
    "es": _ROMANCE,
    "it": _ROMANCE,
    "pt": _ROMANCE,
    "ca": _ROMANCE,
}
_LONGEST = 8
_BY_LANGUAGE = {language: frozenset(endings.split()) for language, endings in _ENDINGS.items()}

# Where no endings are known, inflection is taken to begin after so many letters: Finnish, Hungarian or Turkish words
# grow to the right. A Korean word is two or three syllables, each one character, and particles after them.
_PREFIX = {"ko": 3}
_DEFAULT_PREFIX = 7

_SHORTEST_STEM = 3


def stem(word: str, language: str) -> str:
    """The part of a lower-case word that its forms share, by the language's own endings where they are known."""
    # Most Russian texts spell ё as е, books and dictionaries do not.
    word = word.replace("ё", "е")
    endings = _BY_LANGUAGE.get(language)
    if endings is None:
        return word[: _PREFIX.get(language, _DEFAULT_PREFIX)]
    for length in range(min(_LONGEST, len(word) - _SHORTEST_STEM), 0, -1):
        if word[-length:] in endings:
            return word[:-length]
    return word
