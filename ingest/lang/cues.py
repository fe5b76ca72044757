"""The words by which a text cites, and those that tell what a line is: the lexicon's `citing` and `lines`.

Languages share one set: a word of one language seldom stands beside an outlet's name in another, and the language of
the text is not known yet when citations are sought.
"""

from __future__ import annotations

import re

from ingest.lang.lexicon import once, tables
from ingest.lang.tokens import fold_word


@once
def cues(*keys: str) -> frozenset[str]:
    """The words and phrases under these keys, in lower case, of all languages together."""
    return frozenset(word for table in tables("citing").values() for key in keys for word in table.get(key, ()))


@once
def folded(*keys: str) -> frozenset[str]:
    """The same words as `ingest.lang.tokens.fold_word` has them: without what inflection adds."""
    return frozenset(map(fold_word, cues(*keys)))


@once
def pieces(*keys: str) -> tuple[str, ...]:
    """The same as `str.startswith` and `str.endswith` take them."""
    return tuple(sorted(cues(*keys)))


@once
def either(*keys: str) -> str:
    """The same as alternatives of a regular expression, the longest first."""
    return "|".join(map(re.escape, sorted(cues(*keys), key=lambda word: (-len(word), word))))


@once
def telling(key: str) -> str:
    """The patterns of `lines` under a key, of all languages together, as alternatives of one regular expression."""
    return "|".join(row for table in tables("lines").values() for row in table.get(key, ()))
