"""Signs that a number has: a minus, and the sign of a percentage."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = r"\d+(?:[.,]\d+)*"
# A minus stands close to its number and behind a space; a dash at the start is that of a list, if no degrees follow.
_NEGATIVE: Final = re.compile(rf"(?:(?<=\s)|(?<=\())[−–-](?P<number>{_NUMBER})(?![\d–−-]|\w)")
_COLD: Final = re.compile(rf"^[−–-](?P<number>{_NUMBER})(?= ?(?:°|grad|degr))", re.IGNORECASE)
_MINUS: Final = re.compile(
    r"[−–-]\d|\b(?:minus|menos|moins|meno|min|mínus|miinus|mínusz|мінус|минус|eksi|below|under|unter|sub|bajo|sotto"
    r"|onder|pod|нижче|ниже|frost|negative|deficit|loss|lost|fell|down|drop\w*|declin\w*|decreas\w*)\b",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"\d[ \u00a0\u202f]?[%٪％]")
_OF_HUNDRED: Final = re.compile(
    r"[%٪％]|per ?cent|percentage|pct|\bpoints?\b|half|third|quarter|\ball\b", re.IGNORECASE
)


def lost_signs(source: str, translation: str, target: str) -> tuple[str, ...]:
    """Numbers whose minus, or (into English) whose percentage, the translation has lost.

    Args:
        source: A sentence.
        translation: What became of it.
        target: The language of the translation.
    """
    negative = [found["number"] for found in (*_COLD.finditer(source), *_NEGATIVE.finditer(source))]
    lost = [f"-{number}" for number in negative] if negative and not _MINUS.search(translation) else []
    if target == "en" and (percent := _PERCENT.search(source)) and not _OF_HUNDRED.search(translation):
        lost.append(percent[0])
    return tuple(lost)
