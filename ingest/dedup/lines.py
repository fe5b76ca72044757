"""Lines that many articles share: what boilerplate the extraction left, found by counting.

The store counts in how many articles each line occurs; of a cluster of copies only the first counts, or the lines of a
story that a hundred sites carry would look like boilerplate. A line that is frequent says nothing about who copied from
whom, and is blanked before two texts are compared. Keys are made from the whole text all the same: they must not
depend on what else is stored. Digits are masked, so that a line with a date or a counter is one line.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from hashlib import blake2b

FREQUENT_LINE = 3
"""A line that more articles than this have is frequent. Quotes that four articles carry are seldom whole lines."""

_TEMPLATE = 0.7  # of a text is template at most

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_DIGITS = re.compile(r"\d+")


def line_keys(text: str) -> frozenset[int]:
    """Signed 64-bit hashes of the lines of a text, to be counted."""
    return frozenset(key for key, _, _ in _lines(text))


def blank_lines(text: str, frequent: Container[int]) -> str:
    """The text with its frequent lines overwritten by spaces, so that offsets stay valid.

    Where they are nearly all of it, they are no template: the versions of a running story on one site have most lines
    in common, too. Then the text stays as it is.

    Args:
        text: any text.
        frequent: keys of the lines to overwrite.
    """
    parts, reached, blanked = [], 0, 0
    for key, start, end in _lines(text):
        if key in frequent:
            parts += [text[reached:start], " " * (end - start)]
            reached = end
            blanked += end - start
    if blanked > _TEMPLATE * len(text):
        return text
    return "".join(parts) + text[reached:]


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    for match in _LINE.finditer(text):
        masked = _DIGITS.sub("0", match[0].strip().casefold())
        digest = blake2b(masked.encode(), digest_size=8).digest()
        yield int.from_bytes(digest, "big", signed=True), match.start(), match.end()
