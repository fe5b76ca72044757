"""Whether words speak to the reader of a site: "you", "our", "sign up", an address; of all languages at once."""

from __future__ import annotations

import re

from ingest.lang.lexicon import once, tables
from ingest.lang.words import SPACELESS

_ADDRESS = re.compile(r"\S@\S|https?:|www\.|\w\.(?:com|org|net|[a-z]{2})\b")
_READER = ("reader", "polite")  # whole words
_APPEALS = ("login", "consent")  # beginnings of words


def speaks_to_reader(text: str) -> bool:
    """Tell whether a text in lower case addresses its reader, speaks of accounts and letters, or gives an address."""
    return _spoken().search(text) is not None or _ADDRESS.search(text) is not None


@once
def _spoken() -> re.Pattern[str]:
    whole, beginnings = (_listed(*keys) for keys in (_READER, _APPEALS))
    parted = [re.escape(word) for word in whole if not SPACELESS.search(word)]
    begun = [re.escape(word) for word in beginnings if not SPACELESS.search(word)]
    inside = [re.escape(word) for word in (*whole, *beginnings) if SPACELESS.search(word)]
    return re.compile(rf"(?<!\w)(?:(?:{'|'.join(parted)})(?!\w)|{'|'.join(begun)})|{'|'.join(inside)}")


def _listed(*keys: str) -> list[str]:
    found = {word for table in tables("stand_in").values() for key in keys for word in table.get(key, ())}
    return sorted(found, key=lambda word: (-len(word), word))
