"""By which words lines of copyright reserve that texts are mined, or that models are trained by them. Pure."""

from __future__ import annotations

import re

from ingest.lang.lexicon import made_once, once, tables
from ingest.lang.needles import needles

_SUBJECTS = (("tdm", "mining"), ("ai", "training"))
_LONGEST = 800  # characters of a sentence


def reserved_in(sentence: str) -> tuple[str, ...]:
    """What a sentence reserves: "tdm", "ai", both or neither. It names the use, and says that it is not free."""
    lower = " ".join(sentence.lower().split())
    if len(lower) > _LONGEST or not may_reserve(lower):
        return ()
    named = tuple(about for about, key in _SUBJECTS if _pattern(key).search(lower))
    return named if named and _pattern("reserved").search(lower) else ()


def may_reserve(lower: str) -> bool:
    """Whether a text in lower case has a piece of what names such a use."""
    return any(one in lower for one in _needles())


@once
def _needles() -> tuple[str, ...]:
    return made_once("opt-outs", lambda: needles(_all("mining") + _all("training")))


@once
def _pattern(key: str) -> re.Pattern[str]:
    # Scripts without spaces have no borders of words; of the others only Latin ones need some.
    return re.compile(f"(?<![a-z])(?:{'|'.join(_all(key))})")


def _all(key: str) -> list[str]:
    return [one for rows in tables("opt_outs").values() for one in rows.get(key, ())]
