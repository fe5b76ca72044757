"""What makes a translation doubtful without being a fault for sure: it is kept, and marked."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from ingest.translate.amounts import value_of
from ingest.translate.negation import denies, may_deny


class Doubt(StrEnum):
    """What a translation seems to have lost: a denial, who says it, or how large a number is."""

    NEGATION = "negation"
    QUOTATION = "quotation"
    SEPARATOR = "separator"


_QUOTES: Final = re.compile(r"""[“”„‟«»‹›「」『』〝〞＂]|(?<!\d)"|"(?=\w)|''""")
# Single ones: an opening mark is none of an apostrophe, a closing one may be.
_SINGLE: Final = re.compile(r"[‘‚]|(?<![\w’'])['’](?=\w)")

# A comma or a dash behind the marks tells that somebody says what stands between them.
_QUOTED: Final = re.compile(r"""[«"“„”»]([^«»"“”„]{1,60})[»"”“„«](?!,|،|\ ?[—–-])""")
_NAME_WORDS: Final = 4
_GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)")


def find_doubt(source: str, translation: str, source_language: str, target: str) -> Doubt | None:
    """What makes a translation doubtful; ``None`` where nothing does.

    Args:
        source: A sentence.
        translation: What it became.
        source_language: The language of the sentence.
        target: The one of the translation.
    """
    if denies(source, source_language) and not may_deny(translation, target):
        return Doubt.NEGATION
    if _lost_quotes(source, translation):
        return Doubt.QUOTATION
    return Doubt.SEPARATOR if _is_read_otherwise(source, translation, source_language, target) else None


def _lost_quotes(source: str, translation: str) -> bool:
    """Whether the marks of a quotation are gone, or one of a pair, so that nobody can tell who says what."""
    asked = len(_QUOTES.findall(_QUOTED.sub(_unless_name, source)))
    if not asked:
        return False
    there = len(_QUOTES.findall(translation))
    if not there:
        return _SINGLE.search(translation) is None
    return asked % 2 == 0 and there < asked and (there % 2 == 1 or asked >= 2 * there)


def _is_read_otherwise(source: str, translation: str, source_language: str, target: str) -> bool:
    """Whether a number of thousands stands as it was where it is read as a decimal: "12.345" in English."""
    grouped = set(_GROUPED.findall(source))
    return bool(grouped) and any(
        value_of(number, source_language) != value_of(number, target)
        for number in grouped.intersection(_GROUPED.findall(translation))
    )


def _unless_name(quoted: re.Match[str]) -> str:
    """Nothing in the place of «Зенит» or "The Guardian": a name, which English mostly writes without marks."""
    words = quoted[1].split()
    is_name = 0 < len(words) <= _NAME_WORDS and all(word[0].isupper() or word[0].isdigit() for word in words)
    return " " if is_name and quoted[1][-1].isalnum() else quoted[0]
