"""Whether what a rule found may be the fact it looks for: names, a day, a credit."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.clean.shape import are_names, is_capital
from ingest.lang.bylines import read_byline
from ingest.lang.dates import has_date, is_line, minutes_ago
from ingest.lang.labels import names_behind_day
from ingest.lang.names import is_full_name, is_particle

_DIGIT = re.compile(r"\d")
_ORGANISED = re.compile(
    r"\b(?:redaktion\w*|redaction|redacción|redazione|redactie|redakcja|rédaction|редакци\w+|newsroom|news desk|staff"
    r"|editors|editorial (?:board|team|staff)|office|ministry|press service|пресс-служб\w+|presse\w*|pressestelle"
    r"|agenc\w+|agentur|агентств\w+|news agency|associated press|reuters|bloomberg|dpa|afp|apa|sda|ansa|efe|tass|тасс"
    r"|риа новости|интерфакс|pap|ntb|ritzau|belga|epa|tt|ap|sid|kna|epd|afx|union|institut\w*|foundation|council"
    r"|committee|party)\b",
    re.IGNORECASE,
)


def _is_stamp(value: str) -> bool:
    """Whether a text holds a day, and names nobody behind it: who wrote is told apart as a part of the line."""
    return has_date(value) and not names_behind_day(value)


def _is_date_line(value: str) -> bool:
    """Whether a text says when, and nothing else."""
    return (_DIGIT.search(value) is not None or minutes_ago(value) is not None) and is_line(value)


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


def _names_people(value: str) -> bool:
    """Whether a text may be names, one of them whole where it has several words: "Notte e di Giorno" has none."""
    if not are_names(value):
        return False
    read = read_byline(value)
    whole = (is_full_name(name) and not is_particle(name.split()[0]) for name in read.people)
    return len(value.split()) == 1 or not read.people or any(whole)


CHECKS: dict[str, Callable[[str], bool]] = {
    "names": _names_people,
    "organisation": lambda value: is_organisation(value) and are_names(value),
    "stamp": _is_stamp,
    "date_line": _is_date_line,
    "credit": is_credit,
    "capital": _begins_with_capital,
    "outlet": _is_outlet,
    "owner": _is_owner,
}
"""What a rule may ask of its value, by the name it uses for it."""
