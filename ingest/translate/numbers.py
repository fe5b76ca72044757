"""Whether the numbers of a sentence are in its translation, however the two languages write them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ingest.translate.amounts import Amount, amounts, has_amount, value_of
from ingest.translate.signs import lost_signs

# 1 000 000, 1.000,50, 12:30, 2022-04-08, 3/4, 5–3: figures with what may stand between them.
_NUMBER: Final = re.compile(r"\d+(?:[.,:'’/–-]\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
_THOUSANDS: Final = re.compile(r"[.,'’ \u00a0\u202f]\d{3}(?!\d)")
_NO_CENTS: Final = re.compile(r"(?<=\d{3})[.,]00$")
_DECIMAL: Final = re.compile(r"\d[.,]\d")
_RANGE: Final = re.compile(r"\d[–/-]\d")
_TIME: Final = re.compile(r"\d{1,2}[.:]\d{2}")
_ROUND_MINUTES: Final = re.compile(r"\d{1,2}[.:]0[1-9]")  # "17.05": the 5 is none of the hour's
_MINUTES: Final = re.compile(r"(?<=\d[.,:hH])0[1-9](?!\d)")
_FIGURES: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W\d_]+")

# English writes small numbers as words, so a figure may come out as one.
_WORDS: Final = {
    0: "zero no nil nobody none",
    1: "one first once single",
    2: "two second twice both double pair couple half two-thirds secondly",
    3: "three third thrice triple thirds trio",
    4: "four fourth quarter quarters",
    5: "five fifth fifths",
    6: "six sixth",
    7: "seven seventh",
    8: "eight eighth",
    9: "nine ninth",
    10: "ten tenth tens decade tenths",
    11: "eleven eleventh",
    12: "twelve twelfth dozen noon midnight",
    13: "thirteen thirteenth",
    14: "fourteen fourteenth fortnight",
    15: "fifteen fifteenth",
    16: "sixteen sixteenth",
    17: "seventeen seventeenth",
    18: "eighteen eighteenth",
    19: "nineteen nineteenth",
    20: "twenty twentieth twenties",
    24: "midnight",
    30: "thirty half thirtieth thirties",
    40: "forty forties",
    50: "fifty half fifties fiftieth",
    60: "sixty sixties",
    70: "seventy seventies",
    80: "eighty eighties",
    90: "ninety nineties",
    100: "hundred hundreds hundredth century",
    1000: "thousand thousands",
}
_BY_VALUE: Final = {value: frozenset(words.split()) for value, words in _WORDS.items()}
_AFTER_NOON: Final = frozenset({"pm", "p", "afternoon", "evening", "night", "o'clock", "clock"})
_MONTH_NAMES: Final = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
})  # fmt: skip
_HOURS: Final = re.compile(r"(?<=\d)[hH](?=\d\d(?!\d))")
_SCALES: Final = frozenset({
    "k", "m", "bn", "tn", "hundred", "thousand", "thousands", "million", "millions", "billion", "billions", "trillion",
    "trillions",
})  # fmt: skip
# Of centuries and kings.
_ROMANS: Final = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi"
_ROMAN: Final = _ROMANS.split()
# Other languages write small numbers as words too; how, is not known here.
_SMALL: Final = 12
_MONTHS: Final = 12
_THOUSAND: Final = 1000


def lost_numbers(source: str, translation: str, target: str, language: str = "") -> tuple[str, ...]:
    """The numbers of a sentence that its translation lacks.

    1 000, 1,000, 1.000 and 1000 are the same number, so are 3,5 and 3.5, 14.30 and 2:30, "20 thousand" and 20,000;
    a date may change its order and name its month; into English a number may come out as a word.

    Args:
        source: A sentence.
        translation: What became of it.
        target: The language of the translation.
        language: That of the sentence; it tells what a billion is.
    """
    source = _HOURS.sub(":", source)
    there = _Numbers(source, translation, target)
    asked = amounts(source, language)
    for found in _NUMBER.finditer(source):
        if not any(one.start <= found.start() < one.end for one in asked) and not there.has(found[0]):
            asked.append(_as_amount(found, language))
    if asked:
        made = amounts(translation, target)
        asked = [one for one in asked if not has_amount(one, made, translation, target)]
    lost = [source[one.start : one.end] for one in asked]
    return (*(one for one in lost if not there.says_half(one)), *lost_signs(source, translation, target))


class _Numbers:
    """The numbers of a translation, and in which ways those of its source may be among them."""

    def __init__(self, source: str, translation: str, target: str) -> None:
        written = [_plain(found) for found in _NUMBER.findall(translation)]
        self._joined = {"".join(_plain(found)) for found in _NUMBER.findall(translation) if _is_one_value(found)}
        self._decimal = {_decimal(found) for found in _NUMBER.findall(translation) if _is_one_value(found)}
        self._single = {figure for figures in written for figure in figures} | self._joined
        self._minutes = frozenset(_MINUTES.findall(translation))
        self._words = frozenset(_WORD.findall(translation.lower()))
        self._target = target
        self._source_has_pm = not _AFTER_NOON.isdisjoint(_WORD.findall(source.lower()))
        asked = {figure for found in _NUMBER.findall(source) for figure in _plain(found)}
        # A number that came from nowhere stands in the place of one that is missing.
        self._has_others = not self._single <= asked

    def has(self, number: str) -> bool:
        """Whether a number of the source is there, whole or in the parts that it may fall into."""
        if _ROUND_MINUTES.fullmatch(number) and number[-2:] not in self._minutes:
            return False
        figures = _plain(_NO_CENTS.sub("", number))
        whole = "".join(figures)
        if _is_one_value(number) and (_decimal(number) in self._decimal or self._is_scaled(whole)):
            return True
        if _THOUSANDS.search(number):
            return False
        if figures[-1] == "5" and "half" in self._words:
            figures = figures[:-1]  # two and a half
        missing = [figure for figure in figures if not self._has_part(figure, number)]
        return not missing or _may_be_named(missing, figures) or self._is_day_and_month(missing, figures, number)

    def says_half(self, amount: str) -> bool:
        """Whether "0.5" or "2.5" of something may stand as half of it."""
        return "half" in self._words and re.search(r"[.,]5(?!\d)", amount) is not None

    def _is_day_and_month(self, missing: list[str], figures: list[str], number: str) -> bool:
        """Whether "3/4" stands as 3 April."""
        named = self._target != "en" or not self._words.isdisjoint(_MONTH_NAMES)
        return named and "/" in number and len(figures) == 2 and len(missing) == 1 and int(missing[0]) <= _MONTHS

    def _has_part(self, figure: str, number: str) -> bool:
        if figure in self._single or self._is_spelled(figure, number):
            return True
        if _TIME.fullmatch(number) and (figure == "00" or self._is_hour(figure)):
            return True
        return self._is_hour(figure) or self._is_rewritten(figure, number)

    def _is_spelled(self, figure: str, number: str) -> bool:
        if len(figure) > 4:
            return False
        value = int(figure)
        if self._target != "en":
            return value <= _SMALL and not self._has_others and not _DECIMAL.search(number)
        if value in _BY_VALUE:
            return not self._words.isdisjoint(_BY_VALUE[value])
        tens = value // 10 * 10
        return value < 100 and all(not self._words.isdisjoint(_BY_VALUE[part]) for part in (tens, value - tens))

    def _is_scaled(self, whole: str) -> bool:
        """Whether the number stands with a thousand, a million written as a word on one of the two sides."""
        has_word = self._target != "en" or not self._words.isdisjoint(_SCALES)
        return any(
            (has_word and whole == one + zeros) or one == whole + zeros
            for zeros in ("000", "000000", "000000000")
            for one in self._joined
        )

    def _is_hour(self, figure: str) -> bool:
        """Whether "14" stands as 2 pm, or 2 pm as "14"."""
        if len(figure) > 2:
            return False
        hour = int(figure)
        twelve = 13 <= hour <= 24 and str(hour - 12) in self._single and not self._words.isdisjoint(_AFTER_NOON)
        return twelve or (1 <= hour <= 12 and self._source_has_pm and str(hour + 12) in self._single)

    def _is_rewritten(self, figure: str, number: str) -> bool:
        """Whether "90" stands as 1990, the 17th century as the XVIIth or the 1600s, the 1600s as the 17th."""
        if len(figure) == 4 and figure.endswith("00"):
            return str(int(figure) // 100 + 1) in self._single
        if len(figure) > 2:
            return False
        value = int(figure)
        if 1 <= value <= len(_ROMAN) and (_ROMAN[value - 1] in self._words or f"{value - 1}00" in self._single):
            return True
        may_be_year = figure.endswith("0") or _RANGE.search(number) is not None
        return may_be_year and len(figure) == 2 and any(len(one) == 4 and one.endswith(figure) for one in self._single)


def _as_amount(found: re.Match[str], language: str) -> Amount:
    """A plain number, which may be written with a thousand or a million in the translation; small ones may not."""
    value = value_of(found[0], language) if _is_one_value(found[0]) else 0.0
    return Amount(found.start(), found.end(), value if value >= _THOUSAND else -1.0)


def _is_one_value(number: str) -> bool:
    """Whether a number is a whole or a decimal one, and no date, time, score or range."""
    return not re.search(r"[:/–-]", number)


def _decimal(number: str) -> str:
    """A number whichever way its thousands and decimals are marked: "1.05" and "1,05" are "1.05", "1 000" is "1000"."""
    bare = _THOUSANDS.sub(lambda found: found[0][1:], _NO_CENTS.sub("", number))
    figures = _plain(bare)
    if len(figures) == 1:
        return figures[0]
    last = _FIGURES.findall(bare)[-1]
    return "".join(figures[:-1]) + "." + "".join(str(unicodedata.decimal(one)) for one in last).rstrip("0")


def _plain(number: str) -> list[str]:
    """The runs of figures in a number, in ASCII and without leading zeros."""
    return [_ascii(run) for run in _FIGURES.findall(number)]


def _ascii(run: str) -> str:
    # int() is not for this: a crafted page may hold a number of a million figures.
    figures = "".join(str(unicodedata.decimal(figure)) for figure in run)
    is_group = len(figures) == 3 or not figures.strip("0")  # of thousands, or of zeros alone
    return figures if is_group else figures.lstrip("0")


def _may_be_named(missing: list[str], figures: list[str]) -> bool:
    """Whether the part of a date that is missing may be its month, written as a word."""
    return len(figures) == 3 and len(missing) == 1 and missing[0].isdigit() and int(missing[0]) <= _MONTHS
