"""Words after which a clause must go on, in the languages that sentences are cut in most often."""

from __future__ import annotations

from ingest.lang.lexicon import once, tables


@once
def open_words() -> frozenset[str]:
    """Articles, prepositions, conjunctions: no headline ends with one, and hardly a verse."""
    return frozenset(word for table in tables("lines").values() for word in table.get("open", ()))


def is_open(text: str) -> bool:
    """Tell whether a line ends in the middle of a clause: with such a word, or with a comma."""
    return text.endswith((",", "،", "、", "，")) or text[-30:].casefold().rpartition(" ")[2] in open_words()
