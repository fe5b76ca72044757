"""Whether what a rule found may be the fact it looks for: names, a day, a credit."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.clean.shape import are_names, is_capital

MONTH = (
    r"jan|feb|mar|mär|maj|apr|may|mai|jun|jul|aug|sep|okt|oct|nov|dec|dez|янв|фев|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    r"|ene|abr|ago|dic|janv|févr|avr|juin|juil|août|déc|gen|mag|giu|lug|set|ott|mrt|mei|sty|lut|kwi|cze|lip|sie|wrz|paź"
    r"|lis|gru|січ|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд|ledn|únor|břez|dubn|květ|červ|srpn|září|říj"
    r"|prosin|tammik|helmik|maalisk|huhtik|toukok|kesäk|heinäk|elok|syysk|lokak|marrask|jouluk|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
"""How months begin in the languages of the rules."""

_DAY = re.compile(
    rf"\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\b\d{{1,2}}\.?\s+(?:de\s+)?(?:{MONTH})|(?:{MONTH})\w*\.?\s+\d{{1,2}}\b"
    r"|\d{4}年|\b\d{1,2}[:.]\d{2}\b|\d\s*\w* ago"
    r"|\b(?:today|yesterday|heute|gestern|idag|igår|i dag|i går|сегодня|вчера)\b"
)
_NEXT_LABEL = re.compile(
    r"\b(?:updated|modified|uppdatera[dt]|aktualisiert|stand|обновлен[оа]|mis à jour|actualizado|aggiornato|bijgewerkt"
    r"|aktualizacja|by|von|av)\b"
)
_ORGANISED = re.compile(
    r"\b(?:redaktion\w*|redaction|redacción|redazione|redactie|redakcja|rédaction|редакци\w+|newsroom|news desk|staff"
    r"|editors|editorial (?:board|team|staff)|office|ministry|press service|пресс-служб\w+|presse\w*|pressestelle"
    r"|agenc\w+|agentur|агентств\w+|news agency|associated press|reuters|bloomberg|dpa|afp|apa|sda|ansa|efe|tass|тасс"
    r"|риа новости|интерфакс|pap|ntb|ritzau|belga|epa|tt|ap|sid|kna|epd|afx|union|institut\w*|foundation|council"
    r"|committee|party)\b",
    re.IGNORECASE,
)


def _is_stamp(value: str) -> bool:
    """Whether a text holds a day or a time, and no further label: two stamps are told apart as parts of a line."""
    folded = value.lower()
    return _DAY.search(folded) is not None and _NEXT_LABEL.search(folded) is None


def is_credit(value: str) -> bool:
    """Whether a text may be the credit of a picture: it has a capital in its first word, and asks nothing."""
    return not value.rstrip().endswith(("?", "!")) and any(map(is_capital, value.split(" ", maxsplit=1)[0]))


def is_organisation(value: str) -> bool:
    """Whether a text names a newsroom, an agency or an office."""
    return _ORGANISED.search(value) is not None


def _begins_with_capital(value: str) -> bool:
    return is_capital(value[:1]) and not value.endswith("?")


def _is_outlet(value: str) -> bool:
    return len(value.split()) <= 6 and (is_capital(value[:1]) or value[:1] in "«„“\"'" or "." in value)


def _is_owner(value: str) -> bool:
    return len(value.split()) <= 4 and is_capital(value[:1])


CHECKS: dict[str, Callable[[str], bool]] = {
    "names": are_names,
    "organisation": lambda value: is_organisation(value) and are_names(value),
    "stamp": _is_stamp,
    "credit": is_credit,
    "capital": _begins_with_capital,
    "outlet": _is_outlet,
    "owner": _is_owner,
}
"""What a rule may ask of its value, by the name it uses for it."""
