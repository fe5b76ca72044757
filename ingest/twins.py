"""Whether two pages show one article, as the page of one of them says. Pure."""

from __future__ import annotations

from typing import Final

from ingest.lang.words import extent
from ingest.text import letters

# Of the letters of the shorter text, those of paragraphs that stand in the other one word for word. Another layout
# lacks paragraphs or was captured before a correction; another article has hardly one of them.
_LEAST_SHARE: Final = 0.5


def is_one_article(one: str, other: str) -> bool:
    """Whether most of the shorter of two texts (paragraphs parted by blank lines) stands in the longer."""
    shorter, longer = sorted((one, other), key=len)
    whole = letters(longer)
    lines = [letters(line) for line in shorter.split("\n\n")]
    said = sum(extent(line) for line in lines if line in whole)
    return said > 0 and said >= _LEAST_SHARE * sum(map(extent, lines))
