"""Amounts: numbers with a thousand, a million or a billion written behind them, and signs of currency."""

from __future__ import annotations

import re
from typing import Final

# Powers of ten by the beginnings of words; a billion is one thing in English and another on the continent.
_POWERS: Final = (
    (3, "thousand tausend tsd tusen duizend mila тыс тис хил"),
    (6, "million mio miljon miljoen milion millon milhão milhões milhao mln млн миллион мільйон милион"),
    (9, "milliard mrd miljard miliard mdr mld млрд миллиард мільярд милиард bilhão bilhões"),
    (12, "trillion bilion biljon biljoen трлн триллион трильйон"),
)
_BILLION: Final = {"en": 9}
_SHORT: Final = {"en": {"k": 3, "m": 6, "mn": 6, "bn": 9, "b": 9, "tn": 12}, "sv": {"mn": 6, "md": 9}}
_OF_THOUSANDS: Final = {"es": "mil", "pt": "mil", "fr": "mille"}
_AMOUNT: Final = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3}(?:[., \u00a0]\d{3})+|\d+(?:[.,]\d+)?)[ \u00a0\u202f-]?(?P<word>[^\W\d_]+)"
    r"(?:[ \u00a0](?P<more>[^\W\d_]+))?"
)
_GROUPED: Final = re.compile(r"\d{1,3}(?:[., \u00a0]\d{3})+")
_NEAR: Final = 1e-6

_CURRENCIES: Final = {
    "$": "dollar usd buck peso real reais r$",
    "£": "pound gbp sterling pfund libra livre фунт",
    "¥": "yen yuan jpy cny rmb renminbi иен юан",
    "€": "euro eur евро євро",
    "₴": "hryvnia uah гривн",
    "₹": "rupee inr рупи",
    "₽": "rouble ruble rub рубл",
}


def lost_amounts(source: str, translation: str, language: str, target: str) -> tuple[str, ...]:
    """Amounts with a scale word whose value the translation has nowhere: "3 Mrd." that became "3 million"."""
    asked = _amounts(source, language)
    if not asked:
        return ()
    made = [value for _, value in _amounts(translation, target)]
    plain = {re.sub(r"\D", "", number) for number in re.findall(r"\d[\d., \u00a0\u202f]*\d|\d", translation)}
    return tuple(
        written
        for written, value in asked
        if not any(abs(one - value) <= _NEAR * value for one in made)
        and f"{value:.0f}" not in plain
        and (made or target == "en")
    )


def wrong_currency(source: str, translation: str) -> bool:
    """Whether a translation has a sign of currency that its source neither has nor names."""
    said = source.lower()
    return any(
        sign in translation and sign not in source and not any(name in said for name in names.split())
        for sign, names in _CURRENCIES.items()
    )


def lost_currency(source: str, translation: str, target: str) -> bool:
    """Whether the sign of a currency is gone, and into English its name, too."""
    told = translation.lower()
    return target == "en" and any(
        sign in source and sign not in translation and not any(name in told for name in names.split())
        for sign, names in _CURRENCIES.items()
    )


def _amounts(text: str, language: str) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for one in _AMOUNT.finditer(text):
        power = _power(one["word"], language)
        if power is None:
            continue
        if power == 3 and one["more"]:
            power += _power(one["more"], language) or 0
        found.append((one[0], _value(one["number"]) * 10.0**power))
    return found


def _power(word: str, language: str) -> int | None:
    word = word.lower()
    short = _SHORT.get(language, {}).get(word)
    if short is not None:
        return short
    if word == _OF_THOUSANDS.get(language):
        return 3
    if word.startswith(("billion", "billón")):
        return _BILLION.get(language, 12)
    return next((power for power, starts in _POWERS if word.startswith(tuple(starts.split()))), None)


def _value(number: str) -> float:
    if _GROUPED.fullmatch(number):
        return float(re.sub(r"\D", "", number))
    return float(number.replace(",", "."))
