"""Names that a text translates in two ways: a sign that a model does not know them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Final

# Words that begin with a capital inside a sentence; at its start any word does.
_NAME: Final = re.compile(r"(?<=[\w,;:–—-] )[«“„\"'(]?(?P<name>[^\W\d_a-zа-яё][^\W\d_]*[a-zåäöüßéа-яё][^\W\d_]*)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SHORTEST: Final = 4
# Names of a paragraph, and of its translation: each is compared with each. Squads and lists of winners have fewer.
_MOST: Final = 200
_ALIKE: Final = 0.62
_STEM: Final = 5
_ENDING: Final = 3  # characters that a case may change or add: Иванов, Ивановым

# Cyrillic as English newspapers write it; letters that other alphabets have besides come out near enough.
_ROMAN: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch . y . e yu ya i yi ye g".replace(".", "").split(
            " "
        ),
        strict=True,
    )
)


def unstable_names(source_texts: Sequence[str], translated_texts: Sequence[str]) -> tuple[str, ...]:
    """Names of an article that come out in more than one spelling.

    A name is a word with a capital inside a sentence; in its translation it is the capitalised word most like it, after
    transliteration. Cases and genitives ("Ivanova", "Berg's") are the same spelling.

    Args:
        source_texts: The paragraphs of an article.
        translated_texts: The translation of each, in order.

    Returns:
        One line a name, sorted: "Lindqvist: Lindqvist, Lindquist".
    """
    forms: dict[str, dict[str, None]] = defaultdict(dict)
    for source, translated in zip(source_texts, translated_texts, strict=True):
        capitalised = dict.fromkeys(word for word in _WORD.findall(translated) if word[0].isupper())
        candidates = list(islice(capitalised, _MOST))
        names = dict.fromkeys(found["name"] for found in _NAME.finditer(source))
        for name in islice(names, _MOST):
            if len(name) >= _SHORTEST and (form := _most_alike(name, candidates)) is not None:
                forms[_stem(name)][form] = None
    return tuple(
        sorted(
            f"{spellings[0]}: {', '.join(spellings)}" for stem in forms if len(spellings := _distinct(forms[stem])) > 1
        )
    )


def _most_alike(name: str, candidates: Iterable[str]) -> str | None:
    wanted = _roman(name)
    scored = [(_likeness(wanted, _roman(one)), one) for one in candidates]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else None


def _likeness(name: str, other: str) -> float:
    # Names seldom change their first sound; without this "Norden" and "Werden" would be one.
    if not name or not other or name[0] != other[0]:
        return 0.0
    return SequenceMatcher(None, name, other, autojunk=False).ratio()


def _distinct(forms: Iterable[str]) -> list[str]:
    """Spellings that differ by more than an ending."""
    kept: list[str] = []
    for form in forms:
        bare = re.sub(r"['’]s?$", "", form)
        if not any(_same(bare, other) for other in kept):
            kept.append(bare)
    return kept


def _same(one: str, other: str) -> bool:
    one, other = _roman(one), _roman(other)
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    # One is the other with an ending: "Berg", "Bergs"; "Ivanov", "Ivanova".
    return shared == min(len(one), len(other)) and abs(len(one) - len(other)) <= _ENDING


def _stem(name: str) -> str:
    """What the cases of a name have in common, about."""
    lowered = name.lower()
    if _roman(lowered) == lowered:
        return lowered.removesuffix("s")
    return lowered[: max(_SHORTEST, min(_STEM, len(lowered) - 1))]


def _roman(word: str) -> str:
    return "".join(_ROMAN.get(letter, letter) for letter in word.lower())
