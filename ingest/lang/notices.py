"""What a page says of its own changes, in the words of all languages: that it was corrected, or taken away. Pure."""

from __future__ import annotations

import re

from ingest.lang.lexicon import once, tables, words
from ingest.lang.words import count_words

# What stands in the place of an article is a line or two; a report about a withdrawal is longer.
_LONGEST_NOTICE = 45
_LONGEST_STAMP = 10
_DIGIT = re.compile(r"\d")


def is_correction(sentence: str) -> bool:
    """Whether a sentence says that what stood here before was wrong: "Correction: ...", "An earlier version ..."."""
    lower = sentence.lower()
    return bool(_labels().match(lower) or _anywhere("correction").search(lower))


def is_withdrawal(title: str | None, text: str) -> bool:
    """Whether a page says that its article was taken away, and nothing else."""
    return count_words(text) <= _LONGEST_NOTICE and bool(
        _anywhere("withdrawn").search(f"{title or ''}\n{text}".lower())
    )


def is_stamp(sentence: str) -> bool:
    """Whether a sentence says only when something was published or changed: "Updated 14:05"."""
    lower = sentence.lower().lstrip("([*•- ")
    return bool(_DIGIT.search(lower)) and count_words(lower) <= _LONGEST_STAMP and _stamps().match(lower) is not None


@once
def _labels() -> re.Pattern[str]:
    # Brackets may stand around it, and a day behind it: "[Correction, 3 May: ...]".
    ends = r"\s*(?:[:：.。)\]】*–—-]|$)|(?:[ ,]+\w+\.?){1,5}\s*[:：]"
    return re.compile(rf"[\W_]{{0,4}}(?:{_either('label')})(?:{ends})")


@once
def _anywhere(key: str) -> re.Pattern[str]:
    return re.compile(_either(key))


@once
def _stamps() -> re.Pattern[str]:
    known = sorted(words("updated") | words("published"), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, known))})(?![^\W\d_])")


def _either(key: str) -> str:
    return "|".join(f"(?:{one})" for rows in tables("notices").values() for one in rows.get(key, ()))
