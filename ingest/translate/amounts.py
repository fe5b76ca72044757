"""Amounts: numbers with a thousand, a million or a billion written behind them, and signs of currency."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final, NamedTuple

# Powers of ten by words, a star for any ending; whatever language they are of.
_POWERS: Final = {
    3: "thousand* tausend tsd tusen tusind duizend тыс* тис* хиляд* хиљад* илјад* tuhat* tuhan* tys tysi* tisíc* tisoč*"
    " tisuć* hiljad* χιλιάδ* χιλ tūkst* mijë ribu nghìn ngàn ألف آلاف ألفا אלף אלפים هزار हज़ार हजार হাজার ہزار",
    5: "लाख লাখ লক্ষ لاکھ lakh*",
    6: "million* mio mln mill miljon* miljoen* milion* milió* millón millones milhão milhões milhao miljoon* millió*"
    " milyon* milijon* млн миллион* мільйон* мільён* милион* εκατ* מיליון مليون* ملايين میلیون juta triệu",
    7: "करोड़ कोटि কোটি کروڑ crore*",
    9: "milliard* mrd mia mdr mld miljard* miliard* milijard* milliárd* milyar* miliar bilhão bilhões bilhao млрд"
    " миллиард* мільярд* милиард* милијард* δισ* מיליארד مليار* ميليار* میلیارد tỷ tỉ अरब ارب",
    12: "bilion* biljon* bilión* трлн триллион* трильйон* трилион* τρισ* trilyon* trilhão trilhões תריליון تريليون*",
}
# The same by language, before the others: a billion is one thing in English and another on the continent.
_OF: Final = {
    "en": "3k 6m 6mn 9bn 9b 9billion* 12tn 12trillion*",
    "es": "3mil",
    "pt": "3mil 6mi 9bi",
    "fr": "3mille",
    "it": "3mila",
    "ro": "3mii 3mie",
    "hu": "3ezer 3ezren",
    "tr": "3bin",
    "sv": "6mn 9md",
}
# Characters of East Asia and syllables of Thai and Korean, which stand without spaces.
_UNSPACED: Final = {
    "ja": "3千 4万 8億 12兆",
    "ko": "3천 4만 8억 12조",
    "th": "3พัน 4หมื่น 5แสน 9พันล้าน 6ล้าน",
    "zh-Hans": "3千 4万 8亿 12万亿",
    "zh-Hant": "3千 4萬 8億 12兆",
}
_NUMBER: Final = r"\d{1,3}(?:[., \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_LETTERS: Final = r"(?:[^\W\d_]|[\u0900-\u0d7f])+"  # vowel signs of India are no letters to `re`
_AMOUNT: Final = re.compile(
    rf"(?<![\d.,])(?P<number>{_NUMBER})[ \u00a0\u202f-]?(?P<word>{_LETTERS})(?:[ \u00a0](?P<more>{_LETTERS}))?"
)
_FIGURE: Final = re.compile(r"\d")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[., \u00a0\u202f]\d{3})+")
# Where a point parts decimals and a comma thousands; elsewhere it is the other way round.
_POINTED: Final = frozenset(
    ["ar", "bn", "en", "fa", "he", "hi", "ja", "ko", "ms", "ta", "th", "ur", "zh-Hans", "zh-Hant"]
)
_NEAR: Final = 1e-6
_SPELLED: Final = 20  # up to so many of a million may be written as a word

_CURRENCIES: Final = {
    "$": "dollar usd buck peso real reais r$",
    "£": "pound gbp sterling pfund libra livre фунт",
    "¥": "yen yuan jpy cny rmb renminbi иен юан",
    "€": "euro eur евро євро",
    "₴": "hryvnia uah гривн",
    "₹": "rupee inr рупи",
    "₽": "rouble ruble rub рубл",
}


class Amount(NamedTuple):
    """A number with what multiplies it: where it stands, as written, and its value."""

    start: int
    end: int
    value: float


def amounts(text: str, language: str) -> list[Amount]:
    """The amounts of a text, in order: "3 Mrd.", "20 тыс.", "3億5000万"."""
    if _FIGURE.search(text) is None:
        return []
    unspaced = _unspaced(language)
    if unspaced is not None:
        return [_summed(found, language) for found in unspaced.finditer(text)]
    made: list[Amount] = []
    for one in _AMOUNT.finditer(text):
        power = _power(one["word"], language)
        if power is None:
            continue
        more = _power(one["more"], language) if power == 3 and one["more"] else None
        end = one.end("more") if more else one.end("word")
        made.append(Amount(one.start(), end, value_of(one["number"], language) * 10.0 ** (power + (more or 0))))
    return made


def has_amount(asked: Amount, made: list[Amount], translation: str, target: str) -> bool:
    """Whether an amount of a source is in its translation, with `made` as the amounts there.

    It may be written out ("3,000,000"), or its number as a word ("three million"). Where no words for such amounts are
    known of the target language, nothing is said against it. A negative value stands for what is no amount.
    """
    if asked.value < 0:
        return False
    if any(abs(one.value - asked.value) <= _NEAR * asked.value for one in made):
        return True
    plain = {re.sub(r"\D", "", number) for number in re.findall(r"\d[\d., \u00a0\u202f]*\d|\d", translation)}
    if f"{asked.value:.0f}" in plain:
        return True
    powers = [power for word in _spelled_scales(translation) if (power := _power(word, target)) is not None]
    if any(asked.value <= _SPELLED * 10.0**power for power in powers):
        return True
    return not made and not powers and target not in _TOLD


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


def value_of(number: str, language: str) -> float:
    """The value of a number as a language writes it; where it is written otherwise, as it can only be meant."""
    decimal = "." if language in _POINTED else ","
    bare = re.sub(r"[ \u00a0\u202f]", "", number)
    whole, mark, rest = bare.rpartition(decimal)
    if mark and not (_GROUPED.fullmatch(number) and number.count(decimal) > 1):
        return float(f"{re.sub(r'[.,]', '', whole)}.{rest}")
    if _GROUPED.fullmatch(number):
        return float(re.sub(r"\D", "", number))
    return float(bare.replace(",", "."))


def _spelled_scales(text: str) -> list[str]:
    """Words behind which no figure stands: "million" in "three million"."""
    return re.findall(r"(?<![\d \u00a0\u202f-])[ \u00a0\u202f-]([^\W\d_]+)", text)


def _power(word: str, language: str) -> int | None:
    word = unicodedata.normalize("NFC", word.lower())
    for pattern, power in (*_patterns(language), *_patterns("")):
        if pattern.fullmatch(word):
            return power
    return 12 if word.startswith(("billion", "billón")) else None


@functools.cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """Patterns of words with their power: those of a language, or ("") those of any."""
    if not language:
        return tuple((_words(words.split()), power) for power, words in _POWERS.items())
    split = [re.fullmatch(r"(\d+)(.+)", one) for one in _OF.get(language, "").split()]
    return tuple((_words([one[2]]), int(one[1])) for one in split if one)


def _words(words: list[str]) -> re.Pattern[str]:
    listed = (unicodedata.normalize("NFC", word) for word in words)
    return re.compile("|".join(word.replace("*", r"\w*") for word in listed))


@functools.cache
def _unspaced(language: str) -> re.Pattern[str] | None:
    """Numbers with their multipliers, one behind the other: "3億5000万"."""
    if language not in _UNSPACED:
        return None
    marks = "|".join(sorted(_multipliers(language), key=len, reverse=True))
    return re.compile(rf"(?<![\d.,])(?:(?:\d[\d,]*(?:\.\d+)?) ?(?:{marks})+ ?)+")


@functools.cache
def _multipliers(language: str) -> dict[str, int]:
    split = [re.fullmatch(r"(\d+)(.+)", one) for one in _UNSPACED[language].split()]
    return {one[2]: int(one[1]) for one in split if one}


def _summed(found: re.Match[str], language: str) -> Amount:
    known = _multipliers(language)
    marks = "|".join(sorted(known, key=len, reverse=True))
    value = 0.0
    for number, behind in re.findall(rf"(\d[\d,]*(?:\.\d+)?) ?((?:{marks})+)", found[0]):
        value += float(number.replace(",", "")) * 10.0 ** sum(known[one] for one in re.findall(marks, behind))
    return Amount(found.start(), found.end(), value)


# Languages into which a lost amount is told, since these words are known.
_TOLD: Final = frozenset(["da", "de", "en", "es", "fr", "it", "nl", "no", "pl", "pt", "ru", "sv", "uk"])
