"""What more than one stage asks of a text: its letters, its script, what no parser can take."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

# A reference to a character that no XML may hold: a control, half of a pair, U+FFFE or U+FFFF. libxml2 lets some
# through and stumbles over them later.
_ODD_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]|6553[45])(?!\d)"
    r"|x0*(?:[0-8bcef]|1[\da-f]|d[89a-f][\da-f]{2}|fff[ef])(?![\da-f]));?",
    re.IGNORECASE,
)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}
_TELLING = 4_000  # characters: what they are written in, the rest is too


@lru_cache(maxsize=1 << 11)  # of one page: each of its lines is asked about by several stages
def letters(text: str) -> str:
    """The letters and digits of a text in lower case: equal for texts that differ in spacing and punctuation alone."""
    if text.isascii():  # a fifth of the time
        return text.lower().translate(_SIGNS)
    # Most of what goes are these three, and each is gone at once.
    return _NOT_ALPHANUMERIC.sub("", text.casefold().replace(" ", "").replace(",", "").replace(".", ""))


def without_odd_references(markup: str) -> str:
    """HTML or XML without references to characters that no XML may hold."""
    return _ODD_REFERENCE.sub("", markup) if "&#" in markup else markup


def script_of(text: str) -> str | None:
    """The script that most letters of a text belong to, by the first word of their Unicode names ("LATIN")."""
    if text.isascii():
        return "LATIN" if any(map(str.isalpha, text)) else None
    scripts: Counter[str] = Counter()
    for letter, count in Counter(filter(str.isalpha, text[:_TELLING])).items():
        scripts[unicodedata.name(letter, "?").partition(" ")[0]] += count
    return max(sorted(scripts), key=lambda script: scripts[script]) if scripts else None
